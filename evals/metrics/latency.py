"""Latency: how long the steps of an answer take, at the median and at the slow end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.answer import STEPS
from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement
from evals.records import Record, Score

CALL = "call"
"""The whole call as the harness saw it (`Record.ms`), whatever the answer says of itself."""
MEASURED: tuple[str, ...] = (*STEPS, "embed", CALL)
"""The steps of answers and of searches."""


@dataclass(frozen=True)
class Latency(CaseMetric):
    """A percentile of the milliseconds that one step took, over records.

    The percentile is interpolated linearly between the two nearest ranks (type 7 of R. Hyndman and
    Y. Fan, "Sample Quantiles in Statistical Packages", 1996; numpy's default). A case scores its
    own milliseconds. Failed records have no latency and are unscored: the time of a failure says
    nothing of an answer's: read this beside `errors`. A step that an answer does not tell of is
    not judged.

    Attributes:
        percentile: Between 0 and 100.
        step: A step of `timings_ms`, or `call`.
    """

    percentile: int
    step: str

    @property
    def name(self) -> str:
        """Such as `latency_p95:retrieve`."""
        return f"latency_p{self.percentile}:{self.step}"

    kind = "cost"
    higher_is_better = False
    passes_at = None

    def failed(self, case: Case) -> Judgement:
        """Not scored."""
        return Judgement(None)

    def score(self, case: Case, record: Record, others: Mapping[str, Record]) -> Score | None:
        """The milliseconds of one record."""
        if self.step == CALL and not record.failed:
            return self.scored(record, Judgement(record.ms))
        return super().score(case, record, others)

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """The milliseconds of the step."""
        ms = answer.get("timings_ms", {}).get(self.step)
        return None if ms is None else Judgement(float(ms))

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """The percentile, in milliseconds."""
        values = [score.value for score in scores if score.value is not None]
        return float(np.percentile(values, self.percentile)) if values else None
