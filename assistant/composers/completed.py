"""The composer for a small chat model: quotes first, then what the model can add to them.

A model with a small window leaves out half of an answer and calls answerable what is not. So the
documents' own sentences answer, at once and as they would without a model; the model's sentences
follow where they say something else, and whether the question is answered is not for it to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

from assistant.answer import Usage
from assistant.composers import Brief, Composed, Composer, Draft
from assistant.questions import Lang
from assistant.texts import say

_SAID_SHARE = 0.75
_ADDED_MOST = 3
_LETTERS = re.compile(r"\w")


class CompletedComposer:
    """Quotes, completed by a chat model.

    Args:
        quotes: Answers without a model.
        writer: Writes with one.
    """

    def __init__(self, quotes: Composer, writer: Composer) -> None:
        self._quotes = quotes
        self._writer = writer

    @property
    def name(self) -> Literal["quotes", "llm"]:
        """The composer's name in the answer."""
        return self._writer.name

    @property
    def model(self) -> str | None:
        """The chat model's name."""
        return self._writer.model

    def prompt_digests(self, lang: Lang) -> Mapping[str, str]:
        """SHA-256 of each prompt file that an answer in this language is made with, by name."""
        return self._writer.prompt_digests(lang)

    def compose(self, brief: Brief) -> Iterator[Draft | Composed]:
        """Yield the quotes, then at most three sentences of the model, and the quotes' status.

        Where quotes do not answer, the model is not asked.

        Raises:
            ChatModelError: The model failed; the quotes came before.
        """
        asked = brief.understanding
        told: list[Draft] = []
        ending = Composed("unanswerable")
        for part in self._quotes.compose(brief):
            if isinstance(part, Composed):
                ending = part
            else:
                told.append(part)
                yield part
        if ending.status not in ("answered", "partial"):
            yield ending
            return
        usage, added = Usage(), 0
        for part in self._writer.compose(brief):
            if isinstance(part, Composed):
                usage = part.usage
            elif added < _ADDED_MOST and _adds(told, part):
                if not added:
                    yield Draft(say("model_added", asked.lang, asked.script), form="lead")
                added += 1
                told.append(part)
                yield part
        yield Composed(ending.status, usage, ending.notices)


def _adds(told: list[Draft], draft: Draft) -> bool:
    """Whether a draft says something, and something else than what was told."""
    return not draft.text.endswith((":", "：")) and not says_already(told, draft)


def says_already(told: list[Draft], draft: Draft) -> bool:
    """Whether one of the drafts before says, for the most part, what a draft says.

    What is compared are pairs of neighbouring letters: it is copies that are to be found.
    """
    own = _pairs(draft.text)
    return not own or any(
        len(own & _pairs(before.text)) >= _SAID_SHARE * len(own) for before in told
    )


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(_LETTERS.findall(text.lower())))
