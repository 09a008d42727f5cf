"""Confidence intervals for scores of clustered cases."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

T = TypeVar("T")
Array = npt.NDArray[np.float64]

_NORMAL = NormalDist()
# Draws that are held at once: 2,000 resamples of a large suite would otherwise fill the memory.
_DRAWS = 2_000_000
# Below this share of resamples with a value, an interval would describe the rest only.
_ENOUGH = 0.5


@dataclass(frozen=True)
class Interval:
    """A confidence interval.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        level: How often such intervals hold the truth.
        method: How it was found, `wilson` or `bootstrap`.
    """

    low: float
    high: float
    level: float = 0.95
    method: str = "bootstrap"


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; `None` of nothing."""
    return math.fsum(values) / len(values) if values else None


def wilson(successes: float, n: float, level: float = 0.95) -> Interval:
    """Interval of a rate.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference": holds its
    level for few cases and for rates of 0 and 1, where the interval must not shrink to a point.

    Args:
        successes: How many succeeded; an effective number need not be whole.
        n: Of how many independent trials.
        level: The confidence level.

    Raises:
        ValueError: Where the successes are not within 0 and `n`, or there is no trial.

    Example:
        >>> interval = wilson(8, 10)
        >>> round(interval.low, 3), round(interval.high, 3)
        (0.49, 0.943)
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"a rate of {successes:g} in {n:g} has no interval")
    z = _NORMAL.inv_cdf((1 + level) / 2)
    rate = successes / n
    middle = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half), level, "wilson")


def clustered_wilson(
    values_by_cluster: Mapping[str, Sequence[float]], level: float = 0.95
) -> Interval | None:
    """Interval of a rate over clustered cases: Wilson's, with the effective number of cases.

    The effective number is `n / deff`, where the design effect `deff` is the variance of the
    ratio estimator over clusters divided by the binomial variance, and at least 1 (Kish 1965,
    "Survey Sampling"; with Wilson's interval: Dean and Pagano 2015, "Evaluating confidence
    interval methods for binomial proportions in clustered surveys"). Where all cases agree no
    variance can be seen, so each cluster counts as one case.

    Args:
        values_by_cluster: Zeros and ones.
        level: The confidence level.

    Returns:
        The interval; `None` where there is no value.
    """
    sums, counts = _totals(values_by_cluster)
    n, clusters = counts.sum(), len(counts)
    if clusters == 0:
        return None
    rate = sums.sum() / n
    binomial = rate * (1 - rate) / n
    effective = float(clusters)
    if binomial > 0 and clusters > 1:
        residuals = sums - rate * counts
        variance = clusters / (clusters - 1) * (residuals**2).sum() / n**2
        effective = float(n / max(1.0, variance / binomial))
    return wilson(float(rate) * effective, effective, level)


def bootstrap_interval(
    values_by_cluster: Mapping[str, Sequence[T]],
    aggregate: Callable[[Sequence[T]], float | None],
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval | None:
    """Interval of any statistic by resampling clusters with replacement (BCa).

    Bias-corrected and accelerated: Efron 1987, "Better bootstrap confidence intervals"; clusters:
    Davison and Hinkley 1997, "Bootstrap Methods and their Application", 3.8. Scores crowd at 1,
    and there the plain percentile interval holds the truth in 90 of 100 suites of 20 clusters
    where BCa does in 93 to 96.

    Args:
        values_by_cluster: Whatever `aggregate` sums up, by cluster.
        aggregate: The statistic; `mean` takes a vectorised path. `None` from a resample (no case
            of a class was drawn) leaves the resample out.
        level: The confidence level.
        resamples: How many samples to draw.
        seed: Of the random draws; the same seed gives the same interval.

    Returns:
        The interval; `None` for fewer than two clusters, or where the statistic is mostly
        undefined.
    """
    clusters = [cluster for cluster in values_by_cluster.values() if cluster]
    if len(clusters) < 2:
        return None
    rng = np.random.default_rng(seed)
    if cast(Any, aggregate) is mean:
        sums, counts = _totals(cast("Mapping[str, Sequence[float]]", values_by_cluster))
        value: float | None = float(sums.sum() / counts.sum())
        drawn = _resampled_means(sums, counts, resamples, rng)
        left_out = (sums.sum() - sums) / (counts.sum() - counts)
    else:

        def of(indices: Sequence[int]) -> float:
            found = aggregate([item for i in indices for item in clusters[i]])
            return math.nan if found is None else found

        everything = list(range(len(clusters)))
        value = aggregate([item for cluster in clusters for item in cluster])
        draws = (rng.integers(0, len(clusters), len(clusters)).tolist() for _ in range(resamples))
        drawn = np.array([of(draw) for draw in draws])
        left_out = np.array([of(everything[:i] + everything[i + 1 :]) for i in everything])
    drawn = drawn[~np.isnan(drawn)]
    if value is None or len(drawn) < _ENOUGH * resamples:
        return None
    return Interval(*_bca(value, drawn, left_out, level), level)


def _totals(values_by_cluster: Mapping[str, Sequence[float]]) -> tuple[Array, Array]:
    """Sums and numbers of the values, each `(n_clusters,) float64`; empty clusters are left out."""
    filled = [values for values in values_by_cluster.values() if values]
    sums = np.array([math.fsum(values) for values in filled], dtype=np.float64)
    return sums, np.array([len(values) for values in filled], dtype=np.float64)


def _resampled_means(sums: Array, counts: Array, resamples: int, rng: np.random.Generator) -> Array:
    """Means of resampled clusters.

    Args:
        sums: `(n_clusters,) float64`.
        counts: `(n_clusters,) float64`.
        resamples: How many.
        rng: Where the draws come from.

    Returns:
        `(resamples,) float64`.
    """
    clusters = len(sums)
    rows = max(1, _DRAWS // clusters)
    parts = []
    for start in range(0, resamples, rows):
        size = (min(rows, resamples - start), clusters)
        drawn = rng.integers(0, clusters, size)
        parts.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    return np.concatenate(parts)


def _bca(value: float, drawn: Array, left_out: Array, level: float) -> tuple[float, float]:
    """Bounds of the BCa interval.

    Args:
        value: The statistic of the sample.
        drawn: `(n_resamples,) float64`, the statistic of resamples.
        left_out: `(n_clusters,) float64`, the statistic without each cluster (NaN: undefined).
        level: The confidence level.
    """
    # Ties count half: with few distinct scores many resamples equal the sample.
    slack = 1e-12 * max(1.0, abs(value))
    below = float(np.mean(drawn < value - slack) + np.mean(np.abs(drawn - value) <= slack) / 2)
    edge = 1 / (2 * len(drawn))
    bias = _NORMAL.inv_cdf(min(max(below, edge), 1 - edge))
    left_out = left_out[~np.isnan(left_out)]
    offsets = left_out.mean() - left_out if len(left_out) else np.zeros(1)
    spread = float((offsets**2).sum())
    # Rounding errors of equal values have a shape too, but no meaning.
    tiny = (1e-9 * max(1.0, abs(value))) ** 2
    skew = float((offsets**3).sum()) / (6 * spread**1.5) if spread > tiny else 0.0

    def share(tail: float) -> float:
        shifted = bias + _NORMAL.inv_cdf(tail)
        return _NORMAL.cdf(bias + shifted / (1 - skew * shifted))

    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [share(tail), share(1 - tail)])
    return float(low), float(high)
