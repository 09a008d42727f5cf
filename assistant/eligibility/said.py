"""The values that a text gives one fact, by the fact's own patterns and labels.

What is stated counts; what is denied turns a yes-or-no round and takes a choice away; what is
asked, supposed or told of somebody else gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from assistant.eligibility import amounts
from assistant.eligibility.clauses import standing
from assistant.eligibility.described import described_spans
from assistant.eligibility.facts import Fact, FactValue, KnownFact
from assistant.eligibility.own_place import named_places, own_places
from index.lexical import simplified

_SEPARATOR = "; "


@dataclass(frozen=True)
class Reading:
    """A value that a run of words gives a fact.

    Attributes:
        value: The value; of a `choice` fact the id of one choice.
        start: Offset of the words in the text, in characters.
        end: Offset after them.
        words: The words.
        denied: Whether the words deny that a choice holds.
    """

    value: FactValue
    start: int
    end: int
    words: str
    denied: bool = False


def readings(text: str, fact: Fact) -> list[Reading]:
    """The values that a text states of one fact, in the order of the text.

    Args:
        text: What a person wrote.
        fact: The fact. A place without patterns of its own is where its author is.
    """
    plain = simplified(text)
    if plain != text:
        found = readings(plain, fact)
        return [replace(one, words=text[one.start : one.end].strip()) for one in found]
    if fact.kind == "place" and not fact.said:
        spans = [(own.place, own.start, own.end) for own in own_places(text)]
        described = None if spans else described_spans(text).place
        spans += [described] if described else []
        return [Reading(place, start, end, text[start:end]) for place, start, end in spans]
    return _longest([found for found in _matches(text, fact) if found is not None])


def joined(fact: Fact, found: list[Reading]) -> KnownFact | None:
    """One known fact out of the values that were read; `None` where there are none.

    Args:
        fact: The fact.
        found: Its readings, in the order of the text.
    """
    if fact.kind == "choice":
        return _chosen(fact, found)
    if not found:
        return None
    values = [reading.value for reading in found]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if fact.take in ("sum", "count") and fact.kind == "number":
        value: FactValue = sum(numbers, Decimal(0)) if fact.take == "sum" else Decimal(len(found))
        words = _SEPARATOR.join(dict.fromkeys(reading.words for reading in found))
        return KnownFact(fact.id, value, words, "conversation")
    if fact.take in ("least", "greatest"):
        extreme = min if fact.take == "least" else max
        one = extreme(found, key=lambda reading: reading.value)
    else:
        one = found[0 if fact.take == "first" else -1]
    return KnownFact(fact.id, one.value, one.words, "conversation")


def _chosen(fact: Fact, found: list[Reading]) -> KnownFact | None:
    """The choices that hold; a later word on one of them counts before an earlier."""
    last: dict[str, Reading] = {str(reading.value): reading for reading in found}
    held = [reading for reading in last.values() if not reading.denied]
    if not held:
        return None
    if not fact.many:
        held = [min(held, key=lambda r: r.start) if fact.take == "first" else _latest(held)]
    words = _SEPARATOR.join(dict.fromkeys(reading.words for reading in held))
    value = frozenset(str(reading.value) for reading in held)
    return KnownFact(fact.id, value, words, "conversation")


def _latest(found: list[Reading]) -> Reading:
    return max(found, key=lambda reading: reading.start)


def _matches(text: str, fact: Fact) -> Iterator[Reading | None]:
    straight = text.replace("’", "'")
    described = described_spans(straight).spans
    for pattern, value in patterns(fact):
        for match in compiled(pattern).finditer(straight):
            stands = standing(straight, *match.span())
            inside = any(a <= match.start() and match.end() <= b for a, b in described)
            if stands in ("stated", "denied") or (stands == "asked" and inside):
                yield reading(text, match, fact, value, denied=stands == "denied")


def reading(
    text: str, match: re.Match[str], fact: Fact, given: bool | str | None, *, denied: bool
) -> Reading | None:
    """The value of one match; what is denied gives a yes-or-no its other value, a number none."""
    (start, end), words = match.span(), text[match.start() : match.end()].strip()
    if fact.kind == "yes_no":
        yes = not isinstance(given, bool) or given
        return Reading(yes != denied, start, end, words)
    if fact.kind == "choice":
        return Reading(str(given), start, end, words, denied)
    if denied or (fact.take == "count" and fact.kind == "number"):
        return None if denied else Reading(Decimal(1), start, end, words)
    group = match.span("value") if "value" in match.re.groupindex else match.span()
    if group[0] < 0:
        return None
    value: FactValue | None
    if fact.kind == "number":
        value = _amount(text, match, group, fact)
    elif fact.kind == "date":
        value = amounts.day(text, *group)
    else:
        value = next((name for name, *_ in named_places(text[slice(*group)])), None)
    return None if value is None else Reading(value, start, end, words)


def _amount(text: str, match: re.Match[str], group: tuple[int, int], fact: Fact) -> Decimal | None:
    """A number; where a group `per_year` or `per_month` names its period, for that period."""
    value = amounts.number(text, *group, fact)
    for name, words in match.groupdict().items():
        if value is not None and words and name.startswith("per_"):
            value = amounts.per_period(value, words, name.removeprefix("per_"))
    return value


def _longest(found: list[Reading]) -> list[Reading]:
    """Of readings that overlap, the longest: `no job` before `job`."""
    kept: list[Reading] = []
    for reading in sorted(found, key=lambda r: (r.start - r.end, r.start)):
        if not any(reading.start < other.end and other.start < reading.end for other in kept):
            kept.append(reading)
    return sorted(kept, key=lambda r: r.start)


def patterns(fact: Fact) -> Iterator[tuple[str, bool | str | None]]:
    """The patterns by which a fact is said, with what each says; labels of choices are some."""
    for said in fact.said:
        for forms in said.patterns.values():
            yield from ((form, said.value) for form in forms)
    for choice in fact.choices:
        for lang, label in choice.label.items():
            if len(label) >= (2 if lang == "zh" else 4) and label.lower() not in _NO_LABELS:
                escaped = re.escape(label)
                yield (escaped if lang == "zh" else rf"\b{escaped}(?:s|es)?\b"), choice.id


_NO_LABELS = frozenset({"其他", "其它", "以上都不是", "都不是", "没有", "other", "others", "none"})


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the catalogue, searched without regard to case; `^` is the start of a line."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)
