"""What sample questions say of a question: which it is like, and which sections answer such.

Compares vectors of questions with each other; knows nothing of passages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.calibration import centred
from index.classifier import Classifier
from index.embedding import Embedder, Embedding, Vector
from index.errors import StoreError
from index.sample_questions import SampleQuestion

# Questions with as little in common as this say nothing of each other.
LEAST = 0.2
_LIKEST = 50
# How fast a cosine below 1 loses weight.
_GAMMA = 2.0
_Place = tuple[str, str]
# Of a policy's id and a language: a question read under that policy's title.
Reader = Callable[[str, str], Vector]
# How much of the likeness to a policy's samples is that of the question read under its title.
_TITLED = 0.5


@dataclass(frozen=True)
class Likeness:
    """A sample question that a question is like.

    Attributes:
        sample: The sample question.
        similarity: Cosine of the two centred vectors.
    """

    sample: SampleQuestion
    similarity: float


@dataclass(frozen=True)
class Compared:
    """A question beside the sample questions.

    Attributes:
        like: Those that it is like, the likest first.
        sections: By document and section: how far such questions are answered there, about 0
            to 1, the best first; none that is not above 0.
        unanswered: How far such questions are answered nowhere, about 0 to 1.
    """

    like: tuple[Likeness, ...] = ()
    sections: Mapping[_Place, float] = field(default_factory=dict)
    unanswered: float = 0.0


def own_words(embedding: Embedding, start: int = 0) -> Vector:
    """The mean vector of a text's tokens, `(dim,)`: of those from a character on."""
    tokens = embedding.tokens[embedding.offsets[:, 0] >= start]
    return np.asarray(tokens.sum(axis=0) / max(1, len(tokens)), dtype=np.float32)


def read_under(embedder: Embedder, titles: Sequence[str], questions: Sequence[str]) -> Vector:
    """Questions' own words, `(n, dim)`, each read under the title of what it is asked of.

    The title tells which fund "the fund" is. In a mean over both it would outweigh the question:
    all that is asked of one policy would be alike.
    """
    leads = [f"{title}\n" if title else "" for title in titles]
    found = embedder.embed_queries([lead + q for lead, q in zip(leads, questions, strict=True)])
    own = [own_words(one, len(lead)) for one, lead in zip(found, leads, strict=True)]
    return np.asarray(own, dtype=np.float32).reshape(len(own), embedder.dim)


def views(own: Vector, adapted: Vector | None) -> Vector:
    """Questions as they are compared, `(n, n_views, dim)`: their own words, and as adapted."""
    return np.stack([own] if adapted is None else [own, adapted], axis=1)


class _Spoken:
    """The samples in one language."""

    def __init__(self, samples: Sequence[SampleQuestion], vectors: Vector, mean: Vector) -> None:
        """Take them with their vectors, `(n, n_views, dim)`, and the mean to centre them with."""
        self.samples = tuple(samples)
        self.mean = mean
        # View by view, each `(n, dim)`.
        self.views = np.ascontiguousarray(centred(vectors, mean).swapaxes(0, 1))
        # What no section answers is told apart by policy too.
        self._classes = [(one.document_id or one.kind, one.section or "") for one in samples]
        self.places = sorted(set(self._classes))
        self.policies = np.asarray([policy for policy, _ in self._classes])

    def classifiers(self) -> tuple[Classifier, ...]:
        """Learn which questions each section answers, view by view."""
        number = {place: n for n, place in enumerate(self.places)}
        classes = [number[place] for place in self._classes]

        def fitted(own: Vector) -> Classifier:
            return Classifier.fit(lambda part: _kernel(own[part] @ own.T), classes)

        return tuple(fitted(own) for own in self.views)

    def answering(self, scores: Vector) -> str | None:
        """The policy of the section that scores best; `None` where nothing has a section."""
        sections = (pair for pair in zip(scores.tolist(), self.places, strict=True) if pair[1][1])
        return max(sections, default=(0.0, (None, "")))[1][0]


