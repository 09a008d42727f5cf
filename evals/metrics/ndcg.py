"""nDCG@k: gold sections found, those further up counting for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log2

from evals.metrics.ranking import RankingMetric


@dataclass(frozen=True)
class Ndcg(RankingMetric):
    """`DCG / ideal DCG` with binary gains, `DCG = Σ gain / log2(rank + 1)` over the first k ranks.

    The ideal ranking has all gold sections, or k of them, in front. As `nDCG@k` of ir-measures.
    Source: K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM
    TOIS 20 (2002), with the discount of trec_eval. Sections as in `evals.metrics.ranking`.

    Attributes:
        k: How many sections are looked at.
    """

    k: int
    passes_at = None

    @property
    def name(self) -> str:
        """Such as `ndcg@10`."""
        return f"ndcg@{self.k}"

    def measure(self, relevant: Sequence[bool], n_gold: int) -> float:
        """Between 0 and 1."""
        ideal = [True] * min(self.k, n_gold)
        return _dcg(relevant[: self.k]) / _dcg(ideal)


def _dcg(relevant: Sequence[bool]) -> float:
    return fsum(1 / log2(rank + 1) for rank, gold in enumerate(relevant, start=1) if gold)
