"""Whether words name what a question asks the names of: which countries, cities, universities.

"Seventeen countries" names none. Built to find a name wherever there may be one: what is told of
an answer that names none has to be true.
"""

from __future__ import annotations

import re

from assistant.places import known_places
from index.gazetteer import COUNTRIES, PROVINCES
from index.lexical import place_names, simplified
from index.text import language

__all__ = ["asked_class", "named_districts", "names_one"]

# Not "any city whatever", "which cities may", "what do cities get".
_WHICH_ZH = (
    r"(?<!随便)(?<!不管)(?<!无论)哪(?:些|几|一|[两三四五六七八九十])?(?:个|所|座|家)?"
    r"(?:[东西南北中]部)?"
)
_GOES_ON_ZH = r"(?!能|可|有资格|符合|应|都|由|[^，。？?]*(?:吗|是不是))"
_WHICH_EN = (
    r"\b(?:which|what) (?:(?!(?:of|an?|the|do|does|did|is|are|was|were|must|can|may|will|should|"
    r"makes?|gets?|has|have)\b)[\w'’-]+ ){0,2}?"
)
_GOES_ON_EN = (
    r"(?! (?:may|can|could|should|qualif\w+|are eligible|teach|offer|need|want|get|learn)\b)"
)
# "The 17 countries, which are they?"
_ARE_WHICH_ZH = (
    r"(?:[^。？?的]{0,10}(?:是|有|叫)哪(?:[些几两三四五六七八九十])(?:个|所|座)?(?=\W|$)|的?名单)"
)
_LIST_EN = r"\b(?:list|name|names of) (?:me )?(?:all )?(?:of )?(?:the )?(?:[\w-]+ ){0,2}?"
_ASKED: dict[str, re.Pattern[str]] = {
    name: re.compile(
        f"{_WHICH_ZH}(?:{zh}){_GOES_ON_ZH}|(?:{zh}){_ARE_WHICH_ZH}|"
        f"{_WHICH_EN}(?:{en})\\b{_GOES_ON_EN}|{_LIST_EN}(?:{en})\\b",
        re.IGNORECASE,
    )
    for name, zh, en in (
        ("country", "国家(?!级|部|文件|战略|政策|规划)", "countr(?:y|ies)"),
        ("province", "省(?!级|厅|直)", "provinces?"),
        (
            "city",
            "城市|地市|市州|市[（(]州[）)]|市(?![级场])|州(?!级)",
            "cit(?:y|ies)|prefectures?",
        ),
        ("district", "区县|县区|县市|县(?!级)|区(?![域别级])", "districts?|count(?:y|ies)"),
        ("university", "高校|大学|学校|院校", "universit(?:y|ies)|colleges?"),
        ("website", "网站|网页|网|公众号|小程序", "(?:web ?)?sites?|web ?pages?|portals?"),
    )
}
_ASKS_COMPANY = re.compile(
    r"(?:企业|公司|国企|工厂)(?:的名称|的名字|叫什么|叫啥|名称是|名字是)|"
    r"\bnames? of the (?:[\w'’-]+ ){0,6}(?:compan(?:y|ies)|enterprises?|firms?|factor(?:y|ies))\b",
    re.IGNORECASE,
)
_ASKS_ADDRESS = re.compile(r"网址|\bURLs?\b|\bweb(?:site)? address", re.IGNORECASE)
_DISTRICT_ZH = re.compile(r"[一-鿿]{2,}(?:县|市|(?<!地)区)")
_DISTRICT = re.compile(r"\b[A-Z][\w'’-]+ (?:District|County|New Area)\b")
_UNIVERSITY = re.compile(
    r"[一-鿿]{2}大学(?![生城科])|"
    r"\b(?:[A-Z][\w'’-]+ )+(?:University|College|Institute|School)\b|\bUniversity of [A-Z]"
)
_COMPANY = re.compile(
    r"[一-鿿]{2}(?:集团|有限公司|股份)|\b[A-Z][\w&-]+ (?:Group|Corporation|Company|Inc|Ltd|Co)\b"
)
_WEBSITE = re.compile(
    r"https?:|www\.|\.(?:com|cn|org|net)\b|网站|[一-鿿]网(?![络点格上])|公众号|小程序|"
    r"\bweb ?site|\bportal\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")


def asked_class(question: str) -> str | None:
    """What a question asks the names of; `None` where that is nothing that can be told by a name.

    >>> asked_class("Which countries have they been sent to?"), asked_class("派往多少个国家？")
    ('country', None)
    """
    words = simplified(question)
    if _ASKS_ADDRESS.search(words):
        return "website"
    if _ASKS_COMPANY.search(words):
        return "company"
    return next((name for name, asked in _ASKED.items() if asked.search(words)), None)


def names_one(text: str, kind: str, known: str = "") -> bool:
    """Whether a text names one of a class, or may.

    Args:
        text: A sentence of a document.
        kind: The class; see `asked_class`.
        known: Words whose cities and provinces tell nothing: the question, the document's title.
    """
    words = simplified(text)
    match kind:
        case "country":
            return any(name in words for name in COUNTRIES)
        case "province":
            others = {zh: en for zh, en in PROVINCES.items() if zh not in known and en not in known}
            return any(zh in words or en in words for zh, en in others.items())
        case "city":
            return _names_city(words, known)
        case "district":
            return bool(named_districts(words))
        case "company":
            return bool(_COMPANY.search(words))
        case "university":
            return bool(_UNIVERSITY.search(words))
        case _:
            return bool(_WEBSITE.search(words))


def named_districts(text: str) -> list[str]:
    """The counties, districts and cities that a text names and the gazetteer may lack.

    >>> named_districts("名单里有没有仁寿县？"), named_districts("Is Renshou County among them?")
    (['仁寿县'], ['Renshou County'])
    """
    words = simplified(text)
    if language(text) == "zh":
        named = [words[slice(*span)] for span in place_names(words)]
        return [name for name in named if _DISTRICT_ZH.fullmatch(name)]
    return [match[0] for match in _DISTRICT.finditer(words)]


def _names_city(text: str, known: str) -> bool:
    """Whether a text names a place that is neither a province nor the country."""
    wide = {name.lower() for pair in PROVINCES.items() for name in pair} | {"中国", "全国", "china"}
    spans = known_places(text)
    if language(text) == "zh":
        spans += place_names(text)
    else:
        spans += [match.span() for match in _CAPITALISED.finditer(text)]
    named = (text[slice(*span)].lower().removesuffix("省") for span in spans)
    return any(name not in wide and name not in known.lower() for name in named)
