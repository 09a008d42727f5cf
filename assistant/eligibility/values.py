"""Values of facts: out of JSON and forms, back to JSON, and in words for people.

Knows one value and its fact; how facts are found in conversation is for
`assistant.eligibility.reading`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, cast

from assistant.eligibility.facts import Fact, FactKind, Facts, FactValue, KnownFact, Origin
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.places import canonical_place, place_label
from assistant.eligibility.quantities import read_quantity, shown_quantity, unit_label
from assistant.errors import InputError
from assistant.figures import figures
from assistant.questions import Lang
from index.text import fold

__all__ = ["jsonable", "parse_facts", "read_facts", "read_value", "shown"]

_YES = frozenset(["yes", "y", "true", "是", "是的", "有", "有的", "对", "对的", "符合", "已", "真"])
_NO = frozenset(
    ["no", "n", "false", "否", "不", "不是", "没有", "没", "无", "不对", "不符合", "未", "假"]
)
_NONE = frozenset(
    {"none", "none of them", "none of these", "neither", "无", "都不是", "以上都不是"}
)
_SPLIT = re.compile(r"\s*[,，、;；]\s*")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def parse_facts(text: str, where: str) -> dict[str, Any]:
    """The object of a file of facts.

    Args:
        text: What the file holds.
        where: The file, for messages.

    Raises:
        InputError: It is not JSON, not an object, or has a key twice.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found and found[key] != value:
                raise InputError(
                    f"{where}: {key!r} has two values, {_short(found[key])} and {_short(value)}; "
                    "keep one"
                )
            found[key] = value
        return found

    try:
        data = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}:{error.lineno}: not JSON: {error.msg}; mend the line") from error
    except RecursionError as error:
        raise InputError(f"{where}: nested too deeply; give one value a fact") from error
    if not isinstance(data, dict):
        raise InputError(f'{where}: an object is needed, such as {{"location": "遂宁"}}')
    return data


def read_facts(catalogue: Catalogue, data: Mapping[str, Any], origin: Origin = "api") -> Facts:
    """The facts that JSON gives.

    Args:
        catalogue: Which facts there are.
        data: Values by fact id; `null` counts as not given.
        origin: Where they come from.

    Raises:
        InputError: A fact is not known, or has a value that it cannot have; names the fact, the
            value and what is accepted.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"facts {_short(data)}: an object is needed, with a value for each fact")
    found: dict[str, KnownFact] = {}
    for name, given in data.items():
        fact = catalogue.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            raise InputError(f"fact {name!r} is not known; {_names(catalogue, str(name))}")
        if given is not None:
            found[name] = KnownFact(name, read_value(fact, given), origin=origin)
    return found


def read_value(fact: Fact, given: object) -> FactValue:
    """The value of a fact, out of JSON or as a person wrote it in a form.

    Args:
        fact: The fact.
        given: By kind: yes_no `true`, `"yes"`, `"否"`; choice an id or label, several of them as a
            list where the fact has many, none as an empty list; number `3`, `"3 years"`, `"三年"`,
            `{"value": 3, "unit": "year"}`; date `"2024-03-01"`; place a name in either language.

    Raises:
        InputError: It cannot be that; names the fact, the value and what is accepted.
    """
    try:
        return _READ[fact.kind](fact, given)
    except ValueError as error:
        raise InputError(f"fact {fact.id!r}: {_short(given)} {error}; {_accepted(fact)}") from error


def jsonable(value: FactValue, fact: Fact) -> Any:
    """A value as JSON has it; `read_value` reads it back."""
    match value:
        case frozenset():
            ids = [choice.id for choice in fact.choices if choice.id in value]
            return ids[0] if len(ids) == 1 and not fact.many else ids
        case Decimal():
            if value == value.to_integral_value():
                return int(value)
            return float(value) if Decimal(repr(float(value))) == value else str(value)
        case date():
            return value.isoformat()
        case _:
            return value


def shown(value: FactValue, fact: Fact, lang: Lang) -> str:
    """A value in words, for people."""
    zh = lang == "zh"
    match value:
        case bool():
            return ("是" if zh else "yes") if value else ("否" if zh else "no")
        case frozenset():
            held = [choice.label for choice in fact.choices if choice.id in value]
            labels = [label.get(lang) or next(iter(label.values())) for label in held]
            return ("、" if zh else ", ").join(labels) or ("都不是" if zh else "none of these")
        case Decimal():
            return shown_quantity(value, fact.unit, lang)
        case date():
            return f"{value.year}年{value.month}月{value.day}日" if zh else value.isoformat()
        case _:
            return place_label(value, lang)


def _yes_no(fact: Fact, given: object) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, list) and len(set(map(str, given))) > 1:
        raise ValueError("contradicts itself")
    word = fold(given).strip(" .。!！") if isinstance(given, str) else ""
    if word not in _YES | _NO:
        raise ValueError("is neither yes nor no")
    return word in _YES


def _choices(fact: Fact, given: object) -> frozenset[str]:
    several = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
    if not all(isinstance(one, str) for one in several):
        raise ValueError("is no choice")
    found: set[str] = set()
    for one in cast("list[str]", several):
        found |= _choice(fact, one)
    if len(found) > 1 and not fact.many:
        raise ValueError("contradicts itself: only one can hold")
    return frozenset(found)


def _choice(fact: Fact, written: str) -> set[str]:
    """The choices of an id, a label, or several of them in one text."""
    known = {
        fold(name): choice.id
        for choice in fact.choices
        for name in (*choice.label.values(), choice.id)
    }
    word = fold(written).strip()
    if word in known:
        return {known[word]}
    if word in _NONE:
        return set()
    parts = [part for part in _SPLIT.split(word) if part]
    if said := _said(fact, written):
        return said
    if len(parts) < 2 or any(part not in known for part in parts):
        unknown = next((part for part in parts if part not in known), word)
        close = get_close_matches(unknown, known, n=1, cutoff=0.75)
        hint = f"; is it {known[close[0]]!r}?" if close else ""
        raise ValueError(f"is no choice of it{hint}")
    return {known[part] for part in parts}


def _said(fact: Fact, written: str) -> set[str]:
    """The choices that a word of people's own means ("lithium"), where it can mean no other."""
    found = {
        said.value
        for said in fact.said
        for patterns in said.patterns.values()
        if isinstance(said.value, str)
        and any(re.fullmatch(pattern, written.strip(), re.IGNORECASE) for pattern in patterns)
    }
    return found if len(found) == 1 or fact.many else set()


