"""The words of turns about eligibility, in both languages, and what tells such a turn later.

A conversation keeps texts only. So the first line of a turn names, in bold, the measure that it
judges (or says that it ranks all), and the last line is the question that it asks, word for word.
"""

from __future__ import annotations

import re

from assistant.questions import Lang

TEXTS: dict[str, dict[Lang, str]] = {
    "finding": {"zh": "您可以用的支持措施", "en": "Support measures for you"},
    "verdict": {"zh": "**{title}**：{sign}{text}", "en": "**{title}**: {sign}{text}"},
    "conditions": {"zh": "条件：", "en": "Conditions:"},
    "any_of": {"zh": "以下满足一项即可：", "en": "Any one of these is enough:"},
    "not": {"zh": "不属于：{text}", "en": "not: {text}"},
    "value": {"zh": "（{value}）", "en": " ({value})"},
    "value_said": {"zh": "（{value}；您说的是“{words}”）", "en": " ({value}; you said “{words}”)"},
    "note": {"zh": " —— {note}", "en": " – {note}"},
    "known": {"zh": "已知：{facts}。", "en": "What I know: {facts}."},
    "fact": {"zh": "{label}：{value}", "en": "{label}: {value}"},
    "benefits": {"zh": "可以得到：", "en": "What it gives:"},
    "would_give": {"zh": "符合条件的可以得到：", "en": "What it gives to those who qualify:"},
    "found": {
        "zh": "已载入的{all}项措施中，按已知情况符合条件的有{eligible}项，"
        "还要看其他情况的有{possible}项，不适用的有{not_for_you}项。",
        "en": "Of the {all} measures that were loaded, {eligible} fit what is known, {possible} "
        "depend on more, and {not_for_you} are not for you.",
    },
    "found_eligible": {"zh": "符合条件：", "en": "You meet the stated conditions of:"},
    "found_possible": {"zh": "还要看其他情况：", "en": "These depend on more:"},
    "found_not_for_you": {"zh": "不适用，例如：", "en": "Not for you, for example:"},
    "depends": {"zh": "（取决于：{criteria}）", "en": " (depends on: {criteria})"},
    "because": {"zh": "（{why}）", "en": " ({why})"},
    "unmet": {"zh": "：不符合", "en": ": not so"},
    "more": {"zh": "另有{count}项", "en": "{count} more"},
    "see_all": {
        "zh": "全部措施在页面的“支持措施”一栏。",
        "en": "All of them are on the page under “Measures”.",
    },
    "tell_me": {
        "zh": "请先说说您的情况，就能看出哪些措施适合您。",
        "en": "Tell me a little about yourself, and I can say which measures are for you.",
    },
    "which": {
        "zh": "您问的是哪一项措施？",
        "en": "Which measure do you mean?",
    },
    "unread": {
        "zh": "我没有看懂这个回答，请再说一次，或者选一个答案。",
        "en": "I could not read that as an answer; please say it in other words, or choose one.",
    },
    "nothing_asked": {
        "zh": "没有要再问您的了。情况有不同请直接说，也可以问别的措施，或者问政策内容。",
        "en": "I have nothing more to ask. If something is different, just say so; or ask about "
        "another measure, or about the policies themselves.",
    },
    "declined": {
        "zh": "不清楚也没关系：“{label}”先按未知处理。",
        "en": "That is all right: “{label}” stays open.",
    },
    "ask_measure": {
        "zh": "我符合“{title}”的条件吗？",
        "en": "Do I qualify for “{title}”?",
    },
    "ask_all": {"zh": "哪些措施适合我？", "en": "Which measures are there for me?"},
}
VERDICTS = {"eligible": "✓ ", "not_eligible": "✗ ", "more_information_needed": ""}
MARKS = {"met": "✓", "not_met": "✗", "unknown": "?"}
_HEADED = re.compile(r"\s*\*\*(.+?)\*\*")


def say(name: str, lang: Lang, **values: object) -> str:
    """One of the texts; `KeyError` where there is none, or a value is missing."""
    return TEXTS[name][lang].format(**values)


def quoted(title: str) -> str:
    """A title to stand in quotation marks: its own are single there."""
    return title.replace("“", "‘").replace("”", "’")


def heading_of(text: str) -> str:
    """The bold words that a text begins with; empty where it begins otherwise."""
    found = _HEADED.match(text)
    return found[1] if found else ""


def last_line(text: str) -> str:
    """The last line of a text that holds anything."""
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""
