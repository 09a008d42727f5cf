"""Cross encoders, tried with real ones of random weights; each is made here and takes no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import cross_encoder
from index.cross_encoder import CrossEncoderReranker, Reranker
from index.errors import ModelError

ROOT = Path(cross_encoder.__file__).parents[1]
QUERY = "配偶没有工作怎么办？"
LONG = "对符合条件的企业给予一次性奖励 20 万元。eligible firms get a grant. " * 500
PASSAGES = [
    "人才绿卡持有人的配偶没有工作的，由当地安排就业帮扶。",
    "对锂电池材料企业购置设备的，按投资额的 30% 给予补助。",
    "rent is waived for the first three years.",
    "",
    "   \n　",
    "😀 \ud800 \x00 [SEP] </s>",
    "a",
    LONG,
]
MAX_LENGTH = 64

# What follows the first test loads torch, which takes a few seconds.
slow = pytest.mark.slow


def test_nothing_slow_is_imported_with_the_module() -> None:
    code = "import sys, index.cross_encoder; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "index.cross_encoder" in loaded
    assert loaded & {"torch", "sentence_transformers", "transformers", "huggingface_hub"} == set()


def make(folder: Path, kind: str = "BertForSequenceClassification", **config: Any) -> Path:
    """A folder with a Bert of random weights; its words are single characters."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    characters = sorted(set("".join([QUERY, *PASSAGES]).encode("utf-8", "ignore").decode()))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *(f"##{c}" for c in characters)]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    torch.manual_seed(1)
    shape = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_LENGTH,
        initializer_range=0.3,
        **config,
    )
    getattr(transformers, kind)(shape).save_pretrained(folder)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("model") / "tiny", num_labels=1)


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return CrossEncoderReranker.open(str(folder), batch_size=3)


@slow
class TestContract:
    """What every `Reranker` promises."""

    def test_one_score_a_passage(self, reranker: Reranker) -> None:
        scores = reranker.scores(QUERY, PASSAGES)
        assert scores.shape == (len(PASSAGES),)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert len(set(scores.round(3).tolist())) >= len(PASSAGES) - 2

    def test_no_passages_no_scores(self, reranker: Reranker) -> None:
        scores = reranker.scores(QUERY, [])
        assert (scores.shape, scores.dtype) == ((0,), np.float32)

    def test_a_passage_is_scored_for_itself(self, reranker: Reranker) -> None:
        together = reranker.scores(QUERY, PASSAGES)
        backwards = reranker.scores(QUERY, PASSAGES[::-1])[::-1]
        alone = np.concatenate([reranker.scores(QUERY, [passage]) for passage in PASSAGES])
        assert backwards == pytest.approx(together, abs=1e-4)
        assert alone == pytest.approx(together, abs=1e-4)

    def test_the_query_counts(self, reranker: Reranker) -> None:
        one, other = reranker.scores(QUERY, PASSAGES), reranker.scores("grant", PASSAGES)
        assert not np.allclose(one, other, atol=0.01)

    @pytest.mark.parametrize("query", ["", LONG[:2_000], "\udc80"])
    def test_any_query(self, reranker: Reranker, query: str) -> None:
        assert np.isfinite(reranker.scores(query, PASSAGES)).all()

    def test_long_passages_are_cut_off(self, reranker: Reranker) -> None:
        whole, cut = reranker.scores(QUERY, [LONG, LONG[: 3 * MAX_LENGTH]])
        assert whole == pytest.approx(cut, abs=1e-4)

    def test_many_may_ask_at_once(self, reranker: Reranker) -> None:
        queries = ["grant", QUERY, "rent", "三"] * 4
        expected = [reranker.scores(query, PASSAGES) for query in queries]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda query: reranker.scores(query, PASSAGES), queries))
        assert np.stack(found) == pytest.approx(np.stack(expected), abs=1e-4)

    def test_what_it_is_is_said(self, reranker: Reranker) -> None:
        assert reranker.name
        assert reranker.fingerprint


