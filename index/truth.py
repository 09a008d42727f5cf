"""The truth of a store: documents, passages, vectors and the build's manifest, in SQLite.

Every searchable structure is made from it and can be made again. One file belongs to one
version and is never changed after that version was published.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.documents import Document, Metadata, Source
from index.embedding import Embedding, TokenVectors, Vector
from index.errors import StoreError
from index.passages import Passage
from index.sample_questions import SampleQuestion

_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT NOT NULL, lang TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    metadata TEXT NOT NULL, PRIMARY KEY (id, lang)
);
CREATE TABLE passages (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,
    lang TEXT NOT NULL, section TEXT NOT NULL, heading_path TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, n_tokens INTEGER NOT NULL,
    digest TEXT NOT NULL, text_at INTEGER NOT NULL
);
CREATE INDEX passages_section ON passages (document_id, section, lang);
CREATE TABLE samples (
    ordinal INTEGER PRIMARY KEY, text TEXT NOT NULL, lang TEXT NOT NULL, kind TEXT NOT NULL,
    document_id TEXT, section TEXT, embedded TEXT NOT NULL, digest TEXT NOT NULL
);
CREATE TABLE vectors (
    digest TEXT PRIMARY KEY, sentence BLOB NOT NULL, tokens BLOB, scales BLOB, offsets BLOB
);
"""
_COLUMNS = (
    'p.ordinal, p.id, p.document_id, p.lang, p.section, p.heading_path, p.start, p."end", '
    'substr(d.text, p.start + 1, p."end" - p.start)'
)
_FROM = "FROM passages p JOIN documents d ON d.id = p.document_id AND d.lang = p.lang"


def _every(_: str) -> bool:
    return True


