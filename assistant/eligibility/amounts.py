"""Numbers and days in a person's words, in the unit of a fact.

Knows units, periods and notation; knows nothing of whether the words state anything.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from assistant.eligibility.facts import Fact
from assistant.figure_notation import MEASURES
from assistant.figures import Figure, figures

# How many of a unit make one of another.
_SIZES = {
    "year": ("month", Decimal(12)),
    "quarter": ("month", Decimal(3)),
    "month": ("month", Decimal(1)),
    "week": ("day", Decimal(7)),
    "day": ("day", Decimal(1)),
}
_PERIODS = {"year": 1, "quarter": 4, "month": 12, "semimonth": 24, "fortnight": 26, "week": 52}
_PERIOD = (
    ("semimonth", r"semi-?monthly|twice (?:a|per) month|半个?月"),
    ("fortnight", r"bi-?weekly|fortnight(?:ly)?|every (?:two|2|other) weeks?|两周"),
    ("week", r"week(?:ly)?|周|星期"),
    ("quarter", r"quarter(?:ly)?|季度?"),
    ("month", r"month(?:ly)?|mo\b|月"),
    ("year", r"year(?:ly)?|annum|annual(?:ly)?|yr\b|年"),
)
_NAMED = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _PERIOD), re.IGNORECASE)
_NONE = re.compile(r"\s*(?:no|none|zero|not any|没有?|无|零)\s*", re.IGNORECASE)
_HALF = re.compile(r"\s*(?:半|half an?)", re.IGNORECASE)


def number(text: str, start: int, end: int, fact: Fact) -> Decimal | None:
    """The number that stands at `text[start:end]`, in the fact's unit.

    Args:
        text: What a person wrote.
        start: Offset of the number, in characters.
        end: Offset after it.
        fact: A fact of kind `number`.

    Returns:
        The number (`no` and `没有` are 0), or `None` where none is there, its unit is another
        one, or the fact cannot be so small or so great.
    """
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    near = text[line : stop if stop >= 0 else len(text)]
    found = next((f for f in figures(near) if _overlap(f, start - line, end - line)), None)
    if found and found.kind != "quantity":
        found = None  # the year of a date can be a number of its own
    value = _converted(found, fact.unit) if found else _spelled(text[start:end], fact.unit)
    return value if value is not None and _sensible(value, fact) else None


def per_period(value: Decimal, words: str, wanted: str) -> Decimal | None:
    """An amount for the period that words name, as one for another: `$500 weekly` in a year.

    Args:
        value: The amount.
        words: What names its period: `per month`, `/year`, `biweekly`, `每月`.
        wanted: `year` or `month`.

    Returns:
        The amount for the period wanted (a year has 52 weeks); `None` where the words name none.
    """
    named = _NAMED.search(words)
    if named is None or named.lastgroup is None:
        return None
    return value * _PERIODS[named.lastgroup] / _PERIODS[wanted]


def numbers(reply: str, fact: Fact) -> list[tuple[Decimal, int, int]]:
    """The numbers of a short reply in the fact's unit, with where each stands.

    A range (`3至5年`) gives both its ends; a numeral alone (`three`, `三`) is a number here.
    """
    found = []
    for figure in figures(reply):
        if figure.kind == "quantity":
            value = number(reply, figure.start, figure.end, fact)
            found += [(value, figure.start, figure.end)] if value is not None else []
    if not found and (value := number(reply, 0, len(reply), fact)) is not None:
        found.append((value, 0, len(reply)))
    return found


def day(text: str, start: int, end: int) -> date | None:
    """The day written at `text[start:end]`; a month or a year alone is none."""
    for found in figures(text[start:end]):
        whole = int(found.value)
        if found.kind == "date":
            try:
                return date(whole // 10**4, whole // 100 % 100, whole % 100)
            except ValueError:
                continue
    return None


def _overlap(figure: Figure, start: int, end: int) -> bool:
    return figure.start < end and start < figure.end


def _converted(figure: Figure, unit: str) -> Decimal | None:
    """A figure's value in another unit; `None` where the units measure different things."""
    own = figure.unit
    alike = {own, unit} <= {"year", "age"} or unit in own.split("/")
    if not unit or own in ("", "item") or alike:
        return figure.value
    if own in _SIZES and unit in _SIZES and _SIZES[own][0] == _SIZES[unit][0]:
        return figure.value * _SIZES[own][1] / _SIZES[unit][1]
    return None if own in MEASURES or unit in MEASURES else figure.value


def _spelled(words: str, unit: str) -> Decimal | None:
    """A number that is a figure only with a unit: `三`, `five`, `half a year`."""
    if _NONE.fullmatch(words):
        return Decimal(0)
    if _HALF.match(words):
        said = next((own for own, form in reversed(_PERIOD) if re.search(form, words, re.I)), unit)
        half = Figure(Decimal("0.5"), said, "", 0, 0, "")
        return _converted(half, unit)
    bare = words.strip(" .。!！`*")
    if re.fullmatch(r"\d+(?:\.\d+)?", bare):
        return Decimal(bare)
    for counted in (f"{bare}个", f"{bare} items"):
        found = figures(counted)
        if len(found) == 1 and found[0].kind == "quantity" and found[0].start == 0:
            return found[0].value
    return None


def _sensible(value: Decimal, fact: Fact) -> bool:
    return (fact.least is None or value >= fact.least) and (fact.most is None or value <= fact.most)
