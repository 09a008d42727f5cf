"""Forbidden strings: words that must not occur in an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.answers import plain_text
from evals.cases import Case
from evals.matching import contains
from evals.metrics.base import CaseMetric, Judgement


class Forbidden(CaseMetric):
    """1 where the answer's text contains none of the case's forbidden strings, else 0.

    Whole words and whole numbers only (`evals.matching.contains`): `5年` does not forbid `15年`.
    Quotes, notices and suggestions beside the text are not searched.
    """

    name = "forbidden"

    def applies(self, case: Case) -> bool:
        """Whether the case forbids anything."""
        return bool(case.expect.forbidden)

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Judge one answer."""
        said = plain_text(answer)
        found = [words for words in case.expect.forbidden if contains(said, words)]
        return Judgement(float(not found), f"says {', '.join(found)}" if found else "")
