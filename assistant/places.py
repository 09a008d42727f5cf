"""Places that questions name: those of the gazetteer, else what the segmenter takes for one."""

from __future__ import annotations

import re

from assistant.eligibility.places import lies_within
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
# The end of a sentence before one that begins with a small letter.
_CARELESS_END = re.compile(r"(?<=[a-z]{3}[.!?])\s+(?=\S)")
_OWN = re.compile(
    r"(?:我|俺|咱|本人|公司|企业|厂)[^，,。？?]{0,8}(?:在|从|自|离开)$|"
    r"(?:户口|户籍|老家|家|人|住|现|目前)(?:还|都)?在$|来自$|"
    r"\b(?:I|we|I['’]m|we['’]re|my|our)\b[^.,;?]{0,50}"
    r"\b(?:in|from|near|at|outside|leav(?:e|ing)) $",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"[一-鿿]{0,6}(?:大学(?![生城])|学院|医院|公司|集团|研究院|研究所|中学|小学)|"
    r"(?: [A-Z][\w'’-]+)* (?:University|College|Hospital|Company|Group|Institute|School)\b"
)
_LIKENED = re.compile(
    r"(?:像|如同|类似)$|\b(?:like|unlike|similar to|than) (?:in )?$", re.IGNORECASE
)
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


def names_institution(text: str) -> bool:
    """Whether a text names a university, hospital or firm by the place that it is in.

    >>> names_institution("Has Taiyuan University been given it?"), names_institution("太原大学城")
    (True, False)
    """
    return any(_INSTITUTION.match(text, end) for _, end in known_places(text))


def asked_places(question: str) -> list[frozenset[str]]:
    """The places that a question is about, each with its names in both languages, in lower case.

    What stands in the last sentence counts and in questions before it (else people tell where they
    come from), and a city there more than the province it lies in. Where one comes from, and what
    something is likened to, does not count beside another.
    """
    text = question.replace("’", "'")
    sentences = [text[slice(*span)] for span in sentence_spans(text)]
    parts = [s for s in sentences[:-1] if s.rstrip().endswith(("?", "？"))]
    parts += [_CARELESS_END.split(sentence)[-1] for sentence in sentences[-1:]]
    found: dict[str, str] = {}
    for part in parts:
        for pattern in (_ZH, _EN):
            for match in pattern.finditer(part):
                name = match.group().lower()
                name = name if name in _OTHER else name[:-1]
                zh = name if language(name) == "zh" else _OTHER[name]
                before = part[: match.start()]
                aside = _LIKENED.search(before) or _OWN.search(before)
                found[zh] = "aside" if aside and found.get(zh) != "asked" else "asked"
    asked = [zh for zh, how in found.items() if how == "asked"] or list(found)
    narrow = [
        zh for zh in asked if not any(other != zh and lies_within(other, zh) for other in asked)
    ]
    return [frozenset({zh, _OTHER[zh].lower()}) for zh in narrow]
