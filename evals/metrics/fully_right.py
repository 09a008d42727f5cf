"""Fully right: whether a person could act on an answer as it is. The headline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.answers import cited_sections, declined_rightly, gold
from evals.cases import Case, Expectation
from evals.metrics.abstention import FalseAnswer, FalseRefusal
from evals.metrics.base import CaseMetric, Judgement
from evals.metrics.citation_validity import CitationValidity
from evals.metrics.classification import Accuracy
from evals.metrics.figure_fidelity import FigurePrecision, FigureRecall
from evals.metrics.forbidden import Forbidden
from evals.metrics.nugget_recall import NuggetRecallStrict


class GoldCited(CaseMetric):
    """Part of `fully_right`: whether at least one citation is in a gold section."""

    name = "gold_cited"

    def applies(self, case: Case) -> bool:
        """Whether the case has gold sections."""
        return bool(case.expect.sections) and case.expect.answerable is not False

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if declined_rightly(case, answer):
            return None
        found = any(gold(case, place) for place in cited_sections(answer))
        return Judgement(float(found), "" if found else "cites no gold section")


_PARTS: tuple[CaseMetric, ...] = (
    Accuracy("status"),
    FalseAnswer(),
    FalseRefusal(),
    Accuracy("verdict"),
    NuggetRecallStrict(),
    Forbidden(),
    CitationValidity(),
    FigurePrecision(),
    FigureRecall(),
    GoldCited(),
)


class FullyRight(CaseMetric):
    """1 where an answer passes everything that applies to it, else 0.

    That is: an accepted status (answered or partial where the case says only that it is
    answerable), the right verdict, all vital nuggets, no forbidden string, citation validity 1,
    every figure in its source and every expected figure stated, and at least one citation in a
    gold section. Not judged are cases that expect nothing. Our own definition.
    """

    name = "fully_right"

    def applies(self, case: Case) -> bool:
        """Whether the case expects anything."""
        return case.expect != Expectation()

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Judge one answer."""
        parts = {part.name: _passes(part, case, answer) for part in _PARTS if part.applies(case)}
        failed = {name: why for name, why in parts.items() if why}
        why = "; ".join(f"{name}: {why}" for name, why in failed.items())
        return Judgement(float(not failed), why, {"failed": list(failed)})


def _passes(part: CaseMetric, case: Case, answer: Mapping[str, Any]) -> str:
    """Why an answer does not pass a part; empty where it does, or where the part does not apply."""
    found = part.judge(case, answer)
    if found is None or found.value is None or found.value == part.passes_at:
        return ""
    return found.why or f"{found.value:.2f}"
