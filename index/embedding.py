"""The seam between the index and an embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.calibration import Calibration

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Embedding:
    """One text as a sentence vector and as its token vectors, from one forward pass.

    Attributes:
        sentence: `(dim,) float32`, L2-normalised.
        tokens: `(n_tokens, dim) float32`, each L2-normalised; special tokens and the model's
            prefix are left out.
        offsets: `(n_tokens, 2) int32`, the characters of the embedded text that each token
            covers (start, end).
    """

    sentence: Vector
    tokens: Vector
    offsets: NDArray[np.int32]


@dataclass(frozen=True)
class TokenVectors:
    """The token vectors of one text in 8 bits, each with a scale of its own.

    Attributes:
        codes: `(n_tokens, dim) int8`.
        scales: `(n_tokens,) float32`; codes times scale are the vectors, of length 1.
        offsets: `(n_tokens, 2) int32`, as in `Embedding`.
    """

    codes: NDArray[np.int8]
    scales: Vector
    offsets: NDArray[np.int32]

    @classmethod
    def of(cls, embedding: Embedding) -> TokenVectors:
        """Round the tokens of an embedding: the largest of each vector becomes 127."""
        peak = np.abs(embedding.tokens).max(axis=1, initial=0.0)
        scales = (np.maximum(peak, 1e-9) / 127).astype(np.float32)
        codes = np.rint(embedding.tokens / scales[:, None]).astype(np.int8)
        return cls(codes, scales, embedding.offsets.astype(np.int32))

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.scales)

    def vectors(self) -> Vector:
        """`(n_tokens, dim) float32`."""
        return np.asarray(self.codes * self.scales[:, None], dtype=np.float32)


class Embedder(Protocol):
    """Turns texts into vectors. Implementations are thread-safe for `embed_query`."""

    @property
    def fingerprint(self) -> str:
        """Names the model and its preparation; two embedders with one fingerprint agree."""

    @property
    def dim(self) -> int:
        """Length of every vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens of text that one passage may have, prefix and special tokens not counted."""

    @property
    def calibration(self) -> Calibration | None:
        """What was estimated for this model; `None` where nothing was."""

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` in the model's own vocabulary, without prefix and special tokens."""

    def embed_query(self, text: str) -> Embedding:
        """Embed a question."""

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed questions, in order: faster than one by one, and a little less exact."""

    def embed_adapted(self, texts: Sequence[str]) -> Vector | None:
        """Vectors by the layers that were adapted to tell questions apart, in order.

        `(n_texts, dim) float32`, L2-normalised; `None` where the model has no such layers.
        """

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed passages, in order. Texts over `max_tokens` are cut off at it."""
