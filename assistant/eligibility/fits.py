"""How measures fit to what is known of somebody: eligible, possible, not for them; ranked.

A measure names, beside its criteria, the places, industries and audience it is for. These narrow
a ranking where the criteria are silent of them, so that a measure for another city is not offered
as one's own; a verdict rests on criteria alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.eligibility.evaluation import Evaluation, evaluate
from assistant.eligibility.facts import Fact, Facts
from assistant.eligibility.jurisdictions import COUNTRY, is_for, regions
from assistant.eligibility.listing import INDUSTRY
from assistant.eligibility.measures import Catalogue, Measure
from assistant.eligibility.outline import Leaf, outline
from assistant.eligibility.places import place_label
from assistant.eligibility.values import shown
from assistant.eligibility.wording import AUDIENCES, listed, localized, say
from assistant.questions import Lang

Standing = Literal["eligible", "possible", "not_for_you"]
Aspect = Literal["place", "industry", "audience"]
LOCATION = "location"
_ORDER: Mapping[Standing, int] = {"eligible": 0, "possible": 1, "not_for_you": 2}


@dataclass(frozen=True)
class Fit:
    """How a measure fits.

    Attributes:
        measure: The measure.
        evaluation: The verdict on its criteria.
        standing: Eligible, possible, or not for them.
        missing: Facts that are unknown and matter, by id.
        outside: In what it is for others, where the criteria do not say so themselves.
        met: How many conditions are met, criteria and aspects taken together.
        specific: How many of place and industry it is made for.
        over: Whether its period has ended.
    """

    measure: Measure
    evaluation: Evaluation
    standing: Standing
    missing: tuple[str, ...]
    outside: tuple[Aspect, ...]
    met: int
    specific: int
    over: bool = False


def fit_of(measure: Measure, facts: Facts, catalogue: Catalogue, as_of: date | None = None) -> Fit:
    """How one measure fits to what is known."""
    evaluation = evaluate(measure, facts, catalogue)
    leaves = {leaf.criterion.id: leaf for leaf in outline(measure.criteria)}
    tested = {leaf.criterion.fact for leaf in leaves.values()}
    aspects = _aspects(measure, facts, catalogue)
    silent = {name: one for name, one in aspects.items() if one.fact not in tested}
    outside = tuple(name for name, one in silent.items() if one.holds is False)
    open_ = [one.fact for one in silent.values() if one.holds is None]
    standing: Standing = "possible"
    if outside or evaluation.verdict == "not_eligible":
        standing = "not_for_you"
    elif evaluation.verdict == "eligible" and not open_:
        standing = "eligible"
    missing: list[str] = []
    if standing == "possible":
        asked = [leaves[one].criterion.fact for one in evaluation.deciding]
        wanted = [*([evaluation.next_fact] if evaluation.next_fact else []), *asked, *open_]
        missing = [one for one in dict.fromkeys(wanted) if one and one not in facts]
    met = sum(
        one.verdict == ("not_met" if leaves[one.criterion.id].negated else "met")
        for one in evaluation.criteria
    )
    made_for = ("place", bool(measure.places)), ("industry", bool(measure.industries))
    return Fit(
        measure=measure,
        evaluation=evaluation,
        standing=standing,
        missing=tuple(missing),
        outside=outside,
        met=met + sum(bool(one.holds) and one.fact in facts for one in silent.values()),
        specific=sum(n and name in aspects and bool(aspects[name].holds) for name, n in made_for),
        over=bool(measure.period.ends and measure.period.ends < (as_of or date.today())),
    )


def ranked(fits: Iterable[Fit]) -> list[Fit]:
    """Fits, best first: by standing, then measures that still run, then by what is met.

    Of two with as many conditions met, the one that is made for the place or industry comes
    first; of equals, the first in the files.
    """
    return sorted(fits, key=lambda fit: (_ORDER[fit.standing], fit.over, -fit.met, -fit.specific))


def reasons(fit: Fit, facts: Facts, catalogue: Catalogue, lang: Lang) -> list[str]:
    """Why a measure fits, what is missing, or what speaks against it, in words."""
    measure = fit.measure
    outside = [_outside(name, measure, facts, catalogue, lang) for name in fit.outside]
    leaves = {leaf.criterion.id: leaf for leaf in outline(measure.criteria)}
    decided = fit.evaluation.deciding
    if outside and fit.evaluation.verdict != "not_eligible":
        return outside
    if fit.standing == "not_for_you":
        failing = [_failing(leaves[identity], facts, catalogue, lang) for identity in decided]
        return list(dict.fromkeys((*outside, *failing)))
    found = [_reason(leaves[identity], lang) for identity in decided]
    if fit.standing == "possible":
        tested = {leaf.criterion.fact for leaf in leaves.values()}
        more = [one for one in fit.missing if one not in tested]
        found += [localized(catalogue.facts[one].label, lang) for one in more]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Aspect:
    """One of the things that a measure says it is for, and whether that holds."""

    fact: str
    holds: bool | None


def _aspects(measure: Measure, facts: Facts, catalogue: Catalogue) -> dict[Aspect, _Aspect]:
    """What a measure is for, as far as the catalogue has a fact for it."""
    found: dict[Aspect, _Aspect] = {}
    who = audience_fact(catalogue)
    place = catalogue.facts.get(LOCATION)
    if place and place.kind == "place":
        found["place"] = _Aspect(LOCATION, _place_holds(measure, facts, who))
    if who:
        found["audience"] = _Aspect(who.id, _audience_holds(who, measure, facts))
    industry = catalogue.facts.get(INDUSTRY)
    if industry and industry.kind == "choice" and measure.industries:
        holds = _choice_holds(industry, frozenset(measure.industries), facts)
        found["industry"] = _Aspect(INDUSTRY, holds)
    return found


def audience_fact(catalogue: Catalogue) -> Fact | None:
    """The fact that says who somebody is: a choice among audiences, and others."""
    for fact in catalogue.facts.values():
        if len({choice.id for choice in fact.choices} & AUDIENCES.keys()) > 1:
            return fact
    return None


def _audience_holds(fact: Fact, measure: Measure, facts: Facts) -> bool:
    """False only where it is plain who somebody is, and the measure is for others."""
    known = facts.get(fact.id)
    if known is None or not isinstance(known.value, frozenset) or not known.value:
        return True
    return bool(known.value - AUDIENCES.keys() or known.value & set(measure.audience))


def _place_holds(measure: Measure, facts: Facts, who: Fact | None) -> bool | None:
    kinds = facts[who.id].value if who and who.id in facts else None
    if "talent" in measure.audience and (not isinstance(kinds, frozenset) or "talent" in kinds):
        return True  # A person can move; where they must live or work, the criteria say.
    if regions(measure) == (COUNTRY,):
        return True
    known = facts.get(LOCATION)
    if known is None or not isinstance(known.value, str):
        return None
    return is_for(measure, known.value)


def _choice_holds(fact: Fact, wanted: frozenset[str], facts: Facts) -> bool | None:
    known = facts.get(fact.id)
    if known is None or not isinstance(known.value, frozenset):
        return None
    return bool(known.value & wanted)


def _reason(leaf: Leaf, lang: Lang) -> str:
    """A condition, with what the document leaves open about it."""
    text = leaf.text(lang)
    undefined = leaf.criterion.undefined
    if undefined is None:
        return text
    note = localized(undefined, lang).rstrip("。.")
    return f"{text}（{note}）" if lang == "zh" else f"{text} ({note})"


def _failing(leaf: Leaf, facts: Facts, catalogue: Catalogue, lang: Lang) -> str:
    """A condition that is not met, with what is known of its fact."""
    text, name = leaf.text(lang), leaf.criterion.fact
    if name is None or name not in facts:
        return say("fails_unsaid", lang, text=text)
    fact = catalogue.facts[name]
    value = shown(facts[name].value, fact, lang)
    return say("fails", lang, text=text, label=localized(fact.label, lang), value=value)


def _outside(name: Aspect, measure: Measure, facts: Facts, catalogue: Catalogue, lang: Lang) -> str:
    match name:
        case "place":
            known = str(facts[LOCATION].value)
            names = listed((place_label(one, lang) for one in regions(measure)), lang)
            return say("other_place", lang, places=names, place=place_label(known, lang))
        case "industry":
            fact = catalogue.facts[INDUSTRY]
            own = _labels(fact, facts[INDUSTRY].value, lang)
            meant = _labels(fact, frozenset(measure.industries), lang)
            return say("other_industry", lang, industries=meant, industry=own)
        case "audience":
            who = audience_fact(catalogue)
            own = _labels(who, facts[who.id].value, lang) if who else ""
            meant = listed((AUDIENCES[one][lang] for one in measure.audience), lang)
            return say("other_audience", lang, audience=meant, who=own)


def _labels(fact: Fact, value: object, lang: Lang) -> str:
    held = value if isinstance(value, frozenset) else frozenset()
    return listed((localized(c.label, lang) for c in fact.choices if c.id in held), lang)
