"""What the page remembers of a conversation: its turns, finished or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from assistant.answer import Answer, Citation
from assistant.events import Event, Piece, Restart, Step
from assistant.questions import Turn as HistoryTurn
from assistant.ui.texts import Text
from index.documents import Document
from index.passages import Passage

Rating = Literal["up", "down"]


@dataclass(frozen=True)
class Failure:
    """Why a question was not answered.

    Attributes:
        advice: What the person can do.
        details: What the program said.
    """

    advice: Text
    details: str = ""


@dataclass(frozen=True)
class Source:
    """A citation with what it points into, as it was when the answer was given."""

    citation: Citation
    document: Document
    passage: Passage


@dataclass
class Turn:
    """A question and what has come of it so far.

    Attributes:
        question: As it was asked.
        step: The step of the pipeline that is under way.
        text: Verified text so far.
        sources: By label, in the order in which they appeared.
        restarted: Whether text that was shown was taken back.
        answer: The whole answer, once there is one.
        failure: Why there will be none.
        stopped: The person stopped it.
        rating: What the person thought of the answer.
    """

    question: str
    step: str = "understand"
    text: str = ""
    sources: dict[int, Source] = field(default_factory=dict)
    restarted: bool = False
    answer: Answer | None = None
    failure: Failure | None = None
    stopped: bool = False
    rating: Rating | None = None

    @property
    def is_open(self) -> bool:
        """Whether the answer is still being written."""
        return self.answer is None and self.failure is None and not self.stopped

    def take(self, event: Event, sources: dict[int, Source]) -> None:
        """Take what happened.

        Args:
            event: What happened.
            sources: The sources that the event names for the first time.
        """
        if isinstance(event, Step):
            self.step = event.name
        elif isinstance(event, Piece):
            self.text += event.text
        elif isinstance(event, Restart):
            self.text, self.sources, self.restarted = "", {}, True
        else:
            self.answer, self.text = event, event.text
        self.sources |= sources


@dataclass
class Conversation:
    """The turns of one page, oldest first."""

    turns: list[Turn] = field(default_factory=list)

    def history(self) -> tuple[HistoryTurn, ...]:
        """The answered turns, as the pipeline reads them."""
        told: list[HistoryTurn] = []
        for turn in self.turns:
            if turn.answer is not None:
                told.append(HistoryTurn("user", turn.question))
                told.append(HistoryTurn("assistant", turn.answer.text))
        return tuple(told)
