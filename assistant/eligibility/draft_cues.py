"""What a document's own words betray of measures: what is given, and on what condition.

Reads structure (sections, numbered lists) and cues of both languages, without a model. It proposes
what a person has to check: it takes some sentences for a benefit that are none, and overlooks
conditions that are put in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from assistant.eligibility.draft_patterns import (
    ANY_OF,
    CONDITIONS,
    DEMANDING,
    FOR,
    GIVES,
    GIVES_PLAINLY,
    LEADS_TO_CONDITIONS,
    NO_GIFT,
    NUMBERED,
    REFERS_TO_LIST,
    WORDS_MIN,
)
from assistant.eligibility.measures import Audience, Comparison
from assistant.eligibility.quantities import UNITS
from assistant.figures import figures
from assistant.questions import Lang
from index.documents import Document
from index.structure import Section, block_units, sections


@dataclass(frozen=True)
class Condition:
    """A condition in the document's words.

    Attributes:
        quote: The words.
        section: The anchor of the section that holds them.
        how: How a number in them is bounded, where one is.
        limit: That number.
        unit: Its unit.
    """

    quote: str
    section: str = ""
    how: Comparison | None = None
    limit: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Proposal:
    """A measure that a section seems to describe.

    Attributes:
        section: The section's anchor.
        heading: Its heading.
        benefits: What is given, in the document's words.
        conditions: On what condition.
        any_of: Whether one of the conditions is enough.
        audience: Whom it seems to be for.
        summary: One line, where somebody wrote it; else the first benefit is taken.
        given: What is given, where somebody put it in a few words.
        acts: Who acts on it, where that was told.
        key: Tells measures of one section apart.
    """

    section: str
    heading: str
    benefits: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    any_of: bool = False
    audience: tuple[Audience, ...] = ()
    summary: str = ""
    given: str = ""
    acts: str = ""
    key: str = ""


def proposals(document: Document) -> list[Proposal]:
    """The measures that a document seems to describe, a section each.

    A section that gives nothing and lists conditions says them of the section before it.
    """
    found: list[Proposal] = []
    for section in sections(document.text, document.title):
        proposal = _proposal(document, section)
        if proposal.benefits:
            found.append(proposal)
        elif proposal.conditions and found and _lists_conditions(document, section):
            conditions = (*found[-1].conditions, *proposal.conditions)
            found[-1] = replace(found[-1], conditions=conditions, any_of=proposal.any_of)
    return found


def condition_of(quote: str, section: str) -> Condition:
    """A condition; its number is read where there is one, with a bound."""
    numbers = [one for one in figures(quote) if one.kind == "quantity" and one.unit in UNITS]
    if len(numbers) == 1:
        (one,) = numbers
        how = "at_least" if _reached(quote, one.text) else one.qualifier
        if how in ("at_least", "at_most", "more_than", "less_than"):
            return Condition(quote, section, cast(Comparison, how), one.value, one.unit)
    return Condition(quote, section)


def _reached(quote: str, figure: str) -> bool:
    """Whether it is the Chinese “满” that bounds a figure: 年满18周岁, 未满 aside."""
    return bool(re.search(rf"(?<![未不])满\s*{re.escape(figure)}(?!以下|以内)", quote))


def _proposal(document: Document, section: Section) -> Proposal:
    lang = _lang(document)
    benefits: list[str] = []
    conditions: list[str] = []
    any_of = listing = False
    for kind, words in _units(document, section):
        if listing and kind == "item":
            conditions.extend(_parts(bare(words)))
            continue
        listing = bool(LEADS_TO_CONDITIONS[lang].search(words))
        any_of = any_of or (listing and bool(ANY_OF[lang].search(words)))
        if NO_GIFT[lang].search(words):
            continue
        gives = GIVES_PLAINLY if listing else GIVES
        if gives[lang].search(words):
            benefits.append(bare(words))
            conditions.extend(_stated(bare(words), lang))
        elif not listing:
            conditions.extend(_required(words, lang))
    kept = _distinct(conditions)
    heading = section.heading_path[-1] if section.heading_path else document.title
    about = " ".join((heading, *benefits, *kept))
    return Proposal(
        section=section.anchor,
        heading=bare(heading),
        benefits=tuple(dict.fromkeys(benefits)),
        conditions=tuple(condition_of(quote, section.anchor) for quote in kept),
        any_of=any_of and len(kept) > 1,
        audience=tuple(audience for audience, cue in FOR if cue.search(about)),
    )


def _lists_conditions(document: Document, section: Section) -> bool:
    cue = LEADS_TO_CONDITIONS[_lang(document)]
    return any(cue.search(words) for _, words in _units(document, section))


def _lang(document: Document) -> Lang:
    return "zh" if document.lang == "zh" else "en"


def _units(document: Document, section: Section) -> Iterator[tuple[str, str]]:
    """The sentences of a section with the kind of block they stand in; its title is none."""
    text = document.text
    for block in section.blocks:
        for unit in block_units(text, block):
            words = text[unit.span.start : unit.span.end].strip()
            if words != document.title:
                yield unit.kind, words


def _parts(words: str) -> list[str]:
    """One item of a list of conditions; its clauses, where a number is bounded in one of them."""
    parts = [part.strip() for part in re.split(r"，|(?<=\w),\s", words)]
    whole = len(parts) == 1 or not condition_of(words, "").how
    return [words] if whole else parts


def _stated(words: str, lang: str) -> Iterator[str]:
    """Conditions in a sentence that gives something."""
    for pattern in CONDITIONS[lang]:
        for match in pattern.finditer(words):
            yield match["words"].strip()


def _required(words: str, lang: str) -> Iterator[str]:
    """Conditions in a sentence that only demands: bounded numbers, and what must be."""
    patterns = CONDITIONS[lang]
    for pattern in patterns[2:]:
        for match in pattern.finditer(words):
            quote = match["words"].strip()
            if condition_of(quote, "").how or patterns.index(pattern) in DEMANDING[lang]:
                yield quote


def _distinct(quotes: Sequence[str]) -> list[str]:
    """Quotes of some length, each once; no part of another, and none that only announces a list."""
    kept = [
        quote
        for quote in dict.fromkeys(quotes)
        if len(quote) >= WORDS_MIN and not REFERS_TO_LIST.search(quote)
    ]
    return [q for q in kept if not any(q != other and q in other for other in kept)]


def bare(words: str) -> str:
    """Words without the number of a clause or list, and without the end of a sentence."""
    return NUMBERED.sub("", words).rstrip("。；;.，,：: ")
