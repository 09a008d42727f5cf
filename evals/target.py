"""The seam between a run and what it puts its cases to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from evals.cases import Case


@dataclass(frozen=True)
class Response:
    """What a target gave.

    Attributes:
        answer: The JSON object of the product's contract.
        ms: Milliseconds for the question itself, without the turns before it.
    """

    answer: Mapping[str, Any]
    ms: float


class Target(Protocol):
    """Answers cases. Thread-safe."""

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of all that its answers depend on besides the case, by what they are of."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """How it is set up, as JSON."""

    def respond(self, case: Case) -> Response:
        """Answer one case; whatever it raises is recorded as the case's failure."""
