"""Of whom words are told: of their author, or of somebody else.

A fact of the author's own family (`my wife has no job`) names it itself; what is said of a friend,
a colleague or a client, and of what is theirs, is never the author's. A client's *company* is read
as one's own: it is the one that is asked for. Knows the cues of both languages, and no facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_STRANGER = (
    r"(?:(?:朋友|同事|邻居|同学|室友|熟人|老乡|老板|上司|领导(?=的)|下属|[哥姐弟妹]{1,2}|亲戚|对手|别人|他人"
    r"|(?:客户|顾客)(?!公司|企业))(?![和与及])"
    r"|\b(?:friends?|colleagues?|co-?workers?|neighbou?rs?|classmates?|(?:flat|room)mates?"
    r"|acquaintances?|boss|supervisors?|brothers?|sisters?|cousins?|relatives?|competitors?"
    r"|somebody else|someone else|(?:clients?|customers?)"
    r"(?! (?:company|companies|firms?|enterprises?|business(?:es)?))"
    r")\b(?! and (?:I|we|me)\b))"
)
_STRANGERS = re.compile(_STRANGER, re.IGNORECASE)
_ALONG = re.compile(
    rf"[和与跟同][我们的]{{0,3}}{_STRANGER}|\bwith (?:[\w-]+ ){{0,2}}?{_STRANGER}", re.IGNORECASE
)
_OTHERS = re.compile(
    _STRANGER + r"|(?:配偶|妻子|丈夫|爱人|老公|老婆|太太|先生|父[亲母]|母亲|爸|妈|儿子|女儿|孩子"
    r"|(?<!其)他们?|她们?)(?![和与及])"
    r"|\b(?:spouse|wife|husband|partner|father|mother|parents?|sons?|daughters?|child|children|kids?"
    r"|he|she|they)\b(?! and (?:I|we|me)\b)",
    re.IGNORECASE,
)
_ME = re.compile(
    rf"我(?!们?(?:有[一个位名几]{{0,2}})?的?{_STRANGER})|本(?:人|公司|企业)"
    rf"|\b(?:I|me|we|us|my|our)\b(?! (?:(?:have|know) )?(?:an? )?(?:[\w-]+ )?{_STRANGER})",
    re.IGNORECASE,
)
_THEIRS = re.compile(r"(?<!其)[他她]们?的?$|\b(?:his|her|their)\s+$", re.IGNORECASE)
_WITH_ME = re.compile(r"我们?(?:[和与跟]|同(?![事学]))|\bI and\b|\bwith (?:me|us)\b", re.IGNORECASE)


def named_others(text: str) -> Iterator[tuple[int, int]]:
    """The spans of words that name somebody beside their author: a spouse, a client, a friend."""
    return (match.span() for match in _OTHERS.finditer(text))


def is_of_others(before: str, said: str) -> bool:
    """Whether words are told of somebody else.

    Args:
        before: What stands before them in their clause.
        said: The words.
    """
    if _WITH_ME.search(before + said):
        return False
    if _THEIRS.search(before):
        return True
    alone = _ALONG.sub(" ", before)
    if _STRANGERS.search(_ALONG.sub(" ", said)):
        return True
    if _STRANGERS.search(alone):
        return not _ME.search(said)
    return bool(_OTHERS.search(alone)) and not _OTHERS.search(said)


def goes_on_of_others(earlier: Sequence[str], own: str) -> bool:
    """Whether a clause that names nobody follows one of somebody else: `朋友在山西，配偶没工作`."""
    if _ME.search(own):
        return False
    for clause in reversed(earlier):
        if _ME.search(clause) or _WITH_ME.search(clause):
            return False
        if _STRANGERS.search(_ALONG.sub(" ", clause)):
            return True
    return False
