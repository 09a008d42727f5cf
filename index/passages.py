"""Passages: the pieces of documents that are searched and cited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences in one section of a document.

    `document.text[start:end] == passage.text`, always.

    Attributes:
        id: `document/lang#section` or `document/lang#section~n`; stable across rebuilds.
        document_id: The policy's id.
        lang: The language of the document it was cut from.
        section: The anchor of the section.
        heading_path: Headings from the document's title down to the section.
        text: The passage itself.
        start: Offset of its first character in the document's text.
        end: Offset behind its last character.
    """

    id: str
    document_id: str
    lang: str
    section: str
    heading_path: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class ScoredPassage:
    """A passage in a ranking.

    Attributes:
        passage: The passage.
        score: What the ranking is sorted by, higher is better.
        rank: Place in the ranking, from 1.
        components: The scores it was made of: `dense`, `lexical`, `fused`, `rerank`.
    """

    passage: Passage
    score: float
    rank: int
    components: Mapping[str, float] = field(default_factory=dict)