@slow
def test_scores_are_the_logits_of_sentence_transformers(folder: Path, reranker: Reranker) -> None:
    from sentence_transformers import CrossEncoder

    own = CrossEncoder(str(folder), device="cpu")
    texts = [passage for passage in PASSAGES if passage.isprintable()]
    expected = own.predict([(QUERY, text) for text in texts], show_progress_bar=False)
    assert 1 / (1 + np.exp(-reranker.scores(QUERY, texts))) == pytest.approx(expected, abs=1e-4)


@slow
def test_the_fingerprint_is_that_of_the_content(
    folder: Path, reranker: Reranker, tmp_path: Path
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert CrossEncoderReranker.open(str(copy)).fingerprint == reranker.fingerprint
    other = make(tmp_path / "other", num_labels=1, layer_norm_eps=1e-6)
    assert CrossEncoderReranker.open(str(other)).fingerprint != reranker.fingerprint


@slow
def test_a_folder_at_home_and_threads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    before = torch.get_num_threads()
    monkeypatch.setenv("HOME", str(folder.parent))
    try:
        assert CrossEncoderReranker.open(f"~/{folder.name}", 3).name == f"~/{folder.name}"
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


@slow
def test_nothing_is_printed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    CrossEncoderReranker.open(str(folder)).scores(QUERY, PASSAGES)
    assert capfd.readouterr() == ("", "")


@slow
class TestRefused:
    @pytest.mark.parametrize(
        ("kind", "config", "complaint"),
        [
            ("BertForSequenceClassification", {"num_labels": 3}, "gives 3 scores a pair"),
            ("BertModel", {}, "is no cross encoder: it is a BertModel"),
            ("BertForMaskedLM", {}, "is no cross encoder: it is a BertForMaskedLM"),
        ],
    )
    def test_models_of_another_kind(
        self, tmp_path: Path, kind: str, config: dict[str, Any], complaint: str
    ) -> None:
        folder = make(tmp_path / "model", kind, **config)
        with pytest.raises(ModelError, match=rf"{folder} {complaint}.*POLICY_RERANKER"):
            CrossEncoderReranker.open(str(folder))

    @pytest.mark.parametrize("broken", ["model.safetensors", "config.json"])
    def test_broken_files(self, folder: Path, tmp_path: Path, broken: str) -> None:
        copy = Path(shutil.copytree(folder, tmp_path / "copy"))
        os.truncate(copy / broken, 100)
        with pytest.raises(ModelError, match=rf"{copy} cannot be loaded .*POLICY_RERANKER"):
            CrossEncoderReranker.open(str(copy))

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=rf"{tmp_path} cannot be loaded .*POLICY_RERANKER"):
            CrossEncoderReranker.open(str(tmp_path))

    def test_weights_that_are_no_numbers(self, folder: Path, tmp_path: Path) -> None:
        from transformers import BertForSequenceClassification

        copy = Path(shutil.copytree(folder, tmp_path / "copy"))
        model = BertForSequenceClassification.from_pretrained(copy)
        model.classifier.bias.data.fill_(float("nan"))
        model.save_pretrained(copy)
        with pytest.raises(ModelError, match="something else than one number"):
            CrossEncoderReranker.open(str(copy)).scores(QUERY, PASSAGES)

    def test_a_pair_that_the_model_fails_on(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sentence_transformers import CrossEncoder

        def fail(*_given: object, **_named: object) -> None:
            raise IndexError("index out of range in self")

        reranker = CrossEncoderReranker.open(str(folder))
        monkeypatch.setattr(CrossEncoder, "predict", fail)
        with pytest.raises(ModelError, match=rf"{folder} failed: index out of range in self; "):
            reranker.scores(QUERY, PASSAGES)

    @pytest.mark.parametrize(
        ("name", "complaint"),
        [
            ("./no-such-folder", r"There is no folder \./no-such-folder .*POLICY_RERANKER"),
            ("/no/such/folder", r"There is no folder /no/such/folder .*POLICY_RERANKER"),
            ("a/b/c", r"There is no folder a/b/c"),
            ("two words", r"'two words' is neither a folder nor a name"),
            ("someone/no-such-model", r"hub .*someone/no-such-model cannot be reached .*unset"),
        ],
    )
    def test_what_is_not_there(self, name: str, complaint: str) -> None:
        began = time.monotonic()
        with pytest.raises(ModelError, match=complaint):
            CrossEncoderReranker.open(name)
        assert time.monotonic() - began < 10


# -- a hub of our own --------------------------------------------------------------------------

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def hub(folder: Path) -> Iterator[str]:
    """The URL of a model hub on loopback that holds one model, `someone/tiny`."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.split("?")[0].strip("/").split("/")
            file = folder.joinpath(*path[4:])
            if path == ["api", "models", "someone", "tiny"]:
                names = [{"rfilename": one.name} for one in sorted(folder.iterdir())]
                info = {"id": "someone/tiny", "sha": COMMIT, "siblings": names}
                self.reply(200, json.dumps(info).encode())
            elif path[:3] == ["someone", "tiny", "resolve"] and file.is_file():
                self.reply(200, file.read_bytes())
            else:
                self.reply(404, b"", "EntryNotFound" if "tiny" in path else "RepoNotFound")

        def reply(self, status: int, body: bytes, error: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Repo-Commit", COMMIT)
            if status == 200:
                self.send_header("ETag", f'"{hash(body) & 0xFFFFFFFF:x}"')
            else:
                self.send_header("X-Error-Code", error)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


USE_HUB = """
import sys, time
from index.cross_encoder import CrossEncoderReranker
from index.errors import ModelError
for name in sys.stdin.read().split():
    began = time.monotonic()
    try:
        found = CrossEncoderReranker.open(name)
        said = f"{found.fingerprint} {found.scores('grant', ['a', 'b']).tolist()}"
    except ModelError as error:
        said = str(error)
    print(f"{time.monotonic() - began:.1f}", said, sep="\\t")
"""


def use_hub(url: str, home: Path, *names: str) -> list[tuple[float, str]]:
    """Seconds and outcome of opening models in a process whose hub is at `url`."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", USE_HUB],
        env=kept | {"HF_ENDPOINT": url, "HF_HOME": str(home)},
        input=" ".join(names),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(float(seconds), said) for seconds, said in rows]


