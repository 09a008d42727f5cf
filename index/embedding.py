"""The seam between the index and an embedding model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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
    def token_means(self) -> Mapping[str, Vector] | None:
        """Mean token vector of general text by language, `(dim,)`; `None` where not known."""

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` in the model's own vocabulary, without prefix and special tokens."""

    def embed_query(self, text: str) -> Embedding:
        """Embed a question."""

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed passages, in order. Texts over `max_tokens` are cut off at it."""
