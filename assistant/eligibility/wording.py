"""The words of verdicts, reasons and questions, in both languages.

Templates only; what a policy says comes from its measures.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.eligibility.facts import Localized
from assistant.questions import Lang

TEXTS: dict[str, dict[Lang, str]] = {
    "eligible": {
        "zh": "按已知情况，符合文件写明的条件。",
        "en": "On what is known, the conditions that the document states are met.",
    },
    "eligible_no_conditions": {
        "zh": "文件对这项措施没有写明申请条件。",
        "en": "The document states no conditions for this measure.",
    },
    "not_eligible": {
        "zh": "按已知情况，以下条件不满足：{criteria}。",
        "en": "On what is known, these conditions are not met: {criteria}.",
    },
    "more_information_needed": {
        "zh": "还不能下结论，取决于：{criteria}。",
        "en": "That cannot be said yet; it depends on: {criteria}.",
    },
    "never_settled": {
        "zh": "文件没有写明判断所需的内容，任何回答都不能得出结论；请向主管部门核实。",
        "en": "The document does not define what the verdict depends on, so no answer of yours can "
        "settle it; ask the body in charge.",
    },
    "not": {"zh": "不得有“{text}”的情形", "en": "“{text}” must not hold"},
    "fails": {
        "zh": "不满足：{text}（{label}：{value}）",
        "en": "not met: {text} ({label}: {value})",
    },
    "fails_unsaid": {"zh": "不满足：{text}", "en": "not met: {text}"},
    "lapsed": {"zh": "这项措施已于{day}结束。", "en": "This measure ended on {day}."},
    "not_begun": {"zh": "这项措施自{day}起实施。", "en": "This measure begins on {day}."},
    "other_place": {
        "zh": "只面向{places}，而所在地是{place}",
        "en": "it is for {places} only, and you are in {place}",
    },
    "other_industry": {
        "zh": "只面向{industries}，而所在行业是{industry}",
        "en": "it is for {industries} only, and your industry is {industry}",
    },
    "other_audience": {
        "zh": "面向{audience}，而您是{who}",
        "en": "it is for {audience}, and you are {who}",
    },
    "yes": {"zh": "是", "en": "yes"},
    "no": {"zh": "否", "en": "no"},
}
AUDIENCES: dict[str, dict[Lang, str]] = {
    "enterprise": {"zh": "企业", "en": "enterprises"},
    "talent": {"zh": "人才", "en": "talents"},
    "hr_agency": {"zh": "人力资源服务机构", "en": "human resource service agencies"},
    "government": {"zh": "政府部门和园区", "en": "government bodies"},
}
_JOINED: dict[Lang, str] = {"zh": "；", "en": "; "}
_LISTED: dict[Lang, str] = {"zh": "、", "en": ", "}


def say(name: str, lang: Lang, **values: object) -> str:
    """One of the texts; `KeyError` where there is none, or a value is missing."""
    return TEXTS[name][lang].format(**values)


def localized(text: Localized, lang: Lang) -> str:
    """A text in a language; in the other one where it has none in this."""
    return text[lang] if lang in text else next(iter(text.values()), "")


def joined(parts: Iterable[str], lang: Lang) -> str:
    """Clauses, one after the other."""
    return _JOINED[lang].join(part.rstrip("。.；; ") for part in parts)


def listed(parts: Iterable[str], lang: Lang) -> str:
    """Words, one after the other."""
    return _LISTED[lang].join(parts)
