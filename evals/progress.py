"""How a run goes on, on stderr: how far, how fast, how long still, how many fully right."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from evals.cases import Case
from evals.metrics import Metric
from evals.records import Record
from evals.scoring import fully_right, score_record

_LINE_EVERY_S = 10.0


class _Shown(Protocol):
    def __call__(self, done: int, total: int, words: str) -> None: ...


class RunProgress:
    """Counts answers and scores them as they come."""

    def __init__(self, metrics: Mapping[str, Metric], show: _Shown) -> None:
        """Take the metrics that say whether a case is right, and what shows a line."""
        # Cost is not a matter of right and wrong, and judges are too slow to wait for.
        bounded = {
            name: metric
            for name, metric in metrics.items()
            if metric.passes_at is not None and metric.kind in ("answer", "retrieval")
        }
        headline = bounded.get("fully_right")
        self._metrics = {headline.name: headline} if headline else bounded
        self._show = show
        self._done = self._total = self._new = self._right = self._judged = self._failed = 0
        self._began = time.monotonic()

    def begin(self, done: int, total: int) -> None:
        """Some answers were there already."""
        self._done, self._total = done, total
        self._began = time.monotonic()
        self._show(done, total, self._words())

    def tell(self, case: Case, record: Record) -> None:
        """An answer came."""
        self._done += 1
        self._new += 1
        self._failed += record.failed
        scores = score_record(case, record, {case.id: record}, tuple(self._metrics.values()))
        right = not record.failed and fully_right(scores, self._metrics)
        if right is not None:
            self._judged += 1
            self._right += right
        self._show(self._done, self._total, self._words())

    def _words(self) -> str:
        seconds = max(time.monotonic() - self._began, 1e-6)
        rate = self._new / seconds
        words = [f"{rate:.1f}/s" if self._new else "starting"]
        if self._new and self._done < self._total:
            words.append(f"{_duration((self._total - self._done) / rate)} left")
        if self._judged:
            words.append(f"fully right {self._right / self._judged:.0%}")
        if self._failed:
            words.append(f"{self._failed} failed")
        return ", ".join(words)


@contextmanager
def run_progress(metrics: Mapping[str, Metric]) -> Iterator[RunProgress]:
    """A bar on a terminal; elsewhere a line every ten seconds and one at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield RunProgress(metrics, _plain())
        return
    columns: tuple[Any, ...] = (TextColumn("Answering"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn("{task.fields[words]}"), console=console) as bar:
        task = bar.add_task("Answering", words="")

        def show(done: int, total: int, words: str) -> None:
            bar.update(task, completed=done, total=total, words=words)

        yield RunProgress(metrics, show)


def _plain() -> _Shown:
    last = time.monotonic()

    def show(done: int, total: int, words: str) -> None:
        nonlocal last
        now = time.monotonic()
        if done in (0, total) or now - last >= _LINE_EVERY_S:
            last = now
            print(f"Answered {done} of {total}: {words}", file=sys.stderr, flush=True)

    return show


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02} h"
