"""A tree of criteria as a list to be read: what is a condition, an exclusion, an alternative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from assistant.eligibility.measures import All, Any, Criterion, Not, Tree
from assistant.eligibility.wording import localized, say
from assistant.questions import Lang


@dataclass(frozen=True)
class Leaf:
    """A criterion with its part in the tree.

    Attributes:
        criterion: The criterion.
        negated: Whether being met speaks against the verdict: it stands under an odd number of
            `not`.
        group: The number, from 1, of the nearest alternatives that it belongs to: an `any`, or an
            `all` that is negated; `None` where there are none.
        alternative: Which of them it belongs to, from 1.
    """

    criterion: Criterion
    negated: bool = False
    group: int | None = None
    alternative: int | None = None

    def text(self, lang: Lang) -> str:
        """The condition as it has to be read."""
        words = localized(self.criterion.text, lang)
        return say("not", lang, text=words) if self.negated else words


def outline(tree: Tree) -> list[Leaf]:
    """The criteria of a tree, in order, each with its part in it."""
    numbers = count(1)

    def walk(
        part: Tree, negated: bool, group: int | None, alternative: int | None
    ) -> Iterator[Leaf]:
        match part:
            case Criterion():
                yield Leaf(part, negated, group, alternative)
            case Not(inner):
                yield from walk(inner, not negated, group, alternative)
            case All(parts) | Any(parts):
                if isinstance(part, Any) != negated and len(parts) > 1:
                    group = next(numbers)
                    for own, one in enumerate(parts, start=1):
                        yield from walk(one, negated, group, own)
                else:
                    for one in parts:
                        yield from walk(one, negated, group, alternative)

    return list(walk(tree, False, None, None))
