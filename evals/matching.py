"""Whether a text says certain words: the matching behind nuggets and forbidden strings.

Right on Chinese, where no spaces bound words, and on English and digits, where they do. It
compares wording, not meaning: paraphrases need a wording of their own, and figures in another
notation (`十四天` for `14 days`) are for `assistant.figures`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.lexical import simplified
from index.text import strip_invisible

__all__ = ["contains", "normalise"]

_BARRIER = "。"
_BARRIERS = re.compile(r"[。!?;]+|\n[ \t]*(?=\n|[-*+•·][ \t]|\d{1,2}[.)、])")
_WIDE_COMMA = re.compile(r"，(?![０-９]{3})|(?<![０-９])，")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)")
# A point or slash between digits is of the number, an apostrophe in a word of the word.
_DROPPED = re.compile(
    rf"(?<!\d)[./]|[./](?!\d)|(?<![a-z])'|'(?![a-z])|[^\w\s%‰+&°$€£¥./'{_BARRIER}]|_"
)
_SPACE = re.compile(r"\s+")
_LATIN = "0-9a-z\u00df-\u024f\u0370-\u04ff"
_NEEDLESS_SPACE = re.compile(rf"(?<![{_LATIN}]) | (?![{_LATIN}])")

_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
# “统一”, “一般” and the like hold a numeral and are none.
_NO_NUMERAL_BEFORE = "统唯单之同专划"
_NO_NUMERAL_AFTER = "般定样起些致直旦律切体站"
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)\b"
_HIGHER = (*_TENS, "hundred", "hundred and", "thousand", "thousand and", "million")


def normalise(text: str) -> str:
    """Fold away what does not change what a text says.

    Full and half width, capitals, Traditional and Simplified characters, punctuation, commas in
    thousands, Markdown and white space are folded; one space is left between two words or numbers
    in Latin script, and a barrier where a sentence or list item ends, so that no match runs across.

    >>> normalise("《八條措施》：支持Ｒ＆Ｄ， 約 １，２００ 萬元")
    '八条措施支持r&d约1200万元'
    """
    return _normalised(text)


def contains(text: str, wording: str) -> bool:
    """Say whether a text says a wording, whole words and whole numbers only.

    `4 days` is not in `14 days`, `5` not in `50`, `1.5`, `5%` or `5万`, `四天` not in `十四天`.
    Words in Latin script end at any other character, Chinese ones anywhere.

    Args:
        text: An answer, its citation marks removed.
        wording: What to look for; without a letter or digit it is in no text.
    """
    pattern = _pattern(wording)
    return pattern is not None and bool(pattern.search(_normalised(text)))


@lru_cache(maxsize=4096)
def _normalised(text: str) -> str:
    text = _WIDE_COMMA.sub("、", strip_invisible(text))
    text = simplified(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    text = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), text)
    text = _SPACE.sub(" ", _DROPPED.sub(" ", _BARRIERS.sub(_BARRIER, text)))
    text = _NEEDLESS_SPACE.sub("", text)
    return re.sub(f"{_BARRIER}+", _BARRIER, text).strip(_BARRIER)


@lru_cache(maxsize=8192)
def _pattern(wording: str) -> re.Pattern[str] | None:
    words = normalise(wording)
    if not re.search(r"\w", words):
        return None
    return re.compile(_before(words) + re.escape(words) + _after(words))


def _before(words: str) -> str:
    """What must not stand before a match."""
    if re.match(rf"[{_NUMERAL}]", words) and not re.match(f"一[{_NO_NUMERAL_AFTER}]", words):
        return rf"(?<!\d)(?:(?<![{_NUMERAL}])|(?<=[{_NO_NUMERAL_BEFORE}]一))"
    if re.match(rf"[^{_LATIN}]", words):
        return ""
    number = r"(?<!\d[./])" if words[0].isdigit() else ""
    higher = "".join(f"(?<!{word} )" for word in _HIGHER) if re.match(_ONES, words) else ""
    return f"(?<![{_LATIN}]){number}{higher}"


def _after(words: str) -> str:
    """What must not stand behind a match."""
    if re.search(rf"[{_NUMERAL}]$", words) and not re.search(f"[{_NO_NUMERAL_BEFORE}]一$", words):
        return f"(?![{_NUMERAL}])"
    if re.search(rf"[^{_LATIN}]$", words):
        return ""
    scale = rf"(?![./]\d|[%‰{_NUMERAL}]| (?:hundred|thousand|million|billion)\b)"
    return f"(?![{_LATIN}])" + (scale if words[-1].isdigit() else "")
