"""The assistant as its front ends use it: one open index, one pipeline, swapped when rebuilt."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer
from assistant.composers import Composer
from assistant.eligibility.corpus import MeasuresOfCorpus
from assistant.errors import InputError
from assistant.events import Event
from assistant.pipeline import Pipeline, read_question_text
from assistant.questions import Question
from index.cross_encoder import Reranker
from index.documents import Document
from index.embedding import Embedder
from index.passages import Passage
from index.search import Index
from index.store import Store

if TYPE_CHECKING:
    from assistant.eligibility.model_reading import ModelReading
    from assistant.eligibility.service import Eligibility


class Assistant:
    """Answers and searches over the published version of a store. Thread-safe.

    When another process publishes a new version, the next call uses it.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        composer: Composer | None = None,
        *,
        corpus: Path | None = None,
        reranker: Reranker | None = None,
        reader: ModelReading | None = None,
        evidence_tokens: int = 2_400,
    ) -> None:
        """Open the store.

        Args:
            store: A store with a published version.
            embedder: The model it was built with.
            composer: A composer with a chat model; quotes are used where it is `None` or fails.
            corpus: The folder that describes the measures; `None` offers none.
            reranker: Reranks what late interaction has ranked; `None` leaves that order.
            reader: Reads facts about a person with a chat model; `None` leaves it at the rules.
            evidence_tokens: Most tokens of evidence for one answer.

        Raises:
            StoreError: The store cannot be searched.
        """
        self._store = store
        self._embedder = embedder
        self._composer = composer
        self._reranker = reranker
        self._reader = reader
        self._evidence_tokens = evidence_tokens
        self._measures = MeasuresOfCorpus(corpus)
        self._swap = threading.Lock()
        self._pipeline = self._open()

    def _open(self) -> Pipeline:
        index = self._open_index()
        return Pipeline(
            index,
            self._composer,
            eligibility=lambda: self._measures.over(index),
            reader=self._reader,
            evidence_tokens=self._evidence_tokens,
        )

    def _open_index(self) -> Index:
        return Index.open(self._store, self._embedder, reranker=self._reranker)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, opened anew where another version was published."""
        with self._swap:
            if self._store.current().path != self._pipeline.index.path:
                self._pipeline = self._open()
            return self._pipeline

    @property
    def index(self) -> Index:
        """The published version."""
        return self.pipeline.index

    @property
    def eligibility(self) -> Eligibility:
        """The corpus's measures over the published version, read anew where a file changed.

        Files that are wrong leave it without measures, and the log says so: questions are
        answered all the same.
        """
        return self._measures.over(self.index)

    def ask(self, question: Question) -> Answer:
        """Answer a question; see `Pipeline.ask`."""
        return self.pipeline.ask(question)

    def stream(self, question: Question) -> Iterator[Event]:
        """Answer a question piece by piece; see `Pipeline.stream`."""
        return self.pipeline.stream(question)

    def search(
        self, query: str, k: int = 10, identity: str | None = None, *, explain: bool = False
    ) -> dict[str, Any]:
        """Search, as the JSON object of the contract.

        Args:
            query: A question or keywords.
            k: How many passages.
            identity: The caller's own mark.
            explain: Whether to say how each passage got its place: the words it shares with the
                query, and how the scores were weighed.

        Raises:
            InputError: The query is empty or too long, or `k` is not within 1 to 100.
        """
        if not 1 <= k <= 100:
            raise InputError(f"k={k}: give a number from 1 to 100")
        index = self.index
        found = index.search(read_question_text(query), k)
        results = []
        for scored in found.results:
            passage = scored.passage
            results.append(
                {
                    "rank": scored.rank,
                    "score": scored.score,
                    "passage_id": passage.id,
                    "document_id": passage.document_id,
                    "title": index.document(passage.document_id, passage.lang).title,
                    "section": passage.section,
                    "text": passage.text,
                    "start": passage.start,
                    "end": passage.end,
                    "lang": passage.lang,
                    "components": dict(scored.components),
                }
            )
            if explain:
                results[-1]["matched_words"] = index.matched_words(query, passage)
        timings = dict(found.timings_ms)
        said: dict[str, Any] = {
            "id": identity,
            "query": query,
            "results": results,
            "timings_ms": timings,
        }
        if explain:
            said |= {
                "explain": {
                    "lang": found.asked.lang,
                    "dense_share": round(found.asked.share, 4),
                    "names_added": index.names_added(query),
                }
            }
        return said

    def passage(self, passage_id: str) -> tuple[Document, Passage]:
        """A passage and its document, to be shown.

        Raises:
            InputError: There is none of that id.
        """
        index = self.index
        try:
            passage = index.passage(passage_id)
        except KeyError:
            raise InputError(f"passage {passage_id!r}: the index has none of that id") from None
        return index.document(passage.document_id, passage.lang), passage

    def status(self) -> dict[str, Any]:
        """What is being served: version, documents, passages, models and composer."""
        manifest = self.index.manifest
        return {
            "version": self.index.path.name,
            "built_at": manifest.get("built_at"),
            "corpus_digest": manifest["corpus_digest"],
            "embedder": manifest["embedder"],
            "reranker": self._reranker.name if self._reranker else None,
            "documents": [
                {"id": d.id, "lang": d.lang, "title": d.title, **_shown(asdict(d.metadata))}
                for d in self.index.documents()
            ],
            "composer": self._composer.name if self._composer else "quotes",
            "model": self._composer.model if self._composer else None,
        }


def _shown(metadata: dict[str, Any]) -> dict[str, Any]:
    issued = metadata["issued_on"]
    return {"issuer": metadata["issuer"], "issued_on": issued.isoformat() if issued else None}
