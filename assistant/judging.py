"""The branch of a question's path that judges eligibility, taken where a question asks for that.

It leaves the path behind the search, and shares its first two steps. What a message is about, and
what is said, `assistant.eligibility.conversation` knows; how the documents answer is not known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.eligibility.asking import may_concern
from assistant.eligibility.conversation import EligibilityTalk
from assistant.eligibility.matter import Matter
from assistant.eligibility.reading import Reader
from assistant.eligibility.reply import Reply
from assistant.eligibility.service import Eligibility
from assistant.eligibility.told import Told
from assistant.eligibility.values import jsonable
from assistant.events import Event, Piece
from assistant.questions import Question, Understanding
from assistant.recording import Recorder
from assistant.trace import EligibilityTrace, FactTrace
from assistant.understand import understand
from index.passages import ScoredPassage

__all__ = ["Hearing", "Judging"]


class Judging:
    """Hears questions over the measures as they are now. Thread-safe.

    Args:
        eligibility: Gives the measures; `None` judges none.
        reader: Reads facts that the rules miss; `None` leaves it at the rules.
    """

    def __init__(
        self, eligibility: Callable[[], Eligibility] | None, reader: Reader | None = None
    ) -> None:
        """Take where the measures come from; they are read when a question may concern them."""
        self._eligibility = eligibility
        self._reader = reader
        self._talk: EligibilityTalk | None = None

    def hear(self, asked: Question) -> Hearing:
        """Read what a question, and all that was said before it, tells of the person.

        Raises:
            InputError: The question's facts have impossible values.
        """
        if self._eligibility is None or not may_concern(asked):
            return Hearing(asked, None, Told(history=asked.history))
        known = self._eligibility()
        if self._talk is None or self._talk.known is not known:
            self._talk = EligibilityTalk(known, self._reader)
        began = time.perf_counter()
        told = self._talk.read(asked)
        return Hearing(asked, self._talk, told, 1000 * (time.perf_counter() - began))


@dataclass(frozen=True)
class Hearing:
    """One question, with what is known of the person.

    Attributes:
        asked: The question, mistyped words put right.
        talk: The measures to talk about; `None` where it cannot be about eligibility.
        told: What the conversation tells.
        read_ms: Milliseconds that reading it took.
    """

    asked: Question
    talk: EligibilityTalk | None
    told: Told
    read_ms: float = 0.0

    def understand(self) -> Understanding:
        """Understand the question after what was said before, talk of eligibility left out."""
        understood = understand(replace(self.asked, history=self.told.history))
        if self.talk is None:
            return understood
        return self.talk.completed(self.asked, self.told, understood)

    def matter(self, understood: Understanding, results: Sequence[ScoredPassage]) -> Matter | None:
        """What is to be judged; `None` leaves the question to the documents.

        Args:
            understood: What was understood of it.
            results: What the search found.
        """
        if self.talk is None:
            return None
        return self.talk.matter(self.asked, self.told, understood, results)

    def judge(
        self, matter: Matter, understood: Understanding, asked: Question, record: Recorder
    ) -> Iterator[Event]:
        """A verdict, or a ranking, on what is known of the person.

        Args:
            matter: What is to be judged.
            understood: What was understood of the question.
            asked: The question as it was put.
            record: Notes how the answer comes about.
        """
        assert self.talk is not None
        lang = self.asked.lang or matter.lang or understood.lang
        began = time.perf_counter()
        with record.step("compose"):
            reply = self.talk.reply(matter, self.asked, self.told, lang)
        record.judged(self._traced(matter, reply, 1000 * (time.perf_counter() - began)))
        understood = replace(understood, lang=lang, query=reply.query or understood.query)
        yield Piece(reply.text, reply.citations)
        yield replace(
            record.answer(asked, understood, reply.status, reply.text),
            citations=reply.citations,
            notices=reply.notices,
            suggestions=reply.choices,
            eligibility=reply.eligibility,
        )

    def _traced(self, matter: Matter, reply: Reply, judge_ms: float) -> EligibilityTrace:
        assert self.talk is not None
        known = self.talk.known.catalogue.facts
        told = {**self.told.now, **matter.supposed}
        return EligibilityTrace(
            matter=matter.kind,
            measures=matter.measures,
            facts=tuple(
                FactTrace(
                    name,
                    jsonable(one.value, known[name]),
                    one.words,
                    one.origin,
                    name in told,
                )
                for name, one in {**self.told.facts, **matter.supposed}.items()
            ),
            judged=reply.judged,
            asked=reply.asked,
            declined=tuple(sorted(self.told.declined)),
            timings_ms={"read": round(self.read_ms, 2), "judge": round(judge_ms, 2)},
        )

    def offered(self, event: Event) -> Event:
        """An answer from the documents, with a question on eligibility to go on with."""
        if self.talk is None or not isinstance(event, Answer):
            return event
        return self.talk.offered(event, self.told)
