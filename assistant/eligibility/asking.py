"""Whether a message asks about eligibility: may I have this, what is there for somebody like me.

Patterns of both languages. What a policy gives, to whomever, is no such question: the documents
answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.eligibility.matching import without
from assistant.questions import Question, Understanding
from assistant.subjects import anchors, subject_words
from index.lexical import simplified

__all__ = [
    "asks_for_measures",
    "asks_to_go_on",
    "asks_whether",
    "is_asking",
    "is_bare",
    "is_of_oneself",
    "may_concern",
]

_ASKS = re.compile(
    r"[?？]\s*$|吗|呢\W*$|什么|啥|哪|谁|怎|如何|多少|几[个年项月]|是否|是不是|有没有|能不能|可不可以|能否|可否"
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
_SUPPORT = re.compile(
    r"(?:什么|啥|哪些|哪几|有没有|有无|何种).{0,8}(?:支持|政策|扶持|补贴|优惠|待遇|措施|帮助|好处|资助|项目)"
    r"|(?:支持|政策|扶持|补贴|优惠|待遇|措施|帮助|资助)(?:有哪些|有什么|有啥|是什么|有吗)"
    r"|(?:能|可以|可)(?:享受|申请|申报|拿到?|得到|领到?|用上?)(?:到)?(?:些)?(?:什么|啥|哪些)"
    r"|\b(?:what|which|any|is there|are there)\b.{0,60}\b(?:support|help|measures?|polic(?:y|ies)"
    r"|schemes?|benefits?|subsid(?:y|ies)|grants?|incentives?|programm?es?|aid|get|apply for|claim"
    r"|use|on offer|available)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:回到|继续|接着|再看|回头看).{0,8}(?:资格|条件|判断|符合|申请|刚才|评估|匹配)"
    r"|(?:那|所以|这样|现在)[^？?]{0,6}我(?:们)?(?:到底)?(?:还)?(?:符合|够|有资格)"
    r"|\b(?:back to|go on with|continue(?: with)?|return to|resume)\b.{0,24}"
    r"\b(?:eligib\w+|qualif\w+|check|conditions?|measures?|question|application)\b"
    r"|\b(?:so|then|now)\b.{0,12}\b(?:do|am) (?:i|we) (?:qualify|eligible)\W*$",
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


def is_bare(text: str, said: Sequence[str] = ()) -> bool:
    """Whether a message asks if the person may have something, and does not say what.

    Args:
        text: The message.
        said: The words of it that tell of the person.
    """
    plain = simplified(text)
    if not (_QUALIFIES.search(plain) and is_of_oneself(plain)):
        return False
    rest = without(_QUALIFIES.sub(" ", text), said)
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
    rest = without(text, said)
    return not (subject_words(rest) or anchors(rest))


def asks_to_go_on(text: str) -> bool:
    """Whether a message returns to a talk about eligibility."""
    return bool(_GOES_ON.search(simplified(text)))
