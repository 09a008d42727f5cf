"""ConditionalQA's evidence: HTML elements of a page, and which of them an answer cites.

The set gives evidence as elements (`<p>…</p>`, `<li>…</li>`, headings and table rows) of the page.
An element is cited where a citation holds one of its words or more: a quoted sentence cites the
paragraph it stands in. Elements are found in the documents' text by their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from index.documents import Document
from index.text import fold

_ELEMENT = re.compile(r"<(h[1-6]|p|li|tr)>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"</?[a-z][^>]*>")
_WORD = re.compile(r"\w+")
_TITLE = "h1"


@dataclass(frozen=True)
class Element:
    """An element of a page; elements of one page with the same words count as one.

    Attributes:
        page: The document's id.
        words: Its text, without tags, with single blanks.
        start: Where it begins in the document's text.
        end: Where it ends.
    """

    page: str
    words: str
    start: int = field(compare=False)
    end: int = field(compare=False)


def words_of(html: str) -> str:
    """The text of an element, by which it is known: tags off, blanks single."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def elements(document: Document, sections: Mapping[str, str]) -> list[Element]:
    """The elements of a page, titles of sections left out, where they stand in its document.

    Args:
        document: The page as it was indexed.
        sections: Its HTML by heading, in order.
    """
    found = []
    at = 0
    for html in sections.values():
        for match in _ELEMENT.finditer(html):
            words = words_of(match[2])
            if match[1] == _TITLE or not words:
                continue
            pattern = r"\s+".join(map(re.escape, words.split()))
            place = re.compile(pattern).search(document.text, at)
            if place is not None:
                found.append(Element(document.id, words, place.start(), place.end()))
                at = place.end()
    return found


def cited(citations: Iterable[Mapping[str, Any]], known: Sequence[Element]) -> set[Element]:
    """The elements that an answer's citations touch."""
    found = set()
    for citation in citations:
        for element in known:
            if element.page == citation["document_id"]:
                start = max(element.start, citation["start"])
                end = min(element.end, citation["end"])
                if start < end:
                    found.add(element)
    return found


def set_f1(told: set[Element], gold: set[Element]) -> float:
    """`2 |T and G| / (|T| + |G|)`; 1 where both are empty."""
    total = len(told) + len(gold)
    return 2 * len(told & gold) / total if total else 1.0


def word_f1(told: Iterable[str], gold: Iterable[str]) -> float:
    """F1 of the words of two lists of texts, counted as often as they stand there.

    As answers are compared in P. Rajpurkar et al., "SQuAD" (EMNLP 2016), but articles count.
    """
    ours, theirs = (
        Counter(word for text in texts for word in _WORD.findall(fold(text)))
        for texts in (told, gold)
    )
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0
