"""The form of a line of a case file: strict, and the same for every file that cases come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from assistant.answer import Status
from evals.cases import Case, Expectation, Lang, Nugget, SectionRef

Kind = Literal["answer", "retrieval"]
ANY_SECTION = "*"
"""Stands for every section of a document, in sets whose gold is a whole document."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _pair_from_text(value: Any) -> Any:
    """`policy#anchor` is short for an object."""
    if isinstance(value, str):
        document, mark, section = value.partition("#")
        if not (document and mark and section):
            raise ValueError("write a section as policy-id#anchor")
        return {"document_id": document, "section": section}
    return value


def _group_from_list(value: Any) -> Any:
    """A string or a list of strings is short for a vital nugget."""
    if isinstance(value, str):
        return {"any": [value]}
    return {"any": value} if isinstance(value, list) else value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{twice[0]!r} stands twice; give it once")
    return values


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SectionForm(_Form):
    document_id: Text
    section: Text


class _NuggetForm(_Form):
    any: Annotated[tuple[Text, ...], Field(min_length=1)]
    vital: bool = True


_Section = Annotated[_SectionForm, BeforeValidator(_pair_from_text)]
_Nugget = Annotated[_NuggetForm, BeforeValidator(_group_from_list)]
_Tags = Annotated[tuple[Text, ...], AfterValidator(_distinct)]


class _ExpectForm(_Form):
    answerable: bool | None = None
    status: tuple[Status, ...] = ()
    verdict: Text | None = None
    sections: tuple[_Section, ...] = ()
    nuggets: tuple[_Nugget, ...] = ()
    figures: tuple[Text, ...] = ()
    forbidden: tuple[Text, ...] = ()


class AnswerCaseForm(_Form):
    """One line of an answer suite's case file."""

    id: Text
    lang: Lang
    turns: Annotated[tuple[Text, ...], Field(min_length=1)]
    expect: _ExpectForm
    pair: Text | None = None
    conversation: str = ""
    tags: _Tags = ()

    def case(self) -> Case:
        """The case."""
        expect = self.expect
        expected = Expectation(
            answerable=expect.answerable,
            status=tuple(expect.status),
            verdict=expect.verdict,
            sections=_refs(expect.sections),
            nuggets=tuple(Nugget(n.any, n.vital) for n in expect.nuggets),
            figures=expect.figures,
            forbidden=expect.forbidden,
        )
        pair, talk = self.pair, self.conversation
        return Case(self.id, self.lang, self.turns, expected, self.tags, pair, talk)


class RetrievalCaseForm(_Form):
    """One line of a retrieval suite's case file."""

    id: Text
    lang: Lang
    query: Text
    sections: Annotated[tuple[_Section, ...], Field(min_length=1)]
    pair: Text | None = None
    conversation: str = ""
    tags: _Tags = ()

    def case(self) -> Case:
        """The case; the query is its only turn."""
        expected = Expectation(sections=_refs(self.sections))
        pair, talk = self.pair, self.conversation
        return Case(self.id, self.lang, (self.query,), expected, self.tags, pair, talk)


FORMS: dict[Kind, type[AnswerCaseForm] | type[RetrievalCaseForm]] = {
    "answer": AnswerCaseForm,
    "retrieval": RetrievalCaseForm,
}


def _refs(forms: Iterable[_SectionForm]) -> tuple[SectionRef, ...]:
    return tuple(SectionRef(form.document_id, form.section) for form in forms)
