"""A direct first line: the number, day, names or plain yes that a question asks for.

Made of words that stand in the chosen sentences and of nothing else, so that it says no more than
these do; where it is not plain which words answer, or where the sentences are as short as the line
would be, there is none. Knows notation and names; whether the sentences answer is for whoever
chose them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.composers import Draft, Support
from assistant.composers.affirming import affirms
from assistant.composers.candidates import Candidate
from assistant.figure_notation import AFTER, BARE, BEFORE, NUMBER
from assistant.figures import Figure, agree, figures
from assistant.kinds import counted, fitting, is_exact, names_bodies
from assistant.names import bodies
from assistant.questions import Understanding
from assistant.texts import say
from index.text import han_count

__all__ = ["capitalised", "first_line", "stated"]

_COUNTED = ("count", "share", "amount", "duration", "date", "deadline")
# The quotes are this much longer than the line, and no shorter than this; a Han character is 2.
_TIMES = 2
_LEAST = 48
# What hedges or completes a figure, and a day besides, and is no part of it.
_HEDGE = re.compile(
    r"(?:原则上|力争|预计|每[年月季周人户家]|\b(?:in principle,?|each|every))\s*$", re.I
)
_BEFORE_DAY = re.compile(
    r"(?:自|从|截至|截止|到|至|每年|\b(?:by|before|until|till|since|from|the|end of|"
    r"beginning of|early|late|not later than|no later than))\s*$",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\s*(?:年?(?:底|末|初)|之?前|起|以来|左右|以上|以下|以内|之内|上下|"
    r"(?:of )?(?:each|every|a|per) (?:year|month|week|quarter|person|household)\b|"
    r"or (?:more|less|fewer)\b|(?:or so|onwards?|at (?:least|most)|ago)\b)",
    re.IGNORECASE,
)
# A list item is about a body that it names at its beginning ("- The Department of ...").
_SUBJECT = 6
_BODIES_ZH = re.compile(r"[一-鿿]{0,4}?(?:部门|单位|机构|机关|部委)")
# What joins a noun to others that are counted with it.
_GOES_ON = re.compile(r"\s*(?:,\s|、|和|与|及|以及|and\b|or\b)")
_VERB = re.compile(r"s [a-z]+ed\b")
_WORD_END = re.compile(r"[一-鿿]|[A-Za-z]+\b")
_COUNTER = re.compile(r"[个家项条户人名场次]")


def first_line(chosen: Sequence[Candidate], understanding: Understanding) -> Draft | None:
    """The line for an answer of these sentences; `None` where it would not help, or is not plain.

    Args:
        chosen: The sentences of the answer, the best first.
        understanding: What was understood of the question.
    """
    wants = understanding.wants
    if any(c.evidence.document.lang != understanding.lang for c in chosen):
        return None
    if wants in _COUNTED:
        line = _figure_line(chosen, understanding)
    elif wants == "who":
        return _bodies_line(chosen, understanding)
    elif wants == "yes_no":
        best = chosen[0]
        own = say("yes", understanding.lang, understanding.script)
        return _line(own, [best], understanding) if affirms(best, understanding) else None
    else:
        return None
    quoted = sum(_width(c.text) for c in chosen)
    if line is None or quoted < max(_LEAST, _TIMES * _width(line.text)):
        return None
    return line


def stated(candidate: Candidate, understanding: Understanding) -> str | None:
    """The one figure of a sentence that is asked for, with its hedges, as it stands there."""
    text = candidate.text
    found = fitting(text, understanding.wants, understanding.query)
    exact = [figure for figure in found if is_exact(figure, understanding.query)]
    if understanding.wants == "count" and {*counted(understanding.query)} - {*BARE}:
        # "50 stations" is no answer to how many examples.
        found = [figure for figure in found if figure.unit in BARE]
    found = exact or found
    if not found or any(not agree(found[0], other) for other in found):
        return None
    start, end = _hedged(text, found[0], understanding.query)
    return " ".join(text[start:end].split())


def capitalised(text: str) -> str:
    """A part of a sentence as it stands where it begins one."""
    return text[:1].upper() + text[1:]


def _figure_line(chosen: Sequence[Candidate], understanding: Understanding) -> Draft | None:
    """A figure, where all sentences that hold one of the kind hold the same."""
    best = chosen[0]
    words = stated(best, understanding)
    if words is None:
        return None
    own = figures(words)
    others = (fitting(c.text, understanding.wants, understanding.query) for c in chosen[1:])
    if any(not _is_among(figure, own) for found in others for figure in found):
        return None
    return _line(words, [best], understanding)


def _is_among(figure: Figure, others: Sequence[Figure]) -> bool:
    return any(agree(figure, one) or agree(one, figure) for one in others)


def _hedged(text: str, figure: Figure, query: str) -> tuple[int, int]:
    """Where a figure stands with the words that make it about, at least, by or before so much."""
    start, end = figure.start, _noun_end(text, figure, query)
    leads = (BEFORE, _HEDGE, _BEFORE_DAY) if figure.kind == "date" else (BEFORE, _HEDGE)
    while before := next((m for lead in leads if (m := lead.search(text[:start]))), None):
        if before.start() == start:
            break
        start = before.start()
    while after := AFTER.match(text, end) or _REST.match(text, end):
        if after.end() == end:
            break
        end = after.end()
    return start, end


def _noun_end(text: str, figure: Figure, query: str) -> int:
    """Where what is counted ends: as far as the question has the same words.

    No noun ends with a verb ("seven bodies issued"). One that is joined with others which the
    question does not have is left out: of "50 stations, offices and the like" there are not 50
    stations.
    """
    end = figure.end
    if figure.kind != "quantity":
        return end
    if bodies_counted := _BODIES_ZH.match(text, end):
        return bodies_counted.end()
    asked = query.lower()
    ends = [match.end() for match in _WORD_END.finditer(text, end, end + 30)]
    for further in reversed(ends):
        if _VERB.search(text[figure.start : further]):
            continue
        if text[max(figure.start, end - 3) : further].lower() in asked:
            return further
    if _GOES_ON.match(text, end) and (number := NUMBER.match(text, figure.start)):
        counter = _COUNTER.match(text, number.end())
        return counter.end() if counter else number.end()
    return end


def _bodies_line(chosen: Sequence[Candidate], understanding: Understanding) -> Draft | None:
    """The bodies that several list items name, with their number where a sentence states it."""
    items = [c for c in chosen if c.is_item]
    named: dict[str, Candidate] = {}
    for item in items:
        headings = " ".join(item.evidence.scored.passage.heading_path[1:])
        known = bodies(item.text)
        is_named = known and names_bodies(item.text, understanding.query, headings)
        if not is_named or item.text.find(known[0]) > _SUBJECT:
            return None
        named.setdefault(known[0], item)
    if len(named) < 2 or len({item.place[:3] for item in items}) > 1:
        return None
    names = list(named)
    zh = han_count(names[0]) > 0
    listed = "、".join(names) if zh else ", ".join(names)
    counting = next((found for c in chosen if (found := _number(c, len(names)))), None)
    if counting is None:
        return _line(listed, list(named.values()), understanding)
    number, candidate = counting
    joint = "：" if zh else ": "
    return _line(f"{number}{joint}{listed}", [candidate, *named.values()], understanding)


def _number(candidate: Candidate, many: int) -> tuple[str, Candidate] | None:
    """The words of a sentence that count the bodies named, where it counts as many."""
    if candidate.is_item:
        return None
    text = candidate.text
    for figure in figures(text):
        if figure.kind != "quantity" or figure.value != many:
            continue
        noun = _BODIES_ZH.match(text, figure.end)
        end = noun.end() if noun else figure.end
        if noun or {*figure.unit.split("/")} & {"department", "enterprise"}:
            return text[figure.start : end], candidate
    return None


def _line(words: str, rests_on: Sequence[Candidate], understanding: Understanding) -> Draft:
    stop = "。" if understanding.lang == "zh" else "."
    text = words if words.endswith(stop) else words + stop
    text = capitalised(text)
    places = {c.place: c for c in rests_on}
    supports = tuple(Support(c.evidence.label, *c.unit.span) for c in places.values())
    return Draft(text, supports, "answer", quoted=True)


def _width(text: str) -> int:
    return len(text) + han_count(text)
