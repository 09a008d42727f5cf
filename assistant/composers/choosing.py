"""Choosing among scored sentences: the smallest set that answers all of a question.

One sentence for a fact, the whole list for a list. Knows scores, places and kinds; writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from assistant.composers.candidates import NEAR, Candidate, weights
from assistant.figures import agree, figures
from assistant.kinds import (
    asks_issue,
    fitting,
    holds,
    is_exact,
    is_searched,
    levels,
    names_bodies,
    says_issued,
)
from assistant.places import asked_places, is_wide
from assistant.question_patterns import COMPOUND
from assistant.questions import Understanding

# A further sentence must meet this much more of the question than those already chosen.
_GAIN_MIN = 0.06
_FURTHER_MAX = 2
# Most sentences of one section that answer together where neither list nor figure was asked for.
_TOGETHER = 5
# Across languages all scores are low, and near is told by their ratio.
_NEAR_SHARE = 0.6
_ABSENT_MARGIN = 0.03
# A section answers a list question where its best sentence is at most this far from the best.
_RIVAL = 0.04
# It is shown whole where it is short, or where this share of its sentences is near its best.
_SHORT = 8
_WHOLE = 0.6
# What a section gains that is about the place asked for.
_HEADED = 0.04
# What a sentence gains that counts the very thing asked for, and one that is of the day or year.
_EXACT = 0.03
_DATED = ("date", "deadline")
# "Which eight?": the number of things to be listed.
_ASKS_NUMBERED = re.compile(
    r"哪([二两三四五六七八九十\d]{1,3})|"
    r"\bwhich (two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)\b",
    re.IGNORECASE,
)


def part(
    candidates: Sequence[Candidate], understanding: Understanding
) -> tuple[list[Candidate], list[Candidate]]:
    """Sentences near the best that say what a document does not say, and all other sentences.

    There are no others where a sentence of the first kind meets the question clearly better, or
    at all better where no other holds the kind of thing asked for; but where that is a figure, day
    or person, those near it are shown beside what tells of the gap. A sentence that gives the day
    and says that it gives no year does say something.
    """
    dated = understanding.wants in _DATED
    said = [c for c in candidates if not c.is_absent or (dated and is_of_kind(c, understanding))]
    best = candidates[0].score if candidates else 0.0
    absent = [c for c in candidates if c not in said and c.score >= best - NEAR]
    held = any(is_of_kind(c, understanding) for c in said if c.score >= best - NEAR)
    margin = (NEAR if dated else _ABSENT_MARGIN) if held else 0.0
    if said and best > said[0].score + margin:
        beside = is_searched(understanding.wants) and not held
        return absent, [c for c in said if beside and c.score >= best - NEAR]
    return absent, said


def tells_of_gap(absent: Sequence[Candidate], said: Sequence[Candidate]) -> bool:
    """Whether what a document says that it does not say meets the question clearly better."""
    return bool(absent) and absent[0].score > said[0].score + _ABSENT_MARGIN


def tells_too(absent: Sequence[Candidate], chosen: Sequence[Candidate]) -> bool:
    """Whether what a document says that it does not say belongs to an answer.

    That is where it stands in the answer's section and meets the question about as well.
    """
    best = max(chosen, key=lambda c: c.score)
    near = absent and absent[0].score >= best.score - _ABSENT_MARGIN
    return bool(near) and absent[0].place[:3] == best.place[:3]


def is_of_kind(candidate: Candidate, understanding: Understanding) -> bool:
    """Whether a sentence holds the kind of thing asked for."""
    return holds(candidate.text, understanding.wants, understanding.query)


def counts_it(candidate: Candidate, understanding: Understanding) -> bool:
    """Whether a sentence holds the number of the very thing that a question asks the number of."""
    held = fitting(candidate.text, understanding.wants, understanding.query)
    return any(is_exact(figure, understanding.query) for figure in held)


def states_it(candidates: Sequence[Candidate], understanding: Understanding) -> bool:
    """Whether the best sentence, clearly better than others, counts the very thing asked for."""
    best = candidates[0]
    rest = [c.score for c in candidates if not counts_it(c, understanding)]
    return counts_it(best, understanding) and best.score > max(rest, default=0.0) + _ABSENT_MARGIN


def of_asked_place(candidates: Sequence[Candidate], query: str) -> list[Candidate]:
    """The candidates that name the city asked about, where some near the best do; else all.

    A sentence on another city may meet every other word of the question.
    """
    asked = [names for names in asked_places(query) if not any(map(is_wide, names))]
    if not asked:
        return list(candidates)
    named = [c for c in candidates if any(_names(c, names) for names in asked)]
    if not named or named[0].score < candidates[0].score - 2 * NEAR:
        return list(candidates)
    headed = [
        replace(c, score=c.score + _HEADED) if any(_heads(c, names) for names in asked) else c
        for c in named
    ]
    return sorted(headed, key=lambda c: -c.score)


def choose(candidates: Sequence[Candidate], understanding: Understanding) -> list[Candidate]:
    """The sentences that answer; `candidates` are those that may, best first."""
    wants = understanding.wants
    best = candidates[0]
    held = likeliest(candidates, understanding)
    if held and held[0].score >= best.score - NEAR:
        best = held[0]
    if wants in ("list", "who") or COMPOUND.search(understanding.query):
        return _listed(candidates, understanding.query) or _list(candidates, held)
    chosen = [best, *_further(best, candidates, understanding)]
    if wants in ("text", "where", "yes_no", "definition", "procedure"):
        section = [c for c in candidates if c.place[:3] == best.place[:3]]
        near = [c for c in section if c not in chosen and c.score >= best.score - NEAR]
        chosen += near[: _TOGETHER - len(chosen)]
        return _completed(chosen, section)
    return chosen


def likeliest(candidates: Sequence[Candidate], understanding: Understanding) -> list[Candidate]:
    """The candidates that hold the kind of thing asked for, the likeliest first.

    Asked who, those that name bodies, where some near the best do.
    """
    wants, query = understanding.wants, understanding.query
    held = [c for c in candidates if is_of_kind(c, understanding)]
    if wants == "who":
        naming = [c for c in held if names_bodies(c.text, query, _headings(c))]
        return naming if naming and naming[0].score >= candidates[0].score - NEAR else held
    if not is_searched(wants):
        return held
    held = _of_level(held, query)
    days = [figure for figure in figures(query) if figure.kind == "date"]
    issue = wants == "date" and asks_issue(query)

    def worth(candidate: Candidate) -> float:
        said = figures(f"{_headings(candidate)} {candidate.text}")
        dated = any(agree(day, one) for day in days for one in said)
        tells = dated + (issue and says_issued(candidate.text))
        return candidate.score + _EXACT * (counts_it(candidate, understanding) + tells)

    return sorted(held, key=lambda c: -worth(c))


def _of_level(held: list[Candidate], query: str) -> list[Candidate]:
    """Those of the one level that a question asks about, or of none, where one is of it."""
    asked = levels(query)
    if len(asked) != 1 or not any(asked <= levels(c.text) for c in held):
        return held
    return [c for c in held if asked <= levels(c.text) or not levels(c.text)]


def _headings(candidate: Candidate) -> str:
    return " ".join(candidate.evidence.scored.passage.heading_path[1:])


def _completed(chosen: list[Candidate], section: Sequence[Candidate]) -> list[Candidate]:
    """The chosen sentences, and the rest of every list that they begin.

    That is a short one whose opening sentence is among them, or one of which most is.
    """
    more = []
    for block in _blocks(sorted(section, key=lambda c: c.unit.span.start)):
        items = [c for c in block if c.is_item]
        taken = sum(c in chosen for c in items)
        opened = block[0] in chosen and not block[0].is_item and len(items) <= _SHORT
        if items and (opened or 2 < len(items) < 2 * taken):
            more += [c for c in block if c not in chosen]
    return [*chosen, *more]


def _listed(candidates: Sequence[Candidate], query: str) -> list[Candidate]:
    """The list of as many things as a question asks for, where the best section only counts them.

    Asked "which eight?", a section that says "in eight aspects" gives way to the one of the same
    document that says so and lists eight.
    """
    asked = _ASKS_NUMBERED.search(query)
    best = candidates[0]
    number = figures(f"{asked[1] or asked[2]} items")[0].value if asked else 0
    sections: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.place[:2] == best.place[:2]:
            sections.setdefault(candidate.place[:3], []).append(candidate)
    counting = [
        sorted(own, key=lambda c: c.unit.span.start)
        for own in sections.values()
        if any(figure.value == number for c in own for figure in figures(c.text))
    ]
    if not any(best in own for own in counting):
        return []
    lists = [b for own in counting for b in _blocks(own) if sum(c.is_item for c in b) == number]
    return [] if any(best.place[:3] == b[0].place[:3] for b in lists) else next(iter(lists), [])


def _list(candidates: Sequence[Candidate], held: Sequence[Candidate]) -> list[Candidate]:
    """The section that meets the question best as a whole; only its near parts where some are far.

    A list that restates one item of the question's subject among others loses to the section that
    is about that subject. Lists are shown whole or not at all.
    """
    best = candidates[0].score
    kind = {c.place for c in held if c.score >= best - NEAR}
    if kind:
        best = max(c.score for c in held)
    sections: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in candidates:
        sections.setdefault(candidate.place[:3], []).append(candidate)
    rivals = [
        own
        for own in sections.values()
        if any(c.score >= best - _RIVAL and (not kind or c.place in kind) for c in own)
    ]
    section = max(rivals, key=lambda own: float(np.mean([c.score for c in own])))
    top = section[0].score
    ordered = sorted(section, key=lambda c: c.unit.span.start)
    least = max(top - NEAR, _NEAR_SHARE * top)
    near = [c for c in section if c.score >= least]
    if len(section) <= _SHORT or len(near) >= _WHOLE * len(section):
        return ordered
    kept: list[Candidate] = []
    for block in _blocks(ordered):
        good = [c for c in block if c.score >= least]
        if block[-1].is_item:
            kept += block if good else []
        else:
            kept += good
    return kept


def _blocks(ordered: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Lists, each with the sentence that opens it, and the sentences between them, in order."""
    block: list[Candidate] = []
    for candidate in ordered:
        opens = not candidate.is_item and candidate.text.rstrip().endswith((":", "："))
        follows = candidate.is_item and block and (block[-1].is_item or _opens(block[-1]))
        if block and not follows:
            yield block
            block = []
        block.append(candidate)
        if not opens and not candidate.is_item:
            yield block
            block = []
    if block:
        yield block


