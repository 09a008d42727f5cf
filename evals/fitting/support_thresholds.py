"""Support of sentences by set, and the thresholds that follow from it.

It knows numbers by language pair; not how support came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals.fitting.folds import folds_by_group
from index.embedding import Vector

Kind = Literal["one language", "across languages"]

KEPT = 0.95
_STEP = 0.01
_FOLDS = 5
_SEED = 0


@dataclass(frozen=True)
class Supports:
    """Support of the sentences of a set.

    Attributes:
        name: The set.
        pair: Languages of sentence and passage, such as `zh → en`.
        own: `(n,)`, with the passages that bear them out, the best of these.
        near: `(n,)`, with the nearest passage that is none of these.
        far: `(n,)`, with a passage by chance.
        groups: What each sentence is held out with.
    """

    name: str
    pair: str
    own: Vector
    near: Vector
    far: Vector
    groups: tuple[str, ...]


def auc(own: Vector, other: Vector) -> float:
    """How often a faithful sentence has more support than one that is not; ties count half."""
    ranked = np.sort(other)
    below = np.searchsorted(ranked, own, "left") + np.searchsorted(ranked, own, "right")
    return float(below.mean() / (2 * len(other)))


def thresholds(sets: Sequence[Supports]) -> dict[Kind, float]:
    """The highest threshold of each kind that keeps 95 of 100 faithful sentences in every pair."""
    found: dict[Kind, float] = {}
    for pair, own in by_pair(sets, "own").items():
        at = float(np.floor(np.quantile(own, 1 - KEPT) / _STEP + 1e-6) * _STEP)
        found[kind_of(pair)] = min(at, found.get(kind_of(pair), 1.0))
    return found


def kind_of(pair: str) -> Kind:
    """Whether a pair such as `zh → en` is of one language."""
    asked, found = pair.split(" → ")
    return "one language" if asked == found else "across languages"


def held_out(sets: Sequence[Supports]) -> dict[str, tuple[float, float]]:
    """By language pair, faithful sentences kept and others let through, as shares.

    Each sentence is judged by thresholds that were fitted without its fold.
    """
    folds = [folds_by_group(own.groups, _FOLDS, _SEED) for own in sets]
    kept: dict[str, list[bool]] = {}
    let: dict[str, list[bool]] = {}
    for fold in range(_FOLDS):
        least = thresholds([_part(s, f != fold) for s, f in zip(sets, folds, strict=True)])
        for one, own_folds in zip(sets, folds, strict=True):
            part = _part(one, own_folds == fold)
            at = least[kind_of(one.pair)]
            kept.setdefault(one.pair, []).extend((part.own >= at).tolist())
            let.setdefault(one.pair, []).extend((part.near >= at).tolist())
    return {pair: (float(np.mean(kept[pair])), float(np.mean(let[pair]))) for pair in kept}


def _part(one: Supports, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Supports:
    groups = tuple(g for g, is_in in zip(one.groups, chosen, strict=True) if is_in)
    return Supports(one.name, one.pair, one.own[chosen], one.near[chosen], one.far[chosen], groups)


def by_pair(sets: Sequence[Supports], kind: str) -> dict[str, Vector]:
    """Supports of one kind (`own`, `near`, `far`) by language pair, over all sets."""
    found: dict[str, list[Vector]] = {}
    for one in sets:
        found.setdefault(one.pair, []).append(getattr(one, kind))
    return {pair: np.concatenate(values) for pair, values in sorted(found.items())}
