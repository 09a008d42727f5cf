"""Pieces of a chat model's reply, whatever shape its provider gives them."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.answer import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable


@dataclass(frozen=True)
class Delta:
    """A piece of a reply.

    Attributes:
        text: What was added: content, or arguments of the tool call that carries the reply.
        usage: Tokens that this piece accounts for; the sum over a reply is the reply's usage.
        finish_reason: Why the reply ended, in the provider's word; on one of the last pieces.
    """

    text: str = ""
    usage: Usage = field(default_factory=Usage)
    finish_reason: str | None = None


def total(one: Usage, other: Usage) -> Usage:
    """Tokens of both."""
    return Usage(
        one.prompt_tokens + other.prompt_tokens,
        one.completion_tokens + other.completion_tokens,
    )


def deltas_of(
    bound: Runnable[Any, AIMessage], messages: list[tuple[str, str]]
) -> Generator[Delta, None, None]:
    """Stream a reply, or fetch it whole where the server does not stream.

    Args:
        bound: A chat model, with how it is held to a schema.
        messages: Role and text of each message.

    Yields:
        Pieces of the reply.
    """
    streamed = False
    try:
        for chunk in bound.stream(messages):
            streamed = True
            yield _delta(chunk)
    except (ValueError, AssertionError):
        # What LangChain and openai raise for a stream without events.
        if streamed:
            raise
    if not streamed:
        yield _delta(bound.invoke(messages))


def _delta(message: AIMessage) -> Delta:
    chunks = getattr(message, "tool_call_chunks", None)
    if chunks:
        text = "".join(chunk["args"] or "" for chunk in chunks)
    elif message.tool_calls and chunks is None:
        text = json.dumps(message.tool_calls[0]["args"], ensure_ascii=False)
    else:
        text = str(message.text)
    tokens = message.usage_metadata
    about = message.response_metadata
    return Delta(
        text,
        Usage(tokens["input_tokens"], tokens["output_tokens"]) if tokens else Usage(),
        about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason"),
    )
