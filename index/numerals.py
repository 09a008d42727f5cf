"""Numbers written in Chinese numerals, with Chinese scales or as English words, in digits.

It reads notation: what a number counts, and whether two texts give the same figure, is for
others. Numerals within words (`四川`, `统一`, `十四五`) are no numbers.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = [
    "DIGITS",
    "NUMERALS",
    "SCALE",
    "SCALES",
    "Number",
    "chinese_number",
    "numbers",
    "scaled_number",
]

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SCALES = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
NUMERALS = "零〇一二三四五六七八九十百千万亿两"
SCALE = r"(?:万亿|[十百千]?[万亿]|[百千](?![瓦克米货]))"

_LONGEST = 40  # characters of a numeral
# One and two stand for things as often as for numbers: which one, the two of us.
_WORDS = "three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_VALUES = {word: str(value) for value, word in enumerate(_WORDS.split("|"), 3)}
# A lone numeral is a number in 三家, 第三 and 百分之三, and none in 三农 and 四川.
_MEASURED = re.compile(
    "[个项名家年月日条种次人户天万亿%类批章节款岁元届级位倍期份处省市县区部]"
    "|周[年岁]|方面|分钟|小时|平方|公里"
)
# 另一家, 统一部署; 一次性, 一条龙, 一家人, 一部分
_NO_ONE_AFTER = re.compile("[另某同任每这那唯其统单划专逐进]$")
_NO_ONE_BEFORE = re.compile("次性|条[龙心]|家[人之]|人之|日之|天天|部分|年四季|年一度|月一")
_BEFORE_LONE = re.compile("(?:第|[百千]分之)$")
_NUMERAL = re.compile(f"[{NUMERALS}]")
_CHINESE = re.compile(
    rf"(?<![{NUMERALS}数几\d])(?<!\d[多余 \t])[{NUMERALS}]++"
    rf"(?:点[零〇一二三四五六七八九]++(?![{NUMERALS}]))?(?!几)"
)
_SCALED = re.compile(
    r"(?<![a-z0-9.,])(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})?"
    rf"[ \t]?[多余]?{SCALE}(?:\d{{1,4}}{SCALE}){{0,3}}"
)
_ENGLISH = re.compile(
    rf"(?<![a-z0-9])(?<!ty[- ])(?:{_WORDS})"
    "(?![a-z0-9]|[ -](?:hundred|thousand|million|billion))"
)


@dataclass(frozen=True)
class Number:
    """A number that a text writes in other signs than digits.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends, in characters.
        digits: Its value, without separators: `15000`, `3.5`.
    """

    start: int
    end: int
    digits: str


def numbers(text: str) -> list[Number]:
    """Find the numbers of a text that are not, or not wholly, written in digits.

    One numeral alone is a number before a measure word and after 第; of English words those from
    three to twelve are read.

    >>> [number.digits for number in numbers("七个部门第十二条，二〇二五年拿出1.5万和三千元")]
    ['7', '12', '2025', '15000', '3000']
    >>> [number.digits for number in numbers("four parks in 四川；统一、一些、“十四五”")]
    ['4']

    Args:
        text: A folded text (`index.text.fold`), in Simplified characters.

    Returns:
        The numbers in the order of the text, without overlaps.
    """
    text = text.replace("○", "〇")
    found = [Number(*match.span(), _VALUES[match[0]]) for match in _ENGLISH.finditer(text)]
    if _NUMERAL.search(text):
        for match in _CHINESE.finditer(text):
            if digits := _chinese_digits(match):
                found.append(Number(*match.span(), digits))
        for match in _SCALED.finditer(text):
            value, _ = scaled_number(match[0])
            found.append(Number(*match.span(), _digits(value)))
    return sorted(found, key=lambda number: number.start)


def chinese_number(run: str) -> Decimal | None:
    """The value of a Chinese numeral; None where it is none (`十四五`, `五六`, `千万`).

    >>> chinese_number("三百五"), chinese_number("二〇二五"), chinese_number("两千零三点五")
    (Decimal('350'), Decimal('2025'), Decimal('2003.5'))
    >>> chinese_number("十四五")
    """
    whole, _, decimals = run.partition("点")
    value = _whole_number(whole) if len(run) <= _LONGEST else None
    if value is None or not DIGITS.keys() >= set(decimals):
        return None
    return value + Decimal("0." + "".join(str(DIGITS[c]) for c in decimals)) if decimals else value


def scaled_number(written: str) -> tuple[Decimal, Decimal]:
    """Digits with Chinese scales: the value, and the scale of the first part.

    >>> scaled_number("1亿2000万")
    (Decimal('120000000'), Decimal('100000000'))
    """
    parts = re.findall(r"([\d.]+)[ \t]*[多余]?([十百千万亿]*)", written.replace(",", ""))
    scales = [Decimal(math.prod(SCALES[c] for c in scale)) for _, scale in parts]
    values = (Decimal(part) * scale for (part, _), scale in zip(parts, scales, strict=True))
    return sum(values, Decimal(0)), scales[0]


def _whole_number(run: str) -> Decimal | None:
    for c, scale in SCALES.items():
        head, found, tail = run.rpartition(c)
        if found:
            many = _whole_number(head or ("一" if c == "十" else ""))
            rest = _whole_number(tail.lstrip("零〇")) if tail else Decimal(0)
            most = scale if scale >= 10**4 else 10
            if many is None or rest is None or many >= most or rest >= scale:
                return None
            rest *= scale // 10 if scale > 10 and len(tail) == 1 else 1  # 三百五 is 350
            return many * scale + rest
    digits = len(run) in (1, 4) or "〇" in run
    if not digits or not DIGITS.keys() >= set(run):
        return None
    return Decimal("".join(str(DIGITS[c]) for c in run))


def _chinese_digits(match: re.Match[str]) -> str:
    run, text, (start, end) = match[0], match.string, match.span()
    if len(run) == 1 and not _counts(run, text[max(0, start - 3) : start], text[end : end + 3]):
        return ""
    if run in ("百万", "千万") and text.startswith("元", end):
        run = f"一{run}"
    value = chinese_number(run)
    return "" if value is None else _digits(value)


def _counts(numeral: str, before: str, after: str) -> bool:
    if _BEFORE_LONE.search(before):
        return True
    idiom = numeral == "一" and (_NO_ONE_AFTER.search(before) or _NO_ONE_BEFORE.match(after))
    return not idiom and bool(_MEASURED.match(after))


def _digits(value: Decimal) -> str:
    return f"{value.normalize():f}"
