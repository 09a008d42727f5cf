"""What a run's scores come to: each metric on each slice, with an honest margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from evals.aggregates import by_cluster, draws, is_mean, scored, values_of
from evals.cases import Case
from evals.metrics import Metric
from evals.records import Score
from evals.scored_run import ScoredRun
from evals.slices import OVERALL, all_slices
from evals.statistics import Interval, bootstrap_interval, clustered_wilson, mean, wilson


@dataclass(frozen=True)
class Cell:
    """A metric on a slice.

    Attributes:
        metric: The metric's name.
        slice: The slice.
        value: The aggregate; `None` where nothing was scored.
        interval: Its margin; `None` where there are too few clusters to tell.
        n: Scores with a value.
        unscored: Scores without one.
        errors: Scores of records for which the target gave nothing.
    """

    metric: str
    slice: str
    value: float | None
    interval: Interval | None
    n: int
    unscored: int
    errors: int


@dataclass(frozen=True)
class Summary:
    """A run's scores.

    Attributes:
        cells: By metric, in the metrics' order, then by slice.
        cases: Cases of the run.
        records: Answers, counting repetitions.
        errors: Answers that failed.
        missing: Cases that were not answered yet.
    """

    cells: tuple[Cell, ...]
    cases: int
    records: int
    errors: int
    missing: int

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Cell]:
        return {(cell.metric, cell.slice): cell for cell in self.cells}

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics' names, in order."""
        return tuple(dict.fromkeys(cell.metric for cell in self.cells))

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices, in order."""
        return tuple(dict.fromkeys(cell.slice for cell in self.cells))

    def cell(self, metric: str, slice_: str = OVERALL) -> Cell:
        """A metric on a slice; an empty cell where there is none."""
        empty = Cell(metric, slice_, None, None, 0, 0, 0)
        return self._by_place.get((metric, slice_), empty)

    def to_dict(self) -> dict[str, Any]:
        """The summary as a JSON object."""
        return asdict(self) | {"cells": [asdict(cell) for cell in self.cells]}


def summarise(
    run: ScoredRun,
    metrics: Mapping[str, Metric],
    slices: bool = True,
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Summary:
    """Sum up a run.

    Args:
        run: The run.
        metrics: The metrics to sum up, by name.
        slices: Whether to add languages, tags and policies to the whole.
        level: Of the intervals.
        resamples: Of the bootstrap; fewer for aggregates that are no means.
        seed: Of the bootstrap.

    Returns:
        A cell for every metric overall, and for every slice on which the metric has scores.
    """
    names = all_slices(run.cases.values()) if slices else (OVERALL,)
    cells = []
    for name, metric in metrics.items():
        plain = is_mean(metric, scored(run.scores_of(name, OVERALL)))
        for slice_ in names:
            scores = run.scores_of(name, slice_)
            if not scores and slice_ != OVERALL:
                continue
            judged = scored(scores)
            value = metric.aggregate(judged) if judged else None
            interval = None
            if value is not None and resamples:
                drawn = draws(resamples, plain, slice_)
                interval = margin(metric, judged, run.cases, plain, level, drawn, seed)
            errors = sum(run.failed(score.case, score.repeat) for score in scores)
            unscored = len(scores) - len(judged)
            cells.append(Cell(name, slice_, value, interval, len(judged), unscored, errors))
    errors = sum(record.failed for record in run.records)
    return Summary(tuple(cells), len(run.cases), len(run.records), errors, len(run.missing))


def margin(
    metric: Metric,
    scores: Sequence[Score],
    cases: Mapping[str, Case],
    plain: bool,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval | None:
    """The interval of a metric's aggregate.

    Wilson's over clusters for a rate, BCa bootstrap for anything else. Where every resample gives
    0, or 1 (all cases of an F1 right), a bootstrap would claim certainty; the clusters then count
    as trials of a rate.

    Args:
        metric: The metric.
        scores: Scores that have a value.
        cases: The run's cases, by id.
        plain: Whether the aggregate is the mean; see `is_mean`.
        level: The confidence level.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
    """
    grouped = by_cluster(scores, cases)
    if plain:
        values = {name: values_of(members) for name, members in grouped.items()}
        if all(value in (0.0, 1.0) for members in values.values() for value in members):
            return clustered_wilson(values, level)
        return bootstrap_interval(values, mean, level=level, resamples=resamples, seed=seed)
    found = bootstrap_interval(
        grouped, metric.aggregate, level=level, resamples=resamples, seed=seed
    )
    if found and found.low == found.high and found.low in (0.0, 1.0):
        return wilson(found.low * len(grouped), len(grouped), level)
    return found
