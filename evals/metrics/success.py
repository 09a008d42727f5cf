"""Success@k: whether a gold section is among the first k sections of a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.ranking import RankingMetric


@dataclass(frozen=True)
class Success(RankingMetric):
    """1 where the top k hold a gold section, else 0, as `Success@k` of ir-measures.

    The same as R@1 of question sets with one gold passage. Sections as in
    `evals.metrics.ranking`.

    Attributes:
        k: How many sections are looked at.
    """

    k: int
    passes_at = 1.0

    @property
    def name(self) -> str:
        """Such as `success@1`."""
        return f"success@{self.k}"

    def measure(self, relevant: Sequence[bool], n_gold: int) -> float:
        """1 or 0."""
        return float(any(relevant[: self.k]))
