"""Measures of rankings, and of probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.metrics.recall import Recall
from evals.metrics.reciprocal_rank import ReciprocalRank
from evals.metrics.success import Success

BINS = 10
_MEASURES = (Success(1), Recall(1), Recall(5), Recall(10), ReciprocalRank())
MEASURES = ("S@1", "R@1", "R@5", "R@10", "MRR")


def ranking_figures(
    rankings: Iterable[NDArray[np.int64]],
    places: Sequence[str],
    gold: Iterable[frozenset[str]],
) -> NDArray[np.float64]:
    """Means over questions of `MEASURES`, as `evals.metrics` has them.

    Args:
        rankings: Numbers of passages, best first, by question. A place counts at its first.
        places: What each passage counts as.
        gold: The places that answer, by question.

    Returns:
        `(5,)`.
    """
    rows = []
    for ranking, wanted in zip(rankings, gold, strict=True):
        ranked = dict.fromkeys(places[number] for number in ranking)
        relevant = [place in wanted for place in ranked]
        rows.append([measure.measure(relevant, len(wanted)) for measure in _MEASURES])
    return np.asarray(np.mean(rows, axis=0), np.float64)


@dataclass(frozen=True)
class Reliability:
    """How well probabilities agree with what is so.

    Attributes:
        count: Of examples.
        share: Of them that are so.
        auc: Probability that one that is so gets more than one that is not; ties count half.
        brier: Mean squared difference (Brier 1950).
        ece: Mean over bins of `|mean probability - share that is so|`, by the examples in them.
        bins: Examples, mean probability and share that is so, for each of ten bins of equal width;
            the last two are not numbers where there are no examples.
    """

    count: int
    share: float
    auc: float
    brier: float
    ece: float
    bins: tuple[tuple[int, float, float], ...]


def reliability(probabilities: NDArray[np.float64], answers: NDArray[np.float64]) -> Reliability:
    """Measure probabilities, `(n,)`, against what is so, `(n,)` of 0 and 1."""
    at = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    bins = []
    for number in range(BINS):
        own = at == number
        count = int(own.sum())
        mean = float(probabilities[own].mean()) if count else float("nan")
        bins.append((count, mean, float(answers[own].mean()) if count else float("nan")))
    error = sum(count * abs(mean - share) for count, mean, share in bins if count)
    return Reliability(
        count=len(answers),
        share=float(answers.mean()),
        auc=auc(probabilities[answers == 1], probabilities[answers == 0]),
        brier=float(((probabilities - answers) ** 2).mean()),
        ece=error / len(answers),
        bins=tuple(bins),
    )


def auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Area under the ROC curve: `P(positive > negative) + P(equal) / 2`.

    >>> auc(np.array([0.9, 0.5]), np.array([0.5, 0.1]))
    0.875
    """
    if not len(positive) or not len(negative):
        return float("nan")
    difference = positive[:, None] - negative[None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)
