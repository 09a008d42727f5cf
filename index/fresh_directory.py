"""Directories that are there whole or not at all, made by one process at a time.

Knows nothing of what is put into them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".making-"
_LOCK_FILE = ".lock"
_RETRY_SECONDS = 0.2


@contextmanager
def exclusive(root: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a directory; the system lets go of it when the holder dies.

    Args:
        root: The directory; made where it is missing.
        waiting: Called once if another process holds the lock.

    Raises:
        OSError: The directory cannot be made or written.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK_FILE).open("a") as lock:
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    waiting()
                told = True
                time.sleep(_RETRY_SECONDS)
        yield


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """Give a temporary directory in `root`, gone afterwards; call it under the lock of `root`.

    What an earlier process left behind when it was killed is removed first.

    Raises:
        OSError: The directory cannot be made.
    """
    for left in root.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def publish(made: Path, final: Path) -> None:
    """Move a finished directory to its place in one step, and only after all of it is on disk.

    Args:
        made: A directory inside a `workplace` on the same file system.
        final: Its place; what stands there is replaced.

    Raises:
        OSError: Something cannot be written.
    """
    for path in (*made.iterdir(), made):
        _sync(path)
    if final.exists():
        final.rename(made.with_name(f"{made.name}-replaced"))
    made.rename(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
