"""Whether a message asks about eligibility: may I have this, what is there for somebody like me.

Patterns of both languages. What a policy gives, to whomever, is no such question: the documents
answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.eligibility.clauses import sentences
from assistant.eligibility.matching import without
from assistant.eligibility.reply_patterns import MERE
from assistant.questions import Question, Understanding
from assistant.subjects import anchors, subject_words
from index.lexical import simplified

__all__ = [
    "asks_for_measures",
    "asks_to_go_on",
    "asks_whether",
    "is_asking",
    "is_bare",
    "is_mere_reply",
    "is_of_oneself",
    "may_concern",
    "returns_to",
    "tells_no_more",
    "unasked",
    "wants_information",
]

_ASKS = re.compile(
    r"[?？]\s*$|吗|呢\W*$|什么|啥|哪|谁|怎|如何|多[少长久大高远快]|几[个年项月]|是否|是不是|有没有|能不能|可不可以|能否|可否"
    r"|^\W*(?:and |so |but |then )?(?:what|which|who|whose|when|where|why|how|do|does|did|am|is|are"
    r"|can|could|may|might|should|will|would|tell me|show me)\b",
    re.IGNORECASE,
)
_ME = re.compile(
    r"我|咱|俺|本(?:人|公司|企业|单位|校|院|厂)|\b(?:i|i'm|we|we're|my|our|me|us|myself)\b",
    re.IGNORECASE,
)
_QUALIFIES = re.compile(
    r"符合|资格|够(?:不够)?(?:格|条件)|够得上|适用于|满足.{0,6}(?:条件|要求)"
    r"|\b(?:qualif(?:y|ies|ied)|eligib(?:le|ility)|entitled|meet (?:the|all|its) (?:\w+ )?"
    r"(?:requirements?|conditions?|criteria))\b",
    re.IGNORECASE,
)
_MAY_HAVE = re.compile(
    r"(?:能不能|能否|可不可以|可否|是否可以|是否能|可以|能够|能).{0,4}?"
    r"(?:申请|申报|享受|领|拿|得到|获得|用上|加入|进入?|入选|住|办)"
    r"|享受得?到|轮得到"
    r"|\b(?:can|could|may|would|will) (?:i|we|(?:my|our) [\w-]+)\b.{0,20}?"
    r"\b(?:get|apply|claim|receive|have|benefit|use|join|enjoy|obtain)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"能不能|能否|可不可以|可否|是否可以|是否能|可以|能够|能|\w+ (?:i|we)\b", re.IGNORECASE
)
_SUPPORT = re.compile(
    r"(?:什么|啥|哪些|哪几|有没有|有无|何种|别的|其他|其它).{0,8}(?:支持|政策|扶持|补贴|优惠|待遇|措施|帮助|好处|资助|项目)"
    r"|(?:支持|政策|扶持|补贴|优惠|待遇|措施|帮助|资助)(?:有哪些|有什么|有啥|是什么|有吗)"
    r"|(?:能|可以|可)(?:享受|申请|申报|拿到?|得到|领到?|用上?)(?:到)?(?:些)?(?:什么|啥|哪些)"
    r"|\b(?:what|which|any|is there|are there)\b.{0,60}\b(?:support|help|measures?|polic(?:y|ies)"
    r"|schemes?|benefits?|subsid(?:y|ies)|grants?|incentives?|programm?es?|aid|get|apply for|claim"
    r"|use|on offer|available)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:回到|继续|接着|再看|回头看).{0,8}(?:资格|条件|判断|符合|申请|刚才|评估|匹配)"
    r"|(?:那么?|所以|这样|现在)(?:的话|看来)?[，,]?我(?:们)?(?:到底)?(?:还)?(?:符合|够|有资格)"
    r"|^\W*(?:好的?|那)?[，,]?(?:继续|接着(?:来|说)?|往下)(?:吧|说|问)?\W*$"
    r"|^\W*(?:ok(?:ay)?\W+)?(?:let's )?(?:continue|go on|carry on|resume|proceed)(?: please)?\W*$"
    r"|\b(?:back to|go on with|continue(?: with)?|return to|resume)\b.{0,24}"
    r"\b(?:eligib\w+|qualif\w+|check|conditions?|measures?|question|application)\b"
    r"|\b(?:so|then|now)\b.{0,12}\b(?:do|am) (?:i|we) (?:qualify|eligible)\W*$",
    re.IGNORECASE,
)


_RETURNS = re.compile(
    r"^\W*(?:ok(?:ay)?\W+|now |so )?(?:let'?s |let us )?(?:go |get |come )?(?:back|return) to"
    r" (?:the |my |our )?(?P<en>[^?:,]{3,60}?)\W*$"
    r"|^\W*(?:好的?[，,]?|那么?)?(?:回到|再看看?|再说说?|回头看看?)(?P<zh>[^？?：:，,]{2,30}?)"
    r"(?:的?(?:资格|条件|问题|判断))?(?:吧|呢)?\W*$",
    re.IGNORECASE,
)
_WANTS_INFORMATION = re.compile(
    r"想知道|想了解|了解(?:一下)?|想问|请问|介绍|告诉|说说|讲讲|查(?:一下|询)|解释|咨询"
    r"|\b(?:tell|explain|describe|show|looking for|interested in|want to know|like to know"
    r"|information|details|curious|wonder(?:ing)?)\b",
    re.IGNORECASE,
)


def may_concern(question: Question) -> bool:
    """Whether eligibility can be what a question is about, or facts can be told in it.

    Needs no catalogue, so that one need not be read where it cannot.
    """
    said = simplified(question.text)
    return bool(question.history or question.facts or _ME.search(said) or _SUPPORT.search(said))


def is_asking(text: str) -> bool:
    """Whether a message asks something, rather than states or answers it."""
    return bool(_ASKS.search(simplified(text)))


def is_of_oneself(text: str) -> bool:
    """Whether a message speaks of the person who writes it, or of their organisation."""
    return bool(_ME.search(simplified(text)))


def asks_whether(text: str, understood: Understanding) -> bool:
    """Whether a message asks if the person may have something.

    A question that also asks what, how much or when is one for the documents.

    Args:
        text: The message.
        understood: What was understood of it.
    """
    said = simplified(text)
    if not is_of_oneself(said):
        return False
    if understood.wants not in ("yes_no", "text"):
        return False
    if understood.task == "eligibility" or _QUALIFIES.search(said):
        return is_asking(said) or understood.task == "eligibility"
    return understood.wants == "yes_no" and bool(_MAY_HAVE.search(said))


def unasked(text: str) -> str:
    """A message without the words by which it asks if the person may have something: `can I`."""
    plain = simplified(text)
    spans = [match.span() for match in _QUALIFIES.finditer(plain)]
    for match in _MAY_HAVE.finditer(plain):
        modal = _MODAL.match(match[0])
        spans.append((match.start(), match.start() + (modal.end() if modal else 0)))
    for start, end in spans:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return plain


def is_bare(text: str, said: Sequence[str] = ()) -> bool:
    """Whether a message asks if the person may have something, and does not say what.

    Args:
        text: The message.
        said: The words of it that tell of the person.
    """
    plain = simplified(text)
    if not (_QUALIFIES.search(plain) and is_of_oneself(plain)):
        return False
    rest = _QUALIFIES.sub(" ", _besides(text, said))
    return not (subject_words(rest) or anchors(rest))


def asks_for_measures(
    text: str, said: Sequence[str], understood: Understanding, *, known: bool = False
) -> bool:
    """Whether a message asks what there is for somebody, and names no subject beside them.

    Args:
        text: The message.
        said: The words of it that tell of the person.
        understood: What was understood of it.
        known: Whether something is known of the person from before.
    """
    plain = simplified(text)
    if not (said or known) and not (understood.task == "measures" and is_of_oneself(plain)):
        return False
    if not (_SUPPORT.search(plain) or understood.task == "measures"):
        return False
    if understood.wants not in ("list", "text", "yes_no"):
        return False
    rest = _besides(text, said)
    return not (subject_words(rest) or anchors(rest))


def _besides(text: str, said: Sequence[str]) -> str:
    """What a message says beside telling of the person.

    A clause that speaks of them (`I am an engineer with a PhD`) is left out whole, where they
    speak of themselves in what they ask too.
    """
    plain = simplified(text)
    words = [simplified(part) for one in said for part in one.split("; ") if part]
    clauses = [clause for whole in sentences(plain) for clause in whole.clauses]
    asked = [plain[one.start : one.end] for one in clauses if one.asked]
    stated = [plain[one.start : one.end] for one in clauses if not one.asked]
    if any(map(is_of_oneself, asked)):
        stated = [
            one for one in stated if not (is_of_oneself(one) and any(word in one for word in words))
        ]
    return without(" ".join((*stated, *asked)), said)


def returns_to(text: str) -> str:
    """What a message goes back to (`back to the residence permit`); empty where to nothing."""
    match = None if is_asking(text) else _RETURNS.match(simplified(text))
    return (match["en"] or match["zh"] or "") if match else ""


def tells_no_more(text: str, said: Sequence[str]) -> bool:
    """Whether a message tells of the person, and names no subject beside.

    Args:
        text: The message.
        said: The words of it that tell of the person.
    """
    rest = without(text, said)
    return is_of_oneself(text) and not (subject_words(rest) or anchors(rest))


def is_mere_reply(text: str) -> bool:
    """Whether a message says no more than yes, no, not known, or why; whatever was asked."""
    return bool(MERE.match(simplified(text.replace("’", "'"))))


def wants_information(text: str) -> bool:
    """Whether a message, though it is no question, wants to be told something."""
    return bool(_WANTS_INFORMATION.search(simplified(text)))


def asks_to_go_on(text: str) -> bool:
    """Whether a message returns to a talk about eligibility."""
    return bool(_GOES_ON.search(simplified(text)))
