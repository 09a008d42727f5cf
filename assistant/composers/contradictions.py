"""Figures of a question that the documents do not bear out, and what they say instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.composers.candidates import NEAR, Candidate
from assistant.figures import Figure, agree, figures
from assistant.kinds import asks_issue, says_issued
from assistant.questions import Understanding

_TITLES = re.compile(r"《[^《》]*》|“[^“”]*”|「[^「」]*」|\"[^\"]*\"")
_OF_POLICIES = frozenset({"department", "measure", "aspect", "task", "chapter"})


@dataclass(frozen=True)
class Contradiction:
    """A figure that the question has wrong.

    Attributes:
        claimed: The figure of the question.
        candidate: The sentence that holds another.
        stated: That figure.
    """

    claimed: Figure
    candidate: Candidate
    stated: Figure


def contradictions(
    understanding: Understanding, best: Candidate, candidates: Sequence[Candidate]
) -> list[Contradiction]:
    """The figures of a question that no evidence holds, with near sentences that hold others.

    A figure in a question is a condition ("what is due in 2024?") or says something of the asker
    ("we are 45 people") more often than a claim. So figures are held against the documents in
    yes-or-no questions; elsewhere only those that count what policies have.
    """
    held = [figure for c in candidates for figure in figures(c.text)]
    near = [best, *(c for c in candidates if c.score >= best.score - 2 * NEAR)]
    same = [c for c in near if c.evidence.document.id == best.evidence.document.id]
    found = []
    for claim in figures(_TITLES.sub(_blank, understanding.query)):
        if understanding.wants != "yes_no" and claim.unit not in _OF_POLICIES:
            continue
        if claim.value == 1:  # "Every worker", "a measure": an article more often than a number.
            continue
        if any(agree(claim, figure) for figure in held):
            continue
        # What is of another day than the issue says nothing of the day of issue.
        issue = claim.kind == "date" and asks_issue(understanding.query)
        other = _other(claim, [c for c in same if not issue or says_issued(c.text)])
        if other:
            found.append(other)
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _other(claim: Figure, same: Sequence[Candidate]) -> Contradiction | None:
    # "It has 8 measures:" without the list that follows is the poorer proof.
    for candidate in sorted(same, key=lambda c: c.text.rstrip().endswith((":", "："))):
        for figure in figures(candidate.text):
            named = _counted(candidate.text, figure, claim)
            if _is_alike(claim, named):
                return Contradiction(claim, candidate, named)
    return None


def _counted(text: str, figure: Figure, claim: Figure) -> Figure:
    """A bare count (`7个`) as a count of the claim's noun, where that follows (`7个省级部门`)."""
    noun = claim.text.lstrip("0123456789一二三四五六七八九十百千两个家项条名位 ")
    at = text.find(noun, figure.end, figure.end + len(noun) + 6) if noun else -1
    if figure.unit not in ("", "item") or at < 0:
        return figure
    end = at + len(noun)
    return replace(figure, unit=claim.unit, end=end, text=text[figure.start : end])


def _is_alike(claim: Figure, figure: Figure) -> bool:
    """Whether two figures count the same thing, though not with the same number."""
    if claim.kind != figure.kind:
        return False
    counts = set(claim.unit.split("/")) & set(figure.unit.split("/"))
    return bool(counts) and claim.unit != ""
