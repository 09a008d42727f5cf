"""What others would search the same texts with, as their libraries' documentation has it.

BM25 (bm25s), sentence vectors (LangChain's embeddings over sentence-transformers and Chroma), and
both joined as LangChain's EnsembleRetriever joins them. A peer numbers texts and ranks numbers; it
knows neither documents nor sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import bm25s
import chromadb
from chromadb.config import Settings as ChromaSettings
from langchain_core.embeddings import Embeddings

from index.embedding import Vector
from index.fusion import reciprocal_rank_fusion

ABOUT = {
    "peer BM25": f"bm25s {version('bm25s')} with its defaults (Lucene's BM25, k1 1.5, b 0.75, "
    "English stop words, no stemmer) and its own tokenizer, told to take Chinese as pairs of "
    "characters; what shares no word with the query is left out",
    "peer Chroma": f"Chroma {version('chromadb')} with its defaults, LangChain embeddings of the "
    f"same model in sentence-transformers {version('sentence-transformers')} (torch, float32)",
    "peer ensemble": "both joined as LangChain's EnsembleRetriever does: reciprocal rank fusion, "
    "weights .5 and .5, c = 60",
}
"""The peers, each with what it is."""

_HAN = "\u4e00-\u9fff"
TOKENS = rf"(?=([{_HAN}]{{2}}|(?<![^\W{_HAN}])[^\W{_HAN}]{{2,}}))"
"""English words as bm25s takes them by default (two characters or more), and Chinese as all pairs
of characters: by default a Chinese sentence would be one word."""
_ADDED_AT_ONCE = 5_000


class Peer(Protocol):
    """Ranks texts."""

    def search(self, query: str, k: int) -> list[int]:
        """The numbers of the best `k` texts, best first."""


class Bm25:
    """bm25s with what it does by default."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index texts."""
        self._count = len(texts)
        self._model = bm25s.BM25()
        self._model.index(_tokens(texts), show_progress=False)

    def search(self, query: str, k: int) -> list[int]:
        """The best texts; those that share no word with the query are left out."""
        k = min(k, self._count)
        numbers, scores = self._model.retrieve(_tokens([query]), k=k, show_progress=False)
        return [int(n) for n, score in zip(numbers[0], scores[0], strict=True) if score > 0]


class Chroma:
    """A Chroma collection with its defaults, written and asked as LangChain's wrapper does."""

    def __init__(
        self, folder: Path, texts: Sequence[str], vectors: Vector, embeddings: Embeddings
    ) -> None:
        """Fill a new collection in a folder: `vectors` are `(n_texts, dim) float32`."""
        quiet = ChromaSettings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(str(folder), settings=quiet)
        self._embeddings = embeddings
        self._collection = client.create_collection("langchain", embedding_function=None)
        for start in range(0, len(texts), _ADDED_AT_ONCE):
            batch = list(texts[start : start + _ADDED_AT_ONCE])
            ids = [str(start + n) for n in range(len(batch))]
            added = vectors[start : start + len(batch)]
            self._collection.add(ids=ids, embeddings=added, documents=batch)

    def search(self, query: str, k: int) -> list[int]:
        """The nearest texts."""
        vector: Any = self._embeddings.embed_query(query)
        found = self._collection.query(query_embeddings=[vector], n_results=k)
        return [int(number) for number in found["ids"][0]]


class Ensemble:
    """Reciprocal rank fusion of other peers, which count alike.

    Equal scores stand in the order in which the rankings name them.
    """

    def __init__(self, *peers: Peer) -> None:
        """Join peers."""
        self._peers = peers

    def search(self, query: str, k: int) -> list[int]:
        """Ask each for `k` and fuse."""
        rankings = {str(n): peer.search(query, k) for n, peer in enumerate(self._peers)}
        weights = dict.fromkeys(rankings, 1 / len(rankings))
        scores = reciprocal_rank_fusion(rankings, weights, k=60)
        named = dict.fromkeys(chain.from_iterable(rankings.values()))
        return sorted(named, key=lambda number: -scores[number])[:k]


class TorchEmbeddings(Embeddings):
    """A sentence-transformers model as LangChain embeddings."""

    def __init__(self, model: Any, query: str, passage: str) -> None:
        """Take the model, and what it wants put before questions and before passages."""
        self._model = model
        self._query = query
        self._passage = passage

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        return self._encode(texts, self._passage)

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self._encode([text], self._query)[0]

    def _encode(self, texts: list[str], prompt: str) -> list[list[float]]:
        vectors = self._model.encode(
            texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=False
        )
        found: list[list[float]] = vectors.tolist()
        return found


def _tokens(texts: Sequence[str]) -> Any:
    return bm25s.tokenize(list(texts), token_pattern=TOKENS, show_progress=False)
