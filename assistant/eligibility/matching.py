"""Which measure a question means: by the sections that the search found, and by its words.

Knows measures, passages and words; whether the question is about eligibility is for others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from assistant.eligibility.grounds import grounds_of
from assistant.eligibility.measures import Measure
from assistant.eligibility.wording import localized
from assistant.places import known_places
from assistant.questions import Lang
from assistant.subjects import subject_words
from index.lexical import content_words, simplified
from index.passages import ScoredPassage
from index.text import fold

__all__ = ["Matching", "without"]

# A section that a measure merely rests on tells less of it than the one it stands in.
_ELSEWHERE = 0.5
# The words of a title count whole, those of what a measure gives by this share.
_IN_TEXT = 0.5
# Below these nothing was meant; within this share of the best, several may have been.
_LEAST = 0.35
_LEAST_FOUND = 0.1
_RIVAL = 0.9
_MOST = 5
_MARKS = re.compile(r"[\s“”\"'‘’「」《》：:,，、()（）-]+")


class Matching:
    """Finds the measures that a question means. Thread-safe.

    Args:
        measures: Those that answer, by id.
    """

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        """Take the measures; their words are counted when they are first needed."""
        self._measures = measures
        self._titles = {
            _plain(title): identity
            for identity, measure in measures.items()
            for title in measure.title.values()
        }

    def titled(self, title: str) -> str | None:
        """The measure of this title, in either language."""
        return self._titles.get(_plain(title))

    def named(self, text: str) -> str | None:
        """The measure whose whole title stands between quotation marks in a text."""
        quoted = re.findall(r"“(.+)”|\"(.+)\"|「(.+)」", text)
        found = [self.titled(one) for groups in quoted for one in groups if one]
        return next((one for one in found if one), None)

    def meant(
        self,
        query: str,
        results: Sequence[ScoredPassage],
        said: Sequence[str] = (),
        *,
        by_words: bool = True,
    ) -> list[str]:
        """The measures that a question means, likeliest first; several where it leaves that open.

        A measure scores the relevance of the best passage that was found of its section, and the
        share of the question's words that it is described with, rare words weighing more.

        Args:
            query: The question in the person's words.
            results: What the search found, with the component `relevance`.
            said: Words of it that tell of the person, and not of the measure.
            by_words: Whether its words count, beside the sections that were found.
        """
        named = self.named(query)
        if named:
            return [named]
        words = set(subject_words(without(query, said)))
        scores = {}
        for identity, measure in self._measures.items():
            found = self._found(measure, results)
            if found >= _LEAST_FOUND:
                shared = self._shared(identity, words) if by_words else 0.0
                scores[identity] = found + shared
        order = sorted(scores, key=lambda identity: -scores[identity])
        best = scores[order[0]] if order else 0.0
        if best < _LEAST:
            return []
        return [one for one in order[:_MOST] if scores[one] >= _RIVAL * best]

    def _found(self, measure: Measure, results: Sequence[ScoredPassage]) -> float:
        resting = {ground.section for ground in grounds_of(measure)}
        best = 0.0
        for scored in results:
            passage, relevance = scored.passage, scored.components["relevance"]
            if passage.document_id != measure.policy:
                continue
            if passage.section == measure.section:
                best = max(best, relevance)
            elif passage.section in resting:
                best = max(best, _ELSEWHERE * relevance)
        return best

    def _shared(self, identity: str, words: set[str]) -> float:
        """The share of the question's words that describe a measure, weighed by rarity."""
        weights = {word: self._rarity.get(word, self._rarest) for word in words}
        whole = sum(weights.values())
        if not whole:
            return 0.0
        title, text = self._words[identity]
        held = sum(
            weight * (1.0 if word in title else _IN_TEXT if word in text else 0.0)
            for word, weight in weights.items()
        )
        return held / whole

    @cached_property
    def _words(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """The words of each measure's titles, and those of its other texts."""
        found = {}
        for identity, measure in self._measures.items():
            titles, texts = [], []
            for lang in ("zh", "en"):
                one: Lang = "zh" if lang == "zh" else "en"
                titles.append(localized(measure.title, one))
                texts += [localized(text, one) for text in (measure.summary, measure.given)]
                texts += [localized(benefit.text, one) for benefit in measure.benefits]
            found[identity] = (
                frozenset(content_words(simplified(" ".join(titles)))),
                frozenset(content_words(simplified(" ".join(texts)))),
            )
        return found

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """Of each word that describes a measure: how few measures it describes."""
        counts = Counter(word for title, text in self._words.values() for word in title | text)
        return {word: math.log(1 + len(self._words) / count) for word, count in counts.items()}

    @property
    def _rarest(self) -> float:
        """The weight of a word that describes no measure."""
        return math.log(1 + 2 * len(self._words))


def without(text: str, said: Iterable[str]) -> str:
    """A text less some of its words, and less the places that it names."""
    for words in sorted({part for one in said for part in one.split("; ")}, key=len)[::-1]:
        text = text.replace(words, " ") if words else text
    for start, end in reversed(known_places(text)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _plain(text: str) -> str:
    return _MARKS.sub("", fold(simplified(text)))
