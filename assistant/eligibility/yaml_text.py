"""Plain values → YAML that people edit: texts in quotation marks, so that none is misread."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

_FLAT_MAX = 96


def yaml_text(value: Mapping[str, Any]) -> str:
    """YAML of a mapping of mappings, lists, texts, numbers and yes-or-nos.

    >>> print(yaml_text({"facts": [{"id": "age", "least": 18}]}), end="")
    facts:
      - id: "age"
        least: 18
    """
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, item in value.items():
        flat = _flat(item)
        if flat is not None and len(indent) + len(key) + len(flat) <= _FLAT_MAX:
            yield f"{indent}{key}: {flat}"
        elif isinstance(item, Mapping):
            yield f"{indent}{key}:"
            yield from _mapping(item, indent + "  ")
        elif isinstance(item, Sequence) and not isinstance(item, str):
            yield f"{indent}{key}:"
            for one in item:
                yield from _item(one, indent + "  ")
        else:
            yield f"{indent}{key}: {_scalar(item)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    lines = list(_mapping(value, indent + "  ")) if isinstance(value, Mapping) else []
    if not lines:
        yield f"{indent}- {_flat(value)}"
        return
    yield f"{indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flat(value: Any) -> str | None:
    """A value on one line, where it holds nothing but scalars."""
    if isinstance(value, Mapping):
        if any(isinstance(one, Mapping | list | tuple) for one in value.values()):
            return None
        return "{" + ", ".join(f"{key}: {_scalar(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(one, Mapping | list | tuple) for one in value):
            return None
        return "[" + ", ".join(_scalar(one) for one in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)
