"""Vectors of the sets' texts, computed once and kept in a work folder.

A folder a set, with `p` (passages) and `q` (questions): `.npz` holds sentence vectors and where
each text's tokens lie, `.tok` the tokens in 8 bits, `.sha256` says of what texts and by what model
they were made.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evals.fitting.sets import Collection
from index.embedding import Embedder, Embedding, TokenVectors, Vector

Side = Literal["p", "q"]
_BATCH = 256


@dataclass(frozen=True)
class EmbeddedTexts:
    """Sentence and token vectors of a list of texts.

    Attributes:
        sentences: `(n_texts, dim) float32`.
        starts: `(n_texts,)`, where each text's tokens begin.
        lengths: `(n_texts,)`, how many there are.
        codes: `(n_tokens, dim) int8`, mapped from the disk.
        scales: `(n_tokens,) float32`; codes times scale are the vectors.
    """

    sentences: Vector
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    codes: NDArray[np.int8]
    scales: Vector

    def tokens(self, number: int) -> Vector:
        """Token vectors of one text, `(n, dim) float32`."""
        own = slice(self.starts[number], self.starts[number] + self.lengths[number])
        return np.asarray(self.codes[own] * self.scales[own, None], np.float32)

    def mean_token(self) -> Vector:
        """Mean of all tokens of all texts, `(dim,) float32`."""
        total = np.zeros(self.codes.shape[1])
        for number in range(len(self.starts)):
            total += self.tokens(number).sum(axis=0, dtype=np.float64)
        return np.asarray(total / max(1, self.lengths.sum()), np.float32)


@dataclass(frozen=True)
class EmbeddedSet:
    """A set with the vectors of its passages and questions."""

    collection: Collection
    passages: EmbeddedTexts
    questions: EmbeddedTexts


def embed_set(collection: Collection, embedder: Embedder, work: Path) -> EmbeddedSet:
    """Embed a set, or take what the work folder has of it.

    Args:
        collection: The set.
        embedder: The model.
        work: The folder of all sets.
    """
    folder = work / collection.name
    folder.mkdir(parents=True, exist_ok=True)
    return EmbeddedSet(
        collection,
        passages=_texts(collection.passages, "p", embedder, folder),
        questions=_texts(collection.questions, "q", embedder, folder),
    )


def _texts(texts: Sequence[str], side: Side, embedder: Embedder, folder: Path) -> EmbeddedTexts:
    digest = made_of(texts, embedder.fingerprint)
    mark = folder / f"{side}.sha256"
    if not mark.exists() or mark.read_text(encoding="utf-8").strip() != digest:
        for end in ("sha256", "npz", "tok"):
            (folder / f"{side}.{end}").unlink(missing_ok=True)
        _write(texts, side, embedder, folder)
        mark.write_text(digest, encoding="utf-8")
    with np.load(folder / f"{side}.npz") as data:
        scales = data["scales"]
        codes = np.memmap(
            folder / f"{side}.tok", dtype=np.int8, mode="r", shape=(len(scales), embedder.dim)
        )
        return EmbeddedTexts(data["sent"], data["pos"], data["lens"], codes, scales)


def made_of(texts: Sequence[str], fingerprint: str) -> str:
    """SHA-256 over a model's fingerprint and texts."""
    total = hashlib.sha256(fingerprint.encode())
    for text in texts:
        total.update(b"\0" + text.encode("utf-8", "replace"))
    return total.hexdigest()


def _write(texts: Sequence[str], side: Side, embedder: Embedder, folder: Path) -> None:
    # Texts of like length share a batch, which pads little.
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    sentences = np.zeros((len(texts), embedder.dim), np.float32)
    starts, lengths = np.zeros((2, len(texts)), np.int64)
    scales: list[Vector] = []
    at = 0
    with (folder / f"{side}.tok").open("wb") as file:
        for begin in range(0, len(texts), _BATCH):
            if begin % (20 * _BATCH) == 0:
                print(f"{folder.name} {side}: {begin} of {len(texts)} embedded", file=sys.stderr)
            numbers = order[begin : begin + _BATCH]
            for number, embedding in zip(
                numbers, _embed([texts[n] for n in numbers], side, embedder), strict=True
            ):
                tokens = TokenVectors.of(embedding)
                file.write(tokens.codes.tobytes())
                scales.append(tokens.scales)
                sentences[number] = embedding.sentence
                starts[number], lengths[number] = at, len(tokens)
                at += len(tokens)
    np.savez(
        folder / f"{side}.npz",
        sent=sentences,
        pos=starts,
        lens=lengths,
        scales=np.concatenate(scales),
    )


def _embed(texts: Sequence[str], side: Side, embedder: Embedder) -> list[Embedding]:
    if side == "q":
        return [embedder.embed_query(text) for text in texts]
    return embedder.embed_passages(texts)
