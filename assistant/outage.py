"""A chat model's server that cannot be reached: found out once, not by every question."""

from __future__ import annotations

import threading
from time import monotonic

from assistant.errors import ChatModelUnreachableError

__all__ = ["Outage"]

_LASTS_S = 30.0


class Outage:
    """Whether a server was found to be out of reach a moment ago. Thread-safe.

    Whoever asks the server calls `check` before and `note` after a failure; all who share one
    outage are spared the wait for a server that does not answer.
    """

    def __init__(self) -> None:
        """Begin without one."""
        self._lock = threading.Lock()
        self._error: ChatModelUnreachableError | None = None
        self._until = 0.0

    def check(self) -> None:
        """See whether the server can be asked.

        Raises:
            ChatModelUnreachableError: It could not be reached a moment ago; the same error again.
        """
        with self._lock:
            if self._error and monotonic() < self._until:
                raise self._error
            self._error = None

    def note(self, error: ChatModelUnreachableError) -> None:
        """Remember that the server could not be reached; the same error twice lasts no longer."""
        with self._lock:
            if error is not self._error:
                self._error, self._until = error, monotonic() + _LASTS_S
