"""The answers that a fact can have, one of each sort that some criteria tell apart.

Numbers fall into the intervals between limits and the limits themselves, days likewise, places
into those inside and outside; so trying these answers is trying all. Knows nothing of trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise

from assistant.eligibility.facts import Fact, Facts, FactValue, KnownFact
from assistant.eligibility.kleene import criterion_truth, limit_of
from assistant.eligibility.measures import (
    Compare,
    CompareDate,
    Criterion,
    OneOf,
    Scale,
    Within,
)
from assistant.eligibility.places import PLACES, lies_within

__all__ = ["needed_facts", "possible_answers"]

_MOST_TOGETHER = 4  # sorts of choices of which every combination is tried


def needed_facts(criterion: Criterion, facts: Facts) -> tuple[str, ...]:
    """The facts that a criterion which is unknown still waits for.

    A place that is known too widely to tell (`四川`, asked for `遂宁`) counts as not known.
    """
    if criterion.fact is None:
        return ()
    test = criterion.test
    if isinstance(test, Compare) and isinstance(test.limit, Scale):
        both = dict.fromkeys((criterion.fact, test.limit.by))
        return tuple(name for name in both if name not in facts)
    if isinstance(test, Within) or criterion.fact not in facts:
        return (criterion.fact,)
    return ()


def possible_answers(
    fact: Fact, criteria: Sequence[Criterion], facts: Facts
) -> tuple[FactValue, ...]:
    """One answer of each sort that the criteria tell apart.

    Args:
        fact: What is asked.
        criteria: The unknown criteria that wait for it.
        facts: What else is known.

    Returns:
        The answers, least and earliest first.
    """
    match fact.kind:
        case "yes_no":
            return (True, False)
        case "choice":
            found: Iterable[FactValue] = _choices(fact, criteria)
        case "number":
            found = _numbers(fact, criteria, facts)
            if any(len(needed_facts(one, facts)) > 1 for one in criteria):
                return tuple(found)  # what they come to depends on another answer
        case "date":
            found = _days(criteria)
        case "place":
            asked = tuple(one.test.places for one in criteria if isinstance(one.test, Within))
            known = facts.get(fact.id)
            return _places(asked, str(known.value) if known else "")
    told_apart: dict[tuple[int, ...], FactValue] = {}
    for value in found:
        trial = {**facts, fact.id: KnownFact(fact.id, value)}
        told_apart.setdefault(tuple(criterion_truth(one, trial) for one in criteria), value)
    return tuple(told_apart.values())


def _choices(fact: Fact, criteria: Sequence[Criterion]) -> Iterator[frozenset[str]]:
    asked = [one.test.choices for one in criteria if isinstance(one.test, OneOf)]
    sorts: dict[tuple[bool, ...], str] = {}
    for choice in fact.choices:
        sorts.setdefault(tuple(choice.id in choices for choices in asked), choice.id)
    told_apart = [choice for sort, choice in sorts.items() if any(sort)]
    yield from (frozenset({choice}) for choice in told_apart)
    if fact.many:
        most = len(told_apart) if len(told_apart) <= _MOST_TOGETHER else 2
        for size in range(2, most + 1):
            yield from (frozenset(held) for held in combinations(told_apart, size))
        yield frozenset(told_apart)
    yield frozenset()


def _numbers(fact: Fact, criteria: Sequence[Criterion], facts: Facts) -> Iterator[Decimal]:
    limits: set[Decimal] = set()
    steps: set[Decimal] = set()
    for one in criteria:
        if not isinstance(one.test, Compare):
            continue
        limit = one.test.limit
        if not isinstance(limit, Scale):
            limits.add(limit)
            continue
        if limit.by == fact.id:
            steps.update(_steps(limit, one, facts))
        if one.fact == fact.id:
            limits.update(_limits(limit, facts))
    points = sorted(limits)
    if points:
        between = {(low + high) / 2 for low, high in pairwise(points)}
        below = points[0] - 1 if fact.least is None else max(points[0] - 1, fact.least)
        above = points[-1] + 1 if fact.most is None else min(points[-1] + 1, fact.most)
        steps |= {*points, *between, below, above}
    for value in sorted(steps):
        low = fact.least is not None and value < fact.least
        high = fact.most is not None and value > fact.most
        if not low and not high:
            yield value


def _steps(scale: Scale, criterion: Criterion, facts: Facts) -> Iterator[Decimal]:
    """The numbers by which a scale's limit changes, as far as it matters."""
    yield from map(Decimal, scale.values)
    last = max(scale.values)
    yield Decimal(last + 1)
    known = facts.get(criterion.fact or "")
    if scale.each_further and known and isinstance(known.value, Decimal):
        further = (known.value - scale.values[last]) / scale.each_further
        if further > 0:
            turn = last + int(further.to_integral_value())
            yield from (Decimal(number) for number in range(max(turn - 1, last), turn + 3))


def _limits(scale: Scale, facts: Facts) -> Iterator[Decimal]:
    """The limits that a scale can come to; of those beyond its end the first two."""
    if scale.by in facts:
        limit = limit_of(scale, facts)
        if limit is not None:
            yield limit
        return
    yield from scale.values.values()
    if scale.each_further is not None:
        last = scale.values[max(scale.values)]
        yield from (last + scale.each_further, last + 2 * scale.each_further)


def _days(criteria: Sequence[Criterion]) -> Iterator[date]:
    asked = {one.test.day for one in criteria if isinstance(one.test, CompareDate)}
    around: set[date] = set()
    for day in asked:
        around.add(day)
        if day > date.min:
            around.add(day - timedelta(days=1))
        if day < date.max:
            around.add(day + timedelta(days=1))
    yield from sorted(around)


@lru_cache(maxsize=1024)
def _places(asked: tuple[frozenset[str], ...], around: str) -> tuple[str, ...]:
    """Places that are clearly inside or outside of what is asked, one of each sort."""
    sorts: dict[tuple[bool, ...], str] = {}
    for place in PLACES:
        if around and not lies_within(place, around):
            continue
        sort = [_inside(place, regions) for regions in asked]
        if None not in sort:
            sorts.setdefault(tuple(bool(inside) for inside in sort), place)
    return tuple(sorts.values())


def _inside(place: str, regions: frozenset[str]) -> bool | None:
    found = {lies_within(place, region) for region in regions}
    return True if True in found else None if None in found else False
