"""What all metrics share: failed records score worst, and the aggregate is the mean."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evals.cases import Case
from evals.metrics import Kind
from evals.records import Record, Score

_HOLDS: Mapping[Kind, tuple[str, ...]] = {
    "retrieval": ("results",),
    "answer": ("text", "verdict"),
    "judge": ("text", "verdict"),
    "cost": (),
}


@dataclass(frozen=True)
class Judgement:
    """What a metric says of one answer; see `Score`."""

    value: float | None
    why: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class CaseMetric(ABC):
    """A metric that judges answers one at a time.

    Attributes:
        kind: Which records it reads.
        higher_is_better: Whether more is better.
        passes_at: The value from which (or up to which) a case counts as right.
    """

    kind: Kind = "answer"
    higher_is_better: bool = True
    passes_at: float | None = 1.0

    @property
    @abstractmethod
    def name(self) -> str:
        """The name in suites and reports."""

    def applies(self, case: Case) -> bool:
        """Whether the case expects what this metric judges."""
        return True

    @abstractmethod
    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer of a case to which the metric applies; `None` where it does not."""

    def failed(self, case: Case) -> Judgement:
        """What a record without an answer scores: the worst."""
        return Judgement(0.0 if self.higher_is_better else 1.0)

    def score(self, case: Case, record: Record, others: Mapping[str, Record]) -> Score | None:
        """Judge one record; see `Metric.score`."""
        if not self.applies(case):
            return None
        if record.answer is None:
            found = replace(self.failed(case), why=f"failed: {record.error}")
            return self.scored(record, found)
        if _HOLDS[self.kind] and not any(key in record.answer for key in _HOLDS[self.kind]):
            what = "ranking" if self.kind == "retrieval" else "answer"
            return self.scored(record, Judgement(None, f"the record holds no {what}"))
        judgement = self.judge(case, record.answer)
        return self.scored(record, judgement) if judgement else None

    def scored(self, record: Record, judgement: Judgement) -> Score:
        """A judgement as the record's score."""
        return Score(
            metric=self.name,
            case=record.case,
            repeat=record.repeat,
            value=judgement.value,
            why=judgement.why,
            detail=judgement.detail,
        )

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """The mean of the values; `None` where nothing was scored."""
        values = [score.value for score in scores if score.value is not None]
        return math.fsum(values) / len(values) if values else None
