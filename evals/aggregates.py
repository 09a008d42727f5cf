"""What holds of every metric: when a case passes, and whether the metric is a plain mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from evals.cases import Case
from evals.metrics import Metric
from evals.records import Score
from evals.slices import OVERALL
from evals.statistics import mean

_PROBES = 5
# An aggregate that is no mean is computed anew for every draw.
_SLOW_DRAWS = 999
_SLOW_SLICE_DRAWS = 299


def scored(scores: Iterable[Score]) -> list[Score]:
    """The scores that have a value."""
    return [score for score in scores if score.value is not None]


def values_of(scores: Iterable[Score]) -> list[float]:
    """The values of those scores that have one."""
    return [score.value for score in scores if score.value is not None]


def passes(metric: Metric, value: float | None) -> bool | None:
    """Whether a value counts as right; `None` where the metric has no such bound."""
    if metric.passes_at is None or value is None:
        return None
    return value >= metric.passes_at if metric.higher_is_better else value <= metric.passes_at


def is_mean(metric: Metric, scores: Sequence[Score]) -> bool:
    """Whether a metric's aggregate is the mean of the values, by trying it.

    The mean has faster and better intervals and tests. A metric need not say that it is one: its
    aggregate is compared with the mean on the scores and on resamples of them.

    Args:
        metric: The metric.
        scores: Scores that have a value.
    """
    if not scores:
        return True
    rng = np.random.default_rng(0)
    samples = [rng.integers(0, len(scores), len(scores)).tolist() for _ in range(_PROBES)]
    for draw in (range(len(scores)), *samples):
        sample = [scores[i] for i in draw]
        value, usual = metric.aggregate(sample), mean(values_of(sample))
        if value is None or usual is None:
            if value is not usual:
                return False
        elif not math.isclose(value, usual, rel_tol=1e-9, abs_tol=1e-12):
            return False
    return True


def draws(asked: int, plain: bool, slice_: str) -> int:
    """How many resamples or permutations to draw: fewer for what is no mean, above all on slices.

    Args:
        asked: How many there should be.
        plain: Whether the aggregate is the mean.
        slice_: The slice.
    """
    most = _SLOW_DRAWS if slice_ == OVERALL else _SLOW_SLICE_DRAWS
    return asked if plain else min(asked, most)


def by_cluster(scores: Iterable[Score], cases: Mapping[str, Case]) -> dict[str, list[Score]]:
    """The scores grouped by what is resampled together, in the order of the groups' names.

    Answers arrive in any order; the same seed is to give the same interval all the same.
    """
    found: dict[str, list[Score]] = {}
    for score in scores:
        found.setdefault(cases[score.case].cluster, []).append(score)
    return {name: found[name] for name in sorted(found)}
