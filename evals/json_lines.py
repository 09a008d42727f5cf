"""Append-only JSON Lines files that outlive a kill: a torn last line is cut off and said."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from evals.errors import RunError

log = logging.getLogger(__name__)
_SYNC_EVERY_S = 1.0


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file; none where it is missing. A torn last line is passed over.

    Raises:
        RunError: The file cannot be read, or another line is no JSON object.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror}") from error
    found = []
    *whole, torn = data.split(b"\n")
    if torn:
        log.warning("%s: the last line is torn and is left out", path)
    for number, line in enumerate(whole, start=1):
        try:
            value = json.loads(line)
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise RunError(
                f"{path}:{number}: not JSON; the file was changed by hand or the disk is damaged: "
                "remove the line and finish the run with --resume"
            ) from error
        if not isinstance(value, dict):
            raise RunError(f"{path}:{number}: not an object; remove the line")
        found.append(value)
    return found


def line_of(value: Mapping[str, Any]) -> bytes:
    """One line of a file."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:  # half of a character pair, which only an escape can hold
        return json.dumps(value, separators=(",", ":")).encode() + b"\n"


class JsonLinesWriter:
    """Appends to a file, one whole line a write; on disk at the latest a second later."""

    def __init__(self, path: Path) -> None:
        """Open to append; what a kill left of a last line is cut off.

        Raises:
            RunError: The file cannot be written.
        """
        self._path = path
        try:
            _cut_torn_line(path)
            self._file: IO[bytes] = path.open("ab", buffering=0)
        except OSError as error:
            raise RunError(f"{path}: cannot be written: {error.strerror}") from error
        self._synced = time.monotonic()

    def append(self, value: Mapping[str, Any]) -> None:
        """Write one line.

        Raises:
            RunError: There is no room, or the disk fails.
        """
        try:
            line = line_of(value)
            while line:
                line = line[self._file.write(line) :]
            if time.monotonic() - self._synced > _SYNC_EVERY_S:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()
        except OSError as error:
            raise RunError(
                f"{self._path}: cannot be written: {error.strerror}; free some space and go on "
                "with --resume"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._file:
            os.fsync(self._file.fileno())


def write_whole(path: Path, values: Iterable[Mapping[str, Any]]) -> None:
    """Write a file in one step, so that a reader sees all of it or none.

    Raises:
        RunError: It cannot be written.
    """
    write_bytes(path, b"".join(line_of(value) for value in values))


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step.

    Raises:
        RunError: It cannot be written.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise RunError(f"{path}: cannot be written: {error.strerror}") from error


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        log.warning("%s: cut off a torn last line of %d bytes", path, len(data) - whole)
        os.truncate(path, whole)