def _opens(candidate: Candidate) -> bool:
    return not candidate.is_item and candidate.text.rstrip().endswith((":", "："))


def _further(
    best: Candidate, candidates: Sequence[Candidate], understanding: Understanding
) -> list[Candidate]:
    """More sentences, each of which meets part of the question that the others do not."""
    weighed = weights(np.stack([c.met for c in candidates], axis=1))
    weighed = weighed / weighed.sum()
    covered = best.met
    chosen: list[Candidate] = []
    while len(chosen) < _FURTHER_MAX:
        rest = [c for c in candidates if c is not best and c not in chosen]
        near = [c for c in rest if c.score >= best.score - NEAR and is_of_kind(c, understanding)]
        if not near:
            break
        gains = [float((weighed * np.maximum(0, c.met - covered)).sum()) for c in near]
        most = int(np.argmax(gains))
        if gains[most] < _GAIN_MIN:
            break
        chosen.append(near[most])
        covered = np.maximum(covered, near[most].met)
    return chosen


def _heads(candidate: Candidate, names: frozenset[str]) -> bool:
    return any(name in _headings(candidate).lower().replace("’", "'") for name in names)


def _names(candidate: Candidate, names: frozenset[str]) -> bool:
    passage = candidate.evidence.scored.passage
    held = " ".join((*passage.heading_path[1:], candidate.text)).lower().replace("’", "'")
    return any(name in held for name in names)
