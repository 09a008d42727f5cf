"""The probability that a passage answers a question, from its features: a logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.fitting.candidates import Candidates
from index.embedding import Vector

Numbers = NDArray[np.float64]
_RIDGE = 1e-6


@dataclass(frozen=True)
class Examples:
    """Passages that answer, and passages that do not.

    Attributes:
        features: `(n, 3) float64`: match, dense, 1.
        answers: `(n,)`, 1 where the passage answers.
        folds: `(n,)`, the fold of the question.
    """

    features: Numbers
    answers: Numbers
    folds: NDArray[np.int64]

    def of_fold(self, fold: int, *, held_out: bool) -> Examples:
        """The examples of one fold, or of all others."""
        kept = (self.folds == fold) == held_out
        return Examples(self.features[kept], self.answers[kept], self.folds[kept])

    @classmethod
    def of(cls, best: Sequence[tuple[Candidates, Vector]], folds: Sequence[int]) -> Examples:
        """The best candidate of each ranking, by its score."""
        kept = [(found, int(scores.argmax())) for found, scores in best if scores.size]
        dealt = [fold for (_, scores), fold in zip(best, folds, strict=True) if scores.size]
        return cls(
            np.array([(found.match[at], found.dense[at], 1.0) for found, at in kept]),
            np.array([float(found.gold[at]) for found, at in kept]),
            np.array(dealt, np.int64),
        )


def fit_relevance(sets: Sequence[Examples]) -> Numbers:
    """Fit weights of match and dense, and a bias, `(3,)`, by Newton's method.

    Every set counts the same, however many examples it has.
    """
    features = np.concatenate([examples.features for examples in sets])
    answers = np.concatenate([examples.answers for examples in sets])
    counts = np.concatenate([np.full(len(e.answers), 1 / len(e.answers)) for e in sets])
    weights = np.zeros(features.shape[1])
    for _ in range(50):
        found = probabilities(weights, features)
        slope = features.T @ (counts * (answers - found)) - _RIDGE * weights
        curve = (features * (counts * found * (1 - found))[:, None]).T @ features
        step = np.linalg.solve(curve + _RIDGE * np.eye(len(weights)), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def probabilities(weights: Numbers, features: Numbers) -> Numbers:
    """The probabilities of examples, `(n,)`."""
    return np.asarray(1 / (1 + np.exp(-features @ weights)))


def cross_validated(sets: Sequence[Examples], count: int) -> list[Numbers]:
    """Probabilities of every example by a fit to the other folds of all sets."""
    found = [np.zeros(len(examples.answers)) for examples in sets]
    for fold in range(count):
        weights = fit_relevance([examples.of_fold(fold, held_out=False) for examples in sets])
        for values, examples in zip(found, sets, strict=True):
            held_out = examples.folds == fold
            values[held_out] = probabilities(weights, examples.features[held_out])
    return found
