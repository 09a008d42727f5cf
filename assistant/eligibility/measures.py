"""Measures: what a policy gives, to whom, and the tree of criteria that decides it.

Types only. Every criterion and benefit names the words of the document that it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.eligibility.facts import Fact, Localized

Comparison = Literal["at_least", "at_most", "more_than", "less_than"]
DateComparison = Literal["on_or_after", "on_or_before", "after", "before"]
Audience = Literal["enterprise", "talent", "hr_agency", "government"]


@dataclass(frozen=True)
class Ground:
    """The words of a document that something rests on.

    Attributes:
        section: Anchor of the section in the measure's policy.
        quote: Words of that section, by language; each occurs in it exactly.
    """

    section: str
    quote: Localized


@dataclass(frozen=True)
class Is:
    """A yes-or-no fact has this value."""

    value: bool


@dataclass(frozen=True)
class OneOf:
    """At least one of these choices holds."""

    choices: frozenset[str]


@dataclass(frozen=True)
class Scale:
    """A limit that depends on another number, such as one by the size of the household.

    Attributes:
        by: The fact that it depends on, a number.
        values: Limits by that number; below the least of them the least applies.
        each_further: Added for each one above the greatest of them; `None` where nothing is said
            of greater numbers, which leaves the limit unknown.
    """

    by: str
    values: Mapping[int, Decimal]
    each_further: Decimal | None = None


@dataclass(frozen=True)
class Compare:
    """A number stands to a limit as named, in the fact's unit."""

    how: Comparison
    limit: Decimal | Scale


@dataclass(frozen=True)
class CompareDate:
    """A day stands to another as named."""

    how: DateComparison
    day: date


@dataclass(frozen=True)
class Within:
    """A place is one of these, or lies in one of them (Chinese names of the gazetteer)."""

    places: frozenset[str]


Test = Is | OneOf | Compare | CompareDate | Within


@dataclass(frozen=True)
class Criterion:
    """A leaf of the tree: one condition that the document states.

    Attributes:
        id: Unique within its measure.
        text: The condition in a few words.
        ground: The words it rests on.
        fact: The fact that decides it; `None` where the document names a condition that it does
            not define, so that nobody can tell (always unknown).
        test: What is asked of the fact; `None` where `fact` is.
        undefined: Says that the document does not define the term, where it does not. With a
            `fact`, the fact is what somebody else (an employer, an authority) has decided.
    """

    id: str
    text: Localized
    ground: Ground
    fact: str | None = None
    test: Test | None = None
    undefined: Localized | None = None


@dataclass(frozen=True)
class All:
    """Met where every part is met; met where there are none."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Any:
    """Met where one part is met; not met where there are none."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Not:
    """Met where its part is not met."""

    part: Tree


Tree = Criterion | All | Any | Not


@dataclass(frozen=True)
class Benefit:
    """One thing that a measure gives."""

    text: Localized
    ground: Ground


@dataclass(frozen=True)
class Period:
    """When a measure runs; a side that the document leaves open is `None`."""

    begins: date | None = None
    ends: date | None = None
    note: Localized | None = None


@dataclass(frozen=True)
class Measure:
    """A support measure or benefit of a policy.

    Attributes:
        id: The policy's id, a slash and a slug, such as `shanxi-talent-reform/spouse-support`.
        policy: The policy's id.
        title: Its name.
        summary: One line.
        audience: Whom it is for.
        jurisdiction: ISO 3166-2 code, `CN` for the whole country.
        places: Cities or prefectures it is for (Chinese names of the gazetteer); empty where it
            is for the whole jurisdiction.
        industries: Choice ids of the fact `industry` that it is for; empty where it is for all.
        given: What is given, in a few words.
        acts: Who acts on it.
        period: When it runs.
        section: Anchor of the section it rests on.
        benefits: What it gives, with passages.
        criteria: Who may have it.
        draft: Proposed and not approved by a person; never answers.
    """

    id: str
    policy: str
    title: Localized
    summary: Localized
    audience: tuple[Audience, ...]
    jurisdiction: str
    given: Localized
    acts: Localized
    section: str
    benefits: tuple[Benefit, ...]
    criteria: Tree
    places: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    period: Period = Period()
    draft: bool = False


@dataclass(frozen=True)
class Catalogue:
    """All measures of a corpus and the facts that they ask for, in the order of their files."""

    facts: Mapping[str, Fact]
    measures: Mapping[str, Measure]
