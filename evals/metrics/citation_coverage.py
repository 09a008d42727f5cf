"""Citation coverage: how much of an answer carries citations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.answers import abstained, statements, text
from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement


class CitationCoverage(CaseMetric):
    """The share of the answer's sentences and list items that carry a mark.

    Introductions (which end with a colon), headings and the assistant's own corrections do not
    count, nor do answers that leave the question open. Clauses joined by semicolons are one
    sentence. Whether the citation supports the sentence is not asked: this is neither ALCE's
    citation recall (T. Gao et al., EMNLP 2023) nor comparable with it.
    """

    name = "citation_coverage"

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if "text" not in answer or abstained(answer):
            return None
        counted = [s for s in statements(text(answer)) if not s.template]
        bare = [s.text for s in counted if not s.labels]
        if not counted:
            return Judgement(0.0, "says nothing")
        why = f"not cited: {' | '.join(bare)}" if bare else ""
        return Judgement(1 - len(bare) / len(counted), why)
