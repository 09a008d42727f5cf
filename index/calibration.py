"""What was estimated for one embedding model: means, a map for questions, weights and a threshold.

The file beside this module belongs to the default model; `evals/fitting` makes it from open sets
and `docs/retrieval-training.md` reports how. Any other model is searched without: means come from
the corpus itself and nothing is learned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.embedding import Vector
from index.model_store import DEFAULT_MODEL

FILE = Path(__file__).parent / "data" / f"{DEFAULT_MODEL}.npz"
DIGEST = hashlib.sha256(FILE.read_bytes()).hexdigest()[:8]
_LANGS = ("zh", "en")


@dataclass(frozen=True)
class Calibration:
    """Parameters of retrieval for one embedding model.

    Attributes:
        query_sentence_means: By language, `(dim,)`: mean sentence vector of questions.
        passage_sentence_means: The same of passages. Languages without one are not centred.
        query_token_means: By language, `(dim,)`: mean token vector of questions.
        passage_token_means: The same of passages.
        query_map: `(dim, dim)`: takes a centred question to where its passages lie.
        gate: `(dim + 1,)`, the last the bias: how far a question is one for sentence vectors.
        lexical_weight: What the best BM25 score of a ranking adds.
        relevance_same: Logistic weights of match and cosine, and the bias, in one language.
        relevance_across: The same where question and passage differ in language.
    """

    query_sentence_means: Mapping[str, Vector] = field(default_factory=dict)
    passage_sentence_means: Mapping[str, Vector] = field(default_factory=dict)
    query_token_means: Mapping[str, Vector] = field(default_factory=dict)
    passage_token_means: Mapping[str, Vector] = field(default_factory=dict)
    query_map: Vector | None = None
    gate: Vector | None = None
    lexical_weight: float = 0.0
    relevance_same: tuple[float, float, float] = (28.8, 0.0, -14.6)
    relevance_across: tuple[float, float, float] = (32.5, 0.0, -12.3)

    @classmethod
    def load(cls, path: Path = FILE) -> Calibration:
        """Read what `evals/fitting` wrote."""
        with np.load(path) as data:
            arrays = {name: np.asarray(data[name], dtype=np.float32) for name in data.files}
        means = {
            f"{side}_{unit}_means": {lang: arrays[f"{unit}_mean_{side}_{lang}"] for lang in _LANGS}
            for side in ("query", "passage")
            for unit in ("sentence", "token")
        }
        return cls(
            query_map=arrays["query_map"],
            gate=np.append(arrays["gate"], arrays["gate_bias"]).astype(np.float32),
            lexical_weight=float(arrays["lexical_weight"]),
            relevance_same=_three(arrays["relevance_same"]),
            relevance_across=_three(arrays["relevance_across"]),
            **means,
        )

    @classmethod
    def of_corpus(cls, token_means: Mapping[str, Vector]) -> Calibration:
        """The calibration of a model of which nothing is known but a corpus's mean tokens."""
        return cls(query_token_means=token_means, passage_token_means=token_means)

    def passages(self, sentences: Vector, lang: str) -> Vector:
        """Passages' sentence vectors as they are searched, `(n, dim)`: centred, of length 1."""
        return centred(sentences, self.passage_sentence_means.get(lang))

    def question(self, sentence: Vector, lang: str) -> Vector:
        """A question's sentence vector as it searches, `(dim,)`: centred, mapped, of length 1."""
        own = centred(sentence, self.query_sentence_means.get(lang))
        return own if self.query_map is None else centred(self.query_map @ own, None)

    def dense_share(self, sentence: Vector, lang: str) -> float:
        """How much of a score in one language is the sentence vectors' cosine, 0 to 1.

        The rest is the match of the tokens. Questions of fact are found by their words; a lay
        question about the law shares few words with the article that answers it.
        """
        if self.gate is None:
            return 0.0
        own = centred(sentence, self.query_sentence_means.get(lang))
        return float(_logistic(own @ self.gate[:-1] + self.gate[-1]))

    def relevance(self, match: float, cosine: float, *, same_language: bool) -> float:
        """Probability that a passage answers a question.

        Args:
            match: Mean over the question's tokens of the best centred cosine.
            cosine: Of the two sentence vectors as they are searched.
            same_language: Whether question and passage are in one language.
        """
        weights = self.relevance_same if same_language else self.relevance_across
        return float(_logistic(weights[0] * match + weights[1] * cosine + weights[2]))


def _three(values: Vector) -> tuple[float, float, float]:
    first, second, third = (float(value) for value in values)
    return first, second, third


def centred(vectors: Vector, mean: Vector | None) -> Vector:
    """Vectors less a mean, `(…, dim)`, of length 1."""
    shifted = vectors if mean is None else vectors - mean
    norms = np.linalg.norm(shifted, axis=-1, keepdims=True)
    return np.asarray(shifted / np.maximum(norms, 1e-9), dtype=np.float32)


def _logistic(value: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(value, -60, 60))))
