"""JSON whose keys have one value each: Python's own reader keeps the last of two in silence."""

from __future__ import annotations

import json
from typing import Any


class ContradictionError(ValueError):
    """A key of a JSON object has two values."""


def loads(text: str) -> Any:
    """A JSON text's value.

    Raises:
        ContradictionError: A key stands twice in an object, with two values.
        ValueError: It is no JSON; `json.JSONDecodeError` where it can be told where.
        RecursionError: It is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise ContradictionError(
                f"{key!r} has two values, {_shown(found[key])} and {_shown(value)}; keep one"
            )
        found[key] = value
    return found


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "…"
