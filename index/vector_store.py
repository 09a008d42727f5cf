"""Dense search in Chroma, embedded or on a server. The only module that knows Chroma.

Passages are named by their ordinal in the truth; texts stay out of the collection, because
metadata filters are slow where documents are stored in it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError

from index.embedding import Vector
from index.errors import StoreError

_BATCH = 5_000
_SPACE: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
}


class VectorStore(Protocol):
    """Finds the vectors nearest to one."""

    def add(self, vectors: Vector, langs: Sequence[str]) -> None:
        """Add vectors, `(n, dim) float32`, L2-normalised; their numbers continue from `count`."""

    def count(self) -> int:
        """How many vectors there are."""

    def search(self, vector: Vector, n: int, lang: str | None = None) -> list[tuple[int, float]]:
        """The nearest `n` as (number, cosine), best first."""


class ChromaVectors:
    """A Chroma collection of passage vectors."""

    def __init__(self, client: ClientAPI, collection: str, where: str) -> None:
        """Wrap a client; use `create` or `open`.

        Args:
            client: A connected Chroma client.
            collection: The name of an existing collection.
            where: What error messages call the place.
        """
        self._where = where
        with _chroma_errors(where):
            self._collection = client.get_collection(collection, embedding_function=None)

    @classmethod
    def create(cls, place: Path | str, collection: str) -> ChromaVectors:
        """Make a new collection in a folder, or on the server of a URL.

        Raises:
            StoreError: The place cannot be reached or written.
        """
        where = str(place)
        with _chroma_errors(where):
            client = _client(place)
            client.create_collection(collection, embedding_function=None, configuration=_SPACE)
        return cls(client, collection, where)

    @classmethod
    def open(cls, place: Path | str, collection: str) -> ChromaVectors:
        """Open a collection.

        Raises:
            StoreError: The place cannot be reached or read, or lacks the collection.
        """
        where = str(place)
        if isinstance(place, Path) and not place.is_dir():
            raise StoreError(f"vector store {where}: missing; run `policy-assistant index build`")
        with _chroma_errors(where):
            return cls(_client(place), collection, where)

    def add(self, vectors: Vector, langs: Sequence[str]) -> None:
        """Add vectors; see `VectorStore`."""
        first = self.count()
        with _chroma_errors(self._where):
            for start in range(0, len(vectors), _BATCH):
                batch = np.ascontiguousarray(vectors[start : start + _BATCH])
                numbers = range(first + start, first + start + len(batch))
                self._collection.add(
                    ids=[str(number) for number in numbers],
                    embeddings=batch,
                    metadatas=[{"lang": lang} for lang in langs[start : start + len(batch)]],
                )

    def count(self) -> int:
        """How many vectors there are."""
        with _chroma_errors(self._where):
            return self._collection.count()

    def search(self, vector: Vector, n: int, lang: str | None = None) -> list[tuple[int, float]]:
        """The nearest `n`; see `VectorStore`."""
        where: Any = {"lang": lang} if lang else None
        with _chroma_errors(self._where):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=n, where=where, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        return [
            (int(number), 1.0 - float(distance))
            for number, distance in zip(found["ids"][0], distances, strict=True)
        ]


def drop_collections(url: str, names: Iterable[str]) -> None:
    """Remove collections from a server; those that it does not have are passed over."""
    with _chroma_errors(url):
        client = _client(url)
        for name in {collection.name for collection in client.list_collections()} & {*names}:
            client.delete_collection(name)


def _client(place: Path | str) -> ClientAPI:
    quiet = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        # Clients are cached by path string: the real path, so that a version is never mistaken.
        try:
            return chromadb.PersistentClient(path=str(place.resolve()), settings=quiet)
        except AttributeError as error:
            # What Chroma ends in at the second try at a folder that it could not open before.
            raise ValueError("cannot be opened") from error
    url = urlsplit(place)
    port = url.port or (443 if url.scheme == "https" else 8000)
    return chromadb.HttpClient(
        host=url.hostname or "", port=port, ssl=url.scheme == "https", settings=quiet
    )


@contextmanager
def _chroma_errors(where: str) -> Iterator[None]:
    try:
        yield
    except (ChromaError, OSError, ValueError, httpx.HTTPError) as error:
        full = "disk is full" in str(error) or getattr(error, "errno", None) == errno.ENOSPC
        mend = "run `policy-assistant doctor`, or `policy-assistant index build` to make it anew"
        raise StoreError(
            f"vector store {where}: {error or type(error).__name__}; "
            f"{'free some space' if full else mend}"
        ) from error