@slow
def test_a_model_on_a_hub(folder: Path, tmp_path: Path) -> None:
    with hub(folder) as url:
        (_, first), (_, missing) = use_hub(url, tmp_path, "someone/tiny", "someone/else")
        (weights,) = tmp_path.rglob("snapshots/*/model.safetensors")
        weights.unlink()
        ((_, finished),) = use_hub(url, tmp_path, "someone/tiny")
    (_, kept), (seconds, unreachable) = use_hub(url, tmp_path, "someone/tiny", "someone/else")
    assert "someone/else is not on the hub, or needs a login" in missing
    scores = CrossEncoderReranker.open(str(folder)).scores("grant", ["a", "b"])
    assert json.loads(first.split(" ", 1)[1]) == pytest.approx(scores.tolist(), abs=1e-4)
    assert finished == first
    assert kept == first
    assert "someone/else cannot be reached" in unreachable
    assert seconds < 10


@slow
def test_a_hub_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import HfApi

    never = threading.Event()
    monkeypatch.setattr(HfApi, "model_info", lambda *_given, **_named: never.wait(60))
    monkeypatch.setattr(cross_encoder, "_HUB_SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(ModelError, match=r"cannot be reached \(no answer in 0 seconds\)"):
        CrossEncoderReranker.open("someone/no-such-model")
    assert time.monotonic() - began < 5
    never.set()
