"""The HTTP API's JSON about measures and eligibility as pydantic models, for `/docs`.

They describe the contract; `assistant.requests` reads what comes in and
`assistant.eligibility.service` makes what goes out. A test holds the three together.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api_models import CitationModel, NoticeModel
from assistant.eligibility.facts import FactKind
from assistant.eligibility.measures import Audience
from assistant.questions import Lang

Verdict = Literal["eligible", "not_eligible", "more_information_needed"]


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EligibilityBody(BaseModel):
    """Whether a measure can be had."""

    measure: str = Field(description="A measure's id, as /api/v1/measures lists it.")
    facts: dict[str, Any] | None = Field(
        None,
        description="What is known, by fact id: true, 3, “遂宁”, ids of choices.",
    )
    lang: Lang | None = Field(None, description="Language of the verdict; else that of the facts.")
    as_of: date | None = Field(None, description="Day for which validity is judged; else today.")
    id: str | int | None = Field(None, description="Your own mark, handed back in the verdict.")


class MeasuresBody(BaseModel):
    """Which measures to list."""

    audience: str | None = Field(None, description="Whom they are for, in either language.")
    jurisdiction: str | None = Field(
        None, description="A code (CN-SC) or place; what covers it and what lies in it is listed."
    )
    industry: str | None = Field(None, description="An industry's id or name.")
    facts: dict[str, Any] | None = Field(
        None, description="What is known; the list is then ranked by fit."
    )
    lang: Lang | None = Field(None, description="Language of the list; else that of the request.")
    as_of: date | None = Field(None, description="Day for which periods are judged; else today.")


class ChoiceModel(_Exact):
    """An answer that can be chosen."""

    value: bool | str
    label: str


class NextQuestionModel(_Exact):
    """The question whose answer settles most."""

    fact: str
    text: str
    choices: list[ChoiceModel] | None = Field(description="None for a number or a day.")
    kind: FactKind
    unit: str | None
    many: bool = Field(description="Whether several choices can hold; give them as a list.")


class CriterionModel(_Exact):
    """One condition, and whether it is met."""

    id: str
    text: str
    verdict: Literal["met", "not_met", "unknown"]
    fact: str | None = Field(description="The fact that decides it; none where nobody can tell.")
    value: Any = Field(description="What is known of that fact.")
    citation: CitationModel
    decides: bool = Field(description="Whether the verdict rests on it.")
    note: str | None = Field(description="Says that the document does not define a term.")
    words: str | None = Field(description="The person's words that the value was read from.")
    negated: bool = Field(description="Whether being met speaks against.")
    group: int | None = Field(description="Number of the alternatives that it belongs to.")
    alternative: int | None = Field(description="Which of those alternatives, from 1.")


class BenefitModel(_Exact):
    """One thing that a measure gives."""

    text: str
    citation: CitationModel


class PeriodModel(_Exact):
    """When a measure runs, as far as the document says."""

    begins: date | None
    ends: date | None
    note: str | None
    warning: str | None = Field(description="Says that it is over, or has yet to begin.")


class EligibilityModel(_Exact):
    """A verdict, criterion by criterion."""

    id: str | None
    measure: str
    title: str
    verdict: Verdict
    criteria: list[CriterionModel]
    benefits: list[BenefitModel]
    next_question: NextQuestionModel | None
    lang: Lang
    text: str = Field(description="The verdict in a sentence or two.")
    period: PeriodModel
    notices: list[NoticeModel]


class MeasureModel(_Exact):
    """A measure; the last four keys are there only where facts were given."""

    id: str
    title: str
    summary: str
    audience: list[Audience]
    audience_names: list[str]
    jurisdiction: str
    places: list[str] = Field(description="Chinese names; empty for the whole jurisdiction.")
    place_names: list[str]
    industries: list[str]
    industry_names: list[str]
    given: str
    acts: str
    period: PeriodModel
    policy: str
    section: str
    citation: CitationModel
    fit: Literal["eligible", "possible", "not_for_you"] | None = None
    verdict: Verdict | None = None
    why: list[str] | None = Field(None, description="What speaks for it, against it, or is open.")
    missing: list[str] | None = Field(None, description="Facts that are unknown and matter.")


class MeasuresModel(_Exact):
    """Measures, in the order of their files; ranked by fit where facts were given."""

    measures: list[MeasureModel]
