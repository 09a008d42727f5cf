"""All measures, ranked by fit to what is known of somebody, as a turn of a conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assistant.answer import Notice
from assistant.eligibility.fits import LOCATION, Fit, Standing, audience_fact
from assistant.eligibility.next_question import question_about
from assistant.eligibility.reply import Case, Marks, Reply, choices_of, known_facts
from assistant.eligibility.service import Eligibility
from assistant.eligibility.turn_wording import MARKS, say
from assistant.eligibility.wording import localized
from assistant.questions import Lang
from assistant.trace import JudgedTrace

__all__ = ["finding_turn"]

_SHOWN: Mapping[Standing, int] = {"eligible": 6, "possible": 4, "not_for_you": 2}
_BENEFITS = 2
_SIGNS: Mapping[Standing, str] = {
    "eligible": MARKS["met"],
    "possible": MARKS["unknown"],
    "not_for_you": MARKS["not_met"],
}


def finding_turn(known: Eligibility, case: Case) -> Reply:
    """Rank all measures, show the best, and ask what tells most of the others.

    Args:
        known: The measures.
        case: Whose eligibility it is about.
    """
    facts, lang = case.facts, case.lang
    fits = known.fits(facts, case.as_of)
    asked = _question(known, fits, case)
    heading = f"**{say('finding', lang)}**{'：' if lang == 'zh' else ': '}"
    marks = Marks()
    notices: dict[Notice, None] = {}
    if not facts:
        parts = [heading + say("tell_me", lang)]
    else:
        groups = {one: [fit for fit in fits if fit.standing == one] for one in _SHOWN}
        counts = {one: len(group) for one, group in groups.items()}
        parts = [heading + say("found", lang, all=len(fits), **counts)]
        parts.append(known_facts(facts, known.catalogue.facts, lang))
        for standing, group in groups.items():
            best = _ORDER[standing](group)
            lines = [_line(known, fit, case, marks, notices) for fit in best[: _SHOWN[standing]]]
            if lines:
                more = len(group) - len(lines)
                rest = [f"- {say('more', lang, count=more)}"] if more else []
                parts.append("\n".join((say(f"found_{standing}", lang), *lines, *rest)))
        parts.append(say("see_all", lang))
    if case.remark:
        parts.append(case.remark)
    if asked:
        parts.append(asked["text"])
    return Reply(
        text="\n\n".join(parts),
        status="answered" if marks.citations else "clarify",
        citations=marks.citations,
        notices=tuple(notices),
        choices=choices_of(asked) if asked else (),
        query=say("ask_all", lang),
        asked=asked["fact"] if asked else None,
        judged=tuple(
            JudgedTrace(one.measure.id, one.standing, tuple(one.outside or one.evaluation.deciding))
            for one in fits
        ),
    )


def _line(
    known: Eligibility, fit: Fit, case: Case, marks: Marks, notices: dict[Notice, None]
) -> str:
    facts, lang = case.facts, case.lang
    found = known.judge(fit.measure.id, facts, lang, as_of=case.as_of)
    notices.update(dict.fromkeys(Notice(**one) for one in found["notices"]))
    colon, between = ("：", "；") if lang == "zh" else (": ", "; ")
    name = f"- {_SIGNS[fit.standing]} **{found['title']}**"
    if fit.standing == "not_for_you":
        why = known.why(fit, facts, lang)[:1] if fit.outside else _deciding(found, marks, lang)[:1]
        return name + (say("because", lang, why=between.join(why)) if why else "")
    benefits = found["benefits"][:_BENEFITS]
    given = [f"{one['text']} {marks.mark(one['citation'])}" for one in benefits]
    text = name + colon + between.join(given)
    if fit.standing == "possible":
        open_ = _deciding(found, marks, lang)
        labels = [localized(known.catalogue.facts[one].label, lang) for one in fit.missing]
        if criteria := between.join(open_ or labels):
            text += say("depends", lang, criteria=criteria)
    warning = found["period"]["warning"]
    return text + (f"{' ' if lang == 'en' else ''}{warning}" if warning else "")


def _deciding(found: Mapping[str, Any], marks: Marks, lang: Lang) -> list[str]:
    """The conditions that a verdict rests on, with their passages."""
    return [
        f"{one['text']}{_not(one, lang)} {marks.mark(one['citation'])}"
        for one in found["criteria"]
        if one["decides"]
    ]


def _not(criterion: Mapping[str, Any], lang: Lang) -> str:
    """That a condition is not met, where it is plain."""
    if criterion["verdict"] == "unknown":
        return ""
    met = (criterion["verdict"] == "met") != criterion["negated"]
    return "" if met else say("unmet", lang)


def _soonest(group: Sequence[Fit]) -> list[Fit]:
    """Open ones, those first that the fewest answers decide; last what no answer can."""
    return sorted(group, key=lambda fit: (fit.over, not fit.missing, len(fit.missing)))


def _nearest(group: Sequence[Fit]) -> list[Fit]:
    """Those for others, first what a person could take for their own."""
    return sorted(group, key=lambda fit: (-fit.met, not fit.measure.places, fit.over))


_ORDER: Mapping[Standing, Callable[[Sequence[Fit]], list[Fit]]] = {
    "eligible": list,
    "possible": _soonest,
    "not_for_you": _nearest,
}


def _question(known: Eligibility, fits: Iterable[Fit], case: Case) -> dict[str, Any] | None:
    """The question after the unknown fact that most measures still depend on.

    Who somebody is decides of all of them, and where they are of all that name a place.
    """
    catalogue = known.catalogue
    who = audience_fact(catalogue)
    counts: Counter[str] = Counter()
    asks: dict[str, Fit] = {}
    for fit in fits:
        if fit.standing == "not_for_you":
            continue
        wanted = {*fit.missing, *([who.id] if who else [])}
        if fit.measure.places and LOCATION in catalogue.facts:
            wanted.add(LOCATION)
        for name in wanted - case.facts.keys() - case.declined:
            counts[name] += 1
            asks.setdefault(name, fit)
    if not counts:
        return None
    order = list(catalogue.facts)
    fact = max(counts, key=lambda name: (counts[name], -order.index(name)))
    return question_about(fact, asks[fact].measure, catalogue, case.lang)
