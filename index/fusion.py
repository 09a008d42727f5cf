"""Reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RRF_K = 60


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[int]],
    weights: Mapping[str, float] | None = None,
    k: int = RRF_K,
) -> dict[int, float]:
    """Fuse rankings by the sum of `weight / (k + rank)`.

    Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet and
    individual rank learning methods"; k = 60 is the paper's: it keeps one list's first place
    from outweighing agreement between lists.

    Args:
        rankings: Item numbers by ranking, best first.
        weights: Trust in each ranking; 1 where none is given.
        k: The constant of the formula.

    Returns:
        Scores by item, best first.

    Example:
        >>> fused = reciprocal_rank_fusion({"dense": [7, 8], "lexical": [8, 9]})
        >>> list(fused)
        [8, 7, 9]
    """
    weights = weights or {}
    scores: dict[int, float] = {}
    for name, ranking in rankings.items():
        weight = weights.get(name, 1.0)
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
