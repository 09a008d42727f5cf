"""What a person asks, and what was understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Lang = Literal["zh", "en"]
Script = Literal["hans", "hant"]
Intent = Literal[
    "policy", "greeting", "thanks", "about", "complaint", "person", "off_topic", "abuse"
]
Task = Literal["answer", "eligibility", "measures", "comparison"]
Wants = Literal[
    "list", "amount", "count", "share", "date", "deadline", "duration", "who", "person",
    "phone", "where", "yes_no", "definition", "procedure", "text",
]  # fmt: skip

# The plainer kind that each of the narrower ones is one of.
BROADER: Mapping[Wants, Wants] = {
    "share": "count",
    "deadline": "date",
    "duration": "date",
    "person": "who",
    "phone": "count",
    "definition": "text",
    "procedure": "text",
}


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Question:
    """A question as it was asked.

    Attributes:
        text: The words of the person.
        history: Earlier turns, oldest first.
        lang: The language the answer must have; `None` leaves it to the question.
        as_of: The day for which validity is judged; `None` means today.
        facts: What is known about the person, by fact name.
        id: The caller's own mark, handed back in the answer.
        trace: Whether the answer is to tell how it came about.
    """

    text: str
    history: tuple[Turn, ...] = ()
    lang: Lang | None = None
    as_of: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    trace: bool = False


@dataclass(frozen=True)
class Understanding:
    """What was understood of a question.

    Attributes:
        query: The question as it stands alone, with what the history adds.
        lang: The language of the answer.
        intent: What the message is; every intent but `policy` is met with a fixed reply.
        wants: The kind of thing asked for, `text` where none is plain; `BROADER` says which kinds
            are sorts of others.
        script: The Chinese characters that the person writes; `None` where they do not tell.
        task: What is to be done with a policy question: `answer` it, judge `eligibility`, name
            `measures`, draw a `comparison`.
        readings: All ways to read the question, the best guess (`query`) first.
        policies: Ids of the policies that it names and sets side by side.
    """

    query: str
    lang: Lang
    intent: Intent = "policy"
    wants: Wants = "text"
    script: Script | None = None
    task: Task = "answer"
    readings: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
