"""Numbers with units as people write them: `3`, `三年`, `5万元`, `3 years`; and the way back.

Reads one number out of a short answer; conversation is read by `assistant.eligibility.reading`.
It does not convert: 12 months are not taken for a year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assistant.figure_notation import UNIT_OF
from assistant.figures import Figure, figures
from assistant.questions import Lang
from index.numerals import chinese_number

__all__ = ["UNITS", "read_quantity", "shown_quantity", "unit_label"]

UNITS = frozenset(unit for unit in UNIT_OF.values() if "/" not in unit and unit != "fraction")
"""The units that a number can have."""

_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LONGEST = 80  # characters of an answer
_ALIKE = {"age": {"age", "year"}}  # 35 years, of one's age; not the reverse
_ZH = {"enterprise": "家企业", "household": "户", "%": "%", "item": "个", "park": "个园区"}
_EN = {"CNY": "yuan", "USD": "US dollars", "EUR": "euros", "age": "years old", "mu": "mu"}
_PLURALS = {"person": "people", "city": "cities", "country": "countries", "county": "counties"}
_GLUED = ("%",)


def read_quantity(given: object, unit: str) -> Decimal:
    """A number in a unit.

    >>> read_quantity("三年", "year"), read_quantity("5万元", "CNY"), read_quantity("3", "year")
    (Decimal('3'), Decimal('50000'), Decimal('3'))

    Args:
        given: A number, its words, or `{"value": …, "unit": …}`.
        unit: The unit that it should be in; "" where it has none.

    Raises:
        ValueError: It is no number, more than one, only a bound, or in another unit; says which.
    """
    if isinstance(given, Mapping):
        return _from_object(given, unit)
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | str):
        raise ValueError("is no number")
    if isinstance(given, str):
        return _from_words(given, unit)
    number = Decimal(str(given))
    if not number.is_finite():
        raise ValueError("is no finite number")
    return number


def shown_quantity(value: Decimal, unit: str, lang: Lang) -> str:
    """A number with its unit, for people.

    >>> shown_quantity(Decimal(3), "year", "en"), shown_quantity(Decimal(15060), "CNY", "zh")
    ('3 years', '15,060元')
    """
    number = f"{value.normalize():,f}"
    label = unit_label(unit, lang, one=value == 1)
    if not label or lang == "zh" or label in _GLUED:
        return f"{number}{label}"
    return f"{number} {label}"


def unit_label(unit: str, lang: Lang, *, one: bool = False) -> str:
    """The words for a unit, in English in the plural unless it is `one`; "" of none."""
    if lang == "zh":
        return _ZH.get(unit) or next(
            (form for form, name in UNIT_OF.items() if name == unit and not form.isascii()), unit
        )
    if not unit or unit in _GLUED:
        return unit
    if unit == "age" and one:
        return "year old"
    return _EN.get(unit) or (unit if one else _PLURALS.get(unit, f"{unit}s"))


def _from_object(given: Mapping[Any, Any], unit: str) -> Decimal:
    if unknown := sorted(str(key) for key in given.keys() - {"value", "unit"}):
        raise ValueError(f"has an unknown key {unknown[0]!r}")
    if "value" not in given or isinstance(given["value"], Mapping):
        raise ValueError('needs a "value"')
    named = given.get("unit")
    if named is not None and not isinstance(named, str):
        raise ValueError(f"has a unit {named!r}, which is no text")
    if named and not _fits(_unit_named(named), unit):
        raise ValueError(f"is in {named!r}")
    return read_quantity(given["value"], unit)


def _unit_named(name: str) -> str:
    """The unit of a word for it, such as `years`, `年` or `yuan`."""
    word = unicodedata.normalize("NFKC", name).strip()
    if word in UNITS:
        return word
    found = figures(f"2 {word}" if word.isascii() else f"2{word}")
    whole = len(found) == 1 and found[0].end == len(f"2 {word}" if word.isascii() else f"2{word}")
    return found[0].unit if whole else word


def _from_words(given: str, unit: str) -> Decimal:
    text = unicodedata.normalize("NFKC", given).strip()
    if not text or len(text) > _LONGEST:
        raise ValueError("is no number")
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if (number := chinese_number(text)) is not None:
        return number
    found = [figure for figure in figures(text) if figure.kind == "quantity"]
    if len(found) > 1:
        raise ValueError("holds more than one number")
    if not found or not _covers(found[0], text):
        raise ValueError("is no number")
    figure = found[0]
    if figure.qualifier:
        raise ValueError("is a bound or an estimate, not one number")
    if not _fits(figure.unit, unit):
        raise ValueError(f"is in {figure.unit!r}")
    return figure.value


def _covers(figure: Figure, text: str) -> bool:
    rest = text[: figure.start] + text[figure.end :]
    return not re.search(r"\w|[+-]", rest) or bool(figure.qualifier)


def _fits(found: str, unit: str) -> bool:
    if found in ("", "item") or not unit:
        return found in ("", "item") or not unit
    return bool(_ALIKE.get(unit, {unit}) & {*found.split("/")})
