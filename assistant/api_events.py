"""Events of an answer as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant.events import Event, Piece, Restart, Step


def described(event: Event) -> tuple[str, dict[str, Any]]:
    """An event's name on the wire, and its JSON object."""
    if isinstance(event, Step):
        return "step", {"name": event.name}
    if isinstance(event, Piece):
        return "piece", {"text": event.text, "citations": [asdict(c) for c in event.citations]}
    if isinstance(event, Restart):
        return "restart", {}
    return "answer", event.to_dict()


def server_sent(name: str, data: Mapping[str, Any]) -> str:
    """One server-sent event; JSON has no line break that would end it early."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
