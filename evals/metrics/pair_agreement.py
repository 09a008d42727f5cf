"""Pair agreement: whether a question gets the same answer in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evals.answers import cited_sections, status
from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement
from evals.records import Record, Score

JACCARD_MIN = 0.5
"""Least overlap of the cited sections, intersection over union."""

_OTHER = {"zh": "en", "en": "zh"}
_CLASS = {"partial": "answered", "off_topic": "unanswerable"}


class PairAgreement(CaseMetric):
    """1 where both answers of a pair are of one class and rest on the same sections, else 0.

    Classes: answered or partial; unanswerable or off topic; clarify; refused. On an unanswerable
    case an accepted `partial` is of the second class. Answers of the first class must cite the same
    sections, with a Jaccard index of 0.5 or more; that neither cites anything is no agreement.
    Verdicts on eligibility must be equal. Whether both are right is for other metrics. The score
    of a pair stands at both of its cases; where either failed it is 0.

    The partner is the case whose id differs only in its language (`spouse-zh`, `spouse-en`); where
    the run has no record of it, the case is unscored. Our own definition.
    """

    name = "pair_agreement"

    def applies(self, case: Case) -> bool:
        """Whether the case belongs to a pair."""
        return case.pair is not None

    def score(self, case: Case, record: Record, others: Mapping[str, Record]) -> Score | None:
        """Judge one record together with its partner's."""
        partner = others.get(partner_of(case)) if self.applies(case) else None
        if not self.applies(case) or record.failed:
            return super().score(case, record, others)
        if partner is None:
            why = f"no record of {partner_of(case)!r} in this run"
            return self.scored(record, Judgement(None, why))
        if partner.answer is None or record.answer is None:
            return self.scored(record, Judgement(0.0, f"{partner.case} failed: {partner.error}"))
        return self.scored(record, self._agree(case, record.answer, partner.answer))

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """One answer alone cannot be judged."""
        return None

    def _agree(self, case: Case, one: Mapping[str, Any], two: Mapping[str, Any]) -> Judgement:
        first, second = _class(case, one), _class(case, two)
        if first != second:
            return Judgement(0.0, f"{first} here, {second} in the other language")
        if first != "answered":
            return Judgement(1.0)
        here, there = set(cited_sections(one)), set(cited_sections(two))
        overlap = len(here & there) / len(here | there) if here | there else 0.0
        why = "" if overlap >= JACCARD_MIN else f"cited sections overlap by {overlap:.2f} only"
        return Judgement(float(overlap >= JACCARD_MIN), why, {"jaccard": overlap})


def partner_of(case: Case) -> str:
    """The id of the same case in the other language.

    >>> partner_of(Case("sx-spouse-zh", "zh", ("…",), pair="sx-spouse"))
    'sx-spouse-en'
    """
    marks = list(re.finditer(rf"(?<![A-Za-z0-9]){case.lang}(?![A-Za-z0-9])", case.id))
    if not marks:
        return f"{case.pair}-{_OTHER[case.lang]}"
    last = marks[-1]
    return case.id[: last.start()] + _OTHER[case.lang] + case.id[last.end() :]


def _class(case: Case, answer: Mapping[str, Any]) -> str:
    if "verdict" in answer:
        return f"verdict {answer['verdict']}"
    given = status(answer)
    if given == "partial" and given in case.expect.status and case.expect.answerable is False:
        return "unanswerable"
    return _CLASS.get(given, given)
