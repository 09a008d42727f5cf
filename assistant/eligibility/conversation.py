"""Turns about eligibility: whether a message begins or carries on such a talk, and what is said.

Stateless: everything is read from the conversation's texts (`assistant.eligibility.told`). What
`matter` does not take is a question for the documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.answer import Answer
from assistant.eligibility.asking import (
    asks_for_measures,
    asks_to_go_on,
    asks_whether,
    is_asking,
    is_bare,
    is_of_oneself,
)
from assistant.eligibility.facts import Facts
from assistant.eligibility.finding_turn import finding_turn
from assistant.eligibility.matching import Matching
from assistant.eligibility.reading import read_said
from assistant.eligibility.reply import Case, Reply
from assistant.eligibility.service import Eligibility
from assistant.eligibility.told import Thread, Told, read_conversation
from assistant.eligibility.turn_wording import say
from assistant.eligibility.verdict_turn import verdict_turn
from assistant.eligibility.wording import localized
from assistant.questions import Lang, Question, Understanding
from assistant.selection import RELATED_MIN, relevance
from index.passages import ScoredPassage

__all__ = ["EligibilityTalk", "Matter"]

_SHORT = 24


@dataclass(frozen=True)
class Matter:
    """What a turn about eligibility is about.

    Attributes:
        kind: One measure to judge, all measures to rank, or several of which one was meant.
        measures: The measures; none where all are ranked.
        lang: The language that the talk is held in, where the message alone does not tell.
        unread: Whether the message could not be read as the answer that was waited for.
        supposed: What is taken to hold for this turn alone (`what about Mianyang?`).
    """

    kind: Literal["verdict", "finding", "which"]
    measures: tuple[str, ...] = ()
    lang: Lang | None = None
    unread: bool = False
    supposed: Facts = field(default_factory=dict)


class EligibilityTalk:
    """Holds conversations about eligibility over one set of measures. Thread-safe.

    Args:
        known: The measures.
    """

    def __init__(self, known: Eligibility) -> None:
        """Take the measures."""
        self.known = known
        self._matching = Matching(known.offered)

    def read(self, question: Question) -> Told:
        """Read a question and all that was said before it.

        Raises:
            InputError: The question's facts are not known, or have impossible values.
        """
        return read_conversation(question, self.known.catalogue, self._matching)

    def completed(self, question: Question, told: Told, understood: Understanding) -> Understanding:
        """A bare `do I qualify?` is asked of what was spoken of just before.

        Args:
            question: The newest message.
            told: What the conversation tells.
            understood: What was understood of the message.
        """
        before = [turn.text for turn in told.history if turn.role == "user"]
        if not before or not is_bare(question.text, [one.words for one in told.now.values()]):
            return understood
        return replace(understood, query=before[-1])

    def matter(
        self,
        question: Question,
        told: Told,
        understood: Understanding,
        results: Sequence[ScoredPassage],
    ) -> Matter | None:
        """What a message is about, where that is eligibility; `None` leaves it to the documents.

        Args:
            question: The newest message.
            told: What the conversation tells.
            understood: What was understood of the message.
            results: What the search found.
        """
        if not self.known.offered:
            return None
        text, thread = question.text, told.thread
        titled = self._matching.titled(text)
        if titled:
            return Matter("verdict", (titled,))
        if thread and asks_to_go_on(text):
            return _of(thread)
        if thread and thread.is_last and told.answered:
            return _of(thread, _lang(text, thread))
        if thread and thread.is_last and told.now and not is_asking(text):
            return _of(thread, _lang(text, thread))
        said = [one.words for one in told.now.values()]
        if asks_for_measures(text, said, understood, known=bool(told.facts)):
            return Matter("finding")
        if thread and thread.is_last and understood.query != text:
            supposed = read_said(understood.query, self.known.catalogue)
            words = [one.words for one in supposed.values()]
            if asks_for_measures(understood.query, words, understood):
                return Matter("finding", supposed=supposed)
        if asks_whether(text, understood):
            if thread and thread.is_last and is_bare(text, said):
                return _of(thread)
            if is_bare(understood.query, said):
                return Matter("finding")
            own = not is_bare(text, said)
            meant = self._matching.meant(text, results, said, by_words=own)
            if meant:
                return Matter("verdict" if len(meant) == 1 else "which", tuple(meant))
        waiting = thread is not None and thread.is_last and thread.asked is not None
        brief = len(text) <= _SHORT and not is_asking(text)
        alone = understood.query == text and relevance(results) >= RELATED_MIN
        if thread and waiting and brief and not alone:
            return replace(_of(thread, thread.lang), unread=True)
        return None

    def reply(self, matter: Matter, question: Question, told: Told, lang: Lang) -> Reply:
        """The turn.

        Args:
            matter: What it is about.
            question: The newest message.
            told: What the conversation tells.
            lang: Its language.
        """
        if matter.kind == "which":
            return self._which(matter, lang)
        remark = self._remark(matter, told, lang)
        case = Case({**told.facts, **matter.supposed}, lang, told.declined, remark, question.as_of)
        if matter.kind == "finding":
            return finding_turn(self.known, case)
        return verdict_turn(self.known, matter.measures[0], case)

    def offered(self, answer: Answer, told: Told) -> Answer:
        """An answer from the documents, with a question on eligibility to go on with.

        It is about the first cited section that just one measure stands in, where the question
        is of the person themselves, or something is known of them.

        Args:
            answer: The answer.
            told: What the conversation tells.
        """
        if not (told.facts or is_of_oneself(answer.question)):
            return answer
        for citation in answer.citations:
            home = (citation.document_id, citation.section)
            standing = [m for m in self.known.offered.values() if (m.policy, m.section) == home]
            if len(standing) == 1:
                title = localized(standing[0].title, answer.lang)
                asked = say("ask_measure", answer.lang, title=title)
                return replace(answer, suggestions=(*answer.suggestions, asked))
        return answer

    def _which(self, matter: Matter, lang: Lang) -> Reply:
        """Ask which of several measures is meant; each is a question that names it."""
        titles = [localized(self.known.measure(one).title, lang) for one in matter.measures]
        return Reply(
            text="\n\n".join((say("which", lang), "\n".join(f"- {one}" for one in titles))),
            status="clarify",
            choices=tuple(say("ask_measure", lang, title=one) for one in titles),
        )

    def _remark(self, matter: Matter, told: Told, lang: Lang) -> str:
        asked = told.thread.asked if told.thread else None
        if matter.unread:
            return say("unread", lang)
        if asked and told.answered and asked in told.declined:
            label = localized(self.known.catalogue.facts[asked].label, lang)
            return say("declined", lang, label=label)
        return ""


def _of(thread: Thread, lang: Lang | None = None) -> Matter:
    if thread.measure is None:
        return Matter("finding", (), lang)
    return Matter("verdict", (thread.measure,), lang)


def _lang(text: str, thread: Thread) -> Lang | None:
    """A word or two of an answer (`yes`, `遂宁`) do not change the language of a talk."""
    return thread.lang if len(text) <= _SHORT else None
