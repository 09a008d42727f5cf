"""A chat model as a judge: one question, one reply in JSON.

What the replies mean is for `evals.metrics.judge`. A judge ought to be another model than the one
that wrote the answers, for models favour their own words.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import cache
from typing import Any

from assistant.chat_model import ChatModel

__all__ = ["SCHEMA", "Judge", "judge_of"]

Judge = Callable[[str, str], str]
"""Takes a system message and a user's message, and gives the reply."""

SCHEMA: dict[str, Any] = {
    "title": "judgement",
    "description": "What was found in the answer, and why.",
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "verdict": {"type": "string"}},
                "required": ["text", "verdict"],
                "additionalProperties": False,
            },
        },
        "score": {"type": "integer"},
    },
    "required": ["reason", "statements", "score"],
    "additionalProperties": False,
}
"""JSON schema of a reply, one for all judge metrics; each says in its prompt what it reads."""


def judge_of(model: ChatModel) -> Judge:
    """Make a judge of a chat model.

    The same question is asked once, so that metrics which read one reply share it (GOV.UK Chat's
    factual precision and recall do the same).

    Args:
        model: The model; see `assistant.chat_model.connect`.

    Returns:
        The judge; it raises `ChatModelUnreachableError` and `ChatModelReplyError`.
    """

    @cache
    def judge(system: str, user: str) -> str:
        with closing(model.stream(system, user, SCHEMA)) as deltas:
            return "".join(delta.text for delta in deltas)

    return judge
