"""What a message answers to the question that was put before it.

Knows the question's fact and what else the message states; what was said earlier, only as far as a
correction of it is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.eligibility import reply_patterns
from assistant.eligibility.asking import is_asking
from assistant.eligibility.facts import Fact, KnownFact
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import read_reply, read_said
from index.lexical import simplified
from index.text import han_count

__all__ = ["answer_to", "passes_over"]

_SHORT = 24
_ECHO = 3
_SUBJECT = re.compile(r"^\W*(?:i|we|he|she|they|it)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|correct|right|no|nope|nah|not yet|是的?|对的?|没错|有的?|会的?"
    r"|不是的?|没有|还没有?|没|不|否|不会)\s*(?:$|[,，.。;；!！、])",
    re.IGNORECASE,
)
_SKIPS = re.compile(
    r"^\W*(?:跳过|下一个|不想(?:说|回答)|(?:skip|next|pass|rather not|prefer not)\b)", re.IGNORECASE
)


def answer_to(
    text: str,
    fact: Fact,
    now: Mapping[str, KnownFact],
    known: Mapping[str, KnownFact],
    catalogue: Catalogue,
) -> KnownFact | None:
    """What a text answers to the question after a fact; `None` where it speaks of something else.

    “No, in Mianyang” after another question corrects the place, and answers nothing.
    """
    if fact.id in now:
        return now[fact.id]
    if is_asking(text):
        return None
    corrected = any(name in known and known[name].value != one.value for name, one in now.items())
    if corrected:
        return None
    reply = read_reply(text, fact, catalogue)
    if reply is None and fact.kind == "choice" and not now and len(text) <= _SHORT:
        reply = _as_sentence(text, fact, catalogue)
    if reply is not None and now and fact.kind in ("choice", "number"):
        return None  # What was stated of other facts is no choice of this one.
    if reply is not None and fact.kind == "yes_no" and not _is_clear(text, bool(now)):
        return None
    return reply


def passes_over(text: str) -> bool:
    """Whether a person does not know an answer, or will not give it."""
    plain = simplified(text)
    return bool(reply_patterns.UNSURE.search(plain) or _SKIPS.match(plain))


def _is_clear(text: str, states_others: bool) -> bool:
    """Whether a bare yes or no answers, and does not open a statement: `We are a small firm`."""
    if states_others:
        return bool(_YES_OR_NO.match(simplified(text)))
    return not (_SUBJECT.match(text) and len(text.split()) > _ECHO)


def _as_sentence(text: str, fact: Fact, catalogue: Catalogue) -> KnownFact | None:
    """What a word or two say of a person: `博士` as `我是博士`."""
    sentence = f"我是{text}" if han_count(text) else f"I am a {text}"
    said = read_said(sentence, catalogue).get(fact.id)
    return replace(said, words=text.strip()) if said else None
