"""Puts a chat model's translation beside quotes that are in another language than the answer.

A quote stays in the original; its translation is a sentence of its own, marked as one, that rests
on the same words and is proved like any sentence of a model. One whose figures are not those of
the quote is left out before that. Where the model fails, quotes stay without translations.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal

import prompts
from assistant.answer import Usage
from assistant.chat_deltas import total
from assistant.chat_model import ChatModel
from assistant.composers import Brief, Composed, Composer, Draft, Evidence
from assistant.errors import ChatModelError
from assistant.figures import unsupported
from assistant.instructions import is_instruction
from assistant.personal import mask
from assistant.questions import Lang
from index.text import strip_invisible
from prompts import Prompt

log = logging.getLogger(__name__)

SCHEMA: dict[str, Any] = {
    "title": "policy_translation",
    "description": "The translation of one sentence.",
    "type": "object",
    "properties": {"translation": {"type": "string"}},
    "required": ["translation"],
    "additionalProperties": False,
}
"""JSON schema of a reply."""

MARKED: Mapping[Lang, str] = {"zh": "（译文）{}", "en": "(Translation) {}"}
"""How a translation is told from what a document says."""

_PROMPT = "translate"
_QUOTES_MOST = 8
_REST_S = 30.0
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


class TranslatedComposer:
    """A composer of quotes whose foreign quotes are translated beside the original.

    Args:
        quotes: Composes the quotes.
        chat_model: Translates.
        load_prompt: Gives the prompt of a name (`translate`) in the language of the translation.
    """

    def __init__(
        self,
        quotes: Composer,
        chat_model: ChatModel,
        load_prompt: Callable[[str, str], Prompt] = prompts.load,
    ) -> None:
        self._quotes = quotes
        self._chat_model = chat_model
        self._load_prompt = load_prompt
        # A model that failed is let alone for a while, as by the pipeline.
        self._rests_until = 0.0

    @property
    def name(self) -> Literal["quotes", "llm"]:
        """The composer's name in the answer."""
        return self._quotes.name

    @property
    def model(self) -> str | None:
        """None: the answer is the documents' own words."""
        return self._quotes.model

    def prompt_digests(self, lang: Lang) -> Mapping[str, str]:
        """SHA-256 of the prompt that translations are asked for with, by name."""
        return {_PROMPT: self._load_prompt(_PROMPT, lang).digest}

    def compose(self, brief: Brief) -> Iterator[Draft | Composed]:
        """Yield the quotes, and behind each foreign one its translation, if it could be had."""
        lang = brief.understanding.lang
        evidence = {item.label: item for item in brief.evidence}
        usage, asked = Usage(), 0
        for part in self._quotes.compose(brief):
            if isinstance(part, Composed):
                yield replace(part, usage=total(part.usage, usage))
                continue
            yield part
            if asked < _QUOTES_MOST and self._wants_translation(part, evidence, lang):
                asked += 1
                translation, spent = self._translate(part.text, lang)
                usage = total(usage, spent)
                if translation:
                    yield replace(part, text=MARKED[lang].format(translation), quoted=False)

    def _wants_translation(
        self, draft: Draft, evidence: Mapping[int, Evidence], lang: Lang
    ) -> bool:
        if not draft.quoted or time.monotonic() < self._rests_until or is_instruction(draft.text):
            return False
        cited = [evidence.get(support.label) for support in draft.supports]
        return any(item is not None and item.document.lang != lang for item in cited)

    def _translate(self, quote: str, lang: Lang) -> tuple[str, Usage]:
        """The translation of a quote, empty where it cannot be used, and the tokens it took."""
        system = self._load_prompt(_PROMPT, lang).render()
        received, usage = "", Usage()
        words = strip_invisible(quote)
        try:
            with closing(self._chat_model.stream(system, words, SCHEMA)) as deltas:
                for delta in deltas:
                    received += delta.text
                    usage = total(usage, delta.usage)
        except ChatModelError as error:
            log.warning("a quote was not translated: %s", mask(str(error)))
            self._rests_until = time.monotonic() + _REST_S
            return "", usage
        translation = _read(received)
        fault = faulty(translation, quote, lang)
        if fault:
            log.info("left out the translation %r: %s", mask(translation), fault)
            return "", usage
        return translation, usage


def faulty(translation: str, quote: str, lang: Lang) -> str | None:
    """Why a translation cannot stand beside a quote; `None` where it can.

    Args:
        translation: What the model gave.
        quote: What it was given.
        lang: The language that it was to translate into.
    """
    if not translation:
        return "there is none"
    han, latin = len(_HAN.findall(translation)), len(_LATIN.findall(translation))
    # Chinese texts hold Latin abbreviations; Chinese left in an English one is untranslated.
    if han <= latin if lang == "zh" else han or not latin:
        return f"it is not in {lang}"
    for text, source, where in (
        (translation, quote, "the quote"),
        (quote, translation, "the translation"),
    ):
        if missing := unsupported(text, [source]):
            return f"figure {missing[0].text!r} is not in {where}"
    return None


def _read(received: str) -> str:
    """The translation that a reply holds; empty where it is of another form."""
    found = _OBJECT.search(received)
    try:
        reply = json.loads(found[0], strict=False) if found else None
    except ValueError:
        return ""
    told = reply.get("translation") if isinstance(reply, dict) else None
    return " ".join(strip_invisible(told).split()) if isinstance(told, str) else ""
