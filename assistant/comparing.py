"""Policies that a question names, and a search of its own for each where it sets them side by side.

One search for "how many measures do the Eight Measures and the Opinions each have" finds the one or
the other. Knows titles and rankings; what is made of the passages is for whoever composes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.places import known_places
from assistant.question_patterns import EACH
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
    r"全国|\b(?:nationwide|nationally|in China|national(?:ly)? and)\b", re.IGNORECASE
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

    def compared(self, understood: Understanding) -> Understanding:
        """A question that sets policies or places side by side, with the policies it names."""
        each = EACH.search(simplified(understood.query))
        beside = understood.task == "comparison" or each
        named = self.named(understood.query) if beside else []
        if len(named) < 2:
            # The nation and a province are spoken of by different policies.
            wide = each and _NATION.search(simplified(understood.query))
            if wide and understood.task == "answer" and anchors(understood.query):
                return replace(understood, task="comparison")
            return understood
        return replace(understood, task="comparison", policies=tuple(named[:_COMPARED]))

    def search_each(self, understood: Understanding, found: SearchResult, k: int) -> SearchResult:
        """The passages of the policies that are compared, by turns, from a search for each.

        Those of which the sample questions say that they do not answer are left out.
        The best passage of each is as good as that of the others, and what the sample questions
        say of a section is its share of what they say of its policy.

        Args:
            understood: The question.
            found: What a search by the question alone found.
            k: How many passages to return.
        """
        best = found.results[0].score if found.results else 0.0
        rankings = []
        each: dict[str, SearchResult] = {}
        sections: dict[tuple[str, str], float] = {}
        for policy in understood.policies:
            own = self._search_one(policy, understood)
            if unanswered_like(own):
                continue
            each[policy] = own
            ranking = [one for one in own.results if one.passage.document_id == policy]
            ahead = ranking[0].score - best if ranking else 0.0
            rankings.append([replace(one, score=one.score - ahead) for one in ranking])
            said = {at: score for at, score in own.compared.sections.items() if at[0] == policy}
            sections |= {at: score / sum(said.values()) for at, score in said.items()}
        longest = max(map(len, rankings), default=0)
        turns = [own[n] for n in range(longest) for own in rankings if n < len(own)]
        results = (replace(one, rank=n) for n, one in enumerate(turns[:k], start=1))
        ordered = dict(sorted(sections.items(), key=lambda pair: -pair[1]))
        compared = replace(found.compared, sections=ordered)
        return replace(found, results=tuple(results), compared=compared, each=each)

    def _search_one(self, policy: str, understood: Understanding) -> SearchResult:
        """A search for what one policy says, by its title and the question without the others."""
        titles = (self._titles.get((policy, lang)) for lang in (understood.lang, "zh", "en"))
        title = next(filter(None, titles))
        others = [
            name for other in understood.policies if other != policy for name in self._names[other]
        ]
        question = self._index.glossary.without(understood.query, others)
        return self._index.search(f"{title} {question}", _SEARCHED, lang=understood.lang)


def title_words(text: str) -> frozenset[str]:
    """The words by which titles are told apart: content words but places, in the singular.

    >>> sorted(title_words("Sichuan's Eight Measures"))
    ['eight', 'measure']
    """
    straight = simplified(text).replace("’", "'").replace("'s ", " ")
    for start, end in reversed(known_places(straight)):
        straight = f"{straight[:start]} {straight[end:]}"
    return frozenset(singular(word) for word in content_words(straight))
