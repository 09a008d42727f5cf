"""Searching a version: dense and lexical retrieval, fusion, late-interaction reranking."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from index.build import FORMAT, calibration_of, sample_questions
from index.documents import Document
from index.embedding import Embedder, Vector
from index.errors import StoreMismatchError
from index.fusion import reciprocal_rank_fusion
from index.gazetteer import PLACE_NAMES
from index.glossary import Glossary
from index.late_interaction import Matches
from index.lexical import LexicalIndex
from index.likeness import Compared, SampleQuestions, own_words, read_under, views
from index.passages import Passage, ScoredPassage
from index.reranking import RERANKED, Asked, Reranking, Usual
from index.spelling import Spelling
from index.store import Store, Version
from index.text import language, strip_invisible
from index.truth import Truth
from index.vector_store import ChromaVectors, VectorStore

if TYPE_CHECKING:
    from index.cross_encoder import Reranker

CROSS_ENCODED = 32
DEPTH = 100
QUERY_MAX_CHARS = 2_000
# Words that two languages share by chance find little; names are worth a look.
_FUSION_WEIGHTS = {"across": 0.25}
# A passage in another language shares a name with the query, and no other word.
_NAMES_WEIGH = 0.5
# Sections found by the sample questions.
_SECTIONS_ASKED = 12
# What these add to a score, in standard deviations where they say nothing but that section.
_SAMPLES_WEIGH = 20.0

By = Literal["lexical", "dense", "fused", "rerank"]


@dataclass(frozen=True)
class SearchResult:
    """A ranking, and what it took.

    Attributes:
        results: Best first.
        asked: The query as passages are matched with it.
        lang: The language that was preferred.
        usual: By language of a passage: how well passages in general meet the query.
        compared: What the sample questions say of the query.
        each: By document id: a search of its own, for documents that a question compares.
        timings_ms: Milliseconds for `embed`, `retrieve`, `rerank` and `total`.
    """

    results: tuple[ScoredPassage, ...]
    asked: Asked
    lang: str
    timings_ms: Mapping[str, float]
    usual: Mapping[str, Usual] = field(default_factory=dict)
    compared: Compared = field(default_factory=Compared)
    each: Mapping[str, SearchResult] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """Candidates.

    Attributes:
        rankings: By component: scores by ordinal, best first.
        components: By ordinal: scores by component.
    """

    rankings: dict[str, dict[int, float]]
    components: dict[int, dict[str, float]]


class Index:
    """A published version, open to search. Thread-safe."""

    def __init__(
        self,
        version: Version,
        truth: Truth,
        vectors: VectorStore,
        lexical: LexicalIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
    ) -> None:
        """Put the parts together; use `open`."""
        manifest = truth.manifest()
        self.version = version
        self.manifest = manifest
        self.embedder = embedder
        self.reranker = reranker
        self._truth = truth
        self._vectors = vectors
        self._lexical = lexical
        self._langs: list[str] = list(manifest["background"])
        self.glossary = Glossary([*PLACE_NAMES, *map(tuple, manifest["glossary"])])
        self._reranked = RERANKED[manifest["token_vectors"]]
        calibration = calibration_of(embedder, manifest)
        self._reranking = Reranking(truth, embedder, calibration, manifest["background"])
        learnt = SampleQuestions.learnt(version.learnt)
        self._samples = sample_questions(truth, calibration, embedder.dim, learnt)
        self.spelling = Spelling(self._texts)

    @classmethod
    def open(cls, store: Store, embedder: Embedder, *, reranker: Reranker | None = None) -> Index:
        """Open the published version of a store.

        Args:
            store: The store.
            embedder: The model that it was made with.
            reranker: Orders the best candidates once more, where one is given.

        Raises:
            StoreMissingError: Nothing was published.
            StoreMismatchError: It was made by another model, preparation or format.
            StoreError: It cannot be read.
        """
        return cls.open_version(store.current(), embedder, reranker=reranker)

    @classmethod
    def open_version(
        cls, version: Version, embedder: Embedder, *, reranker: Reranker | None = None
    ) -> Index:
        """Open one version; see `open`."""
        truth = Truth.open(version.truth)
        try:
            return cls._of(version, truth, embedder, reranker)
        except BaseException:
            truth.close()
            raise

    @classmethod
    def _of(
        cls, version: Version, truth: Truth, embedder: Embedder, reranker: Reranker | None
    ) -> Index:
        manifest = truth.manifest()
        made_by = (manifest.get("format"), manifest.get("embedder"))
        if made_by != (FORMAT, embedder.fingerprint):
            raise StoreMismatchError(
                f"store {version.path}: made with format {made_by[0]} and model {made_by[1]}, but "
                f"this program searches with format {FORMAT} and model {embedder.fingerprint}; run "
                "`policy-assistant index build`, or set POLICY_EMBEDDING_MODEL back"
            )
        vectors = ChromaVectors.open(version.vectors, version.collection)
        lexical = LexicalIndex.open(version.lexical)
        return cls(version, truth, vectors, lexical, embedder, reranker)

    def _texts(self) -> Iterator[str]:
        yield from (passage.text for passage in self._truth.all_passages())
        yield from (sample.text for sample in self._truth.samples())

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
        self, query: str, k: int = 10, *, lang: str | None = None, by: By = "rerank"
    ) -> SearchResult:
        """Find the passages that speak to a query.

        The language that is preferred decides between two briefs of one policy only; a passage
        that exists in the other language alone is ranked like any other.

        Args:
            query: A question or keywords; characters past 2,000 are not read.
            k: How many passages to return.
            lang: The language to prefer; that of the query where none is given.
            by: What ranks: BM25 (`lexical`), the sentence vectors (`dense`), both by reciprocal
                rank (`fused`), or the tokens over the best of these (`rerank`).

        Returns:
            The ranking. A reranked passage's score is how far it meets the query above passages
            in general, in standard deviations; any other is that of the component.
        """
        began = time.perf_counter()
        query = strip_invisible(query)[:QUERY_MAX_CHARS]
        asked_in = language(query)
        embedding = self.embedder.embed_query(query)
        asked = self._reranking.asked(embedding, asked_in)
        compared = self._samples.compare(
            views(own_words(embedding)[None], self.embedder.embed_adapted([query]))[0],
            asked_in,
            lambda policy, lang: self._read_under(policy, lang, query),
        )
        lang = lang or asked_in
        embedded = time.perf_counter()
        found = self._retrieve(query, asked, compared, max(DEPTH, k))
        retrieved = time.perf_counter()
        usual = self._reranking.usual(asked)
        scores = found.rankings["fused" if by == "rerank" else by]
        if by == "rerank":
            best = list(scores)[: max(self._reranked, k)]
            scores = self._rerank(query, asked, found, best, usual)
        order = list(scores)
        if lang != asked_in:
            order = self._in_language(order, found.components, scores, lang)
        order = order[:k]
        passages = self._truth.passages(order)
        done = time.perf_counter()
        results = tuple(
            ScoredPassage(passages[ordinal], scores[ordinal], rank, found.components[ordinal])
            for rank, ordinal in enumerate(order, start=1)
        )
        marks = {"embed": embedded - began, "retrieve": retrieved - embedded}
        marks |= {"rerank": done - retrieved, "total": done - began}
        timings = {step: round(1000 * seconds, 2) for step, seconds in marks.items()}
        return SearchResult(results, asked, lang, timings, usual, compared)

    def embed_query(self, text: str) -> SearchResult:
        """Embed a text as a query without searching, to match it with passages."""
        lang = language(text)
        embedding = self.embedder.embed_query(text[:QUERY_MAX_CHARS])
        return SearchResult((), self._reranking.asked(embedding, lang), lang, {})

    def names_added(self, query: str) -> list[str]:
        """Names that BM25 looks for beside a query's words: the query's own in another language.

        None where all passages are in the query's language.
        """
        if not set(self._langs) - {language(query)}:
            return []
        return self.glossary.translations(query)

    def matched_words(self, query: str, passage: Passage) -> list[str]:
        """The search terms of a query, names added, that a passage or its headings hold."""
        wanted = " ".join((query, *self.names_added(query)))
        return self._lexical.matched(wanted, "\n".join((*passage.heading_path, passage.text)))

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
        values, middles = self._reranking.similarities(query.asked.tokens, ordinal, found.lang)
        parts = [
            np.flatnonzero((middles >= start - found.start) & (middles < end - found.start))
            for start, end in spans
        ]
        picked = np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        return Matches.of(values[:, picked], [len(part) for part in parts]).values

    def _read_under(self, policy: str, lang: str, query: str) -> Vector:
        """A question read under the title of a policy in a language, where it has one."""
        title = self._truth.title(policy, lang) or ""
        return np.asarray(read_under(self.embedder, [title], [query])[0], dtype=np.float32)

    def _retrieve(self, query: str, asked: Asked, compared: Compared, depth: int) -> _Found:
        """Candidates by BM25, by sentence vectors and by the sample questions.

        Passages in another language are replaced by those of their section in the query's.
        """
        depth = min(depth, self._vectors.count())
        dense: list[tuple[int, float]] = []
        for one in self._langs:
            wanted = one if len(self._langs) > 1 else None
            dense.extend(self._vectors.search(asked.sentence, depth, wanted))
        dense.sort(key=lambda pair: -pair[1])
        lexical = self._by_words(query, asked.lang, depth)
        seen = [ordinal for ordinal, _ in (*dense, *lexical)]
        counterpart = self._counterparts(seen, asked.lang)
        components: dict[int, dict[str, float]] = {}
        rankings: dict[str, dict[int, float]] = {}
        for name, ranking in (("dense", dense), ("lexical", lexical)):
            scores = rankings.setdefault(name, {})
            for ordinal, score in ranking:
                for own in counterpart.get(ordinal, [ordinal]):
                    if own not in scores:
                        scores[own] = round(score, 6)
                        components.setdefault(own, {})[name] = scores[own]
        asked_of = self._asked_of(compared, asked.lang)
        for ordinal, score in asked_of.items():
            components.setdefault(ordinal, {})["sample"] = score
        langs = self._truth.langs(list(components))
        words = rankings["lexical"]
        fused = reciprocal_rank_fusion(
            {
                "dense": list(rankings["dense"]),
                "lexical": [n for n in words if langs[n] == asked.lang],
                "across": [n for n in words if langs[n] != asked.lang],
                "samples": list(asked_of),
            },
            _FUSION_WEIGHTS,
        )
        for ordinal, score in fused.items():
            components[ordinal]["fused"] = score
        return _Found(rankings | {"fused": fused}, components)

    def _asked_of(self, compared: Compared, lang: str) -> dict[int, float]:
        """Passages of the sections that answer questions like this one, with those' scores."""
        found: dict[int, float] = {}
        for (document, section), score in list(compared.sections.items())[:_SECTIONS_ASKED]:
            for written in dict.fromkeys((lang, *self._langs)):
                if own := self._truth.section_ordinals(document, section, written):
                    found |= dict.fromkeys(own, score)
                    break
        return found

    def _by_words(self, query: str, lang: str, depth: int) -> list[tuple[int, float]]:
        """BM25; in the other language than the query's, also by the names that it mentions."""
        found = dict(self._lexical.search(query, depth))
        if names := self.names_added(query):
            named = self._lexical.search(" ".join((query, *names)), depth)
            langs = self._truth.langs([ordinal for ordinal, _ in named])
            for ordinal, score in named:
                if langs[ordinal] != lang:
                    found[ordinal] = max(found.get(ordinal, 0.0), _NAMES_WEIGH * score)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:depth]

    def _rerank(
        self,
        query: str,
        asked: Asked,
        found: _Found,
        ordinals: Sequence[int],
        usual: Mapping[str, Usual],
    ) -> dict[int, float]:
        """Scores of the best candidates, best first; their components are filled in."""
        lexical = {n: found.components[n].get("lexical", 0.0) for n in ordinals}
        scored = self._reranking.scores(asked, lexical, usual)
        scores: dict[int, float] = {}
        for ordinal, one in scored.items():
            components = found.components[ordinal]
            components |= {
                "dense": one.dense,
                "rerank": one.score,
                "match": one.match,
                "relevance": one.relevance,
            }
            asked_for = _SAMPLES_WEIGH * components.get("sample", 0.0)
            scores[ordinal] = round(one.score + asked_for, 4)
        scores = dict(sorted(scores.items(), key=lambda pair: -pair[1]))
        if self.reranker is None:
            return scores
        best = list(scores)[:CROSS_ENCODED]
        passages = self._truth.passages(best)
        texts = ["\n".join((*passages[n].heading_path, passages[n].text)) for n in best]
        pairs = self.reranker.scores(query, texts).tolist()
        for ordinal, score in zip(best, pairs, strict=True):
            found.components[ordinal]["cross_encoder"] = round(score, 6)
        # The scores stay what they are, in a new order: thresholds are set by them.
        again = sorted(zip(best, pairs, strict=True), key=lambda pair: -pair[1])
        order = [ordinal for ordinal, _ in again]
        return {n: scores[n] for n in (*order, *list(scores)[len(best) :])}

    def _counterparts(self, ordinals: Sequence[int], lang: str) -> dict[int, list[int]]:
        """For passages in another language: the same section in the preferred one, if any."""
        if len(self._langs) < 2:
            return {}
        found = {}
        for ordinal, passage in self._truth.passages(sorted(set(ordinals))).items():
            if passage.lang != lang:
                own = self._truth.section_ordinals(passage.document_id, passage.section, lang)
                if own:
                    found[ordinal] = own
        return found

    def _in_language(
        self,
        order: Sequence[int],
        components: dict[int, dict[str, float]],
        scores: dict[int, float],
        lang: str,
    ) -> list[int]:
        """A ranking with each section in the wanted language, where that has it."""
        counterparts = self._counterparts(order, lang)
        found: dict[int, None] = {}
        for ordinal in order:
            for own in counterparts.get(ordinal, [ordinal]):
                components.setdefault(own, components[ordinal])
                scores.setdefault(own, scores[ordinal])
                found[own] = None
        return list(found)
