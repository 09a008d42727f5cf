"""Abstention: whether the assistant answers what the corpus answers, and only that.

An answer abstains where its status is neither `answered` nor `partial`: what counts is the status,
not the wording, for a document may itself say that something is not stated. A status that the case
lists as acceptable is never an error; so `partial` ("there is such an allowance, the amount is not
given") can be right on an unanswerable question. Applies to cases that say whether they are
answerable.

The F1 treats abstaining as the positive class, as in P. Rajpurkar et al., "Know What You Don't
Know" (SQuAD 2.0, ACL 2018): precision is the share of abstentions that were due, recall the share
of due abstentions that were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.answers import abstained, status
from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement
from evals.records import Score


class FalseAnswer(CaseMetric):
    """1 where an unanswerable question was answered, else 0; answerable ones are left out."""

    name = "false_answer"
    higher_is_better = False
    passes_at = 0.0

    def applies(self, case: Case) -> bool:
        """Whether the case is unanswerable."""
        return case.expect.answerable is False

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Judge one answer."""
        return _error(case, answer, not _abstains(case, answer))


class FalseRefusal(CaseMetric):
    """1 where an answerable question was left open, else 0; unanswerable ones are left out."""

    name = "false_refusal"
    higher_is_better = False
    passes_at = 0.0

    def applies(self, case: Case) -> bool:
        """Whether the case is answerable."""
        return case.expect.answerable is True

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Judge one answer."""
        return _error(case, answer, _abstains(case, answer))


class AbstentionF1(CaseMetric):
    """F1 of abstaining: `2 TP / (2 TP + FP + FN)`; a case scores whether it was right.

    Where no abstention was due and none was made there is nothing to measure, and the aggregate is
    `None`. A failed record counts as the opposite of what was due.
    """

    name = "abstention_f1"

    def applies(self, case: Case) -> bool:
        """Whether the case says if it is answerable."""
        return case.expect.answerable is not None

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Judge one answer."""
        return self._judged(not case.expect.answerable, _abstains(case, answer))

    def failed(self, case: Case) -> Judgement:
        """The opposite of what was due."""
        return self._judged(not case.expect.answerable, bool(case.expect.answerable))

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """F1 of abstaining, from the labels in `detail`."""
        pairs = [(s.detail["due"], s.detail["made"]) for s in scores if s.value is not None]
        hits = sum(due and made for due, made in pairs)
        errors = sum(due != made for due, made in pairs)
        return 2 * hits / (2 * hits + errors) if hits + errors else None

    def _judged(self, due: bool, made: bool) -> Judgement:
        why = "" if due == made else "should have abstained" if due else "should have answered"
        return Judgement(float(due == made), why, {"due": due, "made": made})


def _abstains(case: Case, answer: Mapping[str, Any]) -> bool:
    if status(answer) in case.expect.status:
        return case.expect.answerable is False
    return abstained(answer)


def _error(case: Case, answer: Mapping[str, Any], wrong: bool) -> Judgement:
    return Judgement(float(wrong), f"status is {status(answer)}" if wrong else "")
