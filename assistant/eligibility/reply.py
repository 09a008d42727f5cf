"""What a turn about eligibility says, before it becomes an answer; how its marks are numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.answer import Citation, Notice, Status
from assistant.eligibility.facts import Fact, Facts, KnownFact
from assistant.eligibility.turn_wording import MARKS, say
from assistant.eligibility.values import shown
from assistant.eligibility.wording import localized
from assistant.questions import Lang
from assistant.trace import JudgedTrace

__all__ = ["Case", "Marks", "Reply", "choices_of", "known_facts", "sign", "value_said"]

_CHOICES = 24


@dataclass(frozen=True)
class Reply:
    """A turn about eligibility.

    Attributes:
        text: Markdown; see `turn_wording` for its first and last line.
        status: As of an answer.
        citations: In the order of their labels.
        notices: On the documents that are cited.
        choices: Answers to its question, or questions, to be offered as buttons.
        eligibility: The verdict as the contract has it, where one measure was judged.
        query: The question that it answers, as it stands alone.
        asked: The fact that it asks for.
        judged: What became of each measure, and why.
    """

    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    notices: tuple[Notice, ...] = ()
    choices: tuple[str, ...] = ()
    eligibility: Mapping[str, Any] | None = None
    query: str = ""
    asked: str | None = None
    judged: tuple[JudgedTrace, ...] = ()


@dataclass(frozen=True)
class Case:
    """Whose eligibility is spoken of, and how.

    Attributes:
        facts: What is known of the person.
        lang: The language of the turn.
        declined: Facts that the person does not know, and is not asked for again.
        remark: Said before the question.
        as_of: The day for which validity is judged; `None` means today.
    """

    facts: Facts
    lang: Lang
    declined: frozenset[str] = frozenset()
    remark: str = ""
    as_of: date | None = None


class Marks:
    """Numbers citations in the order in which a text names them; the same words get one number."""

    def __init__(self) -> None:
        """Begin at 1."""
        self._known: dict[tuple[str, int, int], Citation] = {}

    def mark(self, citation: Mapping[str, Any]) -> str:
        """The mark of a citation as `Eligibility.judge` gives it."""
        key = (citation["passage_id"], citation["start"], citation["end"])
        if key not in self._known:
            self._known[key] = replace(Citation(**citation), label=len(self._known) + 1)
        return f"[{self._known[key].label}]"

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All that were marked."""
        return tuple(self._known.values())


def sign(criterion: Mapping[str, Any]) -> str:
    """✓ where a condition speaks for the person, also one that must not be met."""
    if criterion["negated"] and criterion["verdict"] != "unknown":
        return MARKS["not_met" if criterion["verdict"] == "met" else "met"]
    return MARKS[criterion["verdict"]]


def value_said(known: KnownFact, fact: Fact, lang: Lang) -> str:
    """The value of a fact, with the words that it was read from, in brackets."""
    value = shown(known.value, fact, lang)
    words = known.words.strip()
    if not words or words.casefold() == value.casefold():
        return say("value", lang, value=value)
    return say("value_said", lang, value=value, words=words)


def choices_of(
    question: Mapping[str, Any], wanted: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The answers to a question as replies; of many, those that a measure asks for come first."""
    offered = question["choices"] or []
    first = [one["label"] for one in offered if one["value"] in wanted]
    others = [one["label"] for one in offered if one["value"] not in wanted]
    return tuple((first + others)[:_CHOICES])


def known_facts(facts: Mapping[str, KnownFact], known: Mapping[str, Fact], lang: Lang) -> str:
    """What is known of somebody, in a line."""
    parts = [
        say(
            "fact",
            lang,
            label=localized(known[name].label, lang),
            value=shown(one.value, known[name], lang),
        )
        for name, one in facts.items()
    ]
    return say("known", lang, facts=("；" if lang == "zh" else "; ").join(parts))
