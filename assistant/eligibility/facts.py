"""Facts: what can be known of a person or enterprise, and what is known.

Knows names, kinds and values of facts; knows nothing of measures or of how a fact was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.questions import Lang

FactKind = Literal["yes_no", "choice", "number", "date", "place"]
Take = Literal["last", "first", "sum", "least", "greatest", "count"]
Origin = Literal["form", "api", "conversation", "model"]
"""`conversation`: read from a person's words by rules; `model`: by a chat model."""

Localized = Mapping[Lang, str]
"""A text in each language, by `zh` and `en`; an example catalogue may have one of them only."""

FactValue = bool | frozenset[str] | Decimal | date | str
"""By kind: yes_no `bool`, choice the ids that hold, number `Decimal` in the fact's unit, date
`date`, place the Chinese name of the gazetteer (`遂宁`)."""


@dataclass(frozen=True)
class Said:
    """How people say that a fact has a value, for reading facts out of text without a model.

    Attributes:
        patterns: Regular expressions by language, searched without regard to case; where a
            number or date is read, what the group `value` holds, else the whole match.
        value: What is known where one matches: a yes-or-no, or a choice's id; `None` where the
            value is read from the match.
    """

    patterns: Mapping[Lang, tuple[str, ...]]
    value: bool | str | None = None


@dataclass(frozen=True)
class Choice:
    """One of the values that a `choice` fact can have."""

    id: str
    label: Localized


@dataclass(frozen=True)
class Fact:
    """One thing that can be known, shared by all measures that ask for it.

    Attributes:
        id: Its name in files and JSON, such as `spouse_without_work`.
        kind: What sort of value it has.
        label: A few words for forms and verdicts.
        question: What a person is asked.
        choices: Of a `choice` fact, in the order shown.
        many: Whether several choices can hold at once.
        unit: Of a `number` fact, a unit of `assistant.figures` (`year`, `person`, `CNY`).
        least: Least number that makes sense.
        most: Greatest number that makes sense.
        said: How people say it.
        take: Which of several values read from one text counts.
    """

    id: str
    kind: FactKind
    label: Localized
    question: Localized
    choices: tuple[Choice, ...] = ()
    many: bool = False
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    said: tuple[Said, ...] = ()
    take: Take = "last"


@dataclass(frozen=True)
class KnownFact:
    """A fact that is known.

    Attributes:
        fact: The fact's id.
        value: Its value.
        words: The words that it was read from; empty where a form or caller gave the value.
        origin: Where it came from.
    """

    fact: str
    value: FactValue
    words: str = ""
    origin: Origin = "api"


Facts = Mapping[str, KnownFact]
"""Known facts by id; what is not here is unknown."""
