"""How a fact is asked for: its question, and the answers that can be chosen."""

from __future__ import annotations

from typing import Any

from assistant.eligibility.facts import Fact
from assistant.eligibility.jurisdictions import COUNTRY, JURISDICTIONS
from assistant.eligibility.measures import Catalogue, Measure, Within
from assistant.eligibility.outline import outline
from assistant.eligibility.places import PLACES, lies_within, place_label
from assistant.eligibility.wording import localized, say
from assistant.questions import Lang


def question_about(
    identity: str, measure: Measure, catalogue: Catalogue, lang: Lang
) -> dict[str, Any]:
    """The question that a fact is asked with, as a JSON object.

    Beside the contract's `fact`, `text` and `choices` it has the fact's `kind`, its `unit`, and
    `many` (whether several choices can hold). Each choice is a `value`, as facts are given in
    JSON, with a `label`. A number or a day has no choices; a place has those that the measure
    names and the cities of its jurisdiction, and any other place can be given in words.

    Args:
        identity: The fact.
        measure: The measure that it is asked for.
        catalogue: Where the fact is described.
        lang: The language of the question.
    """
    fact = catalogue.facts[identity]
    return {
        "fact": fact.id,
        "text": localized(fact.question, lang),
        "choices": _choices(fact, measure, lang),
        "kind": fact.kind,
        "unit": fact.unit or None,
        "many": fact.many,
    }


def _choices(fact: Fact, measure: Measure, lang: Lang) -> list[dict[str, Any]] | None:
    match fact.kind:
        case "yes_no":
            return [
                {"value": True, "label": say("yes", lang)},
                {"value": False, "label": say("no", lang)},
            ]
        case "choice":
            return [{"value": c.id, "label": localized(c.label, lang)} for c in fact.choices]
        case "place":
            found = _places(fact, measure)
            return [{"value": place, "label": place_label(place, lang)} for place in found]
        case _:
            return None


def _places(fact: Fact, measure: Measure) -> list[str]:
    """The places that the measure names for the fact, then those its jurisdiction is made of."""
    named: list[str] = []
    for leaf in outline(measure.criteria):
        test = leaf.criterion.test
        if leaf.criterion.fact == fact.id and isinstance(test, Within):
            named.extend(sorted(test.places))
    around = JURISDICTIONS.get(measure.jurisdiction, COUNTRY)
    parts = [p for p in PLACES if p != around and lies_within(p, around) and _is_part(p, around)]
    narrow = [place for place in named if place not in (around, COUNTRY)]
    return list(dict.fromkeys((*narrow, *measure.places, *(parts or [around]))))


def _is_part(place: str, around: str) -> bool:
    """Whether a place lies in a region with nothing between the two."""
    return not any(
        lies_within(place, between) and lies_within(between, around)
        for between in PLACES
        if between not in (place, around)
    )
