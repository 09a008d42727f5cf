"""Characters: folding for comparison, scripts, and the language of a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
# A single letter is no word: R&D补贴, A类人才.
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)+|[A-Za-z]{2,}")
_ASKS_IN_ENGLISH = re.compile(
    r"\W*(?:wh(?:at|ich|o|om|ose|en|ere|y)|how|is|are|do|does|did|can|could|will|would|may)\b",
    re.IGNORECASE,
)
# Format characters, fillers without a shape, variation selectors and tags: all can hide a text.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def fold(text: str) -> str:
    """Fold a text for comparison: NFKC (full width to half width), lower case.

    >>> fold("２０２３年 “Plan”")
    '2023年 “plan”'
    """
    return unicodedata.normalize("NFKC", text).lower()


def strip_invisible(text: str) -> str:
    """Remove control characters, zero-width characters and direction marks; keep line breaks."""
    return _CONTROL.sub("", _INVISIBLE.sub("", text))


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return bool(_HAN.match(char))


def han_count(text: str) -> int:
    """How many Chinese characters a text has."""
    return len(_HAN.findall(text))


def language(text: str, otherwise: Literal["zh", "en"] = "en") -> Literal["zh", "en"]:
    """Tell Chinese from English by the ratio of Chinese characters to Latin words.

    A Chinese word has about 1.6 characters, so a text is Chinese when its characters outnumber
    its Latin words: "申请 green card 要什么条件" is Chinese. A question that opens in English may
    name a good deal in Chinese: "What is 晋商晋才?" is English.

    Args:
        text: Any text; short mixed questions are what the rule was made for.
        otherwise: What to say of a text that holds neither.
    """
    han, latin = han_count(text), len(_LATIN_WORD.findall(text))
    if han == latin == 0:
        return otherwise
    most = 6.0 if _ASKS_IN_ENGLISH.match(text) else 1.6
    return "zh" if han > most * latin else "en"
