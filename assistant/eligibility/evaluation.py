"""Verdicts: whether somebody may have a measure, criterion by criterion.

Pure and deterministic: the same measure and facts give the same verdict. Knows no texts and no
documents; what a person is shown is for `assistant.eligibility.service`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.eligibility.facts import Facts, KnownFact
from assistant.eligibility.kleene import (
    MET,
    NOT_MET,
    UNKNOWN,
    criteria_of,
    criterion_truth,
    tree_truth,
)
from assistant.eligibility.measures import All, Catalogue, Criterion, Measure, Not, Tree
from assistant.eligibility.next_fact import next_fact

__all__ = ["CriterionVerdict", "Evaluation", "Truth", "Verdict", "evaluate", "verdict_of"]

Verdict = Literal["eligible", "not_eligible", "more_information_needed"]
Truth = Literal["met", "not_met", "unknown"]

_VERDICTS: dict[int, Verdict] = {
    MET: "eligible",
    NOT_MET: "not_eligible",
    UNKNOWN: "more_information_needed",
}
_TRUTHS: dict[int, Truth] = {MET: "met", NOT_MET: "not_met", UNKNOWN: "unknown"}


@dataclass(frozen=True)
class CriterionVerdict:
    """Whether one criterion is met.

    Attributes:
        criterion: The criterion.
        verdict: Whether what is known meets it.
        known: What is known of its fact.
    """

    criterion: Criterion
    verdict: Truth
    known: KnownFact | None = None


@dataclass(frozen=True)
class Evaluation:
    """Whether somebody may have a measure, and why.

    Attributes:
        measure: The measure.
        verdict: What its criteria come to.
        criteria: Every criterion, in the order of the tree.
        deciding: Ids of the criteria that decide the verdict, in the same order: of an `all` that
            is not met the parts not met, of an `any` that is met the parts met, else all parts;
            of a verdict that is open the unknown criteria that can still change it.
        next_fact: The fact to ask for next; `None` where no answer can change the verdict.
    """

    measure: Measure
    verdict: Verdict
    criteria: tuple[CriterionVerdict, ...]
    deciding: tuple[str, ...]
    next_fact: str | None = None


def evaluate(
    measure: Measure, facts: Facts, catalogue: Catalogue, *, ask: bool = True
) -> Evaluation:
    """Judge a measure by what is known (strong Kleene logic, see `kleene`).

    Args:
        measure: The measure.
        facts: What is known.
        catalogue: The facts that there are.
        ask: Whether to look for the fact to ask next, which takes longer than the verdict.

    Raises:
        InputError: A fact has a value of another kind than a criterion asks for.
    """
    tree = measure.criteria
    criteria = criteria_of(tree)
    truths = {one.id: criterion_truth(one, facts) for one in criteria}
    truth = tree_truth(tree, truths)
    return Evaluation(
        measure,
        _VERDICTS[truth],
        tuple(
            CriterionVerdict(
                one, _TRUTHS[truths[one.id]], facts.get(one.fact) if one.fact else None
            )
            for one in criteria
        ),
        tuple(_deciding(tree, truth, truths)),
        next_fact(tree, facts, catalogue.facts) if ask and truth == UNKNOWN else None,
    )


def verdict_of(measure: Measure, facts: Facts) -> Verdict:
    """The verdict alone.

    Raises:
        InputError: A fact has a value of another kind than a criterion asks for.
    """
    return _VERDICTS[_decided(measure.criteria, facts)]


def _decided(tree: Tree, facts: Facts) -> int:
    """The truth of a tree, looking no further than needed."""
    if isinstance(tree, Criterion):
        return criterion_truth(tree, facts)
    if isinstance(tree, Not):
        return -_decided(tree.part, facts)
    decides = NOT_MET if isinstance(tree, All) else MET
    found = -decides
    for part in tree.parts:
        truth = _decided(part, facts)
        if truth == decides:
            return truth
        if truth == UNKNOWN:
            found = UNKNOWN
    return found


def _deciding(tree: Tree, truth: int, truths: Mapping[str, int]) -> list[str]:
    """The criteria by which a tree has its truth.

    Of an `all` that is not met, an `any` that is met and whatever is unknown, those are the parts
    with the same truth; of the others, all parts have it.
    """
    if isinstance(tree, Criterion):
        return [tree.id]
    if isinstance(tree, Not):
        return _deciding(tree.part, -truth, truths)
    found = []
    for part in tree.parts:
        if tree_truth(part, truths) == truth:
            found += _deciding(part, truth, truths)
    return found
