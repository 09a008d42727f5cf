"""What a chat model is told of the facts that can be read, and what it claims to have read.

Knows the form of prompts and replies; what of the claims is true is for
`assistant.eligibility.proving`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from assistant.chat_failures import in_short
from assistant.eligibility.facts import Fact
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.wording import localized
from assistant.errors import ChatModelReplyError
from assistant.questions import Lang

__all__ = ["claims_of", "digest", "listed", "schema"]

_LANGS: tuple[Lang, ...] = ("zh", "en")


def listed(catalogue: Catalogue, lang: Lang) -> str:
    """The facts as the prompt lists them, one a line, with their choices."""
    return "\n".join(_line(fact, lang) for fact in catalogue.facts.values())


def digest(catalogue: Catalogue) -> str:
    """SHA-256 of all that a model is told of the facts; it tells catalogues apart."""
    return sha256("\n".join(listed(catalogue, lang) for lang in _LANGS).encode()).hexdigest()


def schema(catalogue: Catalogue) -> dict[str, Any]:
    """JSON schema of a reply; the words come first, so that a value follows from them."""
    item = {
        "type": "object",
        "properties": {
            "words": {"type": "string"},
            "fact": {"type": "string", "enum": list(catalogue.facts)},
            "value": {"type": "string"},
        },
        "required": ["words", "fact", "value"],
        "additionalProperties": False,
    }
    return {
        "title": "facts",
        "description": "The facts of the list that the messages state.",
        "type": "object",
        "properties": {"facts": {"type": "array", "items": item}},
        "required": ["facts"],
        "additionalProperties": False,
    }


def claims_of(reply: str, where: str) -> list[Mapping[str, Any]]:
    """The claims of a reply: objects with `words`, `fact` and `value`, as the model gave them.

    Args:
        reply: What the model said.
        where: The model and its address, for messages.

    Raises:
        ChatModelReplyError: It is not the JSON that was asked for.
    """
    try:
        value, _ = json.JSONDecoder().raw_decode(reply, max(reply.find("{"), 0))
        found = value["facts"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        found = error
    if not isinstance(found, list):
        raise ChatModelReplyError(
            f"{where} did not reply with the JSON that was asked for, but {in_short(reply)!r}; take"
            " a model that follows a schema"
        )
    return [one for one in found if isinstance(one, dict)]


def _line(fact: Fact, lang: Lang) -> str:
    kind = f"{fact.kind}, {fact.unit}" if fact.unit else fact.kind
    choices = "; ".join(f"{one.id} = {localized(one.label, lang)}" for one in fact.choices)
    line = f"- {fact.id} ({kind}): {localized(fact.question, lang)}"
    return f"{line} {choices}" if choices else line
