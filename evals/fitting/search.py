"""Questions of the sets put to passages: which to which, and what each way of ranking finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evals.fitting.candidates import DEPTH, RERANKED, Candidates, Matches, candidates, nearest
from evals.fitting.embedded import EmbeddedSet
from evals.fitting.figures import ranking_figures
from evals.fitting.gate import Gate
from evals.fitting.parameters import LANGS
from evals.fitting.query_map import unit
from evals.fitting.relevance import Examples
from index.embedding import Vector
from index.lexical import LexicalIndex

Rows = Mapping[str, NDArray[np.int64]]
Figures = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Pair:
    """Questions of one set put to the passages of one, mostly of the same.

    Attributes:
        asked: The set of the questions.
        found: The set of the passages, and of the gold; its questions are the same, if need be in
            another language.
        relevance: Whether relevance is fitted to it.
    """

    asked: str
    found: str
    relevance: bool = True

    @property
    def same_language(self) -> bool:
        """Whether questions and passages are in one language."""
        return self.asked == self.found

    @property
    def name(self) -> str:
        """Such as `xquad-en` or `xquad-en → zh`."""
        return self.asked if self.same_language else f"{self.asked} → {self.found[-2:]}"


PAIRS = (
    Pair("xquad-en", "xquad-en"),
    Pair("xquad-zh", "xquad-zh"),
    Pair("xquad-en", "xquad-zh"),
    Pair("xquad-zh", "xquad-en"),
    Pair("orsharc", "orsharc"),
    Pair("lecoqa", "lecoqa", relevance=False),
    Pair("conditionalqa", "conditionalqa"),
    Pair("mtrag", "mtrag"),
    Pair("own-zh", "own-zh", relevance=False),
    Pair("own-en", "own-en", relevance=False),
)


@dataclass(frozen=True)
class Space:
    """Means, and sentence vectors less their means.

    Attributes:
        means: By the names of `evals.fitting.parameters`.
        questions: `(n, dim)` of length 1, by set.
        passages: The same.
    """

    means: Mapping[str, Vector]
    questions: Mapping[str, Vector]
    passages: Mapping[str, Vector]

    @classmethod
    def of(cls, sets: Mapping[str, EmbeddedSet]) -> Space:
        """Take the means of XQuAD, whose subjects are many."""
        means = {}
        for lang in LANGS:
            general = sets[f"xquad-{lang}"]
            for side, texts in (("query", general.questions), ("passage", general.passages)):
                means[f"sentence_mean_{side}_{lang}"] = texts.sentences.mean(axis=0)
                means[f"token_mean_{side}_{lang}"] = texts.mean_token()
        questions, passages = {}, {}
        for name, own in sets.items():
            lang = own.collection.lang
            questions[name] = unit(own.questions.sentences - means[f"sentence_mean_query_{lang}"])
            passages[name] = unit(own.passages.sentences - means[f"sentence_mean_passage_{lang}"])
        return cls(means, questions, passages)


class Search:
    """Rankings of the passages of a pair."""

    def __init__(self, pair: Pair, sets: Mapping[str, EmbeddedSet], space: Space) -> None:
        """Index the passages' words and put the questions to them."""
        asked, found = sets[pair.asked], sets[pair.found]
        self.pair = pair
        self._asked, self._found, self._space = asked, found, space
        self._gold = found.collection.gold_passages()
        self._matches = Matches(
            asked.questions,
            found.passages,
            space.means[f"token_mean_query_{asked.collection.lang}"],
            space.means[f"token_mean_passage_{found.collection.lang}"],
        )
        index = LexicalIndex.build(found.collection.passages)
        self._lexical = [
            index.search(question, DEPTH + len(gold))
            for question, gold in zip(asked.collection.questions, self._gold, strict=True)
        ]

    def candidates(
        self, vectors: Mapping[str, Vector], *, with_gold: bool = True
    ) -> list[Candidates]:
        """What is reranked for each question, by the questions' vectors of each set."""
        passages = self._space.passages[self.pair.found]
        return [
            candidates(
                number,
                vector,
                passages,
                self._lexical[number],
                self._matches,
                self._gold[number],
                with_gold=with_gold,
            )
            for number, vector in enumerate(vectors[self.pair.asked])
        ]

    def scores(
        self, found: Sequence[Candidates], gates: Mapping[str, Sequence[Gate]]
    ) -> list[Vector]:
        """The scores of candidates, by the gate of each question; one gate serves all."""
        own = gates[self.pair.asked]
        own = [*own] * (len(found) if len(own) == 1 else 1)
        questions = self._space.questions[self.pair.asked]
        scores = []
        for candidate, gate, question in zip(found, own, questions, strict=True):
            share = float(gate.shares(question[None])[0]) if self.pair.same_language else 0.0
            scores.append(gate.score(candidate, share))
        return scores

    def figures(
        self,
        vectors: Mapping[str, Vector],
        found: Sequence[Candidates],
        gates: Mapping[str, Sequence[Gate]],
        only: NDArray[np.int64] | None = None,
    ) -> Figures:
        """Measure the rankings of all questions, or of some."""
        numbers = range(len(found)) if only is None else only.tolist()
        name, passages = self.pair.asked, self._space.passages[self.pair.found]
        by_place = partial(
            ranking_figures,
            places=self._found.collection.places,
            gold=[self._found.collection.gold[n] for n in numbers],
        )

        def dense(questions: Vector, passages: Vector) -> NDArray[np.float64]:
            return by_place([nearest(questions[n], passages, RERANKED) for n in numbers])

        def reranked(scores: Sequence[Vector]) -> NDArray[np.float64]:
            return by_place(
                [found[n].passages[np.argsort(-scores[n], kind="stable")] for n in numbers]
            )

        return {
            "raw": dense(self._asked.questions.sentences, self._found.passages.sentences),
            "centred": dense(self._space.questions[name], passages),
            "mapped": dense(vectors[name], passages),
            "match": reranked([candidate.match for candidate in found]),
            "fused": reranked(self.scores(found, gates)),
        }

    def examples(
        self,
        vectors: Mapping[str, Vector],
        found: Sequence[Candidates],
        gates: Mapping[str, Sequence[Gate]],
        dealt: Rows,
    ) -> Examples:
        """The best passage of every ranking, and the best where there is none that answers."""
        bare = self.candidates(vectors, with_gold=False)
        best = [
            *zip(found, self.scores(found, gates), strict=True),
            *zip(bare, self.scores(bare, gates), strict=True),
        ]
        return Examples.of(best, [*dealt[self.pair.asked].tolist()] * 2)
