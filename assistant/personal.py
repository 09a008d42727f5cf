"""Personal numbers in what people type: found, and masked by their kind.

Identity cards, phones, bank cards, e-mail addresses and, where named as such, passports. Checksums
and forms keep the figures of policies (document numbers, amounts, dates, hotlines) as they are.
Names and addresses are not found: no rule tells them from those that policies name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.text import language

Kind = Literal["identity card", "phone", "bank card", "e-mail", "passport"]

__all__ = ["Kind", "PersonalNumber", "find", "mask"]

_NAMES_ZH: dict[Kind, str] = {
    "identity card": "身份证号",
    "phone": "电话号码",
    "bank card": "银行卡号",
    "e-mail": "电子邮箱",
    "passport": "护照号",
}
# Digits of half and full width, or with a few separators between them; no longer number around.
_BEFORE = r"(?<![0-9０-９])(?<![0-9０-９][.,，．\-])"
_AFTER = r"(?![0-9０-９])(?![.,，．][0-9０-９])"
_D = "[0-9０-９]"
_GAP = r"[ \t\u00a0\u3000\-－–—.·\u200b-\u200f\u2060\ufeff]{0,2}"
_IDENTITY = re.compile(rf"{_BEFORE}(?:{_D}{_GAP}){{17}}[0-9０-９XxＸｘ](?![A-Za-z0-9０-９])")
_CARD = re.compile(rf"{_BEFORE}(?:{_D}{_GAP}){{12,18}}{_D}(?![0-9０-９])")
_MOBILE = re.compile(
    rf"(?<![0-9０-９.,，第])(?:(?:[+＋]|00)?{_GAP}[8８][6６]{_GAP})?[(（]?[1１]{_GAP}[3-9３-９]{_GAP}"
    rf"(?:{_D}{_GAP}){{8}}{_D}{_AFTER}"
)
# An area code, and a mark or a name that says that it is a phone.
_AREA = r"[0０](?:[1１][0０]|[2２][0-9０-９]|[3-9３-９][0-9０-９]{2})"
_SUBSCRIBER = rf"[2-9２-９](?:{_D}[ \-－]?){{5,6}}{_D}"
_LANDLINE = re.compile(
    r"(?<![0-9０-９.,])"
    r"(?:(?:[+＋]|00)86[ \-－]?[1-9][0-9]{1,2}[ \-－]|"
    rf"[(（]{_AREA}[)）][ \-－]?|{_AREA}[ \-－—–])"
    rf"{_SUBSCRIBER}(?:[ \-－转]{{1,2}}{_D}{{1,5}})?{_AFTER}"
)
_NAMED_LANDLINE = re.compile(
    r"(?:电话|座机|手机|联系方式|\b(?:tel|phone|telephone|landline|call me (?:at|on))\b)"
    rf"(?:号码?|numbers?|no\.|是|为|is|[ \t:：(（])*((?:{_AREA})?{_SUBSCRIBER}){_AFTER}",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}\s?[@＠]\s?[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?"
    r"(?:[.．][A-Za-z0-9-]{1,63}){0,4}[.．][A-Za-z]{2,24}(?![A-Za-z0-9])",
    re.ASCII,
)
_PASSPORT = re.compile(
    r"(?:护照(?P<zh>的?(?:号码?|编号))?|\bpassports?\b(?P<en>[ \t]*(?:numbers?|nos?\b\.?|#|№))?)"
    r"[ \t]*(?:是|为|is|was|[:：=#（(])*[ \t]*"
    r"(?P<value>(?(zh)|(?(en)|(?=[A-Za-z])))[A-Za-z]{0,2}[0-9]{6,9}[A-Za-z]?)(?![A-Za-z0-9年月日元])",
    re.IGNORECASE,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# A policy's number, not a person's: an amount or a count of something.
_OF_SOMETHING = re.compile(r"\s*(?:[元万亿%％]|yuan\b|rmb\b|cny\b|usd\b)", re.IGNORECASE)


@dataclass(frozen=True)
class PersonalNumber:
    """A personal number in a text, at `text[start:end]`.

    Attributes:
        kind: What it is.
        start: Offset of its first character.
        end: Offset behind its last.
        value: Its digits and letters, half width, without separators.
    """

    kind: Kind
    start: int
    end: int
    value: str


def mask(text: str, public: str = "") -> str:
    """Put the kind of each personal number in its place, in the language of the text.

    Args:
        text: What a person typed.
        public: Texts that everybody may read, such as the evidence: what stands there as well is
            left.

    Example:
        >>> mask("我的手机是13812345678，补贴5000000元")
        '我的手机是[电话号码]，补贴5000000元'
        >>> mask("My card 4111 1111 1111 1111, see No. 39 of 20230920")
        'My card [bank card], see No. 39 of 20230920'
    """
    found = find(text)
    if not found:
        return text
    known = {number.value for number in find(public)} if public else set()
    parts, begin = [], 0
    zh = _is_chinese(text, found)
    for number in found:
        if number.value not in known:
            name = _NAMES_ZH[number.kind] if zh else number.kind
            parts += [text[begin : number.start], f"[{name}]"]
            begin = number.end
    return "".join([*parts, text[begin:]])


def _is_chinese(text: str, found: list[PersonalNumber]) -> bool:
    """By the words beside the numbers: an e-mail address is in no language."""
    edges = [0, *(edge for number in found for edge in (number.start, number.end)), len(text)]
    beside = " ".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    return language(beside) == "zh"


def find(text: str) -> list[PersonalNumber]:
    """The personal numbers of a text, in order; none overlaps another."""
    found: list[PersonalNumber] = []
    for number in _candidates(text):
        if all(number.end <= other.start or other.end <= number.start for other in found):
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def _candidates(text: str) -> Iterator[PersonalNumber]:
    """Surest first."""
    for match in _EMAIL.finditer(text):
        yield _number("e-mail", match.span(), text)
    for match in _IDENTITY.finditer(text):
        if _is_identity(_value(match[0])):
            yield _number("identity card", match.span(), text)
    for match in _PASSPORT.finditer(text):
        yield _number("passport", match.span("value"), text)
    for match in _MOBILE.finditer(text):
        if not _OF_SOMETHING.match(text, match.end()):
            yield _number("phone", match.span(), text)
    for match in _CARD.finditer(text):
        value = _value(match[0])
        if _luhn(value) and len(set(value)) > 1 and not _OF_SOMETHING.match(text, match.end()):
            yield _number("bank card", match.span(), text)
    for match in _LANDLINE.finditer(text):
        yield _number("phone", match.span(), text)
    for match in _NAMED_LANDLINE.finditer(text):
        if not _OF_SOMETHING.match(text, match.end()):
            yield _number("phone", match.span(1), text)


def _number(kind: Kind, span: tuple[int, int], text: str) -> PersonalNumber:
    value = _value(text[slice(*span)]) if kind != "e-mail" else text[slice(*span)].lower()
    if kind == "phone":
        value = value[-11:]
    return PersonalNumber(kind, *span, value)


def _value(text: str) -> str:
    """Digits and letters, half width and upper case (a full-width X is U+FF38)."""
    half = (
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text.upper()
    )
    return "".join(char for char in half if char.isascii() and char.isalnum())


def _is_identity(value: str) -> bool:
    """Whether a number is that of an identity card (GB 11643-1999): a day and a check digit."""
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    if not 1880 <= born.year <= 2100 or value[0] == "0":
        return False
    total = sum(w * int(digit) for w, digit in zip(_WEIGHTS, value[:17], strict=True))
    return _CHECKS[total % 11] == value[17]


def _luhn(value: str) -> bool:
    """Whether the check digit fits (ISO/IEC 7812-1)."""
    if not 13 <= len(value) <= 19:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(value))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0
