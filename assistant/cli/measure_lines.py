"""Verdicts and lists of measures as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.questions import Lang

if TYPE_CHECKING:
    from assistant.eligibility.facts import Facts
    from assistant.eligibility.measures import Catalogue

_MARKS = {"met": "✓", "not_met": "✗", "unknown": "?"}
_VERDICTS = {"eligible": "✓", "not_eligible": "✗", "more_information_needed": "?"}
_FITS = {"eligible": "✓", "possible": "?", "not_for_you": "✗"}
_WORDS: dict[str, dict[Lang, str]] = {
    "eligible": {"zh": "符合条件", "en": "Eligible"},
    "not_eligible": {"zh": "不符合条件", "en": "Not eligible"},
    "more_information_needed": {"zh": "尚需更多信息", "en": "More information needed"},
    "possible": {"zh": "可能符合", "en": "Possible"},
    "not_for_you": {"zh": "不适用", "en": "Not for you"},
    "benefits": {"zh": "可享受：", "en": "What it gives:"},
    "group": {"zh": "以下任一项：", "en": "any one of these:"},
    "and": {"zh": "且", "en": "and "},
    "not": {"zh": "不得有此情形：", "en": "must not hold: "},
    "next": {"zh": "下一个问题：", "en": "Next question: "},
    "fact": {"zh": "事实", "en": "fact"},
    "given": {"zh": "给予", "en": "given"},
    "for": {"zh": "面向", "en": "for"},
    "acts": {"zh": "办理", "en": "acts"},
    "period": {"zh": "期限", "en": "period"},
    "passage": {"zh": "依据", "en": "passage"},
    "missing": {"zh": "取决于", "en": "depends on"},
    "against": {"zh": "原因", "en": "because"},
    "why": {"zh": "依据条件", "en": "because"},
}
_CHOICES_SHOWN = 12


def verdict_lines(found: Mapping[str, Any], facts: Facts, catalogue: Catalogue) -> Iterator[str]:
    """An eligibility as the contract has it, a line at a time."""
    from assistant.eligibility.values import shown

    lang: Lang = found["lang"]
    yield f"{found['title']}  ({found['measure']})"
    colon = "：" if lang == "zh" else ": "
    yield f"{_VERDICTS[found['verdict']]} {_WORDS[found['verdict']][lang]}{colon}{found['text']}"
    if found["period"]["warning"]:
        yield f"! {found['period']['warning']}"
    if found["criteria"]:
        yield ""
    before: tuple[Any, Any] = (None, None)
    for one in found["criteria"]:
        now = (one["group"], one["alternative"])
        if one["group"] not in (None, before[0]):
            yield f"  {_WORDS['group'][lang]}"
        also = _WORDS["and"][lang] if one["group"] is not None and now == before else ""
        before = now
        indent = "    " if one["group"] is not None else "  "
        value = ""
        if one["fact"] in facts:
            known = facts[one["fact"]]
            value = f" ({shown(known.value, catalogue.facts[known.fact], lang)})"
        text = (_WORDS["not"][lang] if one["negated"] else "") + one["text"]
        yield f"{indent}{_mark(one)} {also}{text}{value} [{one['citation']['label']}]"
        if one["note"]:
            yield f"{indent}  {one['note']}"
    if found["benefits"]:
        yield f"\n{_WORDS['benefits'][lang]}"
    for one in found["benefits"]:
        yield f"  - {one['text']} [{one['citation']['label']}]"
    if found["next_question"]:
        yield ""
        yield from _question_lines(found["next_question"], lang)
    yield from _source_lines(found)


def listing_lines(found: Sequence[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    """Measures, a few lines each; under their fit where they were ranked by facts."""
    fit = None
    for number, one in enumerate(found):
        if number:
            yield ""
        if one.get("fit") != fit:
            fit = one["fit"]
            yield f"== {_FITS[fit]} {_WORDS[fit][lang]} =="
        yield f"{one['id']}"
        yield f"  {one['title']}"
        places = (", " if lang == "en" else "、").join(one["place_names"] or [one["jurisdiction"]])
        about = [*one["audience_names"], places, *one["industry_names"]]
        yield f"  {_WORDS['for'][lang]}: {' · '.join(about)}"
        yield f"  {_WORDS['given'][lang]}: {one['given']}"
        yield f"  {_WORDS['acts'][lang]}: {one['acts']}"
        if period := _period(one["period"]):
            yield f"  {_WORDS['period'][lang]}: {period}"
        if fit and one["why"]:
            named = {"possible": "missing", "not_for_you": "against"}.get(fit, "why")
            yield f"  {_WORDS[named][lang]}: {'; '.join(one['why'])}"
        cited = one["citation"]
        yield f"  {_WORDS['passage'][lang]}: {cited['passage_id']} “{cited['quote']}”"


def _mark(criterion: Mapping[str, Any]) -> str:
    """✓ where a condition speaks for the person, also one that must not be met."""
    if criterion["negated"] and criterion["verdict"] != "unknown":
        return _MARKS["not_met" if criterion["verdict"] == "met" else "met"]
    return _MARKS[criterion["verdict"]]


def _period(period: Mapping[str, Any]) -> str:
    days = f"{period['begins'] or '…'} – {period['ends'] or '…'}"
    parts = [days] if period["begins"] or period["ends"] else []
    return "; ".join((*parts, *(period[key] for key in ("note", "warning") if period[key])))


def _question_lines(question: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    unit = f", {question['unit']}" if question["unit"] else ""
    about = f"{_WORDS['fact'][lang]}: {question['fact']}{unit}"
    yield f"{_WORDS['next'][lang]}{question['text']} ({about})"
    choices = question["choices"] or []
    for choice in choices[:_CHOICES_SHOWN]:
        value = str(choice["value"]).lower() if isinstance(choice["value"], bool) else None
        yield f"  - {choice['label']}: {value or choice['value']}"
    if len(choices) > _CHOICES_SHOWN:
        yield "  - …"


def _source_lines(found: Mapping[str, Any]) -> Iterator[str]:
    cited = [one["citation"] for one in (*found["criteria"], *found["benefits"])]
    document = None
    for label, citation in sorted({one["label"]: one for one in cited}.items()):
        if (citation["document_id"], citation["lang"]) != document:
            document = (citation["document_id"], citation["lang"])
            facts = (citation["issuer"], citation["issued_on"])
            about = ", ".join(fact for fact in facts if fact)
            yield f"\n{citation['title']}" + (f" ({about})" if about else "")
        yield f"[{label}] #{citation['section']} “{citation['quote']}”"
    if found["notices"]:
        yield ""
    for notice in found["notices"]:
        yield f"! {notice['text']}"
