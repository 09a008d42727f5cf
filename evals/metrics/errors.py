"""Errors: how often the target gives no answer at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement


class Errors(CaseMetric):
    """The share of records that failed.

    Failing is raising an error or timing out; an answer that says it does not know, or that quotes
    a document on errors, has not failed.
    """

    name = "errors"
    kind = "cost"
    higher_is_better = False
    passes_at = 0.0

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """An answer is no error."""
        return Judgement(0.0)
