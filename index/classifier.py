"""Which class an example belongs to, learnt from others: kernel ridge regression.

One score a class, near 1 where something is like that class's examples and like no others; R.
Rifkin et al., "Regularized least-squares classification" (2003). Unlike the nearest example, it
knows which likeness tells: ten examples in the same words count little more than one, and a class
loses what it shares with others. Above `LANDMARKS` examples they are dealt into as many parts as
are needed, likeness is taken to the examples of one part (C. Williams and M. Seeger, "Using the
Nyström method to speed up kernel machines", NIPS 2000), and the scores are the mean over the parts:
fitting takes seconds, memory has a bound, and no score hangs on which examples were picked.

Knows nothing of what the examples are: whoever asks says how like they are, by a kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vector

LANDMARKS = 4_096
# How far scores are held towards 0.
_RIDGE = 0.3
# A class of many examples outweighs the others by the root of their ratio only.
_BALANCE = 0.5
_BATCH = 1_024
_JITTER = 1e-3


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier. Immutable.

    Attributes:
        landmarks: `(n,)`, the examples that another is compared with, part after part.
        coefficients: `(n, n_classes) float32`.
    """

    landmarks: NDArray[np.int64]
    coefficients: Vector

    @classmethod
    def fit(
        cls, kernel: Callable[[slice], Vector], classes: Sequence[int], most: int = LANDMARKS
    ) -> Classifier:
        """Fit.

        Args:
            kernel: For a slice of the examples, `(b, n)`: how like each is to all, 1 for itself.
            classes: `(n,)`, the class of each, from 0.
            most: Examples of one part at most.
        """
        belongs = np.eye(max(classes) + 1, dtype=np.float32)[np.asarray(classes)]
        parts = -(-len(classes) // most)
        # Class by class, so that every part has of each.
        order = np.argsort(np.asarray(classes), kind="stable")
        dealt = [np.sort(order[first::parts]) for first in range(parts)]
        fitted = [_fitted(kernel, belongs, landmarks) for landmarks in dealt]
        coefficients = np.concatenate(fitted) / parts
        return cls(np.concatenate(dealt), coefficients.astype(np.float32))

    def scores(self, likeness: Vector) -> Vector:
        """Score another, `(n_classes,)`, by how like it is to all examples, `(n,)`."""
        return np.asarray(likeness[self.landmarks] @ self.coefficients, dtype=np.float32)


def _fitted(
    kernel: Callable[[slice], Vector], belongs: Vector, landmarks: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Coefficients, `(m, n_classes)`, of likeness to the landmarks; `belongs` is 1 or 0."""
    sizes = belongs @ belongs.sum(axis=0)
    weights = np.asarray((sizes / sizes.mean()) ** -_BALANCE, dtype=np.float32)
    # In 32 bits the products of examples that are much alike cannot be solved.
    among = np.zeros((len(landmarks), len(landmarks)))
    products, targets = np.zeros_like(among), np.zeros((len(landmarks), belongs.shape[1]))
    for start in range(0, len(belongs), _BATCH):
        part = slice(start, start + _BATCH)
        near = kernel(part)[:, landmarks]
        weighed = near * weights[part, None]
        products += near.T @ weighed
        targets += weighed.T @ belongs[part]
        own = np.flatnonzero((landmarks >= start) & (landmarks < start + _BATCH))
        among[own] = near[landmarks[own] - start]
    products += _RIDGE * among
    products[np.diag_indices(len(landmarks))] += _JITTER
    return np.asarray(np.linalg.solve(products, targets), dtype=np.float64)
