"""Whether a sentence says yes to a question: the same words, and nothing that turns them.

Built to say yes only where the sentence plainly does. It knows no synonyms, and where either side
denies, limits or generalises, or one plans what the other has as a fact, it says nothing.
"""

from __future__ import annotations

import re

from assistant.composers.candidates import Candidate
from assistant.figures import agree, figures
from assistant.named import unsupported_names
from assistant.polarity import polarity_conflict
from assistant.polarity_sentences import Sentence
from assistant.questions import Understanding
from index.lexical import simplified, singular
from index.text import han_count

__all__ = ["affirms"]

# Share of the question's words that the sentence has, those without content among them.
_SAYS_SO = 0.85
_DENIES = re.compile(
    r"不|没|未|无|非(?!常)|禁|否|只|仅|除|\b(?:no|not|never|only|without|unless|except|neither|none|"
    r"cannot|\w+n['’]t|all|every|any|always|first)\b|全部|所有|一律|(?<![成首])都|首个|最",
    re.IGNORECASE,
)
# How a sentence means it: as a plan, a duty, a choice, in principle.
_MOOD = re.compile(
    r"(?<![主重需])要(?!素)|将|力争|计划|拟|原则上|探索|鼓励|支持|可以|可(?=[一-鿿])|应当|应该|必须|需要|"
    r"\b(?:is to|are to|will|shall|must|should|may|can|need|required|in principle|strives?|seeks?|"
    r"aims?|plans?|wants?|encourages?|supports?)\b",
    re.IGNORECASE,
)
_ASKING_ZH = re.compile(r"吗|么|呢|是不是|是否|有没有|能不能|对吧|对不对|请问|\W")
_TAG_EN = re.compile(
    r",? (?:(?:is|isn['’]t) (?:that|it)|right|correct|true)\W*$|^is it (?:true|right) that ",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9]+")
_ASKING_EN = re.compile(
    r"is|are|was|were|do|does|did|has|have|can|could|may|will|would|there|an?|the|it"
)


def affirms(candidate: Candidate, understanding: Understanding) -> bool:
    """Whether a sentence states what a yes-or-no question asks."""
    query, said = understanding.query, candidate.text
    passage = candidate.evidence.scored.passage
    is_zh = understanding.lang == "zh"
    asked = _ASKING_ZH.sub("", simplified(query)) if is_zh else _TAG_EN.sub("", query)
    if passage.lang != understanding.lang or candidate.is_absent:
        return False
    if _DENIES.search(asked) or _DENIES.search(said):
        return False
    if {*map(str.lower, _MOOD.findall(asked))} != {*map(str.lower, _MOOD.findall(said))}:
        return False
    own = figures(said)
    if any(not any(agree(figure, one) for one in own) for figure in figures(query)):
        return False
    if unsupported_names(query, [said]) or polarity_conflict(query, said):
        return False
    lang = understanding.lang
    if not Sentence.of(asked, lang).words <= Sentence.of(said, lang).words:
        return False
    return _coverage(asked, " ".join((*passage.heading_path[1:], said))) >= _SAYS_SO


def _coverage(asked: str, said: str) -> float:
    """The share of a question's Chinese characters, or English words, that a text has."""
    if han_count(asked):
        own, held = list(asked), set(simplified(said))
    else:
        words = map(singular, _WORD.findall(asked.lower()))
        own = [word for word in words if not _ASKING_EN.fullmatch(word)]
        held = {singular(word) for word in _WORD.findall(said.lower())}
    return sum(part in held for part in own) / len(own) if len(own) > 2 else 0.0
