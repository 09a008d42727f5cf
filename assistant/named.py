"""Names in a sentence that its sources do not hold: bodies, places, programmes, quoted titles.

For sentences in a model's own words. A name counts as held where it, its short form (发改委) or
its other-language name stands in a source; an English name also where one source holds all its
words. It is built to be right when it speaks: what is written in the other language than all
sources, and is not in the glossary, may well be a translation, and passes.

It knows no abbreviations and no Chinese names of persons or companies, and does not see whether a
name is said of the right thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.eligibility.places import lies_within
from assistant.named_patterns import (
    ACCIDENTAL,
    ALONE,
    BODY_ENDINGS,
    COMMON,
    EN_KIND,
    EN_NAME,
    QUOTED,
    SHORT_FOR,
    ZH_BODY,
)
from index.gazetteer import DIVISIONS, PLACE_NAMES, PROVINCES
from index.glossary import Glossary
from index.lexical import place_names, simplified, singular
from index.text import fold, han_count, language

__all__ = ["unsupported_names"]

_PLACES = {**PROVINCES, **DIVISIONS}
_ZH_PLACE = re.compile("|".join(sorted(_PLACES, key=len, reverse=True)))
_EN_PLACE = re.compile(
    r"\b(?:" + "|".join(sorted(_PLACES.values(), key=len, reverse=True)) + r")\b"
)
_CHINESE = {en: zh for zh, en in _PLACES.items()}
_SHORT = "".join({*SHORT_FOR.values(), *(name[0] for name in DIVISIONS)})
_SHORT_RUN = re.compile(f"[{_SHORT}]{{2,}}")
# Characters before a body's field that may belong to its name, and least words of an English name.
_PREFIX = 8
_WORDS = 2
_PART = re.compile(r"[,;.:()\n]|\band the\b")
_NO_WORD = re.compile(r"[^\w]+")
_WORD = re.compile(r"[a-z0-9]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n\s*(?:[-*•]\s+)?)$")
_GAZETTEER = Glossary(PLACE_NAMES)


@dataclass(frozen=True)
class _Sources:
    """The sources, ready to be looked into.

    Attributes:
        folded: Their text: Simplified, lower case, straight apostrophes.
        squeezed: The same with letters and digits alone.
        langs: The languages that they are in.
        glossary: Other-language names.
    """

    folded: tuple[str, ...]
    squeezed: tuple[str, ...]
    langs: frozenset[str]
    glossary: Glossary

    @classmethod
    def of(cls, sources: Iterable[str], glossary: Glossary) -> _Sources:
        texts = list(sources)
        folded = tuple(_folded(text) for text in texts)
        return cls(
            folded,
            tuple(_squeezed(text) for text in texts),
            frozenset(lang for text in texts for lang in _langs(text)),
            glossary,
        )

    def hold(self, name: str) -> bool:
        """Whether a name stands in a source, by its letters."""
        wanted = _squeezed(name)
        return any(wanted in text for text in self.squeezed)

    def hold_words(self, name: str) -> bool:
        """Whether every word of an English name that says which it is stands in one place.

        That is between two commas of a source; anywhere in it where it lists several of the kind
        (the Ministries of Finance, Commerce and Education).
        """
        wanted = _words(name) - COMMON - _place_words(name)
        kind = EN_KIND.search(name)
        plural = f"{kind[0].removesuffix('y')}(?:ies|s)" if kind else ""
        for source in self.folded:
            listed = plural and re.search(rf"\b{plural}\b", source, re.IGNORECASE)
            parts = [source] if listed or not kind else _PART.split(source)
            if any(wanted <= _words(part) for part in parts):
                return True
        return False

    def others(self, name: str) -> list[str]:
        """Its names in the other language, those of places in it left out."""
        places = {*_PLACES, *_PLACES.values()}
        return [other for other in self.glossary.translations(name) if other not in places]

    def hold_other(self, name: str) -> bool:
        """Whether its name in the other language stands in a source."""
        return any(
            self.hold(other) or (other.isascii() and self.hold_words(other))
            for other in self.others(name)
        )

    def may_be_translated(self, name: str) -> bool:
        """Whether a name could be the translation of one that the sources have."""
        return language(name) not in self.langs and not self.others(name)


def unsupported_names(
    text: str, sources: Iterable[str], glossary: Glossary = _GAZETTEER
) -> list[str]:
    """The names of a text that stand in none of its sources.

    Args:
        text: The claim.
        sources: What it should rest on: passages with their titles and headings.
        glossary: Names in both languages; those of places are always known.

    Returns:
        The names as written, in the order of the text, each once.

    Example:
        >>> unsupported_names("雅安市财政厅发放补贴。", ["遂宁市财政厅发放补贴。"])
        ['雅安']
    """
    held = _Sources.of(sources, glossary)
    plain = simplified(text)
    found = [*_quoted(plain, held), *_bodies(plain, held), *_english(plain, held)]
    found += _places(plain, held)
    spans = sorted(found)
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return list(dict.fromkeys(text[start:end] for start, end in kept))


Spans = Iterator[tuple[int, int]]


def _quoted(text: str, held: _Sources) -> Spans:
    for match in QUOTED.finditer(text):
        name = next(part for part in match.groups() if part)
        start = match.start() + match[0].index(name)
        if not _NO_WORD.sub("", name) or re.search(r"…|\.\.\.|··", name):
            continue
        known = held.hold(name) or held.hold_other(name) or held.may_be_translated(name)
        if not known:
            yield start, start + len(name)


def _bodies(text: str, held: _Sources) -> Spans:
    theirs = [_short(match) for source in held.folded for match in ZH_BODY.finditer(source)]
    for match in ZH_BODY.finditer(text):
        mine = _short(match)
        same = any(_is_short_for(a, b) for body in theirs for a, b in ((mine, body), (body, mine)))
        whole = text[max(0, match.start() - _PREFIX) : match.end()]
        if not same and not held.hold_other(whole) and not held.may_be_translated(whole):
            yield match.span()


def _short(match: re.Match[str]) -> str:
    part = match["part"]
    return match["field"] + BODY_ENDINGS.get(part, part)


def _is_short_for(short: str, long: str) -> bool:
    """Whether the characters of one body's name stand in another's, in order."""
    rest = iter(long)
    return short[-1] == long[-1] and all(char in rest for char in short)


def _english(text: str, held: _Sources) -> Spans:
    for match in EN_NAME.finditer(text):
        start = match.start()
        first = match[0].split(" ")[0]
        if _SENTENCE_START.search(text[:start]) and first.lower() in COMMON:
            start += len(first) + 1
        name = text[start : match.end()]
        words = _words(name) - COMMON
        if len(words) < _WORDS or held.hold(name) or held.hold_words(name):
            continue
        if held.hold_other(name) or held.may_be_translated(name):
            continue
        missing = words - _place_words(name) - _words(" ".join(held.folded))
        if EN_KIND.search(name) or (missing and missing == words):
            yield start, match.end()


def _places(text: str, held: _Sources) -> Spans:
    known = place_names(text) if han_count(text) else []
    for match in _ZH_PLACE.finditer(text):
        inside = any(start == match.start() and match.end() <= end for start, end in known)
        if match[0] in ACCIDENTAL and not inside:
            continue
        if not _holds_place(match[0], held):
            yield match.span()
    for match in _EN_PLACE.finditer(text.replace("’", "'")):
        if not _holds_place(_CHINESE[match[0]], held):
            yield match.span()


def _holds_place(zh: str, held: _Sources) -> bool:
    """Whether a source names a place, a place within it, or its short form."""
    wanted = [zh, *(inner for inner in DIVISIONS if lies_within(inner, zh))]
    english = "|".join(re.escape(_folded(_PLACES[name])) for name in wanted)
    pattern = re.compile(rf"{'|'.join(wanted)}|\b(?:{english})\b")
    short = SHORT_FOR.get(zh, zh[0])
    return any(
        pattern.search(source)
        or (short in ALONE and short in source)
        or any(short in run for run in _SHORT_RUN.findall(source))
        for source in held.folded
    )


def _place_words(name: str) -> frozenset[str]:
    return frozenset(word for place in _EN_PLACE.findall(name) for word in _words(place))


def _langs(text: str) -> set[str]:
    """The languages of a source; one with a good deal of the other is in both."""
    han = han_count(text)
    latin = len(re.findall(r"[A-Za-z]{3,}", text))
    return {lang for lang, many in (("zh", han > latin / 4), ("en", latin > han / 4)) if many}


def _folded(text: str) -> str:
    return simplified(fold(text)).replace("’", "'")


def _squeezed(text: str) -> str:
    return _NO_WORD.sub("", _folded(text))


def _words(text: str) -> frozenset[str]:
    return frozenset(singular(word) for word in _WORD.findall(_folded(text).replace("'s", "")))
