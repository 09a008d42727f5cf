"""The form of `facts.yaml` and of `measures/*.yaml`: what keys there are and what they hold.

Knows one file at a time; whether a fact, choice or place that a measure names exists is for
`assistant.eligibility.loading`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic.types import StringConstraints

from assistant.eligibility.facts import FactKind, Take
from assistant.eligibility.measures import Audience

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

__all__ = ["CriterionForm", "FactForm", "FactsFile", "MeasureForm", "MeasuresFile", "TreeForm"]


def _text(value: object) -> object:
    if isinstance(value, bool | int | float):
        raise ValueError(f"{value!r} is no text; put it in quotation marks")
    return value


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"{value!r} is no number; write digits, without unit or commas")
    return Decimal(str(value))


def _day(value: object) -> object:
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}; mend the date") from None
    if not isinstance(value, date):
        raise ValueError(f"{value!r} is no day; write it as 2025-12-31")
    return value


def _yes_no(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is no yes-or-no; write true or false")
    return value


Number = Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=int | float)]
Day = Annotated[date, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_text)
]
Name = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80), BeforeValidator(_text)
]
FactName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60), BeforeValidator(_text)
]
Section = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_text)]
Jurisdiction = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
    BeforeValidator(_text),
    Field(description="ISO 3166-2, such as CN-SC; CN for the whole country."),
]
LocalizedForm = Annotated[dict[Literal["zh", "en"], Text], Field(min_length=1)]
PatternsForm = Annotated[
    dict[Literal["zh", "en"], Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)
]
SaidForm = Annotated[
    Annotated[PatternsForm, Tag("<by language>")]
    | Annotated[
        Annotated[dict[Literal["yes", "no"], PatternsForm], Field(min_length=1)], Tag("<by value>")
    ],
    Discriminator(
        lambda said: (
            "<by value>"
            if isinstance(said, dict) and said.keys() & {"yes", "no"}
            else "<by language>"
        )
    ),
]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceForm(_Form):
    """One of the values of a choice."""

    id: FactName
    label: LocalizedForm
    said: PatternsForm | None = Field(
        None, description="Regular expressions: how people say that it holds."
    )


class FactForm(_Form):
    """One thing that can be known of a person or enterprise."""

    id: FactName
    kind: FactKind
    label: LocalizedForm = Field(description="A few words for forms and verdicts.")
    question: LocalizedForm = Field(description="What a person is asked.")
    choices: list[ChoiceForm] = Field(default_factory=list, description="Of a choice.")
    many: bool = Field(False, description="Whether several choices can hold at once.")
    unit: Text | None = Field(None, description="Of a number: year, age, person, CNY, ….")
    least: Number | None = Field(None, description="Least number that makes sense.")
    most: Number | None = Field(None, description="Greatest number that makes sense.")
    take: Take = Field("last", description="Which of several values in one text counts.")
    said: SaidForm | None = Field(
        None, description="Regular expressions by language; of a yes-or-no below `yes` and `no`."
    )


class FactsFile(_Form):
    """The facts of a corpus (facts.yaml)."""

    facts: list[FactForm]


class GroundForm(_Form):
    """The words of a document that something rests on."""

    section: Section = Field(description="Anchor of the section.")
    quote: LocalizedForm = Field(description="Words of the section, character by character.")


class ScaleForm(_Form):
    """A limit that depends on another number."""

    by: FactName
    values: Annotated[dict[int, Number], Field(min_length=1)]
    each_further: Number | None = None


Limit = Annotated[
    Annotated[ScaleForm, Tag("<scale>")] | Annotated[Number, Tag("<number>")],
    Discriminator(lambda value: "<scale>" if isinstance(value, dict | ScaleForm) else "<number>"),
]


class CriterionForm(_Form):
    """One condition that the document states."""

    id: Name
    text: LocalizedForm
    ground: GroundForm
    undefined: LocalizedForm | None = Field(
        None, description="Says that the document does not define the term."
    )
    fact: FactName | None = Field(None, description="The fact that decides it.")
    is_: YesNo | None = Field(None, alias="is", description="A yes-or-no has this value.")
    one_of: Annotated[list[Text], Field(min_length=1)] | None = Field(
        None, description="One of these choices holds."
    )
    at_least: Limit | None = None
    at_most: Limit | None = None
    more_than: Limit | None = None
    less_than: Limit | None = None
    on_or_after: Day | None = None
    on_or_before: Day | None = None
    after: Day | None = None
    before: Day | None = None
    within: Annotated[list[Text], Field(min_length=1)] | None = Field(
        None, description="A place is one of these or lies in one of them."
    )


class AllForm(_Form):
    """Met where every part is met."""

    all: list[TreeForm]


class AnyForm(_Form):
    """Met where one part is met."""

    any: Annotated[list[TreeForm], Field(min_length=1)]


class NotForm(_Form):
    """Met where its part is not met."""

    not_: TreeForm = Field(alias="not")


def _branch(value: object) -> str:
    for key, form in (("all", AllForm), ("any", AnyForm), ("not", NotForm)):
        if isinstance(value, form) or (isinstance(value, dict) and key in value):
            return f"<{key}>"
    return "<criterion>"


TreeForm = Annotated[
    Annotated[AllForm, Tag("<all>")]
    | Annotated[AnyForm, Tag("<any>")]
    | Annotated[NotForm, Tag("<not>")]
    | Annotated[CriterionForm, Tag("<criterion>")],
    Discriminator(_branch),
]


class BenefitForm(_Form):
    """One thing that a measure gives."""

    text: LocalizedForm
    ground: GroundForm


class PeriodForm(_Form):
    """When a measure runs; each part may be left out."""

    begins: Day | None = None
    ends: Day | None = None
    note: LocalizedForm | None = None


class MeasureForm(_Form):
    """A support measure or benefit."""

    id: Name = Field(description="Unique within its policy.")
    title: LocalizedForm
    summary: LocalizedForm = Field(description="One line.")
    audience: Annotated[list[Audience], Field(min_length=1)]
    jurisdiction: Jurisdiction
    places: list[Text] = Field(
        default_factory=list, description="Cities or prefectures that it is for."
    )
    industries: list[Text] = Field(
        default_factory=list, description="Choices of the fact `industry` that it is for."
    )
    given: LocalizedForm = Field(description="What is given, in a few words.")
    acts: LocalizedForm = Field(description="Who acts on it.")
    period: PeriodForm = PeriodForm()
    section: Section = Field(description="Anchor of the section that it rests on.")
    benefits: list[BenefitForm]
    criteria: TreeForm
    draft: bool = Field(False, description="Proposed, not approved by a person; never answers.")


class MeasuresFile(_Form):
    """The measures of one policy (measures/*.yaml)."""

    policy: Name
    measures: list[MeasureForm]
