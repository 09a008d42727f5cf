"""What a message that no rule decides is most like: the nearest of many exemplars.

Messages that find something in the corpus need none of this. Of those that find next to nothing,
the exemplars tell the lament about an answer from the question that the documents cannot answer.
The sentences stand in `data/intents.yaml`; they are embedded once, when first needed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

import numpy as np

from assistant.questions import Intent, Task
from index.embedding import Vector
from index.errors import CorpusError
from index.yaml_files import read_yaml

__all__ = ["FILE", "WEAK", "Exemplars", "Meaning", "intent_by_exemplars", "read_exemplars"]

Meaning = Intent | Task

FILE = Path(__file__).parent / "data" / "intents.yaml"
# Below this relevance of the best passage a message is held against the exemplars: of the
# project's own questions two answered ones lie below it, of small talk all.
WEAK = 0.2
# Least lead of a meaning over all that policies are asked about: with it none of those two, nor
# any other of 342 questions, is taken for small talk.
_LEAD = 0.1
_NEAREST = 2
_TASKS = frozenset(get_args(Task)) - {"answer"}
_KNOWN: dict[str, Meaning] = {name: name for name in (*get_args(Intent), *_TASKS)}


def read_exemplars(path: Path = FILE) -> dict[Meaning, tuple[str, ...]]:
    """The sentences of a file by what they mean, both languages together.

    Raises:
        CorpusError: The file cannot be read, or names a meaning that is not known.
    """
    found: dict[Meaning, tuple[str, ...]] = {}
    data = read_yaml(path)
    for name, by_lang in data.value["intents"].items():
        if name not in _KNOWN:
            where = data.where(("intents", name))
            raise CorpusError(f"{where}: `{name}` is no intent; known are {', '.join(_KNOWN)}")
        found[_KNOWN[name]] = tuple(one for sentences in by_lang.values() for one in sentences)
    return found


class Exemplars:
    """The exemplars' vectors, embedded when they are first needed. Thread-safe."""

    def __init__(self, embed: Callable[[str], Vector], path: Path = FILE) -> None:
        """Take what embeds a sentence as questions are embedded.

        Args:
            embed: Gives `(dim,) float32` of length 1.
            path: The sentences.
        """
        self._embed = embed
        self._sentences = read_exemplars(path)
        self._lock = threading.Lock()
        self._vectors: dict[Meaning, Vector] | None = None

    @property
    def vectors(self) -> Mapping[Meaning, Vector]:
        """By meaning: `(n_sentences, dim) float32`."""
        with self._lock:
            if self._vectors is None:
                self._vectors = {
                    meaning: np.stack([self._embed(one) for one in sentences])
                    for meaning, sentences in self._sentences.items()
                }
            return self._vectors


def intent_by_exemplars(vector: Vector, exemplars: Mapping[Meaning, Vector]) -> Meaning:
    """The meaning of the nearest exemplars; `policy` where none leads clearly.

    A meaning is as near as its two nearest sentences are on average. Small talk has to lead all
    that policies are asked about, a task has to lead plain questions.

    Args:
        vector: `(dim,)`, the message.
        exemplars: By meaning `(n, dim)`, `policy` among them.
    """
    near = {
        meaning: float(np.sort(vectors @ vector)[-_NEAREST:].mean())
        for meaning, vectors in exemplars.items()
    }
    best = max(near, key=lambda meaning: near[meaning])
    rivals: set[str] = {"policy"} if best in _TASKS else {"policy", *_TASKS}
    if all(near[best] >= near[one] + _LEAD for one in near if one in rivals and one != best):
        return best
    return "policy"
