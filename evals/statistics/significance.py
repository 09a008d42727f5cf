"""Tests of whether two paired runs differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")
Array = npt.NDArray[np.float64]
Alternative = Literal["two-sided", "less", "greater"]

# Up to 4,096 patterns of signs are all tried.
_EXACT_CLUSTERS = 12
# The exact distribution of whole numbers is tabulated up to this sum of their sizes.
_TABLE = 20_000
_DRAWS = 2_000_000


def mcnemar_exact(b: int, c: int) -> float:
    """Two-sided p-value for pass and fail of the same independent cases in two runs.

    McNemar 1947, "Note on the sampling error of the difference between correlated proportions
    or percentages", in its exact binomial form: `min(1, 2 P(X <= min(b, c)))` for X of
    Binomial(b + c, 1/2).

    Args:
        b: Cases that only the first run passed.
        c: Cases that only the second run passed.

    Example:
        >>> mcnemar_exact(6, 0)
        0.03125
    """
    n = b + c
    term, tail = 1, 0
    for k in range(min(b, c) + 1):
        tail += term
        term = term * (n - k) // (k + 1)
    return min(1.0, float(2 * tail / 2**n))


def sign_flip(
    differences_by_cluster: Mapping[str, Sequence[float]],
    *,
    alternative: Alternative = "two-sided",
    permutations: int = 9999,
    seed: int = 0,
) -> float:
    """P-value of the mean paired difference, by flipping the signs of whole clusters.

    Fisher 1935, "The Design of Experiments", section 21: had the runs the same quality, each
    cluster's difference could as well have had the other sign. Exact where the clusters' sums
    are whole numbers (pass and fail: the distribution is a convolution, and for clusters of one
    case the test is McNemar's) and for up to 2^12 patterns; otherwise Monte Carlo, where the
    observed pattern counts as one of those drawn, so that the test is valid (Phipson and Smyth
    2010, "Permutation p-values should never be zero").

    Args:
        differences_by_cluster: Candidate minus base by case, in clusters.
        alternative: `less` tests for a fall, `greater` for a rise.
        permutations: Patterns drawn where not all can be tried.
        seed: Of the random draws.
    """
    sums = np.array([math.fsum(values) for values in differences_by_cluster.values()])
    scale = float(np.abs(sums).sum())
    # Clusters without a difference have no sign to flip; rounding errors are no difference.
    sums = sums[np.abs(sums) > 1e-12 * max(1.0, scale)]
    if len(sums) == 0:
        return 1.0
    whole = np.rint(sums)
    if np.allclose(sums, whole, rtol=0, atol=1e-9) and np.abs(whole).sum() <= _TABLE:
        totals, weights = _whole_number_totals(whole.astype(np.int64))
        return min(1.0, float(weights[_extreme(totals, sums.sum(), scale, alternative)].sum()))
    if len(sums) <= _EXACT_CLUSTERS:
        patterns = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        totals = (1.0 - 2.0 * patterns) @ sums
        return float(_extreme(totals, sums.sum(), scale, alternative).mean())
    rng = np.random.default_rng(seed)
    rows = max(1, _DRAWS // len(sums))
    hits = 0
    for start in range(0, permutations, rows):
        size = (min(rows, permutations - start), len(sums))
        totals = (1.0 - 2.0 * rng.integers(0, 2, size, dtype=np.int8)) @ sums
        hits += int(_extreme(totals, sums.sum(), scale, alternative).sum())
    return (hits + 1) / (permutations + 1)


def swap_test(
    base_by_cluster: Mapping[str, Sequence[T]],
    candidate_by_cluster: Mapping[str, Sequence[T]],
    aggregate: Callable[[Sequence[T]], float | None],
    *,
    alternative: Alternative = "two-sided",
    permutations: int = 999,
    seed: int = 0,
) -> float | None:
    """P-value of the difference of any statistic, by swapping the runs' results in whole clusters.

    Approximate randomisation: Noreen 1989, "Computer-Intensive Methods for Testing Hypotheses";
    for F1 and the like: Yeh 2000, "More accurate tests for the statistical significance of result
    differences". For means it is `sign_flip`, only slower.

    Args:
        base_by_cluster: What `aggregate` sums up, of the base run.
        candidate_by_cluster: The same of the candidate, with the same clusters.
        aggregate: The statistic; patterns for which it is `None` are left out.
        alternative: `less` tests for a fall, `greater` for a rise.
        permutations: Patterns drawn where they are fewer than all.
        seed: Of the random draws.

    Returns:
        The p-value; `None` where the statistic is undefined for one of the runs.
    """
    names = list(base_by_cluster)

    def difference(swapped: Sequence[bool]) -> float:
        sides: tuple[list[T], list[T]] = ([], [])
        for name, swap in zip(names, swapped, strict=True):
            sides[swap].extend(base_by_cluster[name])
            sides[not swap].extend(candidate_by_cluster[name])
        first, second = aggregate(sides[0]), aggregate(sides[1])
        return math.nan if first is None or second is None else second - first

    observed = difference([False] * len(names))
    if math.isnan(observed):
        return None
    exact = 2 ** min(len(names), 62) <= permutations + 1
    if exact:
        every = np.arange(2 ** len(names))[:, None] >> np.arange(len(names)) & 1
        patterns = every.astype(bool)
    else:
        rng = np.random.default_rng(seed)
        patterns = rng.integers(0, 2, (permutations, len(names)), dtype=np.int8).astype(bool)
    totals = np.array([difference(pattern.tolist()) for pattern in patterns])
    totals = totals[~np.isnan(totals)]
    hits = int(_extreme(totals, observed, max(1.0, abs(observed)), alternative).sum())
    return hits / len(totals) if exact else (hits + 1) / (len(totals) + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for their number, in the order given.

    Holm 1979, "A simple sequentially rejective multiple test procedure": rejecting what is
    adjusted to at most `level` keeps the chance of any false alarm at `level`, whatever the
    dependence between the tests.

    Example:
        >>> holm([0.04, 0.01, 0.03])
        [0.06, 0.03, 0.06]
    """
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def _whole_number_totals(sums: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Every total of `sums` under random signs, with its probability.

    Args:
        sums: `(n_clusters,) int64`.

    Returns:
        The totals and their probabilities, each `(2 * sum(|sums|) + 1,) float64`.
    """
    weights = np.ones(1)
    for size in np.abs(sums).tolist():
        gap = np.zeros(2 * size)
        weights = (np.concatenate([weights, gap]) + np.concatenate([gap, weights])) / 2
    most = (len(weights) - 1) // 2
    return np.arange(-most, most + 1, dtype=np.float64), weights


def _extreme(
    totals: Array, observed: float, scale: float, alternative: Alternative
) -> npt.NDArray[np.bool_]:
    """Which totals are at least as extreme as the observed one, up to rounding."""
    slack = 1e-9 * scale
    if alternative == "less":
        return totals <= observed + slack
    if alternative == "greater":
        return totals >= observed - slack
    return np.abs(totals) >= abs(observed) - slack
