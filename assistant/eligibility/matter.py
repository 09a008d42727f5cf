"""What a message is about, where that is eligibility.

Decides by what was asked before, by what the message asks, and by the measures that it names; what
is said to it, the turns know. What is not taken here is a question for the documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.eligibility.asking import (
    asks_for_measures,
    asks_to_go_on,
    asks_whether,
    is_asking,
    is_bare,
    is_mere_reply,
    returns_to,
    tells_no_more,
    unasked,
)
from assistant.eligibility.facts import Facts
from assistant.eligibility.matching import Matching
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import read_said, read_supposed
from assistant.eligibility.told import Thread, Told
from assistant.eligibility.which_turn import pointed_at
from assistant.questions import Lang, Understanding
from assistant.selection import RELATED_MIN, relevance
from index.lexical import simplified
from index.passages import ScoredPassage

__all__ = ["Matter", "matter_of"]

_SHORT = 24


@dataclass(frozen=True)
class Matter:
    """What a turn about eligibility is about.

    Attributes:
        kind: One measure to judge, all measures to rank, or several of which one was meant.
        measures: The measures; none where all are ranked.
        lang: The language that the talk is held in, where the message alone does not tell.
        remark: What is to be said to the message beside: that it could not be read as the answer
            that was waited for (`unread`), or that no answer is waited for (`nothing_asked`).
        supposed: What is taken to hold for this turn alone (`what about Mianyang?`).
    """

    kind: Literal["verdict", "finding", "which"]
    measures: tuple[str, ...] = ()
    lang: Lang | None = None
    remark: Literal["unread", "nothing_asked"] | None = None
    supposed: Facts = field(default_factory=dict)


def matter_of(
    text: str,
    told: Told,
    understood: Understanding,
    results: Sequence[ScoredPassage],
    catalogue: Catalogue,
    matching: Matching,
) -> Matter | None:
    """What a message is about, where that is eligibility; `None` leaves it to the documents.

    Args:
        text: The message.
        told: What the conversation tells.
        understood: What was understood of the message.
        results: What the search found.
        catalogue: The facts that it can suppose.
        matching: The measures that it can name.
    """
    if titled := matching.titled(text):
        return Matter("verdict", (titled,))
    thread = told.thread
    found = _in_talk(text, told, thread, catalogue, matching) if thread else None
    found = found or _asked(text, told, understood, results, catalogue, matching)
    if found is None and thread and thread.is_last and (thread.asked or thread.offered):
        plain = simplified(text)
        brief = len(text) <= _SHORT and not is_asking(text)
        alone = understood.query in (text, plain) and relevance(results) >= RELATED_MIN
        if brief and (is_mere_reply(text) or not alone):
            return replace(_of(thread, thread.lang), remark="unread")
    return found


def _in_talk(
    text: str, told: Told, thread: Thread, catalogue: Catalogue, matching: Matching
) -> Matter | None:
    """A message that goes on with the talk under way, or returns to it."""
    if asks_to_go_on(text):
        return _of(thread)
    if (name := returns_to(text)) and (measure := matching.like(name)):
        return Matter("verdict", (measure,))
    if thread.is_last and told.answered:
        return _of(thread, _lang(text, thread))
    if told.tells:
        return _of(thread, _lang(text, thread))
    if not thread.is_last:
        return None
    if pointed := pointed_at(text, thread.shown):
        return Matter("verdict", (pointed,))
    if supposed := read_supposed(text, catalogue):
        return replace(_of(thread, _lang(text, thread)), supposed=supposed)
    if not (thread.asked or thread.offered) and is_mere_reply(text):
        return replace(_of(thread, thread.lang), remark="nothing_asked")
    return None


def _asked(
    text: str,
    told: Told,
    understood: Understanding,
    results: Sequence[ScoredPassage],
    catalogue: Catalogue,
    matching: Matching,
) -> Matter | None:
    """A message that asks after measures, or whether the person may have one."""
    thread = told.thread
    said = [one.words for one in told.now.values()]
    if asks_for_measures(text, said, understood, known=bool(told.facts)):
        return Matter("finding")
    if thread and thread.is_last and understood.query not in (text, simplified(text)):
        supposed = read_said(understood.query, catalogue)
        words = [one.words for one in supposed.values()]
        if asks_for_measures(understood.query, words, understood):
            return Matter("finding", supposed=supposed)
    if asks_whether(text, understood):
        bare = is_bare(text, said)
        if bare and thread and thread.is_last:
            return _of(thread)
        if is_bare(understood.query, said):
            return Matter("finding")
        if named := matching.named(text):
            return Matter("verdict", (named,))
        meant = tuple(matching.meant(unasked(text), results, said, by_words=not bare))
        if meant:
            return Matter("verdict" if len(meant) == 1 else "which", meant)
        if bare:
            return _of(thread) if thread else Matter("finding")
    if told.tells and tells_no_more(text, said):
        return Matter("finding")
    return None


def _of(thread: Thread, lang: Lang | None = None) -> Matter:
    if thread.offered:
        return Matter("which", thread.offered, lang)
    if thread.measure is None:
        return Matter("finding", (), lang)
    return Matter("verdict", (thread.measure,), lang)


def _lang(text: str, thread: Thread) -> Lang | None:
    """A word or two of an answer (`yes`, `遂宁`) do not change the language of a talk."""
    return thread.lang if len(text) <= _SHORT else None
