"""Tokens: what a chat model read and wrote for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement


@dataclass(frozen=True)
class Tokens(CaseMetric):
    """Mean tokens of an answer, as the model's server counted them (`usage`).

    They are not estimated from the text, which no rule does alike for Chinese and English. Zero
    where no model was asked; failed records are unscored, for what they used is not known.

    Attributes:
        side: Read (`prompt`) or written (`completion`).
    """

    side: Literal["prompt", "completion"]

    @property
    def name(self) -> str:
        """`prompt_tokens` or `completion_tokens`."""
        return f"{self.side}_tokens"

    kind = "cost"
    higher_is_better = False
    passes_at = None

    def failed(self, case: Case) -> Judgement:
        """Not scored."""
        return Judgement(None)

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """The tokens of one answer."""
        found = answer.get("usage", {}).get(self.name)
        return None if found is None else Judgement(float(found))
