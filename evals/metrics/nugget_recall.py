"""Nugget recall: how much of what should be said an answer says.

After the nugget methodology of TREC: E. Voorhees, "Overview of the TREC 2003 Question Answering
Track"; R. Pradeep et al., "Initial Nugget Evaluation Results for the TREC 2024 RAG Track with the
AutoNuggetizer Framework" (arXiv:2411.09607). A nugget is a piece of information, `vital` where an
answer without it is no good answer, else `okay`. There, people or a model find the nuggets in the
answer, and a partly supported one can count half; here a nugget is found where the text, its
citation marks removed, contains one of its wordings (`evals.matching.contains`), so it is there or
not. Not judged are cases without nuggets and answers that leave the question open where the case
allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.answers import declined_rightly, plain_text
from evals.cases import Case, Nugget
from evals.matching import contains
from evals.metrics.base import CaseMetric, Judgement

OKAY_WEIGHT = 0.5
"""What an okay nugget counts beside a vital one, as in TREC 2024's weighted score."""


class NuggetRecallStrict(CaseMetric):
    """1 where the answer has all vital nuggets, else 0.

    TREC's vital score is the share of them; a person who acts on an answer needs all.
    """

    name = "nugget_recall_strict"

    def applies(self, case: Case) -> bool:
        """Whether the case has vital nuggets."""
        return any(nugget.vital for nugget in case.expect.nuggets)

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if declined_rightly(case, answer):
            return None
        missing = [nugget for nugget in _missing(case, answer) if nugget.vital]
        return Judgement(0.0 if missing else 1.0, _why(missing))


class NuggetRecallLenient(CaseMetric):
    """The weight of the nuggets that the answer has over the weight of all: vital 1, okay 0.5.

    TREC 2024's weighted score, without half credit for partial support.
    """

    name = "nugget_recall_lenient"
    passes_at = None

    def applies(self, case: Case) -> bool:
        """Whether the case has nuggets."""
        return bool(case.expect.nuggets)

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if declined_rightly(case, answer):
            return None
        missing = _missing(case, answer)
        return Judgement(1 - _weight(missing) / _weight(case.expect.nuggets), _why(missing))


def _missing(case: Case, answer: Mapping[str, Any]) -> list[Nugget]:
    said = plain_text(answer)
    nuggets = case.expect.nuggets
    return [n for n in nuggets if not any(contains(said, wording) for wording in n.any)]


def _weight(nuggets: list[Nugget] | tuple[Nugget, ...]) -> float:
    return sum(1.0 if nugget.vital else OKAY_WEIGHT for nugget in nuggets)


def _why(missing: list[Nugget]) -> str:
    return f"not said: {'; '.join(' / '.join(n.any) for n in missing)}" if missing else ""
