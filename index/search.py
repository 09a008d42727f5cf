"""Searching a version: dense and lexical retrieval, fusion, late-interaction reranking."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.build import FORMAT
from index.documents import Document
from index.embedding import Embedder, Embedding, Vector
from index.errors import StoreMismatchError
from index.fusion import reciprocal_rank_fusion
from index.late_interaction import LateInteraction, Matches, relevance
from index.lexical import LexicalIndex
from index.passages import Passage, ScoredPassage
from index.store import Store, Version
from index.text import language, strip_invisible
from index.truth import Truth
from index.vector_store import ChromaVectors, VectorStore

DEPTH = 50
RERANKED = 32
QUERY_MAX_CHARS = 2_000

# Median and standard deviation of matches with passages in general, by whether they are in the
# query's language; over the open half of XQuAD (zh and en).
_ELSEWHERE = {True: (0.18, 0.065), False: (0.158, 0.055)}
_ELSEWHERE_PASSAGES = 1


@dataclass(frozen=True)
class Usual:
    """How well passages of one language in general meet a query.

    Attributes:
        tokens: `(n_query_tokens,) float32`, mean match of each token.
        middle: Median of the passages' scores.
        spread: Their standard deviation.
    """

    tokens: Vector
    middle: float
    spread: float

    @classmethod
    def of(cls, matches: Matches, *, same_language: bool) -> Usual:
        """Sum up the matches of a query with background passages.

        The fewer there are, the more what is usual elsewhere counts: as much as one passage.
        """
        middle, spread = _ELSEWHERE[same_language]
        scores = matches.scores()
        own = len(scores) / (len(scores) + _ELSEWHERE_PASSAGES)
        return cls(
            tokens=own * matches.values.mean(axis=1) + (1 - own) * middle,
            middle=own * float(np.median(scores)) + (1 - own) * middle,
            spread=max(own * float(scores.std()) + (1 - own) * spread, 0.02),
        )


@dataclass(frozen=True)
class SearchResult:
    """A ranking, and what it took.

    Attributes:
        results: Best first.
        query: The query's embedding, its token vectors centred for late interaction.
        lang: The language that was preferred.
        usual: By language of a passage: how well passages in general meet the query.
        timings_ms: Milliseconds for `embed`, `retrieve`, `rerank` and `total`.
    """

    results: tuple[ScoredPassage, ...]
    query: Embedding
    lang: str
    timings_ms: Mapping[str, float]
    usual: Mapping[str, Usual] = field(default_factory=dict)


class Index:
    """A published version, open to search. Thread-safe."""

    def __init__(
        self,
        version: Version,
        truth: Truth,
        vectors: VectorStore,
        lexical: LexicalIndex,
        embedder: Embedder,
    ) -> None:
        """Put the parts together; use `open`."""
        manifest = truth.manifest()
        self.version = version
        self.manifest = manifest
        self.embedder = embedder
        self._truth = truth
        self._vectors = vectors
        self._lexical = lexical
        self._late = LateInteraction(manifest["token_means"])
        self._background: dict[str, list[Vector]] = {}
        for lang, ordinals in manifest["background"].items():
            stored = truth.embeddings(ordinals, embedder.dim)
            self._background[lang] = [self._late.centred(e.tokens, lang) for e in stored.values()]

    @classmethod
    def open(cls, store: Store, embedder: Embedder) -> Index:
        """Open the published version of a store.

        Raises:
            StoreMissingError: Nothing was published.
            StoreMismatchError: It was made by another model, preparation or format.
            StoreError: It cannot be read.
        """
        return cls.open_version(store.current(), embedder)

    @classmethod
    def open_version(cls, version: Version, embedder: Embedder) -> Index:
        """Open one version; see `open`."""
        truth = Truth.open(version.truth)
        try:
            return cls._of(version, truth, embedder)
        except BaseException:
            truth.close()
            raise

    @classmethod
    def _of(cls, version: Version, truth: Truth, embedder: Embedder) -> Index:
        manifest = truth.manifest()
        made_by = (manifest.get("format"), manifest.get("embedder"))
        if made_by != (FORMAT, embedder.fingerprint):
            raise StoreMismatchError(
                f"store {version.path}: made with format {made_by[0]} and model {made_by[1]}, but "
                f"this program searches with format {FORMAT} and model {embedder.fingerprint}; run "
                "`policy-assistant index build`, or set POLICY_EMBEDDING_MODEL back"
            )
        vectors = ChromaVectors.open(version.vectors, version.collection)
        return cls(version, truth, vectors, LexicalIndex.open(version.lexical), embedder)

    def close(self) -> None:
        """Close the files."""
        self._truth.close()

    @property
    def path(self) -> Path:
        """The folder of the version."""
        return self.version.path

    def section(self, passage: Passage) -> list[Passage]:
        """All passages of a passage's section, in the order of the text."""
        ordinals = self._truth.section_ordinals(passage.document_id, passage.section, passage.lang)
        found = self._truth.passages(ordinals)
        return [found[ordinal] for ordinal in ordinals]

    def document(self, identity: str, lang: str) -> Document:
        """One document; `KeyError` where there is none."""
        return self._truth.document(identity, lang)

    def documents(self) -> list[Document]:
        """All documents."""
        return list(self._truth.documents())

    def passages(self) -> list[Passage]:
        """All passages, by ordinal."""
        return self._truth.all_passages()

    def passage(self, passage_id: str) -> Passage:
        """One passage; `KeyError` where there is none."""
        ordinal = self._truth.ordinal(passage_id)
        return self._truth.passages([ordinal])[ordinal]

    def search(
        self, query: str, k: int = 10, *, lang: str | None = None, rerank: bool = True
    ) -> SearchResult:
        """Find the passages that speak to a query.

        The language that is preferred decides between two briefs of one policy only; a passage
        that exists in the other language alone is ranked like any other.

        Args:
            query: A question or keywords; characters past 2,000 are not read.
            k: How many passages to return.
            lang: The language to prefer; that of the query where none is given.
            rerank: Whether to rerank by late interaction.

        Returns:
            The ranking. With reranking a score is how far the passage's match stands above that
            of passages in general, in standard deviations; without, the fused score.
        """
        began = time.perf_counter()
        query = strip_invisible(query)[:QUERY_MAX_CHARS]
        embedding = self.embed_query(query).query
        lang = lang or language(query)
        embedded = time.perf_counter()
        components, fused = self._retrieve(query, embedding, language(query))
        retrieved = time.perf_counter()
        order = list(fused)
        usual = self._usual(embedding.tokens, language(query))
        if rerank:
            order = order[: max(RERANKED, k)]
            scores = self._rerank(embedding.tokens, language(query), order, usual)
            for ordinal, (score, match, sure) in scores.items():
                components[ordinal] |= {"rerank": score, "match": match, "relevance": sure}
            order.sort(key=lambda ordinal: -scores[ordinal][0])
        if lang != language(query):
            order = self._in_language(order, components, lang)
        order = order[:k]
        passages = self._truth.passages(order)
        done = time.perf_counter()
        results = tuple(
            ScoredPassage(
                passage=passages[ordinal],
                score=components[ordinal]["rerank" if rerank else "fused"],
                rank=rank,
                components=components[ordinal],
            )
            for rank, ordinal in enumerate(order, start=1)
        )
        marks = {"embed": embedded - began, "retrieve": retrieved - embedded}
        marks |= {"rerank": done - retrieved, "total": done - began}
        timings = {step: round(1000 * seconds, 2) for step, seconds in marks.items()}
        return SearchResult(results, embedding, lang, timings, usual)

    def embed_query(self, text: str) -> SearchResult:
        """Embed a text as a query without searching, to match it with passages."""
        lang = language(text)
        embedding = self.embedder.embed_query(text[:QUERY_MAX_CHARS])
        tokens = self._late.centred(embedding.tokens, lang)
        embedding = Embedding(embedding.sentence, tokens, embedding.offsets)
        return SearchResult((), embedding, lang, {})

    def token_counts(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """Tokens (tiktoken, cl100k_base) by passage id."""
        return self._truth.token_counts(passage_ids)

    def match(
        self, query: SearchResult, passage: ScoredPassage, spans: Sequence[tuple[int, int]]
    ) -> Vector:
        """How well each token of the query is met in parts of a passage.

        Args:
            query: The search.
            passage: One of its results.
            spans: Parts, as offsets into the document's text. The headings that were embedded
                with the passage lie before its start, below 0 where there is no room.

        Returns:
            `(n_query_tokens, n_spans) float32`, cosines of centred token vectors. Those of one
            language are comparable; across languages, take off `SearchResult.usual` first.
        """
        found = passage.passage
        ordinal = self._truth.ordinal(found.id)
        stored = self._truth.embeddings([ordinal], self.embedder.dim)[ordinal]
        tokens = self._late.centred(stored.tokens, found.lang)
        middles = stored.offsets.mean(axis=1) + found.start
        parts = [tokens[(middles >= start) & (middles < end)] for start, end in spans]
        return self._late.match(query.query.tokens, parts).values

    def _retrieve(
        self, query: str, embedding: Embedding, lang: str
    ) -> tuple[dict[int, dict[str, float]], dict[int, float]]:
        dense: list[tuple[int, float]] = []
        langs = list(self._background)
        depth = min(DEPTH, self._vectors.count())
        for one in langs:
            wanted = one if len(langs) > 1 else None
            dense.extend(self._vectors.search(embedding.sentence, depth, wanted))
        dense.sort(key=lambda pair: -pair[1])
        lexical = self._lexical.search(query, DEPTH)
        counterpart = self._counterparts([n for n, _ in dense] + [n for n, _ in lexical], lang)
        components: dict[int, dict[str, float]] = {}
        rankings: dict[str, list[int]] = {}
        for name, found in (("dense", dense), ("lexical", lexical)):
            ranking = rankings.setdefault(name, [])
            for ordinal, score in found:
                for own in counterpart.get(ordinal, [ordinal]):
                    if name not in components.setdefault(own, {}):
                        components[own][name] = round(score, 6)
                        ranking.append(own)
        fused = reciprocal_rank_fusion(rankings)
        for ordinal, score in fused.items():
            components[ordinal]["fused"] = score
        return components, fused

    def _counterparts(self, ordinals: Sequence[int], lang: str) -> dict[int, list[int]]:
        """For passages in another language: the same section in the preferred one, if any."""
        if len(self._background) < 2:
            return {}
        found = {}
        for ordinal, passage in self._truth.passages(sorted(set(ordinals))).items():
            if passage.lang != lang:
                own = self._truth.section_ordinals(passage.document_id, passage.section, lang)
                if own:
                    found[ordinal] = own
        return found

    def _in_language(
        self, order: Sequence[int], components: dict[int, dict[str, float]], lang: str
    ) -> list[int]:
        """A ranking with each section in the wanted language, where that has it."""
        counterparts = self._counterparts(order, lang)
        found: dict[int, None] = {}
        for ordinal in order:
            for own in counterparts.get(ordinal, [ordinal]):
                components.setdefault(own, components[ordinal])
                found[own] = None
        return list(found)

    def _usual(self, tokens: Vector, asked_in: str) -> dict[str, Usual]:
        return {
            lang: Usual.of(self._late.match(tokens, texts), same_language=lang == asked_in)
            for lang, texts in self._background.items()
        }

    def _rerank(
        self,
        tokens: Vector,
        asked_in: str,
        ordinals: Sequence[int],
        background: Mapping[str, Usual],
    ) -> dict[int, tuple[float, float, float]]:
        """Standardised match, plain match and probability of relevance of passages, by ordinal."""
        stored = self._truth.embeddings(ordinals, self.embedder.dim)
        langs = self._truth.langs(ordinals)
        found: dict[int, tuple[float, float, float]] = {}
        for lang, usual in background.items():
            own = [ordinal for ordinal in ordinals if langs[ordinal] == lang]
            if not own:
                continue
            texts = [self._late.centred(stored[ordinal].tokens, lang) for ordinal in own]
            scores = self._late.match(tokens, texts).scores()
            for ordinal, score in zip(own, scores, strict=True):
                match = float(score)
                sure = relevance(match, same_language=lang == asked_in)
                found[ordinal] = (
                    round((match - usual.middle) / usual.spread, 4),
                    round(match, 4),
                    round(sure, 4),
                )
        return found
