"""What happens while a question is answered, as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.answer import Answer, Citation


@dataclass(frozen=True)
class Step:
    """A step of the pipeline begins."""

    name: Literal["understand", "retrieve", "compose", "verify"]


@dataclass(frozen=True)
class Piece:
    """A verified piece of the answer's text, with its citation marks.

    The pieces joined are `Answer.text`, unless a chat model failed in mid-answer: then a
    `Restart` comes, and what was shown is to be taken back.

    Attributes:
        text: Markdown to append.
        citations: Citations that this piece names for the first time.
    """

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Restart:
    """Take back the pieces shown so far; the answer begins anew."""


Event = Step | Piece | Restart | Answer
