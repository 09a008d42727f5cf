"""Read the figures of a Chinese or English text, and say whether two of them agree.

A figure is a number with what it counts: a quantity (`１４天`, `fourteen days`), a date, an ordinal
(`第三条`, `Article 3`) or a document number (`川人社办发〔2023〕39号`). Names with numerals in them
(“十四五”, 1+N, one-stop), list enumerators, citation marks and times of day are not figures.

It reads notation, not meaning: it does not know that 12 months are a year, or whether a figure is
said of the right thing. `agree` compares value and unit; a qualifier is reported, not compared.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from assistant.figure_notation import (
    AFTER,
    AGED,
    AND,
    ATTRIBUTIVE,
    BARE,
    BEFORE,
    CURRENCY,
    DATE_PARTS,
    HANZI_UNIT,
    IN_YEAR,
    INVARIANT,
    LEAD_IN,
    MARKS,
    MEASURES,
    MONTHS,
    NAMES,
    NO_NOUN,
    NOTATIONS,
    NOUNS,
    NTH_OF,
    NUMBER,
    ONES,
    POWERS,
    TIMES,
    TO,
    UNIT_OF,
    WORDS,
    YEARS_OLD,
    Y,
)
from index.numerals import DIGITS, chinese_number, scaled_number

__all__ = ["Figure", "agree", "figures", "unsupported"]


@dataclass(frozen=True)
class Figure:
    """One figure of a text.

    Attributes:
        value: The number, its scale applied (`万`, `million`); of a percentage the percent;
            of a date yyyymmdd with zeros for what is not said (2025 is 20250000, 20 December 1220);
            of a document number year × 10⁶ + number, the year 0 where it is not said.
        unit: What is counted: a name of the tables below, else the English noun's singular, or "".
            A word that counts two things names both (`户`: "household/enterprise"). "date" for a
            date; for a document number the issuer's mark (`川人社办发`) where it is in Chinese.
        qualifier: "", "at_least", "at_most", "more_than", "less_than", "about" or "nearly".
        start: Offset of the number in the text, in characters.
        end: Offset after the number and its unit, in characters.
        text: The text between `start` and `end`, as written.
        kind: What sort of figure it is.
    """

    value: Decimal
    unit: str
    qualifier: str
    start: int
    end: int
    text: str
    kind: Literal["quantity", "date", "ordinal", "document"] = "quantity"


@dataclass(frozen=True)
class _Quantity:
    figure: Figure
    scale: Decimal  # what the number ends in: 10000 of `五万`
    lone: bool  # a numeral that is a figure only with a unit (`三`, `one`)
    year: bool  # `2025`: a year, unless it opens a range of something else


def figures(text: str) -> list[Figure]:
    """Find the figures of a text.

    Args:
        text: Chinese or English prose; full-width forms are read as their ordinary ones.

    Returns:
        The figures in the order of the text, without overlaps.
    """
    return list(_figures(text))


@lru_cache(maxsize=4096)  # A sentence is looked at some dozen times for each answer.
def _figures(text: str) -> tuple[Figure, ...]:
    folded = _fold(text)
    masked = MARKS.sub(_blank, folded)
    found: list[Figure] = []
    for notation in NOTATIONS:
        for match in re.finditer(notation, masked, re.I):
            if figure := _read(match):
                found.append(figure)
                masked = masked[: match.start()] + "\1" * len(match[0]) + masked[match.end() :]
    numbers = NUMBER.finditer(NAMES.sub(_blank, masked))
    found += _share([q for match in numbers if (q := _quantity(match, folded))], folded)
    ordered = sorted(found, key=lambda figure: figure.start)
    return tuple(replace(figure, text=text[figure.start : figure.end]) for figure in ordered)


def agree(claim: Figure, source: Figure) -> bool:
    """Say whether a source bears a claimed figure out: the same value in a compatible unit.

    A bare counter (`个`, no unit) agrees with whatever is counted, never with what is measured
    (days, yuan, %). A coarser date agrees with a finer one that it contains, not the reverse.

    Args:
        claim: The figure said.
        source: The figure it should rest on.

    Returns:
        True where they agree; qualifiers are not compared.
    """
    if claim.kind != source.kind:
        return False
    a, b = claim.unit, source.unit
    if claim.kind == "date":
        return all(claim.value // n % m in (0, source.value // n % m) for n, m in DATE_PARTS)
    if claim.kind == "document":
        same_year = claim.value // 10**6 in (0, source.value // 10**6)
        same_number = claim.value % 10**6 == source.value % 10**6
        return same_year and same_number and (a.endswith(b) or b.endswith(a))
    if claim.kind == "ordinal":
        return (claim.value, a) == (source.value, b)
    x, y = (f.value * 100 if f.unit == "fraction" else f.value for f in (claim, source))
    alike = {*a.replace("fraction", "%").split("/")} & {*b.replace("fraction", "%").split("/")}
    bare = (a in BARE and b not in MEASURES) or (b in BARE and a not in MEASURES)
    named = {a, b} - {*UNIT_OF.values()} and UNIT_OF["家"] in (a, b)  # 家 counts any body's name
    return x == y and bool(alike or bare or named)


def unsupported(text: str, sources: Iterable[str]) -> list[Figure]:
    """List the figures of a text that stand in none of its sources.

    A spelled-out one (`一个平台`, `one company`) passes, except of days, yuan and the like: it is
    an article as often as a count.

    Args:
        text: The claim.
        sources: The passages it should rest on.

    Returns:
        The figures without support, in the order of the text.
    """
    borne = [figure for source in sources for figure in figures(source)]
    missing = [f for f in figures(text) if not any(agree(f, source) for source in borne)]
    return [
        f
        for f in missing
        if f.value != 1
        or f.kind != "quantity"
        or f.unit in MEASURES - {"time"}
        or not re.match("一|one", f.text, re.I)
    ]


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _fold(text: str) -> str:
    """Full-width forms as ordinary ones, wrapped lines and emphasis as blanks; lengths stay."""
    text = re.sub("(?<=[０-９])，(?=[０-９]{3})", ",", text)
    wide = (c != "，" and unicodedata.decomposition(c).startswith(("<wide>", "<noB")) for c in text)
    folded = (unicodedata.normalize("NFKC", c) if w else c for c, w in zip(text, wide, strict=True))
    return re.sub(r"\*|(?<=\S)\n(?=[A-Za-z]|(?:19|20)\d\d(?!\d))", " ", "".join(folded))


def _english(run: str) -> Decimal:
    total = current = 0
    for word in re.split("[ -]", run.lower()):
        power = POWERS.get(word, 1)
        current = (current or power > 1) * power + WORDS.get(word, 0)
        if power > 100:
            total, current = total + current, 0
    return Decimal(total + current)


def _small(written: str | None) -> Decimal:
    """A small number in any notation: digits, Chinese, `three`, `third`; nothing is 0."""
    if not written or written.isdecimal() or "." in written:
        return Decimal(written or 0)
    if written.isascii():
        return _english(written)
    return Decimal(100) if written == "百" else chinese_number(written) or Decimal(0)


def _read(match: re.Match[str]) -> Figure | None:
    """The figure of a match of one of `NOTATIONS`, whose groups say which it is."""
    part, (start, end) = match.groupdict(), match.span()
    if "no" in part:
        mark = LEAD_IN.sub("", part.get("mark") or "")
        start = match.end("mark") - len(mark) if mark else start
        value = _small(part.get("y")) * 10**6 + Decimal(part["no"])
        return Figure(value, mark, "", start, end, "", "document")
    if "n" in part:
        unit = NTH_OF[part["unit"].lower()]
        return Figure(_small(part["n"] or "一"), unit, "", start, end, "", "ordinal")
    if "den" in part:
        number, of = _small(part["num"]), _small(part["den"])
        percent = part["den"] in ("百", "千")
        value = number * (100 if percent else 1) / (of or 1)
        qualifier = _qualifier(match.string, start, end)
        figure = Figure(value, "%" if percent else "fraction", qualifier, start, end, "")
        return figure if of and (percent or value < 1) else None
    year, month, day = (part.get(name) for name in "ymd")
    if month and month.isascii() and month.isalpha():
        month = str(MONTHS.index(month[:3].lower()) // 3 + 1)
    value = _small(year) * 10**4 + _small(month) * 100 + _small(day)
    return Figure(value, "date", "", start, end, "", "date")


def _qualifier(text: str, start: int, *ends: int) -> str:
    before = BEFORE.search(text[max(0, start - 32) : start])
    matches = [before, *(AFTER.match(text, end) for end in ends)]
    return next((match.lastgroup or "" for match in matches if match), "")


def _numeral(match: re.Match[str]) -> tuple[Decimal | None, Decimal]:
    """The value of a number, and the scale it ends in (10⁴ of `五万`, 10⁶ of `2.65 million`)."""
    if run := match["chinese"]:
        if run in ("百万", "千万", "亿") and match.string.startswith("元", match.end()):
            run = f"一{run}"  # 千万 is an adverb, 千万元 an amount
        scales = run[len(run.rstrip("百千万亿")) :]
        return chinese_number(run), chinese_number(f"一{scales}") or Decimal(1)
    if run := match["english"]:
        powers = run[len(re.sub(rf"(?:[ -](?:{'|'.join(POWERS)}))*$", "", run, flags=re.I)) :]
        return _english(run), _english(f"a{powers}")
    value, scale = scaled_number(match[0])
    power = math.prod(POWERS[word] for word in re.findall("[a-z]+", match[0].lower()))
    return value * power, scale * power


def _quantity(match: re.Match[str], folded: str) -> _Quantity | None:
    (value, scale), (start, end), masked = _numeral(match), match.span(), match.string
    if value is None:
        return None
    if currency := CURRENCY.search(masked[max(0, start - 6) : start]):
        start -= len(currency[0])
    if after := AFTER.match(masked, end):
        end = after.end()
    bare, more = end, bool(re.search("[多余]", match[0]))
    if hanzi := HANZI_UNIT.match(masked, end):
        end, more = hanzi.end(), more or bool(hanzi["more"])
        unit = UNIT_OF[hanzi["form"]] if hanzi["form"] else "item" if hanzi["big"] else "%"
        unit += "-time" if hanzi["times"] else ""
        value += Decimal("0.5") if hanzi["half"] else 0
        value *= 10 if hanzi["tenths"] else 1
    else:
        unit, end = _noun(masked, end, value == 1)
    if end == match.end() and re.match("[A-Za-z]", masked[end:]):
        return None  # 5G
    if currency and unit not in MEASURES:
        unit, end = currency.lastgroup or "", bare
    elif unit in ("", "year") and AGED.search(folded[:start]):
        unit = "age"
    qualifier = _qualifier(folded, start, match.end(), end) or ("more_than" if more else "")
    lone = not unit and match[0].lower() in {"十", *DIGITS, *ONES.split("|")}
    lone = lone or (match[0].lower() == "one" and unit not in UNIT_OF.values())
    lone = lone and not qualifier and not re.match(" [a-z-]+-level", masked[match.end() :])
    year = bool(re.fullmatch(Y, match[0])) and not hanzi and not currency
    if unit and year:  # 2000 widgets, 2025 firms; but the 2023 rules, by 2025 firms will
        next_to = unit in UNIT_OF.values() and masked[bare:end].count(" ") < 2
        year = value % 100 != 0 and (not next_to or bool(IN_YEAR.search(folded[:start])))
    year = year and qualifier in ("", "about", "nearly")
    end = bare if year else end
    return _Quantity(Figure(value, unit, qualifier, start, end, ""), scale, lone, year)


def _noun(masked: str, at: int, one: bool) -> tuple[str, int]:
    """The unit of an English number that ends `at`, and its own end: the first plural to follow."""
    phrase = NOUNS.match(masked, at)
    if phrase is None:
        return "", at
    if old := YEARS_OLD.match(masked, at):
        return "age", old.end()
    words, close = list(re.finditer(r"\S+", phrase["words"])), phrase["join"] in ("", "-")
    for i, word in enumerate(words):
        for pair in (words[i : i + 2], [word]):
            *first, last = (w[0].lower() for w in pair)
            form = " ".join([*first, _singular(last)])
            unit = UNIT_OF.get(form) or UNIT_OF.get(form.replace("-", " "))
            near = (close and i == 0) or (unit in MEASURES and i < 2)
            if unit and (one or near or _singular(last) != last or last in INVARIANT):
                end = phrase.start("words") + pair[-1].end()
                if times := TIMES.match(masked, end):
                    return f"{UNIT_OF.get(times['noun'], unit)}-time", times.end()
                return unit, end
        last = word[0].lower()
        if f" {last.partition('-')[0]} " in NO_NOUN or not phrase["join"]:
            break
        qualifies = last == _singular(last) or (last in ATTRIBUTIVE and i + 1 < len(words))
        if close or not qualifies:
            return _singular(last), phrase.start("words") + word.end()
    return "", at


def _singular(noun: str) -> str:
    if noun in INVARIANT or noun.endswith(("ss", "us", "is", "'s", "’s")):
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    short = noun.endswith(("sses", "xes", "ches", "shes"))
    return "child" if noun == "children" else noun[:-2] if short else noun.removesuffix("s")


def _share(quantities: list[_Quantity], folded: str) -> list[Figure]:
    """Give the ends of a range or list what they share (`3至5年`, `不少于50个、30个`)."""
    shared: list[_Quantity] = []
    for quantity in reversed(quantities):
        a, b = quantity, shared[-1] if shared else quantity
        gap = folded[a.figure.end : b.figure.start]
        to, listed = TO.fullmatch(gap), AND.fullmatch(gap) and not a.lone and not a.year
        if not b.year and (to or listed):
            unit = b.figure.unit or (a.figure.unit if a.figure.unit in MEASURES else "")
            inherits = listed and a.figure.unit in ("", unit) and not b.figure.qualifier
            qualifier = a.figure.qualifier if inherits else b.figure.qualifier
            shared[-1] = replace(b, figure=replace(b.figure, unit=unit, qualifier=qualifier))
            if unit and not a.figure.unit:
                scaled = to and a.scale == 1 and a.figure.value * b.scale < b.figure.value
                value = a.figure.value * (b.scale if scaled else 1)
                a = _Quantity(replace(a.figure, unit=unit, value=value), a.scale, False, False)
        shared.append(a)
    return [
        Figure(f.value * 10**4, "date", "", f.start, f.end, "", "date") if q.year else f
        for q in shared
        if not q.lone and (f := q.figure)
    ]
