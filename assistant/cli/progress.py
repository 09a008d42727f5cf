"""Progress on stderr: a bar on a terminal, a few lines anywhere else."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from index.build import Progress

__all__ = ["batch_progress", "build_progress", "share_progress"]

_STEPS = {
    "wait": "Waiting for another process that builds this index",
    "read": "Reading the documents",
    "split": "Cutting passages",
    "embed": "Embedding passages",
    "means": "Weighing tokens",
    "samples": "Learning from sample questions",
    "lexical": "Building the lexical index",
    "vectors": "Building the vector index",
    "check": "Checking the new index",
}
_LINE_EVERY_S = 2.0


@contextmanager
def build_progress(*, keep: bool = True) -> Iterator[Progress]:
    """Progress of a build, told (step, done, total); nothing is shown before the first call.

    Args:
        keep: Whether bars stay on the terminal when all is done.
    """
    with _display(keep) as shown:

        def tell(step: str, done: int, total: int) -> None:
            if total > 0:
                count = f"{done:,} of {total:,}" if total > 1 else ""
                shown.show(_STEPS.get(step, step), done / total, count)

        yield tell


@contextmanager
def share_progress() -> Iterator[Callable[[str, float], None]]:
    """Progress of work that is told as (what, share of the whole from 0 to 1)."""
    with _display(keep=True) as shown:

        def tell(what: str, share: float) -> None:
            shown.show(what[:1].upper() + what[1:], share, f"{share:.0%}")

        yield tell


@contextmanager
def batch_progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Progress of a batch whose results go to stdout, told how many are done.

    Where stdout is a terminal as well, the results themselves are the progress.
    """
    if sys.stdout.isatty():
        yield lambda _done: None
        return
    with _display(keep=False) as shown:
        yield lambda done: shown.show(what, done / total, f"{done:,} of {total:,}")


class _Display(Protocol):
    def show(self, what: str, share: float, count: str) -> None:
        """Show how far a step is: the share done, from 0 to 1, and in words."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def _display(keep: bool) -> _Display:
    drawable = sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
    return _Bars(keep) if drawable else _Lines()


class _Lines:
    """One line when a step begins, and for a slow step one at each tenth: for logs and pipes."""

    def __init__(self) -> None:
        self._what = ""
        self._tenth = 0
        self._said_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, what: str, share: float, count: str) -> None:
        tenth, now = int(10 * share), time.monotonic()
        again = what == self._what
        if again and (tenth <= self._tenth or now < self._said_at + _LINE_EVERY_S or not count):
            return
        self._what, self._tenth, self._said_at = what, tenth, now
        print(f"{what}: {count}" if count else what, file=sys.stderr, flush=True)


class _Bars:
    """A bar for each step; rich is loaded with the first."""

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bars is not None:
            if error[0] is None:
                self._complete()
            self._bars.stop()

    def show(self, what: str, share: float, count: str) -> None:
        if self._bars is None:
            self._bars = self._start()
        if what not in self._tasks:
            self._complete()  # A step does not always tell of its end.
            self._tasks[what] = self._bars.add_task(what, total=1.0, count=count)
        self._bars.update(self._tasks[what], completed=share, count=count)

    def _start(self) -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=not self._keep,
            # Redirected, results would be written to stderr.
            redirect_stdout=False,
        )
        bars.start()
        return bars

    def _complete(self) -> None:
        for task in self._tasks.values():
            self._bars.update(task, completed=1.0, count="")
