"""What the measures of a ranking share: the unit of relevance is the section.

A search ranks passages; a section may be cut into several and stands in two languages. A ranking is
read as the sections of its passages, each at its first occurrence, so that a further passage of a
section neither counts again nor takes a rank. The ideal is the number of gold sections. Cases
without gold sections, the unanswerable ones among them, are left out. Relevance is binary. Ranks
are the order of `results`, not their scores, whose ties trec_eval would break by document id.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from evals.answers import gold
from evals.cases import Case, SectionRef
from evals.metrics.base import CaseMetric, Judgement


def relevances(case: Case, results: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Which of the sections ranked are gold, in order of rank.

    Args:
        case: The case.
        results: Passages in order, with `document_id` and `section`.

    Returns:
        `(n_sections,)`, for the section at each rank whether it is gold.
    """
    ranked: dict[SectionRef, bool] = {}
    for result in results:
        place = SectionRef(result["document_id"], result["section"])
        found = gold(case, place)
        ranked.setdefault(found or place, found is not None)
    return list(ranked.values())


class RankingMetric(CaseMetric):
    """A measure of one ranking."""

    kind = "retrieval"

    def applies(self, case: Case) -> bool:
        """Whether the case has gold sections."""
        return bool(case.expect.sections) and case.expect.answerable is not False

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Measure a ranking."""
        relevant = relevances(case, answer["results"])
        value = self.measure(relevant, len(set(case.expect.sections)))
        at = [rank for rank, is_gold in enumerate(relevant, start=1) if is_gold]
        where = f"gold at {', '.join(map(str, at))}" if at else "no gold section"
        return Judgement(value, f"{where} of {len(relevant)} sections", {"gold_ranks": at})

    @abstractmethod
    def measure(self, relevant: Sequence[bool], n_gold: int) -> float:
        """The value for `(n_sections,)` relevances in order of rank."""
