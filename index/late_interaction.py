"""Late-interaction scores: how well each token of a query is met in a passage.

MaxSim is Khattab and Zaharia 2020, "ColBERT". Here the token vectors come from the sentence
model itself; they share a large common part, so a mean token vector is taken off first and each
token is normalised again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import TokenVectors, Vector

ALL = "all"


def token_means(tokens: Iterable[tuple[str, TokenVectors]], dim: int) -> dict[str, list[float]]:
    """Mean token vector by language, and over all under `ALL`.

    Args:
        tokens: Language and token vectors of each passage.
        dim: Length of a token vector.

    Returns:
        `dim` numbers by language; zeros where there is no token.
    """
    sums: dict[str, NDArray[np.float64]] = {}
    counts: dict[str, int] = {}
    for lang, text in tokens:
        for key in (lang, ALL):
            total = sums.setdefault(key, np.zeros(dim))
            total += text.vectors().sum(axis=0, dtype=np.float64)
            counts[key] = counts.get(key, 0) + len(text)
    return {key: (total / max(1, counts[key])).tolist() for key, total in sums.items()}


def centred(tokens: Vector, mean: Vector | None) -> Vector:
    """Token vectors less a mean, normalised; `(n_tokens, dim)`."""
    shifted = tokens if mean is None else tokens - mean
    norms = np.linalg.norm(shifted, axis=1, keepdims=True)
    return np.asarray(shifted / np.maximum(norms, 1e-9), dtype=np.float32)


def similarities(query: Vector, tokens: TokenVectors, mean: Vector | None) -> Vector:
    """Cosines of centred query tokens with the tokens of passages, these centred on the way.

    The mean is taken off in the products, not in the vectors:
    cos(q, t - m) = (q·t - q·m) / sqrt(t·t - 2 t·m + m·m). Rounding to 8 bits leaves t·t near 1, but
    t - m is short, and what is left counts.

    Args:
        query: `(n_query_tokens, dim) float32`, centred.
        tokens: Tokens of one passage or of several.
        mean: `(dim,)`.

    Returns:
        `(n_query_tokens, n_tokens) float32`.
    """
    rows = query if mean is None else np.vstack([query, mean])
    codes = tokens.codes.astype(np.float32)
    products = (rows @ codes.T) * tokens.scales
    if mean is None:
        return np.asarray(products, dtype=np.float32)
    squares = np.einsum("ij,ij->i", codes, codes) * tokens.scales**2
    lengths = np.sqrt(np.maximum(squares - 2 * products[-1] + mean @ mean, 1e-6))
    return np.asarray((products[:-1] - (query @ mean)[:, None]) / lengths, dtype=np.float32)


@dataclass(frozen=True)
class Matches:
    """MaxSim of each query token with each of several texts.

    Attributes:
        values: `(n_query_tokens, n_texts) float32`, cosines.
    """

    values: Vector

    @classmethod
    def of(cls, similarities: Vector, lengths: Sequence[int]) -> Matches:
        """The best token of each text.

        Args:
            similarities: `(n_query_tokens, n_tokens)`, the tokens of all texts in a row.
            lengths: Tokens of each text; a text without any is met by nothing.
        """
        values = np.zeros((len(similarities), len(lengths)), dtype=np.float32)
        sizes = np.asarray(lengths, dtype=np.int64)
        filled = np.flatnonzero(sizes)
        if len(similarities) and len(filled):
            starts = np.cumsum(np.append(0, sizes[filled][:-1]))
            values[:, filled] = np.maximum.reduceat(similarities, starts, axis=1)
        return cls(values)

    def scores(self) -> Vector:
        """Mean over the query's tokens, `(n_texts,) float32`."""
        if not self.values.size:
            return np.zeros(self.values.shape[1], dtype=np.float32)
        return np.asarray(self.values.mean(axis=0), dtype=np.float32)


class LateInteraction:
    """Matches queries with passages, each less the mean of its kind."""

    def __init__(self, queries: Mapping[str, Vector], passages: Mapping[str, Vector]) -> None:
        """Take the mean token vectors of queries and of passages by language."""
        self._queries = queries
        self._passages = passages

    def query(self, tokens: Vector, lang: str) -> Vector:
        """A query's token vectors, centred."""
        return centred(tokens, _of(self._queries, lang))

    def match(self, query: Vector, texts: Sequence[TokenVectors], lang: str) -> Matches:
        """MaxSim of centred query tokens with each of several passages of one language."""
        if not texts:
            return Matches(np.zeros((len(query), 0), dtype=np.float32))
        return Matches.of(self.similarities(query, join(texts), lang), [len(t) for t in texts])

    def similarities(self, query: Vector, tokens: TokenVectors, lang: str) -> Vector:
        """Cosines of centred query tokens with passages' tokens; see `similarities`."""
        return similarities(query, tokens, _of(self._passages, lang))


def join(texts: Sequence[TokenVectors]) -> TokenVectors:
    """The tokens of several texts in a row."""
    return TokenVectors(
        np.concatenate([text.codes for text in texts]),
        np.concatenate([text.scales for text in texts]),
        np.concatenate([text.offsets for text in texts]),
    )


def _of(means: Mapping[str, Vector], lang: str) -> Vector | None:
    return means.get(lang, means.get(ALL))
