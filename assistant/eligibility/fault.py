"""A fault that checking the measures of a corpus found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Fault", "where_is"]


@dataclass(frozen=True)
class Fault:
    """Something that is wrong.

    Attributes:
        where: File and line where known; measure and criterion.
        what: What is wrong.
        mend: What to do.
    """

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


def where_is(name: str, lines: Mapping[str, str] | None, file: str = "") -> str:
    """File and line where known, and the name."""
    at = (lines or {}).get(name, file)
    return f"{at}: {name}" if at else name
