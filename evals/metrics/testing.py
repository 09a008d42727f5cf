"""Builders for tests of metrics: cases, answers, citations and rankings in few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.cases import Case, Expectation, Lang, Nugget, SectionRef
from evals.metrics import Metric
from evals.records import Record, Score


def refs(*places: str) -> tuple[SectionRef, ...]:
    """Sections, each as `policy#anchor`."""
    return tuple(SectionRef(*place.split("#")) for place in places)


def nugget(*wordings: str, vital: bool = True) -> Nugget:
    """A nugget with its wordings."""
    return Nugget(wordings, vital)


def case(lang: Lang = "zh", question: str = "…", pair: str | None = None, **expect: Any) -> Case:
    """A case named by its language; `expect` as in `Expectation`."""
    name = f"{pair or 'case'}-{lang}"
    return Case(name, lang, (question,), Expectation(**expect), pair=pair)


def cite(label: int, quote: str = "原文", place: str = "p#s", **more: Any) -> dict[str, Any]:
    """A citation of the product's contract."""
    (ref,) = refs(place)
    whole = {"label": label, "document_id": ref.document_id, "section": ref.section}
    words = {"quote": quote, "start": 100, "end": 100 + len(quote), "lang": "zh"}
    about = {"title": "某政策", "issuer": None, "issued_on": None, "passage_id": f"{place}/zh"}
    return {**whole, **words, **about, **more}


def answer(
    text: str = "", *citations: dict[str, Any], status: str = "answered", **more: Any
) -> dict[str, Any]:
    """An answer of the product's contract."""
    return {"text": text, "status": status, "citations": list(citations), "notices": [], **more}


def ranking(*places: str) -> dict[str, Any]:
    """A search result with a passage of each section, in order."""
    results = [
        {"rank": rank, "document_id": ref.document_id, "section": ref.section}
        for rank, ref in enumerate(refs(*places), start=1)
    ]
    return {"results": results}


def record(case: Case, given: Mapping[str, Any] | None, ms: float = 0.0) -> Record:
    """The record of a case; without an answer it failed."""
    return Record(case.id, answer=given, error=None if given is not None else "timed out", ms=ms)


def score(metric: Metric, case: Case, given: Mapping[str, Any] | None, **others: Record) -> Score:
    """The score of an answer to a case to which the metric applies."""
    found = metric.score(case, record(case, given), others)
    assert found is not None, f"{metric.name} does not apply"
    return found


def applies(metric: Metric, case: Case, given: Mapping[str, Any] | None) -> bool:
    """Whether a metric has anything to say."""
    return metric.score(case, record(case, given), {}) is not None
