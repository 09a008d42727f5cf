"""Where a person or enterprise says that it is.

A text names places for many reasons: the place that a policy is of, one that is asked about, one
that somebody has left. Only a cue of being there makes one its own. Knows the gazetteer's names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.eligibility.clauses import clause_at, standing
from index.gazetteer import COUNTRY, DIVISIONS, PROVINCES

_ZH = {**COUNTRY, **PROVINCES, **DIVISIONS}
_EN = {en.lower(): zh for zh, en in _ZH.items() if zh != "全国"}
_NAME = re.compile(
    "(?:" + "|".join(sorted(_ZH, key=len, reverse=True)) + r")(?:省|市|州|县)?(?!路|街|银行)"
    r"|\b(?:" + "|".join(sorted(map(re.escape, _EN), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:省|自治区)?[\s,，]*(?:in|of)?\s*")
_US = (
    "(?:我们?|咱们?|本人|[本我贵](?:公司|单位|企业|司|校|厂|院)"
    "|公司|企业|单位|团队|工厂|总部|机构|人|现|目前|现在|已经?|刚)"
)
_BE = (
    "(?:位于|来到|注册(?:地址?)?(?:[在于是为])?|落户[在于到]?|设[在立于]{1,2}|地处|驻|坐落[在于]?|属于?|迁[到至入]"
    "|搬[到至去]|常驻|定居[在于]?|[居住]在?|工作在|就[职业]于|地址[是在]|所在地[是为]?|在|是)"
)
_CUES_ZH = re.compile(
    rf"(?:{_US}[^，。？！,?]{{0,6}}?{_BE}|^\s*(?:应该|其实|而|哦|噢)?(?:位于|坐落[在于]|[迁搬][到至]|在|是|[居住]在)"
    r"|从[^，。]{1,8}[搬迁][到至去入]"
    r")[^，。？！,?]{0,2}?$"
)
_BARE_ZH = re.compile(r"(?:^|我们?|[和与是])\s*[^，。？！,?]{0,2}?$")
_BODY_ZH = re.compile(
    r"(?:这边|本地|当地)?的?[^，。？！,?的]{0,14}?(?:的[^，。？！,?的]{0,8}?)?(?:企业|公司|厂商|厂家|工厂|机构|高校|大学|研究院"
    r"|研究所|团队|单位)"
)
_VERBS = (
    r"am|are|is|'m|'re|'s|been|be|lives?|living|works?|working|based|located|registered|situated"
    r"|headquartered|resides?|residing|settled?|operat(?:e|es|ing)|runs?|have|has|own|moved"
    r"|relocated|employed|make|makes|produce|produces|manufactures?|hired|set up|founded|opened"
)
_CUES_EN = re.compile(
    rf"(?:(?:\b|(?<='))(?:{_VERBS})\b[^.?!;,]{{0,60}}?"
    r"(?<!interested )(?<!available )(?<!eligible )\b(?:in|to|at)"
    r"|\b(?:based|located|registered|situated|headquartered) (?:in|at))\s+(?:the )?(?:city of )?$"
    r"|\b(?:our|my|we|i)\b(?: [\w-]+){0,4}? (?:in|at)\s+$"
    r"|^\W*(?:(?:yes|it's|it is|that's|this is)\W+)?(?:in|at)\s+$"
    r"|^\W*(?:(?:no|actually|sorry|correction|rather|wait|i mean|i meant)\b[\s,:.]*)+"
    r"(?:it's |it is |we're |we are |i'm |i am )?(?:in |at )?$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:am|are|is|'m|'re|comes?|coming)\s+from\s+$|来自$|我们?是$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|our|my|we're|we are|as)\s+$", re.IGNORECASE)
_BODY_EN = re.compile(
    r"(?:-based)?\s+(?:[\w-]+\s+){0,5}?(?:compan(?:y|ies)|firms?|makers?|enterprises?|business(?:es)?"
    r"|manufacturers?|agenc(?:y|ies)|startups?|start-ups?|plants?|factor(?:y|ies)|institutes?"
    r"|universit(?:y|ies)|employers?|teams?)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"(?:以前|之前|原来|原先|曾经?|过去|离开|搬离|迁出|从)(?:(?![到至])[^，。]){0,6}$"
    r"|\b(?:used to|formerly|previously|once|left|moved from|outside(?: of)?|out of|unlike)\b"
    r"(?:(?!\bto\b)[^.;,]){0,24}$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\W*(?:not\b|不是|不在|并非|并不在)", re.IGNORECASE)
_BEYOND = re.compile(r"省?(?:以外|之外|省外|外[的地省]|境外)")
_PAPER = re.compile(
    r"(?:省|市|州)?(?:出台|发布|印发|实施)?的?(?:[^，。？！,?的是在]{0,10}?)(?:政策|措施|办法|通知|方案|规定|意见|条例|细则|绿卡|文件|补贴|户口)"
    r"|(?:'s|’s)?\s+(?:[\w-]+\s+){0,4}?(?:polic(?:y|ies)|measures?|plans?|programmes?|programs?|rules|notices?"
    r"|green cards?|subsid(?:y|ies)|support|talent)\b"
    r"|(?:'s|’s)\b",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"人(?!才|力|工)|\s+(?:native|cuisine)\b")
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」|\"[^\"\n]*\"")


@dataclass(frozen=True)
class OwnPlace:
    """A place that a person says to be in.

    Attributes:
        place: The gazetteer's Chinese name.
        start: Offset of its name in the text, in characters.
        end: Offset after it.
        strong: Whether they are there, rather than come from there.
    """

    place: str
    start: int
    end: int
    strong: bool = True


def own_places(text: str) -> list[OwnPlace]:
    """The places that a text states as its author's own, in the order of the text.

    Args:
        text: What a person wrote.

    Example:
        >>> [found.place for found in own_places("我们是遂宁的企业，成都有什么政策？")]
        ['遂宁']
    """
    straight = text.replace("’", "'")
    quoted = [mark.span() for mark in _QUOTED.finditer(straight)]
    found = []
    for place, start, end in named_places(straight):
        if any(a <= start < b for a, b in quoted):
            continue
        strength = _strength(straight, start, end)
        if strength:
            found.append(OwnPlace(place, start, end, strength == 2))
    strong = [own for own in found if own.strong]
    return strong or found


def named_places(text: str) -> Iterator[tuple[str, int, int]]:
    """The places that a text names, with their spans; of `四川遂宁` the narrower."""
    run: list[tuple[str, int, int]] = []
    for match in _NAME.finditer(text):
        gap = _JOINED.fullmatch(text, run[-1][2], match.start()) if run else None
        if run and (gap is None or _is_city(run[-1][0]) == _is_city(_chinese(match[0]))):
            yield _narrowest(run)
            run = []
        run.append((_chinese(match[0]), *match.span()))
    if run:
        yield _narrowest(run)


def is_elsewhere(text: str, start: int, end: int) -> bool:
    """Whether a place's name at `text[start:end]` speaks against its author's being there.

    A place that was left, that somebody comes from, outside of which they are, or whose papers
    are meant; whether a place is stated at all is for `clauses`.
    """
    _, own = clause_at(text, start)
    before, after = text[own.start : start], text[end : own.end]
    paper = _PAPER.match(after) and not (_BODY_ZH.match(after) or _BODY_EN.match(after))
    quoted = any(mark.start() <= start < mark.end() for mark in _QUOTED.finditer(text))
    gone = _PASSED.search(before) or _FROM.search(before)
    return bool(quoted or gone or paper or _BEYOND.match(after) or _ORIGIN.match(after))


def is_beyond(text: str, end: int) -> bool:
    """Whether what follows a place's name says outside it: `四川省外`."""
    return bool(_BEYOND.match(text, end))


