"""How a run of words stands in a text: stated, denied, or neither.

A clause asks, supposes, demands, hopes or tells of somebody else as often as it states. This
module knows the cues of both languages; it knows nothing of facts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from assistant.eligibility.others import goes_on_of_others, is_of_others, named_others

Standing = Literal["stated", "denied", "asked", "neither"]

_SENTENCE_END = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")
_CLAUSE_END = re.compile(
    r"[，：（）()—]|,(?!\d)|:(?=\s)|--|"
    r"但是?|不过|然而|而且|所以|(?<![因作])因此|"
    r"\b(?:but|however|although|though|because|so(?= (?:what|which|how|can|do|am|are|is|will)))\b|"
    r"\band\b(?= (?:what|which|how|do|does|can|could|is|are|will|would|may|where|when|who|am)"
    r" (?:[a-z'-]+ ?){1,12}\?)|"
    r"\band\b(?= (?:I|we|my|our|am|are|is|has|have|hold|work|live)\b)"
    r"|(?<=\w )(?=(?:what|which|how (?:much|many|do|can))\b)"
    r"|(?<![不否])(?=(?:都|还|又|也)?(?:能不能|可不可以|能否|可否|有没有|有什么|有哪些|有多少|该怎么|怎么|如何"
    r"|请问|想问|想知道|想了解|需要什么|能申请|可以申请|能享受|可以享受|能拿|可以拿))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"吗(?!啡)|呢\s*$|是否|是不是|[有能会可要需算够]不[有能会可要需算够]|有没有|能否|可否|哪[些个里儿家种类]|什么|多少"
    r"|如何|怎么|怎样|几[个年项岁]|谁|为何"
    r"|^\W*(?:and |or |so |then |but )?(?:what|which|who|whom|whose|when|where|why|how)\b"
    r"|^\W*(?:and |or |so |then |but )?(?:do|does|did|am|is|are|was|were|can|could|may|might|must"
    r"|should|shall|will|would|has|have|had)(?:n't)?"
    r" (?:I|we|you|he|she|it|they|there|this|that|these|those|my|our|the|an?|any|some|every|all"
    r"|one|[a-z]+s)\b(?! (?:not )?(?:been|am|are)\b)"
    r"|\b(?:not sure|unsure|don't know|do not know|no idea|wonder(?:ing)?)\b"
    r"|不知道|不确定|不清楚|不晓得",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(
    r"如果|假如|假设|要是|倘若|若是|(?<![天自])若|即使|除非|万一|无论|不管"
    r"|\b(?:if|whether|suppose|supposing|assuming|unless|in case|provided|regardless)\b"
    r"|^\W*without\b",
    re.IGNORECASE,
)
_DEMANDS = re.compile(
    r"要求|必须|须|应当|规定|需要|限于|面向|针对|鼓励|支持"
    r"|\b(?:requires?|required|must|should|shall|needs?|has to|have to|only for|intended for)\b",
    re.IGNORECASE,
)
_DEMANDED = re.compile(
    r"[学位证书]*(?:才|就[不能可得]|是必须|是必要|必不可少|不可或缺)"
    r"|\s+(?:(?:is|are|was|were|be)\s+)?(?:needed|required|necessary|mandatory|compulsory)\b",
    re.IGNORECASE,
)
_NAMES_A_PAPER = re.compile(
    r"(?:行业|产业|领域)?(?:的|若干|发展|促进|支持|扶持|专项){0,3}(?:政策|措施|办法|通知|方案|条例|细则|意见)"
    r"|\s+(?:[\w-]+\s+){0,2}?(?:polic(?:y|ies)|measures|rules|notices?|regulations?)\b",
    re.IGNORECASE,
)
_HOPES = re.compile(
    r"想(?!问|知道|了解|咨询|请)|打算|希望|(?:计划|准备)(?:去|在|到|把|读|迁|搬|落|申|考)|即将|将要|以后"
    r"|\b(?:want|wants|like|hope|hopes|plan|plans|planning|going|intend|wish|wishes|thinking|consider"
    r"|considering|about)\b(?= (?:to|of|about|moving)\b)|\b(?:might|may|could|would)\b",
    re.IGNORECASE,
)
_NOT = (
    r"(?:(?<!有)没有?|不(?![仅但止只光过同错论管锈]|少于|低于|超过|动产)"
    r"|并非|并未|未(?!来)|无(?![锡论线缝纺损菌尘]|人[机车船驾])|非(?![常洲遗]|金属)"
    r"|\b(?:not(?! (?:only|just))|never|no(?! doubt)|without|neither|nor|none of|lacks?"
    r"|no longer)\b"
    r"|n't\b)"
)
_NEGATES = re.compile(_NOT, re.IGNORECASE)
_DIRECTLY = re.compile(
    _NOT + r"(?:[是在有具备属于取得获拿到过算从事持任何一个做搞干生产造经营卖涉及]{0,6}"
    r"|(?:\s+[\w'/-]+){0,3}?\s*)[\s“\"'`*]*$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"[我们还都也]{0,3}(?:没有?|未)(?:拿到|取得|获得)?[了过]?\s*$")
_FORM_NO = re.compile(
    r"[`*]*\s*[:：]\s*[`*]*(?:no|none|false|否|无|没有|不是)(?![a-z])", re.IGNORECASE
)
_QUESTION = re.compile(r"[?？]\s*$")
_OR = re.compile(r"(?:or|nor)\b", re.IGNORECASE)
_ITEM = re.compile(
    r"(?:(?:or|nor) )?(?!(?:I|we|my|our|not|no)\b)[\w'/`*-]+(?: [\w'/`*-]+){0,2}", re.I
)


@dataclass(frozen=True)
class Clause:
    """A clause of a sentence.

    Attributes:
        start: Offset in the text, in characters.
        end: Offset after it.
        head: Where the list begins that it is an item of (`not A, B, or C`); else its start.
        asked: Whether it asks, or stands behind one that does in a question.
    """

    start: int
    end: int
    head: int
    asked: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence; a line break ends one.

    Attributes:
        start: Offset in the text, in characters.
        end: Offset after it.
        question: Whether it ends in a question mark.
        clauses: Its clauses, in order.
    """

    start: int
    end: int
    question: bool
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=16)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; together they cover it."""
    ends = [mark.end() for mark in _SENTENCE_END.finditer(text)]
    bounds = list(pairwise([0, *ends, *([len(text)] if not ends or ends[-1] < len(text) else [])]))
    return tuple(_sentence(text, start, end) for start, end in bounds)


def clause_at(text: str, at: int) -> tuple[Sentence, Clause]:
    """The sentence and the clause that hold an offset."""
    held = sentences(text)
    whole = held[max(0, bisect_right(held, at, key=lambda one: one.start) - 1)]
    place = bisect_right(whole.clauses, at, key=lambda one: one.start) - 1
    return whole, whole.clauses[max(0, place)]


def standing(text: str, start: int, end: int) -> Standing:
    """How `text[start:end]` stands in its clause.

    Args:
        text: What a person wrote.
        start: Offset of the first character, in characters.
        end: Offset after the last.

    Returns:
        `stated`; `denied` where a negation stands directly before it (`I do not hold a …`);
        `asked` where its clause, or one before it in the same sentence, asks; `neither` where it
        is supposed, demanded or hoped for, told of somebody else, or where a negation stands
        further off, so that it is not plain what is denied.

    Example:
        >>> text = "I hold a PhD, do I need a job?"
        >>> standing(text, 2, 12), standing(text, 25, 28)
        ('stated', 'asked')
    """
    whole, own = clause_at(text, start)
    if own.asked:
        return "asked"
    before = text[own.head : start]
    after = text[end : max(end, own.end)]
    said = text[start:end]
    if _DEMANDED.match(after) or _NAMES_A_PAPER.match(after):
        return "neither"
    if _SUPPOSES.search(before) or _DEMANDS.search(before) or _HOPES.search(before):
        return "neither"
    earlier = [text[c.start : c.end] for c in whole.clauses if c.end <= own.head]
    if is_of_others(before, said) or goes_on_of_others(earlier, before + said):
        return "neither"
    if _DIRECTLY.search(before) or _AFTERWARDS.match(after) or _FORM_NO.match(text, end):
        return "denied"
    if not _NEGATES.search(before):
        return "stated"
    return "neither" if own.head == own.start else "denied"


def negates(words: str) -> bool:
    """Whether words deny something: `has no job`, `没有工作`."""
    return bool(_NEGATES.search(words))


def is_hedged(words: str) -> bool:
    """Whether words by themselves suppose, demand or hope, rather than state."""
    return any(cue.search(words) for cue in (_SUPPOSES, _DEMANDS, _HOPES))


def tells_of_others(words: str) -> bool:
    """Whether words name somebody beside their author: a spouse, a client, a friend."""
    return next(named_others(words), None) is not None


def as_of_oneself(text: str) -> str:
    """A text in which other people are not told from its author, character for character."""
    for start, end in named_others(text):
        text = text[:start] + "x" * (end - start) + text[end:]
    return text


def _sentence(text: str, start: int, end: int) -> Sentence:
    question = bool(_QUESTION.search(text, start, end))
    cuts = list(_CLAUSE_END.finditer(text, start, end))
    starts = [start, *(cut.end() for cut in cuts)]
    stops = [*(cut.start() for cut in cuts), end]
    words = [text[a:b].strip() for a, b in zip(starts, stops, strict=True)]
    asks = [bool(_ASKS.search(text[a:b])) for a, b in zip(starts, stops, strict=True)]
    if question and not any(asks):
        asks[max((n for n, said in enumerate(words) if said), default=0)] = True
    first = asks.index(True) if True in asks else len(asks)
    heads = _list_heads(words)
    return Sentence(
        start,
        end,
        question,
        tuple(
            Clause(a, b, starts[heads[n]], n == first or (n > first and question))
            for n, (a, b) in enumerate(zip(starts, stops, strict=True))
        ),
    )


def _list_heads(words: list[str]) -> list[int]:
    """For each clause the one where its list begins: a list ends in `or C`."""
    heads = list(range(len(words)))
    for last, said in enumerate(words):
        if _OR.match(said) and _ITEM.fullmatch(said):
            first = last
            while first and _ITEM.fullmatch(words[first]):
                first -= 1
            heads[first : last + 1] = [first] * (last + 1 - first)
    return heads
