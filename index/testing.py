"""Test doubles of the index's seams. They read no files and load no models."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.embedding import Embedder, Embedding, Vector

_DIM = 256
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"[{_HAN}]|\d+(?:[.,]\d+)*|[^\W\d_{_HAN}]+")


class HashEmbedder(Embedder):
    """Deterministic vectors out of hashes: texts that share words or characters score higher.

    A token is a word, a number or one Chinese character. Its vector is the hash of its lower case;
    a Chinese character's is mixed with the hash of the pair that it makes with the next one. The
    sentence vector is the sum of the token vectors. Two languages share nothing but numbers.

    Args:
        max_tokens: Where passages are cut off.
    """

    def __init__(self, max_tokens: int = 256) -> None:
        self._max_tokens = max_tokens

    @property
    def fingerprint(self) -> str:
        """Names the double."""
        return "hash-embedder-1"

    @property
    def dim(self) -> int:
        """Length of every vector."""
        return _DIM

    @property
    def max_tokens(self) -> int:
        """Tokens of text that one passage may have."""
        return self._max_tokens

    @property
    def calibration(self) -> None:
        """None: nothing was estimated for hashes."""
        return None

    def count_tokens(self, text: str) -> int:
        """Words, numbers and Chinese characters of a text."""
        return len(_TOKEN.findall(text))

    def embed_query(self, text: str) -> Embedding:
        """Embed a question, just as a passage is embedded."""
        spans = [token.span() for token in _TOKEN.finditer(text)][: self._max_tokens]
        text = text[: spans[-1][1]] if spans else ""
        tokens = np.array([_token_vector(text, *span) for span in spans], np.float32)
        tokens = tokens.reshape(-1, _DIM)
        sentence = _unit(tokens.sum(axis=0) if spans else _signs(""))
        return Embedding(sentence, tokens, np.array(spans, np.int32).reshape(-1, 2))

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed questions, in order."""
        return [self.embed_query(text) for text in texts]

    def embed_adapted(self, texts: Sequence[str]) -> None:
        """None: hashes have no layers."""

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed passages, in order. Texts over `max_tokens` are cut off at it."""
        return [self.embed_query(text) for text in texts]


def _token_vector(text: str, start: int, end: int) -> Vector:
    vector = _signs(text[start:end].lower())
    pair = text[start : end + 1]
    if re.fullmatch(f"[{_HAN}]{{2}}", pair):
        vector = vector + _signs(pair)
    return _unit(vector)


@lru_cache(maxsize=65_536)
def _signs(text: str) -> Vector:
    """Hash to a vector of ±1: `(256,) float32`. Two of them have a cosine of 0 ± .06."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_DIM // 8).digest()
    return np.unpackbits(np.frombuffer(digest, np.uint8)).astype(np.float32) * 2 - 1


def _unit(vector: Vector) -> Vector:
    scaled: Vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    return scaled