class SampleQuestions:
    """The sample questions of one version, to be compared with. Immutable.

    A question is compared with those in its language, or with all others where there are none. It
    is looked at in one view or in several; each view has a classifier of its own, and what these
    say is averaged.
    """

    def __init__(
        self,
        samples: Sequence[SampleQuestion],
        vectors: Vector,
        means: Mapping[str, Vector],
        classifiers: Mapping[str, Sequence[Classifier]] | None = None,
    ) -> None:
        """Take them.

        Args:
            samples: The sample questions.
            vectors: `(n, n_views, dim)`, theirs, in the same order; see `views`.
            means: By language, `(dim,)`: the mean vector of questions in the first view; where a
                language has none, that of its samples is taken.
            classifiers: By language, what was fitted to the same samples, view by view; fitted
                here, which takes seconds, if left out.
        """
        self._means = dict(means)
        self._spoken: dict[str, _Spoken] = {}
        for lang in dict.fromkeys(sample.lang for sample in samples):
            rows = [n for n, sample in enumerate(samples) if sample.lang == lang]
            mean = vectors[rows].mean(axis=0)
            mean[0] = self._means.get(lang, mean[0])
            self._spoken[lang] = _Spoken([samples[n] for n in rows], vectors[rows], mean)
        fitted = ((lang, spoken.classifiers()) for lang, spoken in self._spoken.items())
        self._classifiers = dict(fitted if classifiers is None else classifiers)

    def __len__(self) -> int:
        """How many there are."""
        return sum(len(spoken.samples) for spoken in self._spoken.values())

    def save(self, path: Path) -> None:
        """Write what was learnt to a file."""
        arrays = {
            f"{lang}.{view}.{name}": values
            for lang, fitted in self._classifiers.items()
            for view, one in enumerate(fitted)
            for name, values in vars(one).items()
        }
        np.savez(path, **arrays)

    @staticmethod
    def learnt(path: Path) -> dict[str, tuple[Classifier, ...]]:
        """Read what was learnt, by language.

        Raises:
            StoreError: It is missing or damaged.
        """
        try:
            with path.open("rb") as file, np.load(file) as found:
                views = sorted({tuple(name.split(".")[:2]) for name in found})
                learnt: dict[str, tuple[Classifier, ...]] = {}
                for lang, view in views:
                    parts = (found[f"{lang}.{view}.{p}"] for p in ("landmarks", "coefficients"))
                    learnt[lang] = (*learnt.get(lang, ()), Classifier(*parts))
                return learnt
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            said = error.strerror if isinstance(error, OSError) else error
            why = f"store {path}: {said}; run `policy-assistant index build` to make it anew"
            raise StoreError(why) from error

    def compare(self, question: Vector, lang: str, under: Reader | None = None) -> Compared:
        """Set a question beside the samples.

        Args:
            question: `(n_views, dim)`, the question, read under no title.
            lang: Its language.
            under: Reads its own words under the title of a policy, given by id, in a language:
                `(dim,)`. They are read again so, for the policy that answers it best as it stands.
        """
        if not self._spoken:
            return Compared()
        known = lang if lang in self._spoken else next(iter(self._spoken))
        spoken = self._spoken[known]
        mean = spoken.mean.copy()
        mean[0] = self._means.get(lang, mean[0])
        own = centred(question, mean)
        cosines = np.einsum("vnd,vd->vn", spoken.views, own)
        scores = self._scores(known, cosines)
        if under and (policy := spoken.answering(scores)):
            rows = np.flatnonzero(spoken.policies == policy)
            again = centred(under(policy, known), mean[0])
            both = own[0] + _TITLED * (again - own[0])
            cosines[0, rows] = spoken.views[0, rows] @ both
            scores = self._scores(known, cosines)
        near = cosines.mean(axis=0)
        nearest = np.argsort(-near, kind="stable")[:_LIKEST].tolist()
        like = (Likeness(spoken.samples[n], round(float(near[n]), 4)) for n in nearest)
        best = sorted(zip(spoken.places, scores.tolist(), strict=True), key=lambda pair: -pair[1])
        return Compared(
            like=tuple(one for one in like if one.similarity > LEAST),
            sections={place: round(score, 4) for place, score in best if place[1] and score > 0},
            unanswered=round(sum(score for place, score in best if not place[1]), 4),
        )

    def _scores(self, lang: str, cosines: Vector) -> Vector:
        """What the classifiers of the views say on average, `(n_places,)`."""
        said = [
            one.scores(_kernel(own))
            for one, own in zip(self._classifiers[lang], cosines, strict=True)
        ]
        return np.asarray(np.mean(said, axis=0), dtype=np.float32)


def _kernel(cosines: Vector) -> Vector:
    """How like questions are, 1 for the same, by the cosines of their centred vectors."""
    return np.asarray(np.exp(-_GAMMA * (1 - cosines)), dtype=np.float32)
