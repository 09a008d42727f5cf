"""The words that measures are described with, and how much each tells.

A word tells the more, the fewer measures it describes; the name of a policy describes all of its
measures, so it tells none of them from the others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.eligibility.measures import Measure
from index.lexical import content_words, simplified, singular

__all__ = ["MeasureWords", "words_of"]

# The words of a title count whole, those of what a measure gives by this share.
_IN_TEXT = 0.5


@dataclass(frozen=True)
class _Described:
    """The words of a measure's titles, of its other texts, and of its policy's names."""

    title: frozenset[str]
    text: frozenset[str]
    policy: frozenset[str]

    def all(self) -> frozenset[str]:
        return self.title | self.text | self.policy

    def holds(self, word: str, named: bool = False) -> float:
        """How far a word describes the measure, 0 to 1.

        Args:
            word: The word.
            named: Whether the policy's name tells nothing, since there is more than it to go by.
        """
        if word in self.title and not (named and word in self.policy):
            return 1.0
        return _IN_TEXT if word in self.text or word in self.policy else 0.0


class MeasureWords:
    """Measures by their words. Thread-safe.

    Args:
        measures: The measures, by id.
        names: The names of each policy, by its id.
    """

    def __init__(self, measures: Mapping[str, Measure], names: Mapping[str, Sequence[str]]) -> None:
        """Take all words apart."""
        self._described = {
            identity: _described(measure, names.get(measure.policy, ()))
            for identity, measure in measures.items()
        }
        self._weights = _weights(self._described.values())
        # A word that describes no measure tells as much as one that describes a single one.
        self._unknown = _weight(len(measures), 1)

    def share(self, identity: str, words: Collection[str]) -> float:
        """The share of a question's words that describe a measure, weighed by what they tell.

        A measure that is called as its policy is (`the green card`) is meant by that name alone,
        and not where it says what something else is of (`the spouse support of the green card`).

        Args:
            identity: The measure.
            words: The question's words, of `words_of`.
        """
        weights = {word: self._weights.get(word, self._unknown) for word in words}
        whole = sum(weights.values())
        described = self._described[identity]
        more = not described.policy.issuperset(words)
        held = sum(weight * described.holds(word, more) for word, weight in weights.items())
        return held / whole if whole else 0.0

    def one_of(self, words: Collection[str], among: Sequence[str]) -> str | None:
        """The one of a few measures that words tell from the others.

        Args:
            words: Of `words_of`.
            among: The measures that can be meant.

        Returns:
            The measure; `None` where no word tells, or most of them describe none.
        """
        described = {one: self._described[one] for one in among}
        weights = _weights(described.values())
        met = [word for word in words if word in weights]
        if 2 * len(met) < len(words):
            return None
        scores = {
            one: sum(weights[word] * words_of_one.holds(word) for word in met)
            for one, words_of_one in described.items()
        }
        best = max(scores.values(), default=0.0)
        first = [one for one, score in scores.items() if score == best]
        return first[0] if best and len(first) == 1 else None


def words_of(text: str) -> frozenset[str]:
    """The words of a text that name things, English ones in the singular."""
    return frozenset(map(singular, content_words(simplified(text))))


def _described(measure: Measure, names: Sequence[str]) -> _Described:
    texts = [measure.summary, measure.given, *(benefit.text for benefit in measure.benefits)]
    return _Described(
        title=words_of(" ".join(measure.title.values())),
        text=words_of(" ".join(words for text in texts for words in text.values())),
        policy=words_of(" ".join(names)),
    )


def _weights(described: Collection[_Described]) -> dict[str, float]:
    counts = Counter(word for one in described for word in one.all())
    return {word: _weight(len(described), count) for word, count in counts.items()}


def _weight(number: int, count: int) -> float:
    """Inverse document frequency, squared as in the product of two tf-idf vectors."""
    return math.log(1 + number / count) ** 2
