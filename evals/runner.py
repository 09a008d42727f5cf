"""Answering: cases go to the target, records go to the run directory as they come."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from assistant.errors import AssistantError
from evals.answer_cache import AnswerCache, answer_key
from evals.cases import Case
from evals.json_lines import JsonLinesWriter
from evals.records import Record
from evals.runs import RunDirectory
from evals.scoring import missing
from evals.target import Target
from index.errors import IndexingError

log = logging.getLogger(__name__)
_QUEUED = 4

Work = tuple[Case, int]
Keyed = tuple[Case, int, str]


class Watcher(Protocol):
    """Is told how a run goes on."""

    def begin(self, done: int, total: int) -> None:
        """Some answers were there already."""

    def tell(self, case: Case, record: Record) -> None:
        """An answer came."""


@dataclass(frozen=True)
class Tally:
    """What answering took.

    Attributes:
        asked: Answers made by the target.
        cached: Answers taken from the cache.
        failed: Answers that failed, among those asked.
        seconds: Wall-clock time.
    """

    asked: int
    cached: int
    failed: int
    seconds: float


def answer_missing(
    run: RunDirectory,
    cases: Sequence[Case],
    repeat: int,
    target: Target,
    *,
    cache: AnswerCache,
    watcher: Watcher,
    jobs: int = 1,
    retry_errors: bool = False,
) -> Tally:
    """Ask for every answer that the run lacks. Hold the run's lock.

    What was written stays when this is interrupted or killed; call it again to go on.

    Args:
        run: Where records go.
        cases: The cases of the run.
        repeat: How often each is asked.
        target: What is asked.
        cache: Answers of earlier runs.
        watcher: Is told how it goes.
        jobs: Threads.
        retry_errors: Whether to ask again where the last answer failed.

    Raises:
        RunError: The run cannot be read or written.
    """
    began = time.monotonic()
    with run.answers() as writer:  # opened first: it cuts off what a kill left of a last line
        stands = {
            key: record
            for key, record in run.records().items()
            if not (retry_errors and record.failed)
        }
        work = missing(cases, repeat, stands)
        watcher.begin(repeat * len(cases) - len(work), repeat * len(cases))
        desk = _Desk(target, cache, watcher, writer)
        asked = desk.from_cache(work)
        with ThreadPoolExecutor(jobs, thread_name_prefix="ask") as pool:
            try:
                desk.ask(asked, pool, jobs)
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
    cached = len(work) - len(asked)
    return Tally(len(asked), cached, desk.failed, time.monotonic() - began)


class _Desk:
    """Takes work, gives records."""

    def __init__(
        self, target: Target, cache: AnswerCache, watcher: Watcher, writer: JsonLinesWriter
    ) -> None:
        self._target = target
        self._cache = cache
        self._watcher = watcher
        self._writer = writer
        self.failed = 0

    def from_cache(self, work: Sequence[Work]) -> list[Keyed]:
        """Write what the cache has; returns what is left with its keys."""
        left = []
        for case, repeat in work:
            key = answer_key(case, repeat, self._target)
            kept = self._cache.get(key)
            if kept is None:
                left.append((case, repeat, key))
            else:
                self._write(case, Record(case.id, repeat, kept.answer, None, kept.ms, key))
        return left

    def ask(
        self, work: Sequence[tuple[Case, int, str]], pool: ThreadPoolExecutor, jobs: int
    ) -> None:
        """Ask for the rest; a few wait in line, so that an interruption is quick."""
        todo = iter(work)
        running: dict[Future[Record], Case] = {}
        while True:
            for case, repeat, key in islice(todo, _QUEUED * jobs - len(running)):
                running[pool.submit(self._record, case, repeat, key)] = case
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                case, record = running.pop(future), future.result()
                if record.answer is not None:
                    self._cache.put(record.key, record.answer, record.ms)
                self._write(case, record)

    def _record(self, case: Case, repeat: int, key: str) -> Record:
        began = time.perf_counter()
        try:
            response = self._target.respond(case)
        except (AssistantError, IndexingError) as error:
            why = f"{type(error).__name__}: {error}"
        except Exception as error:
            log.exception("case %s", case.id)
            place = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
        else:
            return Record(case.id, repeat, response.answer, None, response.ms, key)
        return Record(
            case.id, repeat, None, why, round(1000 * (time.perf_counter() - began), 2), key
        )

    def _write(self, case: Case, record: Record) -> None:
        self.failed += record.failed
        self._writer.append(
            {
                "case": record.case,
                "repeat": record.repeat,
                "answer": record.answer,
                "error": record.error,
                "ms": record.ms,
                "key": record.key,
            }
        )
        self._watcher.tell(case, record)
