"""How well classes are told apart: macro F1, its interval, and what plain thresholds come to.

It knows pairs of (gold, told) classes and scores; neither questions nor answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evals.fitting.folds import folds_by_group
from evals.statistics import Interval, bootstrap_interval

Pair = tuple[str, str]

_FOLDS = 5
_SEED = 0
_CUTS = 60


@dataclass(frozen=True)
class Told:
    """What one way of telling classes apart came to.

    Attributes:
        name: Who tells them.
        macro_f1: Mean over the gold classes of `2 TP / (2 TP + FP + FN)`.
        interval: Its 95 % interval, by resampling clusters.
        f1: F1 by gold class.
    """

    name: str
    macro_f1: float
    interval: Interval | None
    f1: Mapping[str, float]


@dataclass(frozen=True)
class Cuts:
    """A threshold rule: two cuts on a score, and the class of each of the three ranges.

    Attributes:
        low: Scores below it are of the first class.
        high: Scores from it on are of the third; between the cuts lies the second.
        classes: From the lowest range to the highest. A range may be empty.
    """

    low: float
    high: float
    classes: tuple[str, str, str]

    def tell(self, score: float) -> str:
        """The class of a score."""
        return self.classes[(score >= self.low) + (score >= self.high)]


def class_f1(pairs: Sequence[Pair]) -> dict[str, float]:
    """F1 by gold class; a class that is only told has none, but costs others their recall."""
    hits = Counter(gold for gold, told in pairs if gold == told)
    gold = Counter(gold for gold, _ in pairs)
    told = Counter(told for _, told in pairs)
    return {name: 2 * hits[name] / (gold[name] + told[name]) for name in sorted(gold)}


def macro_f1(pairs: Sequence[Pair]) -> float | None:
    """Mean F1 of the gold classes; `None` of nothing.

    >>> macro_f1([("a", "a"), ("a", "b"), ("b", "b")])
    0.6666666666666666
    """
    values = class_f1(pairs).values()
    return fsum(values) / len(values) if values else None


def told_apart(
    name: str, gold: Sequence[str], told: Sequence[str], clusters: Sequence[str]
) -> Told:
    """Sum up.

    Args:
        name: Who told the classes.
        gold: The class of each case.
        told: What was told of it.
        clusters: What is resampled together.

    Raises:
        ValueError: There is no case.
    """
    pairs = list(zip(gold, told, strict=True))
    value = macro_f1(pairs)
    if value is None:
        raise ValueError("no case: there are no classes to tell apart")
    grouped: dict[str, list[Pair]] = {}
    for cluster, pair in zip(clusters, pairs, strict=True):
        grouped.setdefault(cluster, []).append(pair)
    return Told(name, value, bootstrap_interval(grouped, macro_f1), class_f1(pairs))


def majority(gold: Sequence[str]) -> list[str]:
    """The most frequent class, told of every case."""
    return [Counter(gold).most_common(1)[0][0]] * len(gold)


def fit_cuts(scores: Sequence[float], gold: Sequence[str], classes: tuple[str, str, str]) -> Cuts:
    """The two cuts, and the order of the classes, with the best macro F1.

    Args:
        scores: Of each case.
        gold: Its class.
        classes: All three; every order of them is tried.
    """
    values = np.asarray(scores, np.float64)
    at = np.unique(np.quantile(values, np.linspace(0, 1, _CUTS)))
    at = np.append(at, np.nextafter(at[-1], np.inf))
    names = np.asarray(gold)
    # Cases of each class below each cut, (n_classes, n_cuts).
    below = np.stack([[(values[names == name] < cut).sum() for cut in at] for name in classes])
    total = np.array([(names == name).sum() for name in classes])
    best: tuple[float, Cuts] | None = None
    for order in permutations(range(3)):
        for first in range(len(at)):
            found = _macro_f1_of_cuts(below, total, order, first)
            last = int(found.argmax()) + first
            if best is None or found.max() > best[0]:
                ordered = (classes[order[0]], classes[order[1]], classes[order[2]])
                best = (float(found.max()), Cuts(float(at[first]), float(at[last]), ordered))
    assert best is not None
    return best[1]


def _macro_f1_of_cuts(
    below: NDArray[np.int64], total: NDArray[np.int64], order: Sequence[int], first: int
) -> NDArray[np.float64]:
    """Macro F1 with the first cut given, for each second cut from there on."""
    low, high = below[:, first], below[:, first:]
    ranges = (np.repeat(low[:, None], high.shape[1], 1), high - low[:, None], total[:, None] - high)
    values = []
    for own, name in zip(ranges, order, strict=True):
        said = own.sum(axis=0) + total[name]
        values.append(2 * own[name] / np.maximum(said, 1))
    present = [value for value, name in zip(values, order, strict=True) if total[name]]
    return np.asarray(np.mean(present, axis=0), np.float64)


def told_by_threshold(
    scores: Sequence[float],
    gold: Sequence[str],
    clusters: Sequence[str],
    classes: tuple[str, str, str],
) -> list[str]:
    """The class of each case by cuts that were fitted without its fold.

    Args:
        scores: Of each case.
        gold: Its class.
        clusters: What is held out together.
        classes: All three.
    """
    folds = folds_by_group(clusters, _FOLDS, _SEED)
    told = [""] * len(gold)
    for fold in range(_FOLDS):
        seen = [n for n, own in enumerate(folds) if own != fold]
        cuts = fit_cuts([scores[n] for n in seen], [gold[n] for n in seen], classes)
        for n in np.flatnonzero(folds == fold).tolist():
            told[n] = cuts.tell(scores[n])
    return told


def table(rows: Sequence[Told]) -> str:
    """The rows in Markdown."""
    names = sorted({name for row in rows for name in row.f1})
    lines = [["", "macro F1 (95 %)", *(f"F1 {name}" for name in names)]]
    lines.append(["---", *("---:" for _ in lines[0][1:])])
    for row in rows:
        interval = row.interval
        range_ = f" ({interval.low:.3f}–{interval.high:.3f})" if interval else ""
        values = [f"{row.f1[name]:.3f}" if name in row.f1 else "–" for name in names]
        lines.append([row.name, f"{row.macro_f1:.3f}{range_}", *values])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
