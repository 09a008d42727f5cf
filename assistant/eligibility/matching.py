"""Which measure a question means: by the sections that the search found, and by its words.

Knows measures, passages and words; whether the question is about eligibility is for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from assistant.eligibility.grounds import grounds_of
from assistant.eligibility.measure_words import MeasureWords, words_of
from assistant.eligibility.measures import Measure
from assistant.eligibility.wording import localized
from assistant.places import known_places
from assistant.subjects import subject_words
from index.lexical import simplified, singular, traditional
from index.passages import ScoredPassage
from index.text import fold

__all__ = ["Matching", "without"]

# A section that a measure merely rests on tells less of it than the one it stands in.
_ELSEWHERE = 0.5
# Below these nothing was meant; within this share of the best, several may have been.
_LEAST = 0.35
_LEAST_FOUND = 0.1
_RIVAL = 0.9
_MOST = 5
_FILLING = frozenset({"one", "thing", "measure", "mean", "meant", "那个", "这个", "措施", "一项"})
_MARKS = re.compile(r"[\s“”\"'‘’「」《》：:,，、()（）-]+")


class Matching:
    """Finds the measures that a question means. Thread-safe.

    Args:
        measures: Those that answer, by id.
        names: The names of each policy, by its id; they tell none of its measures from the others.
    """

    def __init__(
        self, measures: Mapping[str, Measure], names: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Take the measures; their words are counted when they are first needed."""
        self._measures = measures
        self._names = names or {}
        self._titles = {
            _plain(title): identity
            for identity, measure in measures.items()
            for title in measure.title.values()
        }

    def titled(self, title: str) -> str | None:
        """The measure of this title, in either language."""
        found = self._titles.get(_plain(title))
        if found is None and simplified(title) != title:
            return self._traditional.get(fold(title))
        return found

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
        words = {singular(word) for word in subject_words(without(query, said))}
        scores = {}
        for identity, measure in self._measures.items():
            found = self._found(measure, results)
            if found >= _LEAST_FOUND:
                shared = self._words.share(identity, words) if by_words else 0.0
                scores[identity] = found + shared
        order = sorted(scores, key=lambda identity: -scores[identity])
        best = scores[order[0]] if order else 0.0
        if best < _LEAST:
            return []
        return [one for one in order[:_MOST] if scores[one] >= _RIVAL * best]

    def like(self, text: str, among: Sequence[str] = ()) -> str | None:
        """The one of several measures that a part of its title tells from the others.

        Args:
            text: A word or two: `the spouse one`, `配偶那个`.
            among: The measures that can be meant; all where none are given.

        Returns:
            The measure; `None` where no word tells it from the others, or most tell nothing.
        """
        return self._words.one_of(words_of(text) - _FILLING, among or list(self._measures))

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

    @cached_property
    def _traditional(self) -> dict[str, str]:
        """Measures by their titles in Traditional characters, as we write them."""
        return {
            fold(traditional(localized(measure.title, "zh"))): identity
            for identity, measure in self._measures.items()
        }

    @cached_property
    def _words(self) -> MeasureWords:
        return MeasureWords(self._measures, self._names)


def without(text: str, said: Iterable[str]) -> str:
    """A text less some of its words, and less the places that it names."""
    text = simplified(text)
    told = {simplified(part) for one in said for part in one.split("; ")}
    for words in sorted(told, key=len, reverse=True):
        text = text.replace(words, " ") if words else text
    for start, end in reversed(known_places(text)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _plain(text: str) -> str:
    return _MARKS.sub("", fold(simplified(text)))
