"""What a run writes down: one record an answer, append-only JSON Lines.

Answering and scoring are separate steps; records are all that passes between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Record:
    """What the target gave for one case.

    Attributes:
        case: The case's id.
        repeat: Which repetition, from 0.
        answer: The answer, or the search result, as the JSON object of the product's contract;
            `None` where the target failed.
        error: What failed.
        ms: Milliseconds for the whole call.
        key: Digest of all that the answer depends on; answers are cached by it.
    """

    case: str
    repeat: int = 0
    answer: Mapping[str, Any] | None = None
    error: str | None = None
    ms: float = 0.0
    key: str = ""

    @property
    def failed(self) -> bool:
        """Whether there is no answer to score; counts as failed, never dropped."""
        return self.answer is None


@dataclass(frozen=True)
class Score:
    """What one metric says of one record.

    Attributes:
        metric: The metric's name.
        case: The case's id.
        repeat: The record's repetition.
        value: The score; `None` where it could not be judged (`unscored`), which is shown and
            left out of means, never counted as right or wrong.
        why: One line for people: why it failed, or why it is unscored.
        detail: What the aggregate needs besides the value (labels, counts).
    """

    metric: str
    case: str
    repeat: int = 0
    value: float | None = None
    why: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
