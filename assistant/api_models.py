"""The HTTP API's JSON as pydantic models: what `/openapi.json` and `/docs` tell about it.

They describe the contract; `assistant.requests` reads what comes in and `Answer.to_dict` writes
what goes out. A test holds the three together.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import NoticeKind, Status, Validity
from assistant.questions import Lang
from assistant.trace import Trace


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Message(_Exact):
    """One earlier turn."""

    role: Literal["user", "assistant"]
    content: str


class Exchange(_Exact):
    """One earlier question with its answer."""

    question: str
    answer: str | None = None


class AskBody(BaseModel):
    """A question."""

    question: str = Field(description="What you want to know, in Chinese or English.")
    history: list[Message | Exchange | tuple[str, str] | str] | None = Field(
        None, description="Earlier turns, oldest first; a plain string is an earlier question."
    )
    lang: Lang | None = Field(None, description="Language of the answer; else the question's.")
    as_of: date | None = Field(None, description="Day for which validity is judged; else today.")
    facts: dict[str, Any] | None = Field(None, description="What is known about you, by fact name.")
    id: str | int | None = Field(None, description="Your own mark, handed back in the answer.")
    trace: bool = Field(False, description="Whether the answer is to tell how it came about.")


class SearchBody(BaseModel):
    """A search."""

    query: str = Field(description="A question or keywords.")
    k: int = Field(10, ge=1, le=100, description="How many passages to give back.")
    id: str | int | None = Field(None, description="Your own mark, handed back in the result.")
    explain: bool = Field(False, description="Whether to say how each passage got its place.")


class CitationModel(_Exact):
    """The words of a document that a sentence of the answer rests on."""

    label: int = Field(description="The number in the answer's text.")
    document_id: str
    title: str
    issuer: str | None
    issued_on: date | None
    section: str
    passage_id: str
    quote: str = Field(description="Exactly the document's text from `start` to `end`.")
    start: int
    end: int
    lang: str
    url: str | None
    validity: Validity


class NoticeModel(_Exact):
    """Something to know beside the answer."""

    kind: NoticeKind
    text: str


class AnswerTimings(_Exact):
    """Milliseconds by step."""

    understand: float
    retrieve: float
    rerank: float
    compose: float
    verify: float
    total: float


class UsageModel(_Exact):
    """Tokens of the chat model; zero where none was asked."""

    prompt_tokens: int
    completion_tokens: int


class AnswerModel(_Exact):
    """An answer."""

    id: str | None
    question: str
    query: str = Field(description="The question as it was understood to stand alone.")
    lang: Lang
    status: Status
    text: str = Field(description="Markdown with [n] marks, one for each label in `citations`.")
    citations: list[CitationModel]
    notices: list[NoticeModel]
    suggestions: list[str]
    composer: Literal["quotes", "llm"]
    model: str | None
    timings_ms: AnswerTimings
    usage: UsageModel
    eligibility: dict[str, Any] | None = Field(
        None,
        description="The verdict on a measure, as /api/v1/eligibility gives it; the key is there "
        "only where one was judged.",
    )
    trace: Trace | None = Field(
        None, description="How the answer came about; the key is there only where it was asked for."
    )


class ResultModel(BaseModel):
    """A passage that was found."""

    rank: int
    score: float
    passage_id: str
    document_id: str
    title: str
    section: str
    text: str
    start: int
    end: int
    lang: str


class SearchModel(_Exact):
    """What a search found, best first."""

    id: str | None
    query: str
    results: list[ResultModel]
    timings_ms: dict[str, float]


class ErrorDetail(_Exact):
    """What went wrong, and what to do about it."""

    message: str
    mend: str | None = None


class ErrorModel(_Exact):
    """An error."""

    error: ErrorDetail


class Health(_Exact):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(_Exact):
    """Whether the store can be searched."""

    ready: bool
    reason: str | None = None
    version: str | None = None
    documents: int | None = None
