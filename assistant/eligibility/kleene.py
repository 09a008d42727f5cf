"""Three-valued truth of criteria and of trees of them (strong Kleene logic).

A truth is a number: 1 met, -1 not met, 0 unknown; `all` is the least of its parts, `any` the
greatest, `not` the opposite (S. C. Kleene, Introduction to Metamathematics, 1952, § 64). Knows
nothing of questions or verdicts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from assistant.eligibility.facts import Facts, FactValue
from assistant.eligibility.measures import (
    All,
    Any,
    Compare,
    CompareDate,
    Criterion,
    Is,
    Not,
    OneOf,
    Scale,
    Test,
    Tree,
    Within,
)
from assistant.eligibility.places import lies_within
from assistant.errors import InputError

__all__ = [
    "MET",
    "NOT_MET",
    "UNKNOWN",
    "criteria_of",
    "criterion_truth",
    "limit_of",
    "residual",
    "tree_truth",
]

MET: Final = 1
UNKNOWN: Final = 0
NOT_MET: Final = -1

_HOLDS: dict[str, Callable[..., bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "on_or_after": operator.ge,
    "on_or_before": operator.le,
    "after": operator.gt,
    "before": operator.lt,
}


def criterion_truth(criterion: Criterion, facts: Facts) -> int:
    """Whether a criterion is met by what is known.

    Raises:
        InputError: A fact has a value of another kind than the criterion asks for.
    """
    if criterion.fact is None or criterion.test is None:
        return UNKNOWN
    known = facts.get(criterion.fact)
    return UNKNOWN if known is None else _truth(criterion.test, known.value, facts, criterion)


def limit_of(scale: Scale, facts: Facts) -> Decimal | None:
    """The limit that a scale comes to; `None` where it is not known or the scale ends before."""
    known = facts.get(scale.by)
    if known is None:
        return None
    if isinstance(known.value, bool) or not isinstance(known.value, Decimal):
        raise InputError(f"fact {scale.by!r}: {known.value!r} is no number; give one")
    number = int(known.value // 1)
    greatest = max(scale.values)
    if number > greatest:
        if scale.each_further is None:
            return None
        return scale.values[greatest] + (number - greatest) * scale.each_further
    return scale.values[max(number, min(scale.values))]


def tree_truth(tree: Tree, truths: Mapping[str, int]) -> int:
    """Whether a tree is met.

    Args:
        tree: The tree.
        truths: What is known of its criteria, by id.
    """
    if isinstance(tree, Criterion):
        return truths[tree.id]
    if isinstance(tree, Not):
        return -tree_truth(tree.part, truths)
    decides = NOT_MET if isinstance(tree, All) else MET
    found = -decides
    for part in tree.parts:
        truth = tree_truth(part, truths)
        if truth == decides:
            return truth
        if truth == UNKNOWN:
            found = UNKNOWN
    return found


def criteria_of(tree: Tree) -> list[Criterion]:
    """The criteria of a tree, in its order."""
    if isinstance(tree, Criterion):
        return [tree]
    if isinstance(tree, Not):
        return criteria_of(tree.part)
    return [criterion for part in tree.parts for criterion in criteria_of(part)]


def residual(tree: Tree, truths: Mapping[str, int]) -> Tree | None:
    """What of a tree is still open: its unknown parts that unknown parts hold.

    Returns:
        A tree with the same truth whatever becomes known; `None` where it is decided already.
    """
    if tree_truth(tree, truths) != UNKNOWN:
        return None
    if isinstance(tree, Criterion):
        return tree
    if isinstance(tree, Not):
        part = residual(tree.part, truths)
        return Not(part) if part else None
    parts = tuple(part for one in tree.parts if (part := residual(one, truths)))
    if len(parts) == 1:
        return parts[0]
    return All(parts) if isinstance(tree, All) else Any(parts)


def _truth(test: Test, value: FactValue, facts: Facts, criterion: Criterion) -> int:
    if isinstance(test, Is):
        if isinstance(value, bool):
            return MET if value is test.value else NOT_MET
    elif isinstance(test, OneOf):
        if isinstance(value, frozenset):
            return NOT_MET if test.choices.isdisjoint(value) else MET
    elif isinstance(test, Compare):
        if isinstance(value, Decimal):
            limit = test.limit
            number = limit_of(limit, facts) if isinstance(limit, Scale) else limit
            if number is None:
                return UNKNOWN
            return MET if _HOLDS[test.how](value, number) else NOT_MET
    elif isinstance(test, CompareDate):
        if isinstance(value, date):
            return MET if _HOLDS[test.how](value, test.day) else NOT_MET
    elif isinstance(value, str):
        return _within(test, value)
    raise InputError(
        f"fact {criterion.fact!r}: {value!r} does not fit criterion {criterion.id!r}; "
        "read it with `read_facts`"
    )


def _within(test: Within, place: str) -> int:
    found = {lies_within(place, region) for region in test.places}
    return MET if True in found else UNKNOWN if None in found else NOT_MET
