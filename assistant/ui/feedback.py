"""What people thought of answers, as lines of JSON in a local file.

A line is `{"time", "label", "question", "lang", "status", "composer", "passages"}`: the label is
`up`, `down`, or `null` where a thumb was taken back; the last line about an answer counts. Nothing
is kept about who gave it, and personal numbers in the question are masked.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from assistant.answer import Answer
from assistant.personal import mask
from assistant.ui.turns import Rating


def default_file() -> Path:
    """The file in the user's state directory."""
    return platformdirs.user_state_path("policy-assistant") / "feedback.jsonl"


class Feedback:
    """Appends to a file, which is made with the first line. Thread-safe."""

    def __init__(self, file: Path) -> None:
        """Keep the place; nothing is written yet."""
        self.file = file
        self._lock = threading.Lock()

    def add(self, answer: Answer, label: Rating | None) -> None:
        """Store what somebody thought of an answer.

        Raises:
            OSError: The file cannot be written.
        """
        record = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "label": label,
            "question": mask(answer.question),
            "lang": answer.lang,
            "status": answer.status,
            "composer": answer.composer,
            "passages": list(dict.fromkeys(c.passage_id for c in answer.citations)),
        }
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with self._lock:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as file:
                file.write(line)
