"""Comparing two runs: per metric and slice, and case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from evals.case_changes import CaseChange, Kind, case_changes
from evals.compare_markdown import markdown
from evals.errors import ComparisonError
from evals.metrics import Metric
from evals.pairs import Pairs, Test, pair
from evals.scored_run import ScoredRun, data_differences, setup_differences
from evals.slices import OVERALL, all_slices
from evals.statistics import Interval, holm

LEVEL = 0.05
Verdict = Literal["better", "worse", "no clear difference"]


@dataclass(frozen=True)
class Row:
    """A metric on a slice in both runs, over the cases that both scored.

    Attributes:
        metric: The metric's name.
        slice: The slice.
        higher_is_better: Whether more is better.
        base: Value in the base.
        candidate: Value in the candidate.
        difference: Candidate minus base.
        interval: Of the difference.
        p: Two-sided p-value by `test`.
        p_holm: The same, adjusted for the number of metrics; overall only.
        test: Which test.
        n: Cases.
        unpaired: Cases that were scored in one run only; left out.
        detectable: The smallest drop that would have been found four times in five.
    """

    metric: str
    slice: str
    higher_is_better: bool
    base: float | None
    candidate: float | None
    difference: float | None
    interval: Interval | None
    p: float | None
    p_holm: float | None
    test: Test
    n: int
    unpaired: int
    detectable: float | None

    @property
    def verdict(self) -> Verdict | None:
        """What can be said overall; `None` for slices, of which too many are looked at."""
        if self.slice != OVERALL:
            return None
        if self.p_holm is None or self.p_holm > LEVEL or not self.difference:
            return "no clear difference"
        return "better" if (self.difference > 0) == self.higher_is_better else "worse"


@dataclass(frozen=True)
class Comparison:
    """Two runs compared.

    Attributes:
        base: Name of the base.
        candidate: Name of the candidate.
        data: What differs in the data; holds something only where that was allowed.
        setup: What else differs: what the comparison is of.
        rows: By metric, then by slice.
        cases: Cases that were answered differently.
        n: Cases that both runs have.
    """

    base: str
    candidate: str
    data: tuple[str, ...]
    setup: tuple[str, ...]
    rows: tuple[Row, ...]
    cases: tuple[CaseChange, ...]
    n: int

    @property
    def overall(self) -> tuple[Row, ...]:
        """The rows over all cases."""
        return tuple(row for row in self.rows if row.slice == OVERALL)

    def row(self, metric: str, slice_: str = OVERALL) -> Row:
        """The row of a metric on a slice.

        Raises:
            KeyError: There is none.
        """
        for row in self.rows:
            if (row.metric, row.slice) == (metric, slice_):
                return row
        raise KeyError(f"{metric} on {slice_}")

    def of_kind(self, kind: Kind) -> tuple[CaseChange, ...]:
        """Cases that were broken, fixed or changed."""
        return tuple(change for change in self.cases if change.kind == kind)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        return {
            "base": self.base,
            "candidate": self.candidate,
            "data": list(self.data),
            "setup": list(self.setup),
            "n": self.n,
            "rows": [asdict(row) | {"verdict": row.verdict} for row in self.rows],
            "cases": [change.to_dict() for change in self.cases],
        }

    def to_markdown(self, most: int = 20) -> str:
        """The comparison for a pull request; see `evals.compare_markdown`.

        Args:
            most: How many cases of a kind to show.
        """
        return markdown(self, most)


def compare(
    base: ScoredRun,
    candidate: ScoredRun,
    metrics: Mapping[str, Metric],
    *,
    allow_different: bool = False,
    slices: bool = True,
    level: float = 0.95,
    resamples: int = 2000,
    permutations: int = 9999,
    seed: int = 0,
) -> Comparison:
    """Compare two runs over the same data.

    Args:
        base: The run to compare with.
        candidate: The run to judge.
        metrics: The metrics, by name.
        allow_different: Compare the cases that both have even where the data differ.
        slices: Whether to add languages, tags and policies to the whole.
        level: Of the intervals.
        resamples: Of the bootstrap.
        permutations: Of the tests.
        seed: Of both.

    Raises:
        ComparisonError: The data differ, or one run is not finished; it says in what.
    """
    differences = data_differences(base, candidate)
    if differences and not allow_different:
        raise ComparisonError(
            "the runs are not of the same data:\n"
            + "\n".join(f"  {line}" for line in differences)
            + "\nrun the suite again for one of them, or compare what they share with"
            " --allow-different"
        )
    shared = [case for name, case in candidate.cases.items() if name in base.cases]
    if not shared:
        raise ComparisonError("the runs have no case in common; compare runs of the same suite")
    names = all_slices(shared) if slices else (OVERALL,)
    rows: list[Row] = []
    for metric in metrics.values():
        whole = pair(metric, base, candidate, OVERALL)
        for slice_ in names:
            pairs = whole
            if slice_ != OVERALL:
                pairs = pair(metric, base, candidate, slice_, whole.plain)
                if not pairs.n:
                    continue
            # The test is two-sided, and Holm's first step divides the level by the metrics.
            one_sided = LEVEL / 2 / (len(metrics) if slice_ == OVERALL else 1)
            row = _row(pairs, slice_, one_sided, level, resamples, permutations, seed)
            rows.append(row)
    return Comparison(
        base.name,
        candidate.name,
        tuple(differences),
        tuple(setup_differences(base, candidate)),
        _adjusted(rows),
        case_changes(base, candidate, metrics),
        len(shared),
    )


def _row(
    pairs: Pairs,
    slice_: str,
    one_sided: float,
    level: float,
    resamples: int,
    permutations: int,
    seed: int,
) -> Row:
    interval = pairs.interval(level, resamples, seed)
    return Row(
        metric=pairs.metric.name,
        slice=slice_,
        higher_is_better=pairs.metric.higher_is_better,
        base=pairs.values[0],
        candidate=pairs.values[1],
        difference=pairs.difference,
        interval=interval,
        p=pairs.p_value(permutations, seed),
        p_holm=None,
        test=pairs.test,
        n=pairs.n,
        unpaired=pairs.unpaired,
        detectable=pairs.detectable(one_sided, interval=interval),
    )


def _adjusted(rows: list[Row]) -> tuple[Row, ...]:
    """The rows with p-values adjusted over those of the whole."""
    tested = [
        (number, row.p)
        for number, row in enumerate(rows)
        if row.slice == OVERALL and row.p is not None
    ]
    adjusted = holm([p for _, p in tested])
    found = dict(zip((number for number, _ in tested), adjusted, strict=True))
    return tuple(replace(row, p_holm=found.get(number)) for number, row in enumerate(rows))
