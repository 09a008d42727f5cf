"""Cited words of two policies that state different figures of the same thing.

Two figures are held against each other where they count the same, and what is said around them is
nearly the same: the same places, the same years, most of the same words. Anything less is two
policies that speak of different things, which is no conflict. Knows only what was cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.answer import Citation, Notice
from assistant.figures import Figure, figures
from assistant.questions import Lang, Script
from assistant.subjects import anchors, subject_words
from assistant.texts import say
from index.lexical import singular
from index.sentences import sentence_spans

__all__ = ["conflicts"]

# Least share of the words of both sentences that they have in common, and how many these are.
_ALIKE = 0.6
_SHARED_LEAST = 3
_MOST = 2


@dataclass(frozen=True)
class _Statement:
    """A sentence with figures.

    Attributes:
        text: Its words.
        figures: What it counts.
        words: What it speaks of, figures left out.
        names: The places, titles and years that it names.
    """

    text: str
    figures: tuple[Figure, ...]
    words: frozenset[str]
    names: frozenset[str]


def conflicts(
    citations: Sequence[Citation], lang: Lang, script: Script | None = None
) -> list[Notice]:
    """Notices on cited policies that disagree, both quoted; at most two.

    Args:
        citations: What the answer rests on.
        lang: The language of the answer.
        script: The Chinese characters that the person writes; what is quoted stays as it is.
    """
    found = []
    for one, other in combinations(citations, 2):
        if one.document_id == other.document_id or one.lang != other.lang:
            continue
        for said, against in _opposed(one.quote, other.quote):
            text = say(
                "conflict",
                lang,
                script,
                title=one.title,
                said=said,
                other_title=other.title,
                other_said=against,
            )
            found.append(Notice("conflict", text))
    return list(dict.fromkeys(found))[:_MOST]


def _opposed(quote: str, other: str) -> Iterator[tuple[str, str]]:
    for one in _statements(quote):
        for against in _statements(other):
            if _is_of_the_same(one, against) and _differ(one.figures, against.figures):
                yield one.text, against.text


def _statements(quote: str) -> Iterator[_Statement]:
    for span in sentence_spans(quote):
        text = quote[slice(*span)].strip()
        counted = tuple(f for f in figures(text) if f.kind == "quantity" and f.unit)
        if counted:
            bare = "".join(" " if _in_figure(i, counted) else c for i, c in enumerate(text))
            words = frozenset(singular(word) for word in subject_words(bare))
            yield _Statement(text, counted, words, frozenset(anchors(text)))


def _in_figure(at: int, counted: Sequence[Figure]) -> bool:
    return any(figure.start <= at < figure.end for figure in counted)


def _is_of_the_same(one: _Statement, other: _Statement) -> bool:
    shared = one.words & other.words
    return (
        one.names == other.names
        and len(shared) >= _SHARED_LEAST
        and len(shared) >= _ALIKE * len(one.words | other.words)
    )


def _differ(ours: Sequence[Figure], theirs: Sequence[Figure]) -> bool:
    """Whether both count the same and none of the counts is the same."""
    for unit in {figure.unit for figure in ours} & {figure.unit for figure in theirs}:
        mine = {figure.value for figure in ours if figure.unit == unit}
        if not mine & {figure.value for figure in theirs if figure.unit == unit}:
            return True
    return False