class Truth:
    """One version's SQLite file. Thread-safe; open it read-only to search."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Wrap a connection; use `create` or `open`."""
        self.path = path
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> Truth:
        """Make an empty file, which must not exist yet."""
        with _sqlite_errors(path):
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=rwc", uri=True, check_same_thread=False
            )
            connection.executescript(_SCHEMA)
        return cls(path, connection)

    @classmethod
    def open(cls, path: Path) -> Truth:
        """Open a file to read.

        Raises:
            StoreError: It is missing or no store of ours.
        """
        if not path.is_file():
            raise StoreError(f"store {path}: missing; run `policy-assistant index build`")
        with _sqlite_errors(path):
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )
            try:
                connection.execute("SELECT count(*) FROM manifest").fetchone()
            except sqlite3.Error:
                connection.close()
                raise
        return cls(path, connection)

    @classmethod
    def salvage(cls, path: Path) -> Truth:
        """Open a file whose builder may have been killed; what it half wrote is rolled back.

        Raises:
            StoreError: It is missing, damaged or no store of ours.
        """
        if path.is_file():
            with _sqlite_errors(path):
                connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
                try:
                    connection.execute("SELECT count(*) FROM manifest").fetchone()
                finally:
                    connection.close()
        truth = cls.open(path)
        try:
            truth.check()
        except StoreError:
            truth.close()
            raise
        return truth

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with _sqlite_errors(self.path), self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _sqlite_errors(self.path), self._lock, self._connection:
            self._connection.executemany(sql, rows)

    # -- writing ---------------------------------------------------------------------------

    def put_manifest(self, values: Mapping[str, Any]) -> None:
        """Write entries of the manifest; a value is anything JSON can hold."""
        rows = [(key, _json(value)) for key, value in values.items()]
        self._write("INSERT OR REPLACE INTO manifest VALUES (?, ?)", rows)

    def put_documents(
        self, documents: Sequence[tuple[Document, Sequence[tuple[Passage, int, str, int]]]]
    ) -> None:
        """Write documents, each with its passages, in one transaction.

        Args:
            documents: Each with (passage, tokens, digest, where its text begins) of its passages.
        """
        ordinals = itertools.count(self.count("passages"))
        with _sqlite_errors(self.path), self._lock, self._connection:
            self._connection.executemany(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
                (
                    (d.id, d.lang, d.title, d.text, _json(asdict(d.metadata), default=str))
                    for d, _ in documents
                ),
            )
            self._connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        *(next(ordinals), p.id, p.document_id, p.lang, p.section),
                        *(_json(p.heading_path), p.start, p.end, *rest),
                    )
                    for _, passages in documents
                    for p, *rest in passages
                ),
            )

    def put_samples(self, samples: Sequence[tuple[SampleQuestion, str, str]]) -> None:
        """Write sample questions, each with the text that is embedded and its digest."""
        rows = (
            (number, s.text, s.lang, s.kind, s.document_id, s.section, *rest)
            for number, (s, *rest) in enumerate(samples)
        )
        self._write("INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def put_vectors(
        self, embeddings: Mapping[str, Embedding], with_tokens: Callable[[str], bool] = _every
    ) -> None:
        """Write embeddings by the digest of their text, the tokens of those that are wanted."""
        rows = []
        for digest, embedding in embeddings.items():
            parts: tuple[NDArray[Any], ...] = ()
            if with_tokens(digest):
                tokens = TokenVectors.of(embedding)
                parts = (tokens.codes, tokens.scales, tokens.offsets)
            sentence = embedding.sentence.astype(np.float32).tobytes()
            blobs = (part.tobytes() for part in parts) if parts else (None, None, None)
            rows.append((digest, sentence, *blobs))
        self._write("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?, ?)", rows)

    def adopt_vectors(
        self, other: Path, wanted: Sequence[str], with_tokens: Callable[[str], bool] = _every
    ) -> int:
        """Take the wanted embeddings over from another version's file.

        Args:
            other: That file.
            wanted: Digests.
            with_tokens: Whether a digest's tokens are wanted too; it is left where they are but
                are not there.

        Returns:
            How many were taken.
        """
        kinds = (
            ("*", "AND tokens IS NOT NULL", [d for d in wanted if with_tokens(d)]),
            ("digest, sentence, NULL, NULL, NULL", "", [d for d in wanted if not with_tokens(d)]),
        )
        with _sqlite_errors(other), self._lock:
            self._connection.execute("ATTACH ? AS other", (f"{other.resolve().as_uri()}?mode=ro",))
            try:
                taken = 0
                with self._connection:
                    for columns, where, digests in kinds:
                        for start in range(0, len(digests), 500):
                            batch = digests[start : start + 500]
                            marks = ",".join("?" * len(batch))
                            taken += self._connection.execute(
                                f"INSERT OR IGNORE INTO vectors SELECT {columns} "
                                f"FROM other.vectors WHERE digest IN ({marks}) {where}",
                                batch,
                            ).rowcount
                return taken
            finally:
                self._connection.execute("DETACH other")

    # -- reading ---------------------------------------------------------------------------

    def count(self, table: str) -> int:
        """Rows of `documents`, `passages` or `vectors`."""
        assert table in ("documents", "passages", "vectors")
        return int(self._rows(f"SELECT count(*) FROM {table}")[0][0])

    def manifest(self) -> dict[str, Any]:
        """The build's manifest."""
        rows = self._rows("SELECT * FROM manifest")
        with _sqlite_errors(self.path):
            return {key: json.loads(value) for key, value in rows}

    def check(self) -> None:
        """Read the whole file.

        Raises:
            StoreError: It is damaged.
        """
        found = [row[0] for row in self._rows("PRAGMA quick_check(1)")]
        if found != ["ok"]:
            why = found[0].splitlines()[-1]
            raise StoreError(
                f"store {self.path}: damaged ({why}); run `policy-assistant index build` to "
                "make it anew"
            )

    def documents(self) -> Iterator[Document]:
        """All documents, by id and language."""
        for row in self._rows("SELECT * FROM documents ORDER BY id, lang"):
            yield _document(row)

    def document(self, identity: str, lang: str) -> Document:
        """One document.

        Raises:
            KeyError: There is none of that id and language.
        """
        rows = self._rows("SELECT * FROM documents WHERE id = ? AND lang = ?", (identity, lang))
        if not rows:
            raise KeyError((identity, lang))
        return _document(rows[0])

    def passages(self, ordinals: Sequence[int]) -> dict[int, Passage]:
        """Passages by ordinal."""
        marks = ",".join("?" * len(ordinals))
        sql = f"SELECT {_COLUMNS} {_FROM} WHERE p.ordinal IN ({marks})"
        return {row[0]: _passage(row) for row in self._rows(sql, ordinals)}

    def all_passages(self) -> list[Passage]:
        """Every passage, by ordinal."""
        rows = self._rows(f"SELECT {_COLUMNS} {_FROM} ORDER BY p.ordinal")
        return [_passage(row) for row in rows]

    def section_ordinals(self, identity: str, section: str, lang: str) -> list[int]:
        """The passages of one section in one language."""
        sql = "SELECT ordinal FROM passages WHERE document_id = ? AND section = ? AND lang = ?"
        return [row[0] for row in self._rows(sql + " ORDER BY ordinal", (identity, section, lang))]

    def ordinal(self, passage_id: str) -> int:
        """The ordinal of a passage; `KeyError` where there is none."""
        rows = self._rows("SELECT ordinal FROM passages WHERE id = ?", (passage_id,))
        if not rows:
            raise KeyError(passage_id)
        return int(rows[0][0])

    def token_counts(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """Tokens of passages by id."""
        marks = ",".join("?" * len(passage_ids))
        sql = f"SELECT id, n_tokens FROM passages WHERE id IN ({marks})"
        return dict(self._rows(sql, passage_ids))

    def title(self, identity: str, lang: str) -> str | None:
        """The title of a document in a language; `None` where there is no such document."""
        sql = "SELECT title FROM documents WHERE id = ? AND lang = ?"
        return next((title for (title,) in self._rows(sql, (identity, lang))), None)

    def titles(self, ordinals: Sequence[int]) -> dict[int, str]:
        """Titles of passages' documents by the passages' ordinals."""
        marks = ",".join("?" * len(ordinals))
        sql = f"SELECT p.ordinal, d.title {_FROM} WHERE p.ordinal IN ({marks})"
        return dict(self._rows(sql, ordinals))

    def langs(self, ordinals: Sequence[int]) -> dict[int, str]:
        """Languages of passages by ordinal."""
        marks = ",".join("?" * len(ordinals))
        return dict(
            self._rows(f"SELECT ordinal, lang FROM passages WHERE ordinal IN ({marks})", ordinals)
        )

    def digests(self) -> list[str]:
        """Digests of the embedded texts, by ordinal of the passage."""
        return [row[0] for row in self._rows("SELECT digest FROM passages ORDER BY ordinal")]

    def samples(self) -> list[SampleQuestion]:
        """The sample questions."""
        rows = self._rows(
            "SELECT text, lang, kind, document_id, section FROM samples ORDER BY ordinal"
        )
        return [SampleQuestion(*row) for row in rows]

    def sample_vectors(self, dim: int) -> Vector:
        """Vectors of the sample questions, `(n, n_views, dim) float32`."""
        rows = self._rows(
            "SELECT v.sentence FROM samples JOIN vectors v USING (digest) ORDER BY ordinal"
        )
        vectors = np.frombuffer(b"".join(row[0] for row in rows), dtype=np.float32)
        return vectors.reshape(len(rows), -1, dim) if rows else np.zeros((0, 1, dim), np.float32)

    def samples_without_vectors(self) -> dict[str, str]:
        """What is to be embedded of sample questions and was not yet: texts by digest."""
        return dict(
            self._rows(
                "SELECT digest, embedded FROM samples "
                "WHERE digest NOT IN (SELECT digest FROM vectors) ORDER BY ordinal"
            )
        )

    def missing_vectors(self) -> list[tuple[int, str]]:
        """Passages without an embedding: (ordinal, digest)."""
        rows = self._rows(
            "SELECT ordinal, digest FROM passages "
            "WHERE digest NOT IN (SELECT digest FROM vectors) ORDER BY ordinal"
        )
        return [(row[0], row[1]) for row in rows]

    def sentence_vectors(self, dim: int, ordinals: Sequence[int] | None = None) -> Vector:
        """Sentence vectors, `(n, dim) float32`: of all passages by ordinal, or of those named."""
        sql = "SELECT p.ordinal, v.sentence FROM passages p JOIN vectors v USING (digest)"
        if ordinals is None:
            joined = b"".join(row[1] for row in self._rows(f"{sql} ORDER BY p.ordinal"))
        else:
            marks = ",".join("?" * len(ordinals))
            found = dict(self._rows(f"{sql} WHERE p.ordinal IN ({marks})", ordinals))
            joined = b"".join(found[ordinal] for ordinal in ordinals)
        return np.frombuffer(joined, dtype=np.float32).reshape(-1, dim)

    def token_vectors(self, ordinals: Sequence[int], dim: int) -> dict[int, TokenVectors]:
        """Token vectors of passages by ordinal, of those that were stored.

        Offsets count from the passage's own first word; tokens of the headings before it have
        negative ones.
        """
        marks = ",".join("?" * len(ordinals))
        sql = (
            "SELECT p.ordinal, p.text_at, v.tokens, v.scales, v.offsets FROM passages p "
            f"JOIN vectors v USING (digest) WHERE p.ordinal IN ({marks}) AND v.tokens IS NOT NULL"
        )
        return {row[0]: _token_vectors(row, dim) for row in self._rows(sql, ordinals)}


def _json(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, default=default)


def _token_vectors(row: tuple[Any, ...], dim: int) -> TokenVectors:
    _, text_at, tokens, scales, offsets = row
    return TokenVectors(
        codes=np.frombuffer(tokens, dtype=np.int8).reshape(-1, dim),
        scales=np.frombuffer(scales, dtype=np.float32),
        offsets=np.frombuffer(offsets, dtype=np.int32).reshape(-1, 2) - np.int32(text_at),
    )


def _passage(row: tuple[Any, ...]) -> Passage:
    _, identity, document_id, lang, section, headings, start, end, text = row
    path = tuple(json.loads(headings))
    return Passage(identity, document_id, lang, section, path, text, start, end)


def _document(row: tuple[Any, ...]) -> Document:
    identity, lang, title, text, metadata = row
    return Document(identity, title, text, lang, _metadata(json.loads(metadata)))


def _metadata(data: dict[str, Any]) -> Metadata:
    source = data.pop("source", None)
    if source is not None:
        source["published_on"] = _date(source["published_on"])
        data["source"] = Source(**source)
    for key in ("issued_on", "effective_from", "effective_to", "targets_until"):
        data[key] = _date(data[key])
    for key in ("supersedes", "audiences", "topics"):
        data[key] = tuple(data[key])
    return Metadata(**data)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@contextmanager
def _sqlite_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        full = "full" in str(error)
        mend = "free some space" if full else "run `policy-assistant index build` to make it anew"
        raise StoreError(f"store {path}: {error}; {mend}") from error
