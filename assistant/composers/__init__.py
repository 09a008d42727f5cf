"""The seam between the pipeline and whatever writes an answer from evidence.

A composer gets numbered evidence and yields drafts, sentence by sentence. It proves nothing:
the verifier does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from assistant.answer import Notice, Status, Usage
from assistant.questions import Lang, Question, Understanding
from index.documents import Document
from index.passages import ScoredPassage
from index.search import SearchResult


@dataclass(frozen=True)
class Evidence:
    """A passage that was selected for an answer.

    Attributes:
        label: Its number in the evidence, from 1. Labels of the finished answer are given
            anew, in the order in which citations appear in the text.
        scored: The passage with its scores.
        document: The document it was cut from.
    """

    label: int
    scored: ScoredPassage
    document: Document


@dataclass(frozen=True)
class Support:
    """Where a draft sentence claims to stand.

    Attributes:
        label: The evidence it cites.
        start: Offset of the supporting words in the document's text; `None` where the composer
            does not know, and the verifier looks for the best sentence of the passage.
        end: Offset behind them.
    """

    label: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Draft:
    """One sentence, list item or introduction that a composer proposes.

    Attributes:
        text: The words, without citation marks.
        supports: What it rests on; empty only for a `lead`.
        form: `sentence` runs on in a paragraph, `item` is a list item, `lead` introduces what
            follows and stands on a line of its own, `answer` is a short answer that does so too,
            `row` is a row of a table, its cells after the first parted by ` | `.
        quoted: The words are the document's own, taken from `supports`; in an `answer` and a
            `row`, what stands between commas, colons and bars is.
        head: The first cell of a `row`: what it is about.
    """

    text: str
    supports: tuple[Support, ...] = ()
    form: Literal["sentence", "item", "lead", "answer", "row"] = "sentence"
    quoted: bool = False
    head: str = ""


@dataclass(frozen=True)
class Composed:
    """What a composer says last.

    Attributes:
        status: How far the evidence answered.
        usage: Tokens of the chat model.
        notices: What the reader must know about the composing.
    """

    status: Status
    usage: Usage = field(default_factory=Usage)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Brief:
    """What a composer is given.

    Attributes:
        question: The question as asked.
        understanding: What was understood of it.
        evidence: Numbered evidence, best first.
        search: The search that found it.
        unstated: Whether the amount, date or number asked for is known not to stand in the
            documents: what they say of the matter may be shown, no figure as the answer.
    """

    question: Question
    understanding: Understanding
    evidence: tuple[Evidence, ...]
    search: SearchResult
    unstated: bool = False


class Composer(Protocol):
    """Writes an answer from evidence. Raises `ChatModelError` where its model fails."""

    @property
    def name(self) -> Literal["quotes", "llm"]:
        """The composer's name in the answer."""

    @property
    def model(self) -> str | None:
        """The chat model's name, where one is used."""

    def prompt_digests(self, lang: Lang) -> Mapping[str, str]:
        """SHA-256 of each prompt file that an answer in this language is made with, by name."""

    def compose(self, brief: Brief) -> Iterator[Draft | Composed]:
        """Yield drafts as they become known, and one `Composed` last."""
