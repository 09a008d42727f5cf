"""Measures that a chat model finds in a document, a section at a time, for staff to check.

The model is believed in nothing that can be checked: a quote that does not stand in the section,
character by character, is dropped, and with its last benefit a measure.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import prompts
from assistant.chat_model import ChatModel
from assistant.eligibility.draft_cues import Proposal, condition_of, proposals
from assistant.eligibility.measures import Audience
from assistant.errors import ChatModelReplyError
from assistant.questions import Lang
from index.documents import Document
from index.structure import Section, sections
from index.text import strip_invisible

log = logging.getLogger(__name__)

_TEXT_MIN = 12
_WORDS_MAX = 200
_TAG = re.compile(r"<(?=[/|!a-zA-Z])")
_AUDIENCES: tuple[Audience, ...] = ("enterprise", "talent", "hr_agency", "government")
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
SCHEMA: dict[str, Any] = {
    "title": "draft",
    "description": "The support measures that the section describes.",
    "type": "object",
    "properties": {
        "measures": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "given": {"type": "string"},
                    "acts": {"type": "string"},
                    "audience": {
                        "type": "array",
                        "items": {"type": "string", "enum": list(_AUDIENCES)},
                    },
                    "benefits": _TEXTS,
                    "conditions": _TEXTS,
                    "any_of": {"type": "boolean"},
                },
                "required": [
                    *("title", "summary", "given", "acts", "audience"),
                    *("benefits", "conditions", "any_of"),
                ],
                "additionalProperties": False,
            },
        }
    },
    "required": ["measures"],
    "additionalProperties": False,
}


def model_proposals(document: Document, chat_model: ChatModel) -> list[Proposal]:
    """The measures that a chat model finds in a document.

    A section for which its reply cannot be used is read by cues instead, and the log says so.

    Args:
        document: The document.
        chat_model: The model; it is asked once a section.

    Raises:
        ChatModelUnreachableError: The model cannot be reached, or is too slow.
    """
    by_cues = {one.section: one for one in proposals(document)}
    found: list[Proposal] = []
    for section in sections(document.text, document.title):
        text = _text_of(document, section)
        if len(text.strip()) < _TEXT_MIN:
            continue
        try:
            found.extend(_ask(document, section, text, chat_model))
        except ChatModelReplyError as error:
            log.warning("section #%s is drafted without the model: %s", section.anchor, error)
            found.extend([by_cues[section.anchor]] if section.anchor in by_cues else [])
    return found


def _ask(
    document: Document, section: Section, text: str, chat_model: ChatModel
) -> Iterator[Proposal]:
    lang: Lang = "zh" if document.lang == "zh" else "en"
    heading = section.heading_path[-1] if section.heading_path else document.title
    user = prompts.load("draft_section", lang).render(
        title=_as_data(document.title), heading=_as_data(heading), text=_as_data(text)
    )
    system = prompts.load("draft", lang).render()
    with closing(chat_model.stream(system, user, SCHEMA)) as deltas:
        reply = "".join(delta.text for delta in deltas)
    for number, one in enumerate(_measures(reply, chat_model)):
        proposal = _proposal(one, text, section.anchor, heading)
        if proposal.benefits:
            yield replace(proposal, key=f"{section.anchor}-{number + 1}" if number else "")


def _measures(reply: str, chat_model: ChatModel) -> list[dict[str, Any]]:
    begin = reply.find("{")
    try:
        value, _ = json.JSONDecoder().raw_decode(reply, max(begin, 0))
        found = value["measures"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ChatModelReplyError(
            f"{chat_model.where} did not reply with the JSON that was asked for; take a model that "
            "follows a schema, or draft with POLICY_COMPOSER=quotes"
        ) from error
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _proposal(given: dict[str, Any], text: str, anchor: str, heading: str) -> Proposal:
    benefits = _quoted(given.get("benefits"), text)
    conditions = [one for one in _quoted(given.get("conditions"), text) if one not in benefits]
    named = given.get("audience")
    named = named if isinstance(named, list) else []
    return Proposal(
        section=anchor,
        heading=_words(given.get("title")) or heading,
        benefits=tuple(benefits),
        conditions=tuple(condition_of(quote, anchor) for quote in conditions),
        any_of=given.get("any_of") is True and len(conditions) > 1,
        audience=tuple(one for one in _AUDIENCES if one in named),
        summary=_words(given.get("summary")),
        given=_words(given.get("given")),
        acts=_words(given.get("acts")),
    )


def _quoted(given: object, text: str) -> list[str]:
    """Quotes as they stand in the text; those that do not stand there are dropped.

    White space may differ, for a line break in the text is a space to a model.
    """
    found: dict[str, None] = {}
    for quote in given if isinstance(given, list) else []:
        words = quote.split() if isinstance(quote, str) else []
        match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
        if match:
            found[match[0]] = None
    return list(found)


def _words(given: object) -> str:
    text = " ".join(strip_invisible(given).split()) if isinstance(given, str) else ""
    return text if len(text) <= _WORDS_MAX else ""


def _text_of(document: Document, section: Section) -> str:
    return document.text[section.blocks[0].start : section.blocks[-1].end]


def _as_data(text: str) -> str:
    """A text that can open no tag and no control token of a chat template."""
    return _TAG.sub("< ", strip_invisible(text))