def _number(fact: Fact, given: object) -> Decimal:
    if isinstance(given, list) and len(given) > 1:
        raise ValueError("contradicts itself: one number is needed")
    value = read_quantity(given, fact.unit)
    if fact.least is not None and value < fact.least:
        raise ValueError(f"is less than {shown_quantity(fact.least, fact.unit, 'en')}")
    if fact.most is not None and value > fact.most:
        raise ValueError(f"is more than {shown_quantity(fact.most, fact.unit, 'en')}")
    return value


def _date(fact: Fact, given: object) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    text = given.strip() if isinstance(given, str) else ""
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
    else:
        found = [figure for figure in figures(text) if figure.kind == "date"]
        if len(found) != 1 or found[0].text.strip() != text:
            raise ValueError("is no day")
        number = int(found[0].value)
        year, month, day = number // 10**4, number // 100 % 100, number % 100
        if not (year and month and day):
            raise ValueError("is no whole date: year, month and day are needed")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is a day that does not exist") from None


def _place(fact: Fact, given: object) -> str:
    if isinstance(given, list) and len(given) > 1:
        raise ValueError("contradicts itself: one place is needed")
    if not isinstance(given, str):
        raise ValueError("is no place")
    try:
        return canonical_place(given)
    except InputError as error:
        raise ValueError(f"cannot be used: {error}") from error


_READ: dict[FactKind, Callable[[Fact, object], FactValue]] = {
    "yes_no": _yes_no,
    "choice": _choices,
    "number": _number,
    "date": _date,
    "place": _place,
}


def _accepted(fact: Fact) -> str:
    match fact.kind:
        case "yes_no":
            return 'give true or false, or "yes" or "no"'
        case "choice":
            ids = ", ".join(choice.id for choice in fact.choices)
            return f"give {'a list of' if fact.many else 'one of'} {ids}, or [] for none of them"
        case "number":
            if not fact.unit:
                return "give one number, such as 3"
            unit = unit_label(fact.unit, "en")
            example = shown_quantity(Decimal(3), fact.unit, "en")
            return f'give one number of {unit}, such as 3 or "{example}"'
        case "date":
            return 'give a day such as "2024-03-01"'
        case "place":
            return "give a city, prefecture or province, such as 遂宁 or Suining"


def _names(catalogue: Catalogue, name: str) -> str:
    close = get_close_matches(name, catalogue.facts, n=1, cutoff=0.6)
    if close:
        return f"is it {close[0]!r}?"
    known = ", ".join(catalogue.facts)
    return f"use one of: {known}" if known else "the corpus has no facts.yaml"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
