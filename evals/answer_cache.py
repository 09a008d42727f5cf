"""Answers by the digest of all that they depend on, so that an unchanged run takes seconds."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from evals.cases import Case
from evals.digests import digest_of
from evals.target import Response, Target

log = logging.getLogger(__name__)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, answer TEXT NOT NULL, ms REAL NOT NULL,
    used TEXT NOT NULL DEFAULT (date('now'))
)
"""
_KEPT = "-60 days"


def answer_key(case: Case, repeat: int, target: Target) -> str:
    """Digest of all that an answer depends on: the question, the target, which repetition."""
    asked = [case.id, case.turns, repeat]
    return digest_of([asked, dict(target.digests), dict(target.settings)])


class AnswerCache:
    """A SQLite file, used by one thread, shared by processes. A broken file is a miss, no end."""

    def __init__(self, path: Path | None) -> None:
        """Open it; `None` keeps nothing."""
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_SCHEMA)
            self._connection.execute("DELETE FROM answers WHERE used < date('now', ?)", (_KEPT,))
        except (OSError, sqlite3.Error) as error:
            self._give_up(path, error)

    def get(self, key: str) -> Response | None:
        """The answer that was kept under a key."""
        if self._connection is None:
            return None
        try:
            rows = self._connection.execute(
                "UPDATE answers SET used = date('now') WHERE key = ? RETURNING answer, ms", (key,)
            ).fetchall()
            return Response(json.loads(rows[0][0]), rows[0][1]) if rows else None
        except (sqlite3.Error, ValueError) as error:
            self._give_up(key, error)
            return None

    def put(self, key: str, answer: Mapping[str, Any], ms: float) -> None:
        """Keep an answer."""
        if self._connection is None:
            return
        try:
            self._connection.execute(
                "INSERT OR REPLACE INTO answers (key, answer, ms) VALUES (?, ?, ?)",
                (key, json.dumps(answer), ms),
            )
        except sqlite3.Error as error:
            self._give_up(key, error)

    def _give_up(self, place: object, error: Exception) -> None:
        log.warning("answer cache %s: not used: %s", place, error)
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
