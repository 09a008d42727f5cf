"""Reads a chat model's JSON reply while it arrives.

A reply is `{"status": …, "sentences": [{"citations": […], "text": …}, …]}`, in either order of
keys. A sentence is handed on when its object closes. Models add to that: thinking before it, a
fence around it, citation marks inside the text. All of this is taken off here; whether a sentence
is true is for the verifier.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from assistant.chat_failures import in_short
from assistant.errors import ChatModelReplyError

ReplyStatus = Literal["answered", "partial", "unanswerable"]

SCHEMA: dict[str, Any] = {
    "title": "policy_answer",
    "description": "The answer to the question, sentence by sentence, with its evidence.",
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": list(get_args(ReplyStatus))},
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "citations": {"type": "array", "items": {"type": "integer"}},
                    "text": {"type": "string"},
                },
                "required": ["citations", "text"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["status", "sentences"],
    "additionalProperties": False,
}
"""JSON schema of a reply. Models that are held to it write in its order: evidence comes first."""

_LONGEST = 100_000
"""Characters after which a reply is not read further."""
_DEEPEST = 8
_OPENING = re.compile(r'\{\s*["}]')
# Two digits at most: `[2023]` belongs to a document number.
_MARK = re.compile(r"\s*(?:\[\^?|［|【)(\d{1,2}(?:\s*[-–,，、;]\s*\d{1,2})*)[\]］】]")
_LABELS = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?")
_BULLET = re.compile(r"^\s*(?:[-*·]\s+|•\s*|\d{1,2}[.)]\s+|\d{1,2}、(?!\d))")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class ReplySentence:
    """A sentence of a reply.

    Attributes:
        text: The words, on one line, without citation marks and bullet.
        labels: The evidence that it cites, each once, in order; not checked against anything.
        is_item: It was written as a list item.
    """

    text: str
    labels: tuple[int, ...]
    is_item: bool = False


class ReplyReader:
    """Takes a reply in pieces and gives its sentences.

    Attributes:
        received: Everything that was fed.
        status: What the reply says of itself, as soon as it is known.
        complete: The reply's object is closed.
        given: How many sentences were handed on.
    """

    def __init__(self) -> None:
        self.received = ""
        self._forget()

    def _forget(self) -> None:
        self.status: ReplyStatus | None = None
        self.complete = False
        self._begin: int | None = None  # offset of the reply's object
        self._at = 0  # offset of the next character to look at
        self._sentence_begin = 0
        self._string_begin = 0
        self._open: list[str] = []  # brackets that are open
        self._in_string = False
        self._escaped = False
        self._key = ""  # the key of the reply's object that is being read
        self._last_string = ""
        self.given = 0

    def feed(self, text: str) -> list[ReplySentence]:
        """Read on.

        Args:
            text: The next piece of the reply.

        Returns:
            The sentences that this piece completes, blank ones left out.

        Raises:
            ChatModelReplyError: The reply is not of the form that was asked for.
        """
        self.received += text
        if len(self.received) > _LONGEST:
            raise ChatModelReplyError(
                f"the chat model's reply is longer than {_LONGEST} characters:"
                f" {in_short(self.received)!r}"
            )
        if not self.given and ">" in text and self.received.find("</think>", self._begin or 0) >= 0:
            self._forget()  # What looked like the reply was part of the thinking.
        if self.complete or not self._begun():
            return []
        sentences = []
        while self._at < len(self.received) and not self.complete:
            sentence = self._step(self.received[self._at])
            self._at += 1
            if sentence is not None and sentence.text:
                sentences.append(sentence)
        self.given += len(sentences)
        return sentences

    def finish(self) -> ReplyStatus:
        """Check the whole reply, after its last piece.

        Returns:
            The reply's status; `unanswerable` where there is no sentence.

        Raises:
            ChatModelReplyError: The reply is not whole, or not of the form that was asked for.
        """
        if self._begin is None:
            raise self._wrong("has no JSON object in it")
        if not self.complete:
            raise self._wrong("ended in mid-answer")
        reply = self._load(self._begin, self._at)
        if self.status is None or not isinstance(reply.get("sentences"), list):
            raise self._wrong("has another form than status and sentences")
        if not all(isinstance(item, dict) for item in reply["sentences"]):
            raise self._wrong("has sentences that are no objects")
        if self.status == "answered" and not self.given:
            raise self._wrong("claims to answer and has no sentence")
        return self.status if self.given else "unanswerable"

    def _begun(self) -> bool:
        """Find the reply's object behind whatever the model wrote before it."""
        if self._begin is None:
            thought = self.received.find("</think>")
            if thought < 0 and "<think>" in self.received:
                return False
            opening = _OPENING.search(self.received, thought + 1)
            if opening:
                self._begin = self._at = opening.start()
        return self._begin is not None

    def _step(self, character: str) -> ReplySentence | None:
        """Take in one character; a sentence is given when it closes one."""
        if self._in_string:
            self._step_in_string(character)
        elif character == '"':
            self._in_string = True
            self._string_begin = self._at
        elif character in "{[":
            self._open.append(character)
            if len(self._open) > _DEEPEST:
                raise self._wrong("is nested too deeply")
            if len(self._open) == 3:
                self._sentence_begin = self._at
        elif character in "}]":
            return self._close(character)
        elif len(self._open) == 1 and character in ":,":
            self._key = self._last_string if character == ":" else ""
        return None

    def _step_in_string(self, character: str) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif character == '"':
            self._in_string = False
            if len(self._open) == 1:
                self._last_string = self.received[self._string_begin + 1 : self._at]
                if self._key == "status" and self._last_string in get_args(ReplyStatus):
                    self.status = cast(ReplyStatus, self._last_string)

    def _close(self, character: str) -> ReplySentence | None:
        if self._open.pop() != {"}": "{", "]": "["}[character]:
            raise self._wrong("is not valid JSON")
        self.complete = not self._open
        if len(self._open) == 2 and self._key == "sentences" and character == "}":
            return self._sentence(self._load(self._sentence_begin, self._at + 1))
        return None

    def _load(self, begin: int, end: int) -> dict[str, Any]:
        try:
            # Not strict: a line break inside a string is no reason to lose an answer.
            loaded: dict[str, Any] = json.loads(self.received[begin:end], strict=False)
        except ValueError:
            raise self._wrong("is not valid JSON") from None
        return loaded

    def _sentence(self, item: dict[str, Any]) -> ReplySentence:
        text, citations = item.get("text"), item.get("citations", [])
        if not isinstance(text, str) or not isinstance(citations, list):
            raise self._wrong("has a sentence of another form than text and citations")
        marks = [mark[1] for mark in _MARK.finditer(text)]
        text = _CONTROL.sub(" ", _MARK.sub("", text)).encode(errors="ignore").decode()
        words = " ".join(_BULLET.sub("", text).split())
        labels = [label for citation in [*citations, *marks] for label in _labels(citation)]
        return ReplySentence(words, tuple(dict.fromkeys(labels)), bool(_BULLET.match(text)))

    def _wrong(self, what: str) -> ChatModelReplyError:
        return ChatModelReplyError(
            f"the chat model's reply {what}: {in_short(self.received)!r};"
            " take a model that keeps to a JSON schema, or set POLICY_LLM_STRUCTURED_OUTPUT"
        )


def _labels(citation: object) -> list[int]:
    """The evidence that a citation names: `2`, `"2"`, `"[2]"`, `"1-3"`; nothing if unreadable.

    >>> [_labels(citation) for citation in (2, "[2]", "1, 3-5", 2.0, True, None, "the plan")]
    [[2], [2], [1, 3, 4, 5], [2], [], [], []]
    """
    if isinstance(citation, bool):
        return []
    if isinstance(citation, (int, float)):
        return [int(citation)] if citation == citation // 1 else []
    if not isinstance(citation, str):
        return []
    spans = [(int(span[1]), int(span[2] or span[1])) for span in _LABELS.finditer(citation)]
    return [label for first, last in spans for label in range(first, last + 1)]
