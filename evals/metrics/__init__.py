"""The seam of all metrics: a metric scores records and aggregates scores.

One metric a module, with its definition and source in the docstring. A metric returns `None` for
a case to which it does not apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from evals.cases import Case
from evals.records import Record, Score

Kind = Literal["answer", "retrieval", "judge", "cost"]


class Metric(Protocol):
    """A metric.

    `score` judges one record. `aggregate` sums up scores of many records, of any subset or
    resample of them; the default everywhere is the mean of the values that were scored.
    """

    @property
    def name(self) -> str:
        """The name in suites and reports, such as `nugget_recall`."""

    @property
    def kind(self) -> Kind:
        """Which records it reads."""

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better."""

    @property
    def passes_at(self) -> float | None:
        """The value from which (or, where lower is better, up to which) a case counts as right.

        `None` where a case is not right or wrong by this metric alone.
        """

    def score(self, case: Case, record: Record, others: Mapping[str, Record]) -> Score | None:
        """Judge one record.

        Args:
            case: The case.
            record: What the target gave.
            others: Records of the same repetition by case id, for metrics over pairs.
        """

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """Sum up; `None` where nothing was scored."""
