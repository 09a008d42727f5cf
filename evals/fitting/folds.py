"""Folds of cross-validation: what belongs together is held out together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def folds_by_group(groups: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """Deal groups out to folds.

    Args:
        groups: The group of each question.
        count: How many folds.
        seed: Of the order in which groups are dealt.

    Returns:
        `(n_questions,)`, the fold of each question, from 0. Folds hold about as many groups each.
    """
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    fold = {name: int(place) % count for name, place in zip(names, order, strict=True)}
    return np.array([fold[group] for group in groups], dtype=np.int64)
