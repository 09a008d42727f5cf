"""Whether a tree of criteria can be met, and whether it can fail to be.

Tries the sorts of answers that its criteria tell apart, a fact at a time, and looks no further
where the tree is decided. What a document leaves undefined may come out either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.eligibility.answers import needed_facts, possible_answers
from assistant.eligibility.facts import Fact, Facts, KnownFact
from assistant.eligibility.kleene import (
    MET,
    NOT_MET,
    UNKNOWN,
    criteria_of,
    criterion_truth,
    residual,
    tree_truth,
)
from assistant.eligibility.measures import Tree
from assistant.errors import AssistantError

__all__ = ["MOST_TRIALS", "TooManyAnswersError", "can_be"]

MOST_TRIALS = 20_000


class TooManyAnswersError(AssistantError):
    """It takes more than `MOST_TRIALS` trials to tell."""


def can_be(tree: Tree, met: bool, known: Mapping[str, Fact]) -> bool:
    """Whether some answers make a tree met, or not met.

    Args:
        tree: The tree.
        met: What is looked for.
        known: The facts that there are.

    Raises:
        TooManyAnswersError: It cannot be told in reasonable time.
    """
    return _Search(MET if met else NOT_MET, known).finds(tree, {})


@dataclass
class _Search:
    wanted: int
    known: Mapping[str, Fact]
    trials: int = 0

    def finds(self, tree: Tree, facts: Facts) -> bool:
        self.trials += 1
        if self.trials > MOST_TRIALS:
            raise TooManyAnswersError
        criteria = criteria_of(tree)
        truths = {one.id: criterion_truth(one, facts) for one in criteria}
        truth = tree_truth(tree, truths)
        rest = residual(tree, truths)
        if rest is None:
            return truth == self.wanted
        waiting = [(one, needed_facts(one, facts)) for one in criteria_of(rest)]
        asked = next((needed[0] for _, needed in waiting if needed), None)
        if asked is None:
            return self._undefined(rest)
        asking = [one for one, needed in waiting if asked in needed]
        answers = possible_answers(self.known[asked], asking, facts)
        return any(
            self.finds(rest, {**facts, asked: KnownFact(asked, answer)}) for answer in answers
        )

    def _undefined(self, rest: Tree) -> bool:
        """Only what nobody defines is left: each may be so or not."""
        names = list(dict.fromkeys(one.id for one in criteria_of(rest)))
        return self._either(rest, names, dict.fromkeys(names, UNKNOWN))

    def _either(self, rest: Tree, names: list[str], truths: dict[str, int]) -> bool:
        self.trials += 1
        if self.trials > MOST_TRIALS:
            raise TooManyAnswersError
        truth = tree_truth(rest, truths)
        if truth != UNKNOWN:
            return truth == self.wanted
        first, *others = names
        return any(self._either(rest, others, {**truths, first: one}) for one in (MET, NOT_MET))
