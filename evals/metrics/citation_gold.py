"""Citation precision and recall against the gold sections of a case.

These are not ALCE's citation precision and recall (T. Gao et al., "Enabling Large Language Models
to Generate Text with Citations", EMNLP 2023), which ask a model whether each sentence follows from
what it cites. Ours ask where the citations point, need no model, and do not see whether a sentence
says what the section says. Not judged are cases without gold sections, the unanswerable ones
among them, and answers that leave the question open where the case allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.answers import abstained, cited_sections, declined_rightly, gold
from evals.cases import Case, SectionRef
from evals.metrics.base import CaseMetric, Judgement


class _AgainstGold(CaseMetric):
    passes_at = None

    def applies(self, case: Case) -> bool:
        """Whether the case has gold sections."""
        return bool(case.expect.sections) and case.expect.answerable is not False


class CitationPrecision(_AgainstGold):
    """The share of the sections cited that are gold.

    A section counts once, however often and in whichever language it is cited. An answer without
    citations scores 0; one that leaves the question open is not judged, for it cites nothing
    wrong: read this beside `false_refusal`.
    """

    name = "citation_precision"

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        cited = cited_sections(answer)
        if not cited:
            return None if abstained(answer) else Judgement(0.0, "no citation at all")
        stray = [place for place in cited if gold(case, place) is None]
        return Judgement(1 - len(stray) / len(cited), _listed("not gold", stray))


class CitationRecall(_AgainstGold):
    """The share of the gold sections that are cited.

    A section that merely repeats another's fact is often gold too, so that 1 is not always worth
    reaching.
    """

    name = "citation_recall"

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if declined_rightly(case, answer):
            return None
        cited = {gold(case, place) for place in cited_sections(answer)}
        expected = set(case.expect.sections)
        missed = [place for place in case.expect.sections if place not in cited]
        return Judgement(1 - len(set(missed)) / len(expected), _listed("not cited", missed))


def _listed(what: str, places: list[SectionRef]) -> str:
    return f"{what}: {', '.join(f'{p.document_id}#{p.section}' for p in places)}" if places else ""
