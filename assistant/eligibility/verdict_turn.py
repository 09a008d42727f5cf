"""One measure, judged, as a turn of a conversation: verdict, conditions, benefits, a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.answer import Notice, Status
from assistant.eligibility.facts import Facts
from assistant.eligibility.fits import fit_of
from assistant.eligibility.measures import Measure, OneOf
from assistant.eligibility.next_question import question_about
from assistant.eligibility.outline import outline
from assistant.eligibility.reply import Case, Marks, Reply, choices_of, sign, value_said
from assistant.eligibility.service import Eligibility
from assistant.eligibility.turn_wording import VERDICTS, quoted, say
from assistant.questions import Lang
from assistant.trace import JudgedTrace

__all__ = ["verdict_turn"]


def verdict_turn(known: Eligibility, identity: str, case: Case) -> Reply:
    """Judge a measure, say why, and ask what settles most.

    Args:
        known: The measures.
        identity: The measure.
        case: Whose eligibility it is about.
    """
    facts, lang, as_of = case.facts, case.lang, case.as_of
    found = known.judge(identity, facts, lang, as_of=as_of)
    measure = known.measure(identity)
    asked = _question(known, measure, found, case)
    marks = Marks()
    shown = {"title": found["title"], "sign": VERDICTS[found["verdict"]], "text": found["text"]}
    head = say("verdict", lang, **shown)
    fit = fit_of(measure, facts, known.catalogue, as_of)
    if fit.outside and found["verdict"] != "not_eligible":
        gap = " " if lang == "en" else ""
        head += gap + _sentence(known.why(fit, facts, lang)[0], lang)
    parts = [head]
    conditions = list(_conditions(known, found, facts, marks, lang))
    if conditions:
        parts.append("\n".join((say("conditions", lang), *conditions)))
    benefits = [f"- {one['text']} {marks.mark(one['citation'])}" for one in found["benefits"]]
    if benefits:
        title = "benefits" if found["verdict"] == "eligible" else "would_give"
        parts.append("\n".join((say(title, lang), *benefits)))
    if case.remark:
        parts.append(case.remark)
    if asked:
        parts.append(asked["text"])
    period = found["period"]["warning"]
    return Reply(
        text="\n\n".join(parts),
        status=_status(found, asked),
        citations=marks.citations,
        notices=(
            *([Notice("validity", period)] if period else []),
            *(Notice(**one) for one in found["notices"]),
        ),
        choices=choices_of(asked, _wanted(measure, asked["fact"]))
        if asked
        else (say("ask_all", lang),),
        eligibility=found | {"next_question": asked},
        query=say("ask_measure", lang, title=quoted(found["title"])),
        asked=asked["fact"] if asked else None,
        judged=(JudgedTrace(identity, found["verdict"], _deciding(found)),),
    )


def _deciding(found: Mapping[str, Any]) -> tuple[str, ...]:
    """The conditions that a verdict rests on."""
    return tuple(one["id"] for one in found["criteria"] if one["decides"])


def _question(
    known: Eligibility, measure: Measure, found: Mapping[str, Any], case: Case
) -> dict[str, Any] | None:
    """The next question; where the person cannot answer it, the next of the open ones."""
    asked: dict[str, Any] | None = found["next_question"]
    if asked is None or asked["fact"] not in case.declined:
        return asked
    for one in found["criteria"]:
        fact = one["fact"]
        if fact and one["decides"] and one["verdict"] == "unknown" and fact not in case.declined:
            return question_about(fact, measure, known.catalogue, case.lang)
    return None


def _conditions(
    known: Eligibility, found: Mapping[str, Any], facts: Facts, marks: Marks, lang: Lang
) -> Iterator[str]:
    group = None
    for one in found["criteria"]:
        if one["group"] is not None and one["group"] != group:
            yield say("any_of", lang)
        group = one["group"]
        text = say("not", lang, text=one["text"]) if one["negated"] else one["text"]
        if one["fact"] in facts:
            text += value_said(facts[one["fact"]], known.catalogue.facts[one["fact"]], lang)
        note = say("note", lang, note=one["note"]) if one["note"] else ""
        yield f"- {sign(one)} {text} {marks.mark(one['citation'])}{note}"


def _wanted(measure: Measure, fact: str) -> frozenset[str]:
    """The choices of a fact that a measure's criteria name."""
    tests = [
        leaf.criterion.test for leaf in outline(measure.criteria) if leaf.criterion.fact == fact
    ]
    return frozenset(one for test in tests if isinstance(test, OneOf) for one in test.choices)


def _status(found: Mapping[str, Any], asked: Mapping[str, Any] | None) -> Status:
    if found["verdict"] != "more_information_needed":
        return "answered"
    return "clarify" if asked else "partial"


def _sentence(text: str, lang: Lang) -> str:
    return text[0].upper() + text[1:].rstrip("。.") + ("。" if lang == "zh" else ".")