def _chinese(name: str) -> str:
    known = _EN.get(name.lower()) or (name if name in _ZH else name[:-1])
    return "中国" if known in COUNTRY else known


def _is_city(name: str) -> bool:
    return name in DIVISIONS


def _narrowest(run: list[tuple[str, int, int]]) -> tuple[str, int, int]:
    names = [name for name, _, _ in run]
    cities = [name for name in names if name in DIVISIONS]
    provinces = [name for name in names if name in PROVINCES]
    return (cities or provinces or names)[0], run[0][1], run[-1][2]


def _strength(text: str, start: int, end: int) -> int:
    """2 where the words say that the author is there, 1 that they come from there, else 0."""
    whole, own = clause_at(text, start)
    before, after = text[own.start : start], text[end : own.end]
    if _PASSED.search(before) or _BEYOND.match(after) or standing(text, start, end) != "stated":
        return 0
    body = bool(_BODY_ZH.match(after) or _BODY_EN.match(after))
    if _PAPER.match(after) and not body:
        return 0
    if _ORIGIN.match(after):
        return int(bool(_FROM.search(before)))
    if not before.strip() and _INSTEAD.match(text[whole.start : own.start]):
        return 2  # “Not Suining, Mianyang.”
    fragment = not before.strip() or bool(re.fullmatch(r"\W*(?:in|at|在)\s*", before, re.I))
    if fragment and whole.question and not body:
        return 0  # “In Suining, what is there?”
    if _CUES_EN.search(before) or (_ARTICLE.search(before) and _BODY_EN.match(after)):
        return 2
    if _CUES_ZH.search(before) or (body and _BARE_ZH.search(before)):
        return 2
    return int(bool(_FROM.search(before)))
