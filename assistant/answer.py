"""The answer: its statuses, citations, notices and JSON form (the contract of the product)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assistant.questions import Lang
from assistant.trace import Trace

Status = Literal["answered", "partial", "unanswerable", "clarify", "off_topic", "refused"]
Validity = Literal["in_force", "lapsed", "unknown"]
NoticeKind = Literal["validity", "translation", "conflict", "composer"]
STEPS = ("understand", "retrieve", "rerank", "compose", "verify", "total")


@dataclass(frozen=True)
class Citation:
    """The words of a document that a sentence of the answer rests on.

    `quote` is exactly `document.text[start:end]`; `label` is the number in the answer's text.
    """

    label: int
    document_id: str
    title: str
    issuer: str | None
    issued_on: str | None
    section: str
    passage_id: str
    quote: str
    start: int
    end: int
    lang: str
    url: str | None = None
    validity: Validity = "unknown"


@dataclass(frozen=True)
class Notice:
    """Something the reader must know beside the answer, in the language of the answer."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True)
class Usage:
    """Tokens that a chat model read and wrote; zero where none was asked."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True)
class Answer:
    """What a person gets back.

    Attributes:
        question: The question as asked.
        query: The question as it was understood to stand alone.
        lang: The language of the answer.
        status: Whether, and how far, the corpus answered.
        text: Markdown with `[n]` marks; the marks and `citations` are the same set.
        citations: In the order of their labels.
        notices: What the reader must know beside the answer.
        suggestions: Questions that the corpus answers.
        composer: Which composer wrote the text.
        model: The chat model, where one was used.
        timings_ms: Milliseconds by step; see `STEPS`.
        usage: Tokens of the chat model.
        id: The caller's mark on the question.
        trace: How it came about, where that was asked for.
        eligibility: The verdict on a measure as the contract has it, where one was judged.
    """

    question: str
    query: str
    lang: Lang
    status: Status
    text: str
    citations: tuple[Citation, ...] = ()
    notices: tuple[Notice, ...] = ()
    suggestions: tuple[str, ...] = ()
    composer: Literal["quotes", "llm"] = "quotes"
    model: str | None = None
    timings_ms: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    usage: Usage = field(default_factory=Usage)
    id: str | None = None
    trace: Trace | None = None
    eligibility: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as the JSON object of the contract (CLI, HTTP and records alike).

        It has the key `trace` only where a trace was asked for, and `eligibility` only where a
        measure was judged.
        """
        data = asdict(replace(self, trace=None))
        del data["trace"]
        if self.eligibility is None:
            del data["eligibility"]
        data = {"id": data.pop("id"), **data}
        lists = {key: list(value) for key, value in data.items() if isinstance(value, tuple)}
        traced = {"trace": self.trace.to_dict()} if self.trace else {}
        return data | lists | traced
