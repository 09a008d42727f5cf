"""Which sample questions a question is like.

Compares sentence vectors of questions with each other; knows nothing of passages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.calibration import centred
from index.embedding import Vector
from index.sample_questions import SampleQuestion

# Questions with as little in common as this say nothing of each other.
LEAST = 0.2


@dataclass(frozen=True)
class Likeness:
    """A sample question that a question is like.

    Attributes:
        sample: The sample question.
        similarity: Cosine of the two centred sentence vectors.
    """

    sample: SampleQuestion
    similarity: float


class SampleQuestions:
    """The sample questions of one version, to be compared with. Immutable."""

    def __init__(
        self,
        samples: Sequence[SampleQuestion],
        sentences: Vector,
        means: Mapping[str, Vector],
    ) -> None:
        """Take them.

        Args:
            samples: The sample questions.
            sentences: `(n, dim)`, their sentence vectors, in the same order.
            means: By language, `(dim,)`: the mean sentence vector of questions; where a language
                has none, that of its samples is taken.
        """
        self._samples = tuple(samples)
        langs = np.asarray([sample.lang for sample in samples])
        self._means = dict(means)
        self._sentences = np.array(sentences, dtype=np.float32)
        for lang in set(langs.tolist()):
            own = langs == lang
            mean = self._means.setdefault(lang, self._sentences[own].mean(axis=0))
            self._sentences[own] = centred(self._sentences[own], mean)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._samples)

    def like(self, sentence: Vector, lang: str, most: int = 50) -> list[Likeness]:
        """The sample questions that a question is like, in either language, the likest first.

        Args:
            sentence: `(dim,)`, the question's sentence vector as it was embedded.
            lang: The question's language.
            most: How many at most.
        """
        if not self._samples:
            return []
        cosines = self._sentences @ centred(sentence, self._means.get(lang))
        nearest = np.argsort(-cosines, kind="stable")[:most]
        return [
            Likeness(self._samples[n], round(float(cosines[n]), 4))
            for n in nearest.tolist()
            if cosines[n] > LEAST
        ]
