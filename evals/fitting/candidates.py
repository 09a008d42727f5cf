"""What is reranked for a question: the best of two rankings, with features of each passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.fitting.embedded import EmbeddedTexts
from evals.fitting.query_map import unit
from index.embedding import Vector
from index.fusion import reciprocal_rank_fusion

Numbers = NDArray[np.int64]
Lexical = Sequence[tuple[int, float]]
DEPTH = 100
RERANKED = 50


@dataclass(frozen=True)
class Candidates:
    """Passages that are reranked for one question; every array has a row for each.

    Attributes:
        passages: Their numbers.
        match: Mean over the question's tokens of the best centred cosine in the passage.
        dense: Cosine of the sentence vectors as they are searched.
        lexical: BM25 score, as a share of the best among these; 0 where there is none.
        gold: Whether it answers.
    """

    passages: Numbers
    match: Vector
    dense: Vector
    lexical: Vector
    gold: NDArray[np.bool_]


class Matches:
    """Matches of questions with passages, by their tokens; each is computed once.

    The mean over a question's tokens of the best cosine with a token of the passage is MaxSim of
    Khattab and Zaharia 2020, "ColBERT"; tokens are centred first.
    """

    def __init__(
        self,
        questions: EmbeddedTexts,
        passages: EmbeddedTexts,
        question_mean: Vector,
        passage_mean: Vector,
    ) -> None:
        """Take the vectors, and the mean tokens that they are centred by."""
        self._questions, self._passages = questions, passages
        self._question_mean, self._passage_mean = question_mean, passage_mean
        self._known: dict[int, dict[int, float]] = {}

    def of(self, question: int, passages: Numbers) -> Vector:
        """Match of a question with each of some passages, `(n,) float32`."""
        known = self._known.setdefault(question, {})
        missing = [number for number in passages.tolist() if number not in known]
        if missing:
            texts = [self._passages.tokens(number) for number in missing]
            starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
            asked = unit(self._questions.tokens(question) - self._question_mean)
            met = asked @ unit(np.concatenate(texts) - self._passage_mean).T
            best = np.maximum.reduceat(met, starts, axis=1).mean(axis=0)
            known.update(zip(missing, best.tolist(), strict=True))
        return np.array([known[number] for number in passages.tolist()], np.float32)


def nearest(question: Vector, passages: Vector, count: int) -> Numbers:
    """Numbers of the passages nearest to a question by their sentence vectors, best first."""
    similar = passages @ question
    count = min(count, len(similar))
    best = np.argpartition(-similar, count - 1)[:count]
    return best[np.lexsort((best, -similar[best]))].astype(np.int64)


def candidates(
    question: int,
    vector: Vector,
    passages: Vector,
    lexical: Lexical,
    matches: Matches,
    gold: Numbers,
    *,
    with_gold: bool = True,
) -> Candidates:
    """Find what is reranked for a question.

    Args:
        question: Its number.
        vector: Its sentence vector as it searches, `(dim,)`.
        passages: The passages' sentence vectors as they are searched, `(n, dim)`.
        lexical: Passages by BM25, best first; `DEPTH` of them and as many as there are gold ones.
        matches: Of the set's questions and passages.
        gold: The passages that answer.
        with_gold: Whether these are there to be found; where not, all is as if the corpus did not
            have them.
    """
    hidden = set() if with_gold else set(gold.tolist())
    dense = [n for n in nearest(vector, passages, DEPTH + len(hidden)).tolist() if n not in hidden]
    words = [(n, score) for n, score in lexical if n not in hidden][:DEPTH]
    fused = reciprocal_rank_fusion({"dense": dense[:DEPTH], "lexical": [n for n, _ in words]})
    chosen = np.array(list(fused)[:RERANKED], np.int64)
    return Candidates(
        passages=chosen,
        match=matches.of(question, chosen),
        dense=passages[chosen] @ vector,
        lexical=_shares(dict(words), chosen),
        gold=np.isin(chosen, gold),
    )


def _shares(scores: Mapping[int, float], chosen: Numbers) -> Vector:
    found = np.array([scores.get(number, 0.0) for number in chosen.tolist()], np.float32)
    return found / found.max() if found.size and found.max() > 0 else found
