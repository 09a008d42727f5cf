"""Recall@k: the share of the gold sections that are among the first k sections of a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.ranking import RankingMetric


@dataclass(frozen=True)
class Recall(RankingMetric):
    """`|gold ∩ top k| / |gold|`, as `R@k` of ir-measures and `recall_k` of trec_eval.

    With more gold sections than k the greatest value is below 1. Sections as in
    `evals.metrics.ranking`.

    Attributes:
        k: How many sections are looked at.
    """

    k: int
    passes_at = None

    @property
    def name(self) -> str:
        """Such as `recall@10`."""
        return f"recall@{self.k}"

    def measure(self, relevant: Sequence[bool], n_gold: int) -> float:
        """The share of gold sections found."""
        return sum(relevant[: self.k]) / n_gold
