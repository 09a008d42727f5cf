"""Reranking by the tokens of a query, with scores that are the same scale in both languages.

A passage's score is how far it meets the query above what passages in general do, in standard
deviations: questions differ in how well anything meets them, and so do the two languages.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.calibration import Calibration
from index.embedding import Embedder, Embedding, TokenVectors, Vector
from index.late_interaction import LateInteraction, Matches, join
from index.splitting import embedding_text
from index.truth import Truth

# How many candidates are reranked where token vectors are stored, and where each has to be
# computed, which takes some 20 ms a passage.
RERANKED = {"stored": 50, "computed": 16}
_KEPT = 256

# Median and standard deviation, over passages in general, of matches and of cosines, by whether
# these are in the query's language; from the open half of XQuAD.
_MATCH_ELSEWHERE = {True: (0.183, 0.068), False: (0.164, 0.058)}
_COSINE_ELSEWHERE = {True: (-0.01, 0.087), False: (-0.008, 0.08)}
_ELSEWHERE_PASSAGES = 1


@dataclass(frozen=True)
class Usual:
    """How well passages of one language in general meet a query.

    Attributes:
        tokens: `(n_query_tokens,) float32`, mean match of each token.
        middle: Median of the passages' matches.
        spread: Their standard deviation.
        score_middle: Median of what their scores are made of; see `Reranking.scores`.
        score_spread: Its standard deviation.
    """

    tokens: Vector
    middle: float
    spread: float
    score_middle: float
    score_spread: float

    @classmethod
    def of(cls, matches: Matches, cosines: Vector, share: float, *, same_language: bool) -> Usual:
        """Sum up the matches of a query with background passages.

        The fewer there are, the more what is usual elsewhere counts: as much as one passage.
        """
        elsewhere, spread = _MATCH_ELSEWHERE[same_language]
        cosine, cosine_spread = _COSINE_ELSEWHERE[same_language]
        scores = matches.scores()
        own = len(scores) / (len(scores) + _ELSEWHERE_PASSAGES)
        mixed = (1 - share) * scores + share * cosines
        return cls(
            tokens=own * matches.values.mean(axis=1) + (1 - own) * elsewhere,
            middle=own * float(np.median(scores)) + (1 - own) * elsewhere,
            spread=_spread(own, scores, spread),
            score_middle=own * float(np.median(mixed))
            + (1 - own) * ((1 - share) * elsewhere + share * cosine),
            score_spread=_spread(own, mixed, (1 - share) * spread + share * cosine_spread),
        )


@dataclass(frozen=True)
class Asked:
    """A query ready to be met.

    Attributes:
        lang: Its language.
        tokens: `(n_query_tokens, dim)`, centred.
        sentence: `(dim,)`, as it searches.
        share: How much of a score in its own language is the cosine; see `Calibration`.
    """

    lang: str
    tokens: Vector
    sentence: Vector
    share: float


@dataclass(frozen=True)
class Reranked:
    """What reranking says of a passage.

    Attributes:
        score: Standard deviations above passages in general.
        match: Mean over the query's tokens of the best centred cosine.
        dense: Cosine of the sentence vectors.
        relevance: Probability that the passage answers.
    """

    score: float
    match: float
    dense: float
    relevance: float


class Reranking:
    """Scores passages of one version against queries. Thread-safe."""

    def __init__(
        self,
        truth: Truth,
        embedder: Embedder,
        calibration: Calibration,
        background: Mapping[str, Sequence[int]],
    ) -> None:
        """Read the background passages: ordinals by language."""
        self._truth = truth
        self._embedder = embedder
        self._calibration = calibration
        self._late = LateInteraction(calibration.query_token_means, calibration.passage_token_means)
        self._computed: OrderedDict[int, TokenVectors] = OrderedDict()
        self._lock = threading.Lock()
        self._background: dict[str, tuple[TokenVectors, list[int], Vector]] = {}
        for lang, ordinals in background.items():
            found = self.tokens(ordinals)
            texts = [found[ordinal] for ordinal in ordinals]
            sentences = truth.sentence_vectors(embedder.dim, ordinals)
            self._background[lang] = (
                join(texts),
                [len(text) for text in texts],
                calibration.passages(sentences, lang),
            )

    def asked(self, embedding: Embedding, lang: str) -> Asked:
        """Centre and map a query."""
        return Asked(
            lang=lang,
            tokens=self._late.query(embedding.tokens, lang),
            sentence=self._calibration.question(embedding.sentence, lang),
            share=self._calibration.dense_share(embedding.sentence, lang),
        )

    def usual(self, asked: Asked) -> dict[str, Usual]:
        """How well passages in general meet a query, by their language."""
        found = {}
        for lang, (tokens, lengths, sentences) in self._background.items():
            matches = Matches.of(self._late.similarities(asked.tokens, tokens, lang), lengths)
            same = lang == asked.lang
            share = asked.share if same else 0.0
            found[lang] = Usual.of(matches, sentences @ asked.sentence, share, same_language=same)
        return found

    def scores(
        self, asked: Asked, lexical: Mapping[int, float], usual: Mapping[str, Usual]
    ) -> dict[int, Reranked]:
        """Score passages.

        In the query's language a score is made of the match of the tokens and the cosine of the
        sentence vectors, mixed as the query asks for (`Calibration.dense_share`); across
        languages of the match alone. A little is added for BM25, by its best score in each.

        Args:
            asked: The query.
            lexical: BM25 scores by ordinal of the passages to score; 0 where there is none.
            usual: What `usual` said of the query.
        """
        ordinals = list(lexical)
        tokens = self.tokens(ordinals)
        langs = self._truth.langs(ordinals)
        found: dict[int, Reranked] = {}
        for lang, general in usual.items():
            own = [ordinal for ordinal in ordinals if langs[ordinal] == lang]
            if not own:
                continue
            same = lang == asked.lang
            share = asked.share if same else 0.0
            best = max(lexical[ordinal] for ordinal in own) or 1.0
            matches = self._late.match(asked.tokens, [tokens[n] for n in own], lang).scores()
            sentences = self._truth.sentence_vectors(self._embedder.dim, own)
            cosines = self._calibration.passages(sentences, lang) @ asked.sentence
            for ordinal, match, cosine in zip(own, matches.tolist(), cosines.tolist(), strict=True):
                words = self._calibration.lexical_weight * lexical[ordinal] / best
                mixed = (1 - share) * match + share * cosine + words
                found[ordinal] = Reranked(
                    score=round((mixed - general.score_middle) / general.score_spread, 4),
                    match=round(match, 4),
                    dense=round(cosine, 6),
                    relevance=round(
                        self._calibration.relevance(match, cosine, same_language=same), 4
                    ),
                )
        return found

    def similarities(self, asked: Vector, ordinal: int, lang: str) -> tuple[Vector, Vector]:
        """Cosines of a query's centred tokens with those of a passage.

        Returns:
            `(n_query_tokens, n_tokens)`, and the middle of each token, in characters from the
            passage's first word, `(n_tokens,)`.
        """
        tokens = self.tokens([ordinal])[ordinal]
        return self._late.similarities(asked, tokens, lang), tokens.offsets.mean(axis=1)

    def tokens(self, ordinals: Sequence[int]) -> dict[int, TokenVectors]:
        """Token vectors of passages: those stored, and the others computed."""
        found = self._truth.token_vectors(ordinals, self._embedder.dim)
        with self._lock:
            found |= {n: self._computed[n] for n in ordinals if n in self._computed}
        missing = [ordinal for ordinal in ordinals if ordinal not in found]
        if missing:
            found |= self._compute(missing)
        return found

    def _compute(self, ordinals: Sequence[int]) -> dict[int, TokenVectors]:
        passages = self._truth.passages(ordinals)
        titles = self._truth.titles(ordinals)
        made = {}
        texts = [embedding_text(passages[n], titles[n]) for n in ordinals]
        embeddings = self._embedder.embed_passages([text for text, _ in texts])
        for ordinal, (_, begins), embedding in zip(ordinals, texts, embeddings, strict=True):
            tokens = TokenVectors.of(embedding)
            made[ordinal] = TokenVectors(tokens.codes, tokens.scales, tokens.offsets - begins)
        with self._lock:
            self._computed |= made
            while len(self._computed) > _KEPT:
                self._computed.popitem(last=False)
        return made


def _spread(own: float, values: Vector, elsewhere: float) -> float:
    return max(own * float(values.std()) + (1 - own) * elsewhere, 0.02)
