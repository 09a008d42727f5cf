"""What a person asks, and what was understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Lang = Literal["zh", "en"]
Intent = Literal["policy", "greeting", "thanks", "about", "abuse"]
Wants = Literal["list", "amount", "count", "date", "who", "where", "yes_no", "text"]


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
        intent: What the person wants.
        wants: The kind of thing asked for: `list`, `amount`, `count`, `date`, `who`, `where`,
            `yes_no`, or `text` where none of these is plain.
    """

    query: str
    lang: Lang
    intent: Intent = "policy"
    wants: Wants = "text"
