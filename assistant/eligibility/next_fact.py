"""Which fact to ask for next: one that can change the verdict, and of those the one settling most.

Knows trees and facts; how the question is put is for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.eligibility.answers import needed_facts, possible_answers
from assistant.eligibility.facts import Fact, Facts, FactValue, KnownFact
from assistant.eligibility.kleene import (
    MET,
    NOT_MET,
    UNKNOWN,
    criteria_of,
    criterion_truth,
    residual,
)
from assistant.eligibility.measures import All, Criterion, Not, Tree

__all__ = ["next_fact"]

_MOST_TRIALS = 5_000


def next_fact(tree: Tree, facts: Facts, known: Mapping[str, Fact]) -> str | None:
    """The unknown fact to ask for.

    A fact can change the verdict where, with some of the other facts answered somehow, the
    verdict is unknown without it and known with it. Of those, the one is taken whose answers
    decide the verdict most often, its sorts of answers (`possible_answers`) weighing alike; then
    the one after which the fewest criteria are open; then the first of the catalogue. That is one
    step of the adaptive greedy rule for evaluating a Boolean function whose inputs must be asked
    for (Deshpande, Hellerstein and Kletenik, Approximation Algorithms for Stochastic Submodular
    Set Cover with Applications to Boolean Function Evaluation and Min-Knapsack, ACM Transactions
    on Algorithms 12(3), 2016), every question costing the same. Nothing is assumed of people.

    A fact that several criteria ask for has one answer for all of them. Where it takes more than
    `_MOST_TRIALS` trials to see whether such a fact matters, it is taken to.

    Args:
        tree: The criteria.
        facts: What is known.
        known: The facts that there are, in the order of their file.

    Returns:
        Its id; `None` where the verdict is known, or nothing that can be asked changes it.
    """
    truths = {one.id: criterion_truth(one, facts) for one in criteria_of(tree)}
    rest = residual(tree, truths)
    if rest is None:
        return None
    waiting = _waiting(rest, facts)
    ranked = []
    for order, name in enumerate(known):
        if name in waiting:
            ranked.append((*_worth(rest, known[name], waiting[name], facts), order, name))
    for open_share, _, _, name in sorted(ranked):
        if open_share < 1 or _matters(name, rest, facts, known):
            return name
    return None


def _waiting(rest: Tree, facts: Facts) -> dict[str, list[Criterion]]:
    """The open criteria by the facts that they wait for."""
    found: dict[str, list[Criterion]] = {}
    for one in criteria_of(rest):
        for name in needed_facts(one, facts):
            found.setdefault(name, []).append(one)
    return found


def _worth(rest: Tree, fact: Fact, asking: list[Criterion], facts: Facts) -> tuple[float, float]:
    """The share of answers that leave the verdict open, and the criteria left open on average."""
    answers = possible_answers(fact, asking, facts)
    undecided = left = 0
    for after, _ in _after(rest, fact, asking, answers, facts):
        if after is not None:
            undecided += 1
            left += len(criteria_of(after))
    if not answers:
        return 1.0, float(len(criteria_of(rest)))
    return undecided / len(answers), left / len(answers)


def _after(
    rest: Tree,
    fact: Fact,
    asking: list[Criterion],
    answers: tuple[FactValue, ...],
    facts: Facts,
) -> Iterator[tuple[Tree | None, Facts]]:
    """What is open after each answer, and what is known then."""
    truths = {one.id: UNKNOWN for one in criteria_of(rest)}
    for answer in answers:
        then = {**facts, fact.id: KnownFact(fact.id, answer)}
        told = {one.id: criterion_truth(one, then) for one in asking}
        yield residual(rest, truths | told), then


def _matters(name: str, rest: Tree, facts: Facts, known: Mapping[str, Fact]) -> bool:
    waiting = _waiting(rest, facts)
    truths = {one.id: _attainable(one, waiting, facts, known) for one in criteria_of(rest)}
    if not _wanted(rest, {MET, NOT_MET}, truths) & {one.id for one in waiting[name]}:
        return False
    once = all(len(asking) == 1 for asking in waiting.values())
    single = all(len(needed_facts(one, facts)) < 2 for one in criteria_of(rest))
    return (once and single) or _Search(name, known).settles(rest, facts, frozenset())


def _attainable(
    criterion: Criterion,
    waiting: Mapping[str, list[Criterion]],
    facts: Facts,
    known: Mapping[str, Fact],
) -> set[int]:
    """What a criterion can come to be; where two facts decide it, either is taken to."""
    needed = needed_facts(criterion, facts)
    if len(needed) != 1:
        return {MET, NOT_MET} if needed else set()
    fact = known[needed[0]]
    answers = possible_answers(fact, waiting[fact.id], facts)
    trials = ({**facts, fact.id: KnownFact(fact.id, answer)} for answer in answers)
    return {criterion_truth(criterion, trial) for trial in trials} - {UNKNOWN}


def _can(tree: Tree, truths: Mapping[str, set[int]]) -> set[int]:
    """What a tree can come to be, its criteria taken one by one."""
    if isinstance(tree, Criterion):
        return truths[tree.id]
    if isinstance(tree, Not):
        return {-truth for truth in _can(tree.part, truths)}
    parts = [_can(part, truths) for part in tree.parts]
    one = NOT_MET if isinstance(tree, All) else MET
    found = {one} if any(one in part for part in parts) else set()
    return found | ({-one} if all(-one in part for part in parts) else set())


def _wanted(tree: Tree, want: set[int], truths: Mapping[str, set[int]]) -> set[str]:
    """The criteria that can bring a tree to one of some truths, with the others' help."""
    if isinstance(tree, Criterion):
        return {tree.id} if want & truths[tree.id] else set()
    if isinstance(tree, Not):
        return _wanted(tree.part, {-truth for truth in want}, truths)
    one = NOT_MET if isinstance(tree, All) else MET
    unable = [part for part in tree.parts if -one not in _can(part, truths)]
    found: set[str] = set()
    for part in tree.parts:
        helped = all(other is part for other in unable)
        found |= _wanted(part, want & ({one, -one} if helped else {one}), truths)
    return found


@dataclass
class _Search:
    """Whether a fact settles a verdict with some of the other facts answered somehow."""

    name: str
    known: Mapping[str, Fact]
    trials: int = 0

    def settles(self, rest: Tree, facts: Facts, skipped: frozenset[str]) -> bool:
        """Try the fact; then answer or skip another one, and try again."""
        waiting = _waiting(rest, facts)
        if self.name not in waiting:
            return False
        self.trials += 1
        if self.trials > _MOST_TRIALS:
            return True
        if any(after is None for after, _ in self._after(self.name, rest, waiting, facts)):
            return True
        other = next((name for name in waiting if name not in {self.name, *skipped}), None)
        if other is None:
            return False
        answered = self._after(other, rest, waiting, facts)
        return any(
            after is not None and self.settles(after, then, skipped) for after, then in answered
        ) or self.settles(rest, facts, skipped | {other})

    def _after(
        self, name: str, rest: Tree, waiting: Mapping[str, list[Criterion]], facts: Facts
    ) -> Iterator[tuple[Tree | None, Facts]]:
        fact = self.known[name]
        answers = possible_answers(fact, waiting[name], facts)
        return _after(rest, fact, waiting[name], answers, facts)
