"""Policies that a question names, and a search of its own for each where it sets them side by side.

One search for "how many measures do the Eight Measures and the Opinions each have" finds the one or
the other. Knows titles and rankings; what is made of the passages is for whoever composes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.places import in_language, is_wide, known_places
from assistant.question_patterns import COMPOUND, EACH
from assistant.questions import Understanding
from assistant.selection import unanswered_like
from assistant.subjects import anchors
from index.documents import Document
from index.lexical import content_words, simplified, singular
from index.search import Index, SearchResult

__all__ = ["Policies", "title_words"]

# A single word of a title ("training") does not name the policy.
_WORDS = 2
_SEARCHED = 50
_COMPARED = 4
_NATION = re.compile(
    r"全国|\b(?:nationwide|nationally|in China|(?:whole|all|rest) of China|the whole country)\b",
    re.IGNORECASE,
)


class Policies:
    """The policies of one index, by the words of their titles. Immutable."""

    def __init__(self, index: Index, documents: Sequence[Document]) -> None:
        """Take an index and its documents."""
        self._index = index
        self._titles = {document.key: document.title for document in documents}
        words: dict[str, set[str]] = {}
        for document in documents:
            words.setdefault(document.id, set()).update(title_words(document.title))
        self._words = {
            policy: {word for word in own if sum(word in other for other in words.values()) == 1}
            for policy, own in words.items()
        }
        self._places: dict[str, set[str]] = {}
        for document in documents:
            self._places.setdefault(document.id, set()).update(_place_names(document.title))
        names: dict[str, set[str]] = {}
        for document in documents:
            names.setdefault(document.id, set()).update(index.glossary.all_names(document.title))
        self._names = {
            policy: [name for name in own if sum(name in other for other in names.values()) == 1]
            for policy, own in names.items()
        }

    def named(self, query: str) -> list[str]:
        """Ids of the policies that a question names, in any of the glossary's names for them.

        Two words of a title have to be met that no other policy's has.
        """
        said = title_words(" ".join((query, *self._index.glossary.translations(query))))
        return [policy for policy, own in self._words.items() if len(own & said) >= _WORDS]

    def _of_place(self, query: str) -> list[str]:
        """Ids of the policies that a question tells by a place that no other's title has."""
        said = _place_names(query)
        return [
            policy
            for policy, own in self._places.items()
            if own & said
            and not any(own & other for p, other in self._places.items() if p != policy)
        ]

    def compared(self, understood: Understanding) -> Understanding:
        """A question that sets policies or places side by side, with the policies it names."""
        said = simplified(understood.query)
        several = bool(EACH.search(said) or COMPOUND.search(said))
        if understood.task != "comparison" and not (several and understood.task == "answer"):
            return understood
        named = list(dict.fromkeys((*self.named(understood.query), *self._of_place(said))))
        if len(named) > 1:
            return replace(understood, task="comparison", policies=tuple(named[:_COMPARED]))
        # The nation and a province are spoken of by different policies.
        if several and _NATION.search(said) and anchors(understood.query):
            return replace(understood, task="comparison")
        return understood

    def search_each(self, understood: Understanding, found: SearchResult, k: int) -> SearchResult:
        """The passages on all that is compared, by turns, from a search for each.

        What is compared are the policies that a question names, else the places. Those of which
        the sample questions say that they do not answer are left out.
        The best passage of each is as good as that of the others, and what the sample questions
        say of a section is its share of what they say of all that were searched with it.

        Args:
            understood: The question.
            found: What a search by the question alone found.
            k: How many passages to return.
        """
        best = found.results[0].score if found.results else 0.0
        rankings = []
        each: dict[str, SearchResult] = {}
        sections: dict[tuple[str, str], float] = {}
        for policy, own in self._searches(understood):
            if unanswered_like(own):
                continue
            if policy:
                each[policy] = own
            ids = {policy} if policy else set(self._words)
            ranking = [one for one in own.results if one.passage.document_id in ids]
            ahead = ranking[0].score - best if ranking else 0.0
            rankings.append([replace(one, score=one.score - ahead) for one in ranking])
            said = {at: score for at, score in own.compared.sections.items() if at[0] in ids}
            for at, score in said.items():
                sections[at] = max(sections.get(at, 0.0), score / sum(said.values()))
        if not rankings:
            return replace(found, results=()) if understood.policies else found
        longest = max(map(len, rankings))
        turns = [own[n] for n in range(longest) for own in rankings if n < len(own)]
        firsts = {one.passage.id: one for one in reversed(turns)}
        kept = [one for one in turns if firsts[one.passage.id] is one]
        results = (replace(one, rank=n) for n, one in enumerate(kept[:k], start=1))
        ordered = dict(sorted(sections.items(), key=lambda pair: -pair[1]))
        compared = replace(found.compared, sections=ordered)
        return replace(found, results=tuple(results), compared=compared, each=each)

    def _searches(self, understood: Understanding) -> Iterator[tuple[str, SearchResult]]:
        """A search for each policy that is compared, with its id, else for each place."""
        for policy in understood.policies:
            yield policy, self._search_one(policy, understood)
        if understood.policies or understood.task != "comparison":
            return
        query = understood.query
        places = {query[slice(*span)] for span in known_places(query)}
        cities = sorted(place for place in places if not is_wide(place))
        for place in cities if len(cities) > 1 else ():
            alone = self._index.glossary.without(query, [c for c in cities if c != place])
            yield "", self._index.search(alone, _SEARCHED, lang=understood.lang)

    def _search_one(self, policy: str, understood: Understanding) -> SearchResult:
        """A search for what one policy says, by its title and the question without the others."""
        titles = (self._titles.get((policy, lang)) for lang in (understood.lang, "zh", "en"))
        title = next(filter(None, titles))
        others = [
            name for other in understood.policies if other != policy for name in self._names[other]
        ]
        question = self._index.glossary.without(understood.query, others)
        return self._index.search(f"{title} {question}", _SEARCHED, lang=understood.lang)


def _place_names(text: str) -> set[str]:
    """The places of the gazetteer that a text names, in Chinese."""
    return {in_language(text[slice(*span)], "zh").removesuffix("省") for span in known_places(text)}


def title_words(text: str) -> frozenset[str]:
    """The words by which titles are told apart: content words but places, in the singular.

    >>> sorted(title_words("Sichuan's Eight Measures"))
    ['eight', 'measure']
    """
    straight = simplified(text).replace("’", "'").replace("'s ", " ")
    for start, end in reversed(known_places(straight)):
        straight = f"{straight[:start]} {straight[end:]}"
    return frozenset(singular(word) for word in content_words(straight))
