"""Faults of files that people write: collected, and told all at once.

A fault is one line: the place, what is wrong, the mend.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic_core import ErrorDetails

from index.errors import CorpusError

__all__ = ["Faults", "one_fault"]

_MOST = 50


@dataclass
class Faults:
    """Faults found so far.

    Attributes:
        lines: One line a fault.
        error: What they are raised as.
    """

    lines: list[str] = field(default_factory=list)
    error: type[Exception] = CorpusError

    def add(self, line: str) -> None:
        """Note a fault."""
        self.lines.append(line)

    def about(self, place: str) -> bool:
        """Whether one is noted that begins with a place."""
        return any(line.startswith(place) for line in self.lines)

    def raise_any(self) -> None:
        """Raise them all.

        Raises:
            Exception: An `error`, where there are any.
        """
        if self.lines:
            shown = self.lines[:_MOST]
            rest = len(self.lines) - len(shown)
            more = [f"… and {rest} more"] if rest else []
            raise self.error("\n".join([*shown, *more]))


def one_fault(error: ErrorDetails) -> str:
    """A fault that pydantic found, in our words."""
    place = ".".join(str(part) for part in error["loc"])
    named = f"`{place}`: " if place else ""
    match error["type"]:
        case "extra_forbidden":
            return f"{named}this key is not known; mend its spelling or remove it"
        case "missing":
            return f"{named}missing; add it"
        case "literal_error":
            return f"{named}{error['input']!r} is not known; use {error['ctx']['expected']}"
        case "value_error":
            return f"{named}{error['ctx']['error']}"
        case "string_too_short" | "too_short":
            return f"{named}empty; fill it or remove it"
        case _:
            return f"{named}{_lower(error['msg'])}, not {_shown(error['input'])}"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
