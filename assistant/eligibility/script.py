"""Turns about eligibility in Traditional characters, for those who write them.

Our own words follow the person's script: headings, verdicts, titles and conditions of measures,
questions, buttons. The person's words, the titles of documents and what is cited stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from assistant.eligibility.reply import Reply
from assistant.questions import Script
from assistant.understand import script_of
from index.lexical import simplified, traditional
from index.text import han_count

__all__ = ["in_traditional", "is_ours", "script_told"]

# Keys of a verdict's JSON whose values are words of ours; `citation` holds the documents'.
_OURS = frozenset({"title", "text", "note", "label", "warning"})
_NOT_OURS = frozenset({"citation"})


def script_told(texts: Sequence[str]) -> Script | None:
    """The characters that a person writes, by the newest text that tells: `是` is in both.

    Args:
        texts: What they wrote, oldest first.

    Returns:
        `None` where every text could be Simplified; nothing is converted then.
    """
    if all(simplified(text) == text for text in texts):
        return None
    for text in reversed(texts):
        if simplified(text) != text:
            return script_of(text)
        if han_count(text) and traditional(text) != text:
            return "hans"
    return None


def is_ours(said: str, ours: str) -> bool:
    """Whether what a turn says is a text of ours, in either script."""
    plain = simplified(said)
    return plain == simplified(ours) or (plain != said and said == traditional(ours))


def in_traditional(reply: Reply, said: Iterable[str]) -> Reply:
    """A turn in Traditional characters.

    Args:
        reply: The turn.
        said: The person's words; where they stand in quotation marks they stay.
    """
    convert = _converter({*said, *(citation.title for citation in reply.citations)})
    return replace(
        reply,
        text=convert(reply.text),
        notices=tuple(replace(one, text=convert(one.text)) for one in reply.notices),
        choices=tuple(map(convert, reply.choices)),
        eligibility=_converted(reply.eligibility, convert) if reply.eligibility else None,
        query=convert(reply.query),
    )


def _converter(kept: Iterable[str]) -> Callable[[str], str]:
    quoted = sorted({f"“{one}”" for one in kept if one}, key=len, reverse=True)
    apart = re.compile(f"({'|'.join(map(re.escape, quoted))})" if quoted else r"(?!)")
    return lambda text: "".join(
        part if part in quoted else traditional(part) for part in apart.split(text)
    )


def _converted(value: Any, convert: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {
            name: one if name in _NOT_OURS else _converted(one, convert, name)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_converted(one, convert, key) for one in value]
    return convert(value) if isinstance(value, str) and key in _OURS else value
