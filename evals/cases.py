"""Cases: what is asked, and what a right answer or ranking must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True)
class SectionRef:
    """A section of a policy in any language; never a passage, which a rebuild may cut anew."""

    document_id: str
    section: str


@dataclass(frozen=True)
class Nugget:
    """A piece of information an answer should hold, in any of several wordings.

    Attributes:
        any: Wordings; one is enough.
        vital: Whether an answer without it is wrong, or only poorer.
    """

    any: tuple[str, ...]
    vital: bool = True


@dataclass(frozen=True)
class Expectation:
    """What is right for a case; what is empty is not judged.

    Attributes:
        answerable: Whether the corpus holds an answer.
        status: Acceptable statuses of the answer.
        verdict: The verdict of an eligibility question.
        sections: Sections that hold the answer.
        nuggets: What the answer should say.
        figures: Figures with their units that the answer must state.
        forbidden: Strings that must not occur.
    """

    answerable: bool | None = None
    status: tuple[str, ...] = ()
    verdict: str | None = None
    sections: tuple[SectionRef, ...] = ()
    nuggets: tuple[Nugget, ...] = ()
    figures: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One question with its history, and what is expected.

    Attributes:
        id: Unique in its suite.
        lang: The language asked in.
        turns: What the person said, oldest first; the last turn is the question.
        expect: What is right.
        tags: Slices to report on.
        pair: Links the same question in the other language.
        conversation: Cases of one conversation are resampled together; the case's own id where
            it stands alone.
        where: File and line, for messages.
    """

    id: str
    lang: Lang
    turns: tuple[str, ...]
    expect: Expectation = field(default_factory=Expectation)
    tags: tuple[str, ...] = ()
    pair: str | None = None
    conversation: str = ""
    where: str = ""

    @property
    def cluster(self) -> str:
        """What the case is resampled with: its pair, its conversation, or itself."""
        return self.conversation or self.pair or self.id
