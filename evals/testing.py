"""Doubles for tests: metrics by formula, runs by value, targets without an index."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.aggregates import values_of
from evals.cases import Case
from evals.metrics import Kind
from evals.records import Record, Score
from evals.scored_run import ScoredRun
from evals.statistics import mean
from evals.target import Response

DIGESTS = {"data": "d1", "corpus": "c1"}


@dataclass(frozen=True)
class ValueMetric:
    """A metric whose scores are given, not made.

    Attributes:
        name: Its name.
        higher_is_better: Whether more is better.
        passes_at: When a case counts as right.
        formula: How values are summed up; the mean by default.
        kind: What it would read.
    """

    name: str = "quality"
    higher_is_better: bool = True
    passes_at: float | None = 1.0
    formula: Callable[[Sequence[float]], float | None] = mean
    kind: Kind = "answer"

    def score(self, case: Case, record: Record, others: Mapping[str, Record]) -> Score | None:
        """Scores nothing: tests give the scores."""
        del case, record, others
        return None

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """Sum up by the formula."""
        return self.formula(values_of(scores))


def run_of(
    cases: Sequence[Case],
    values: Mapping[str, Sequence[float | None]],
    texts: Sequence[str | None] | None = None,
    **manifest: Any,
) -> ScoredRun:
    """A run in which each case was asked once.

    Args:
        cases: The cases.
        values: By metric, a value for each case.
        texts: The answers; `None` where the target failed.
        **manifest: Beside the digests that all such runs share.
    """
    said = texts if texts is not None else ["…"] * len(cases)
    records = [
        Record(case.id, answer=None, error="timeout")
        if text is None
        else Record(case.id, answer={"text": text, "status": "answered", "citations": []})
        for case, text in zip(cases, said, strict=True)
    ]
    scores = [
        Score(metric, case.id, value=value)
        for metric, column in values.items()
        for case, value in zip(cases, column, strict=True)
    ]
    by_id = {case.id: case for case in cases}
    return ScoredRun({"digests": DIGESTS} | manifest, by_id, records, scores)


@dataclass
class FakeTarget:
    """Answers at once with the first wording of every nugget, from no index.

    Attributes:
        seconds: How long an answer takes.
        broken: Cases that it raises for, with what it raises.
        marks: Its digests.
        asked: Ids of the cases it was asked, in order.
    """

    seconds: float = 0.0
    broken: Mapping[str, Exception] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=lambda: {"corpus": "c1", "code": "v1"})
    asked: list[str] = field(default_factory=list)

    @property
    def digests(self) -> Mapping[str, str]:
        """Its digests."""
        return self.marks

    @property
    def settings(self) -> Mapping[str, Any]:
        """None."""
        return {}

    def respond(self, case: Case) -> Response:
        """Answer one case."""
        self.asked.append(case.id)
        if case.id in self.broken:
            raise self.broken[case.id]
        time.sleep(self.seconds)
        words = [nugget.any[0] for nugget in case.expect.nuggets] or [case.turns[-1]]
        answer = {"id": case.id, "status": "answered", "text": "。".join(words), "citations": []}
        return Response(answer, 1000 * self.seconds)


class Silence:
    """A watcher that says nothing."""

    def begin(self, done: int, total: int) -> None:
        """Some answers were there already."""

    def tell(self, case: Case, record: Record) -> None:
        """An answer came."""
