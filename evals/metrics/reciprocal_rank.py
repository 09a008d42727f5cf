"""MRR: how far down a ranking its first gold section stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.ranking import RankingMetric


@dataclass(frozen=True)
class ReciprocalRank(RankingMetric):
    """`1 / rank` of the first gold section, 0 where there is none; the mean over cases is MRR.

    As `RR` and `RR@k` of ir-measures. Source: P. Kantor and E. Voorhees, "The TREC-5 Confusion
    Track", Information Retrieval 2 (2000). Sections as in `evals.metrics.ranking`.

    Attributes:
        k: How many sections are looked at; all where `None`.
    """

    k: int | None = None
    passes_at = None

    @property
    def name(self) -> str:
        """`mrr`, or such as `mrr@10`."""
        return "mrr" if self.k is None else f"mrr@{self.k}"

    def measure(self, relevant: Sequence[bool], n_gold: int) -> float:
        """The reciprocal rank."""
        first = list(relevant[: self.k])
        return 1 / (first.index(True) + 1) if True in first else 0.0
