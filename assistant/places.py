"""Places that questions name: provinces, and the prefecture-level divisions of Sichuan and Shanxi.

Administrative names are public facts; the segmenter's own list of places has gaps (攀枝花).
"""

from __future__ import annotations

import re

from index.lexical import place_names
from index.text import language

PROVINCES = {"四川": "Sichuan", "山西": "Shanxi", "中国": "China", "全国": "China"}
DIVISIONS = {
    "成都": "Chengdu", "自贡": "Zigong", "攀枝花": "Panzhihua", "泸州": "Luzhou", "德阳": "Deyang",
    "绵阳": "Mianyang", "广元": "Guangyuan", "遂宁": "Suining", "内江": "Neijiang", "乐山": "Leshan",
    "南充": "Nanchong", "眉山": "Meishan", "宜宾": "Yibin", "广安": "Guang'an", "达州": "Dazhou",
    "雅安": "Ya'an", "巴中": "Bazhong", "资阳": "Ziyang", "阿坝": "Aba", "甘孜": "Garze",
    "凉山": "Liangshan", "太原": "Taiyuan", "大同": "Datong", "阳泉": "Yangquan", "长治": "Changzhi",
    "晋城": "Jincheng", "朔州": "Shuozhou", "晋中": "Jinzhong", "运城": "Yuncheng", "忻州": "Xinzhou",
    "临汾": "Linfen", "吕梁": "Lvliang",
}  # fmt: skip
_NAMES = {**PROVINCES, **DIVISIONS}
_ZH = re.compile("(?:" + "|".join(_NAMES) + ")(?:省|市|州)?")
_EN = re.compile(
    r"\b(?:" + "|".join(sorted(set(_NAMES.values()), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?:['’][a-z]+)?")
_WIDE = frozenset([*PROVINCES, *(f"{zh}省" for zh in PROVINCES), *PROVINCES.values()])


def place_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names places, in order; names that are known come before guesses."""
    if language(text) == "zh":
        known = [match.span() for match in _ZH.finditer(text)]
        return known or place_names(text)
    straight = text.replace("’", "'")
    known = [match.span() for match in _EN.finditer(straight)]
    return known or [match.span() for match in _CAPITALISED.finditer(text)]


def is_wide(place: str) -> bool:
    """Whether a place is a province or the country."""
    return place.strip() in _WIDE
