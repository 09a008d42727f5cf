"""Places that questions name: those of the gazetteer, else what the segmenter takes for one."""

from __future__ import annotations

import re

from index.gazetteer import COUNTRY, DIVISIONS, PROVINCES
from index.lexical import place_names, simplified
from index.sentences import sentence_spans
from index.text import language

_NAMES = {**COUNTRY, **PROVINCES, **DIVISIONS}
_ZH = re.compile("(?:" + "|".join(_NAMES) + ")(?:省|市|州)?")
_EN = re.compile(
    r"\b(?:" + "|".join(sorted(set(_NAMES.values()), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?:['’][a-z]+)?")
_BROAD = COUNTRY | PROVINCES
_WIDE = frozenset(
    name.lower() for zh, en in _BROAD.items() for name in (zh, f"{zh}省", f"{zh}市", en)
)
_OTHER = {**_NAMES, **{en.lower(): zh for zh, en in _NAMES.items() if zh != "全国"}}


def place_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names places, in order; names that are known come before guesses."""
    if language(text) == "zh":
        known = [match.span() for match in _ZH.finditer(text)]
        return known or place_names(text)
    straight = text.replace("’", "'")
    known = [match.span() for match in _EN.finditer(straight)]
    return known or [match.span() for match in _CAPITALISED.finditer(text)]


def known_places(text: str) -> list[tuple[int, int]]:
    """Where a text names places of the gazetteer, in order."""
    straight = simplified(text.replace("’", "'"))
    return sorted(match.span() for pattern in (_ZH, _EN) for match in pattern.finditer(straight))


def in_language(place: str, lang: str) -> str:
    """A place of the gazetteer by its name in a language; any other as it is.

    >>> in_language("遂宁市", "en"), in_language("Ya'an", "zh"), in_language("Paris", "zh")
    ('Suining', '雅安', 'Paris')
    """
    name = place.strip().replace("’", "'")
    if language(name) == lang:
        return place
    return _OTHER.get(name.lower()) or _OTHER.get(name[:-1]) or place


def is_wide(place: str) -> bool:
    """Whether a place is a province or the country."""
    return place.strip().lower() in _WIDE


def asked_places(question: str) -> list[frozenset[str]]:
    """The places that a question is about, each with its names in both languages, in lower case.

    What stands in the last sentence counts (before it people tell where they come from), and a
    city there more than the province it lies in.
    """
    text = question.replace("’", "'")
    last = text[slice(*sentence_spans(text)[-1])] if text.strip() else ""
    found = []
    for pattern in (_ZH, _EN):
        for match in pattern.finditer(last):
            name = match.group().lower()
            name = name if name in _OTHER else name[:-1]
            found.append((is_wide(name), frozenset({name, _OTHER[name].lower()})))
    cities = [names for wide, names in found if not wide]
    return list(dict.fromkeys(cities or [names for _, names in found]))
