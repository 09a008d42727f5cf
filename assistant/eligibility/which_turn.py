"""Several measures, one of which was meant: what is asked, and how the answer is read.

The question is the first line of its turn, the titles are its list; so it is known again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.eligibility import reply_patterns
from assistant.eligibility.asking import is_asking, unasked
from assistant.eligibility.matching import Matching
from assistant.eligibility.reading import listed
from assistant.eligibility.reply import Reply
from assistant.eligibility.script import is_ours
from assistant.eligibility.service import Eligibility
from assistant.eligibility.turn_wording import TEXTS, quoted, say
from assistant.eligibility.wording import localized
from assistant.questions import Lang
from index.lexical import simplified

__all__ = ["offered_in", "pointed_at", "read_choice", "which_turn"]

_ITEM = re.compile(r"^- (.+)$", re.MULTILINE)
# A longer answer is not pointed with: `First of all, my wife has no job`.
_POINTS = 40
_POINTED = re.compile(
    r"第\s*[一二三四五六七八1-8]\s*[个项条种]|最后一[个项条种]"
    r"|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|last|\d(?:st|nd|rd|th))"
    r" (?:one|measure|option)\b|^\W*the (?:first|second|third|fourth|fifth|sixth|last)\W*$"
    r"|\b(?:number|no\.|option) ?\d\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"那[个项]$|^the\b.*\bone$", re.IGNORECASE)
_OPENING = re.compile(r"^\W*(?:那么?(?![个些])|what about|how about|and)\s*", re.IGNORECASE)


def which_turn(known: Eligibility, measures: Sequence[str], lang: Lang, remark: str = "") -> Reply:
    """Ask which of several measures is meant; each is a button that names it.

    Args:
        known: The measures.
        measures: Those that can be meant, by id.
        lang: The language of the turn.
        remark: Said after the list.
    """
    titles = [localized(known.measure(one).title, lang) for one in measures]
    parts = [say("which", lang), "\n".join(f"- {one}" for one in titles), remark]
    return Reply(
        text="\n\n".join(part for part in parts if part),
        status="clarify",
        choices=tuple(say("ask_measure", lang, title=quoted(one)) for one in titles),
    )


def offered_in(text: str, measures: Matching) -> tuple[str, ...]:
    """The measures that a turn asks to choose from; none where it is no such turn."""
    first = text.strip().partition("\n")[0]
    if not any(is_ours(first, ours) for ours in TEXTS["which"].values()):
        return ()
    found = (measures.titled(title) for title in _ITEM.findall(text))
    return tuple(one for one in found if one)


def read_choice(
    text: str, offered: Sequence[str], measures: Matching
) -> str | Literal["neither"] | None:
    """Which of the measures a person means: by its place, its number, its title or part of it.

    Args:
        text: What they wrote: `the second`, `第二个`, `2`, `the spouse one`, `都不是`.
        offered: The measures, in the order in which they were shown.
        measures: Their words.

    Returns:
        A measure's id; `neither`; `None` where it is no choice.
    """
    plain = _OPENING.sub("", simplified(text)).rstrip(" ?？")
    if named := measures.titled(plain) or measures.named(plain):
        return named
    if is_asking(plain) or reply_patterns.UNSURE.search(plain):
        return None
    if reply_patterns.NONE_OF_THEM.search(plain) or reply_patterns.ANOTHER.search(plain):
        return "neither"
    places = listed(plain, len(offered)) if len(plain) <= _POINTS else []
    if len(places) == 1:
        return offered[places[0]]
    found = measures.like(plain, offered)
    if found is None and _ONE.search(plain):
        return measures.like(plain)
    return found


def pointed_at(text: str, shown: Sequence[str]) -> str | None:
    """The measure of a ranking that a message points at, to have it judged.

    Args:
        text: `the second one`, `第一个我们符合条件吗`; what else is asked of it is no such message.
        shown: The measures, in the order in which they were shown.
    """
    plain = simplified(text)
    if len(plain) > _POINTS or not _POINTED.search(plain):
        return None
    if is_asking(plain) and unasked(plain) == plain:
        return None
    places = listed(plain, len(shown))
    return shown[places[0]] if len(places) == 1 else None
