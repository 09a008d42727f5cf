"""Places as people write them, and whether one lies in another.

Knows the gazetteer's names and the province of each city; knows no districts or streets, nor what
lies outside the country.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from assistant.errors import InputError
from index.gazetteer import COUNTRY, DIVISIONS, PROVINCES
from index.lexical import simplified
from index.text import fold

__all__ = ["PLACES", "canonical_place", "lies_within", "place_label"]

_COUNTRY = "中国"
_CITIES = {
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 "
    "巴中 资阳 阿坝 甘孜 凉山",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "广安": "岳池",
    "陕西": "西安",
    "云南": "昆明",
    "贵州": "贵阳",
    "广东": "深圳 广州",
    "浙江": "杭州",
    "江苏": "苏州 南京",
    "湖北": "武汉",
    "湖南": "长沙",
    "河南": "郑州",
    "安徽": "合肥",
}
_AROUND = dict.fromkeys(PROVINCES, _COUNTRY)
_AROUND |= {city: around for around, cities in _CITIES.items() for city in cities.split()}

PLACES = {_COUNTRY: COUNTRY[_COUNTRY], **PROVINCES, **DIVISIONS}
"""The English of every place that is known, by its Chinese name."""

_CHINESE = {re.sub("['-]", "", en.lower()): zh for zh, en in PLACES.items()}
_CHINESE |= {zh: zh for zh in PLACES} | {"全国": _COUNTRY, "ngawa": "阿坝", "luliang": "吕梁"}
_NAMES = "|".join(sorted((re.escape(name) for name in _CHINESE), key=len, reverse=True))
_KIND_ZH = "(?:(?:藏族|羌族|彝族|壮族|回族|维吾尔)*自治[区州]|特别行政区|[省市州县])?"
_KIND_EN = (
    r"(?: (?:city|province|prefecture|county|municipality|autonomous (?:region|prefecture)))?"
)
_PLACE = re.compile(
    rf"(?:(?:in|the|prc) )*(?:(?P<name>{_NAMES})(?:{_KIND_ZH}(?=[一-鿿]|$|[ ,()])){_KIND_EN})"
    r"[ ,()、的]*(?:(?:in|of) )?"
)


def canonical_place(text: str) -> str:
    """The gazetteer's Chinese name of a place, of the narrowest where several are nested.

    >>> canonical_place("四川省遂宁市"), canonical_place("Ya'an City, Sichuan")
    ('遂宁', '雅安')

    Args:
        text: A name in either language, with or without 市, 省, `City` and the like.

    Raises:
        InputError: It is not known, or it names places of which none lies in the other.
    """
    folded = re.sub("['’‘ʼ`-]", "", simplified(fold(text)))
    folded = " ".join(re.sub("[，、（）.;/]", " ", folded).split())
    found: list[str] = []
    at = 0
    while at < len(folded):
        match = _PLACE.match(folded, at)
        if match is None or _within_word(folded, match.end("name")):
            raise InputError(f"place {text!r} is not known; {_mend(folded)}")
        found.append(_CHINESE[match["name"]])
        at = match.end()
    if not found:
        raise InputError("the name of a place is empty; name a city, prefecture or province")
    narrowest = max(found, key=_depth)
    for place in found:
        if not lies_within(narrowest, place):
            raise InputError(
                f"place {text!r} names {place} and {narrowest}, which does not lie in it; name one"
            )
    return narrowest


@lru_cache(maxsize=4096)
def lies_within(place: str, region: str) -> bool | None:
    """Whether a place is a region or lies in it.

    >>> lies_within("遂宁", "四川"), lies_within("遂宁", "绵阳"), lies_within("四川", "遂宁")
    (True, False, None)

    Args:
        place: Where something is, by its canonical name.
        region: By its canonical name.

    Returns:
        `None` where it cannot be told: the region is a part of the place, or one of the names is
        not in the gazetteer.
    """
    if place == region:
        return True
    if place not in PLACES or region not in PLACES:
        return None
    if region in _around(place):
        return True
    return None if place in _around(region) else False


def place_label(place: str, lang: str) -> str:
    """The name of a place in a language."""
    return place if lang == "zh" else PLACES.get(place, place)


def _around(place: str) -> list[str]:
    """What a place lies in, from the narrowest."""
    found = []
    while place := _AROUND.get(place, ""):
        found.append(place)
    return found


def _depth(place: str) -> int:
    return len(_around(place))


def _within_word(text: str, end: int) -> bool:
    """Whether an English name goes on: `Abadan` is not Aba."""
    return bool(re.match("[a-z][a-z]", text[end - 1 : end + 1]))


def _mend(folded: str) -> str:
    close = get_close_matches(folded, _CHINESE, n=1, cutoff=0.75)
    if close:
        return f"is it {_CHINESE[close[0]]} ({PLACES[_CHINESE[close[0]]]})?"
    return "name a city, prefecture or province of China, such as 遂宁 or Suining"
