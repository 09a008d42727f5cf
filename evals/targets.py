"""What a suite puts its cases to: the assistant, or its search, over one opened index."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.composers import Composer
from assistant.opening import (
    model_dir,
    open_composer,
    open_reranker,
    open_store,
    update_store,
)
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.settings import Settings
from evals.case_files import ANY_SECTION, Kind
from evals.cases import Case
from evals.digests import code_digest, index_digest, prompt_digest
from evals.spoils import FusedOrderIndex, answer_anyway, change_figure, shuffle_citations
from evals.suites import TargetForm
from evals.target import Response, Target
from index.build import Progress
from index.cross_encoder import Reranker
from index.embedding import Embedder
from index.onnx_embedder import OnnxEmbedder
from index.passages import Passage
from index.search import Index
from index.store import Store
from index.update import status

# Several passages of one document may stand before the next document.
_DEEPER = 4
_DEEPEST = 100


class SetUpAssistant(Assistant):
    """An assistant over an index of a kind of its own."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        composer: Composer | None = None,
        *,
        corpus: Path | None = None,
        evidence_tokens: int = 2_400,
        reranker: Reranker | None = None,
        index_type: type[Index] = Index,
    ) -> None:
        """Open the store; see `Assistant`."""
        self._index_type = index_type
        super().__init__(
            store,
            embedder,
            composer,
            corpus=corpus,
            evidence_tokens=evidence_tokens,
            reranker=reranker,
        )

    def _open_index(self) -> Index:
        return self._index_type.open(self._store, self._embedder, reranker=self._reranker)


class _OverIndex:
    def __init__(self, assistant: Assistant, form: TargetForm) -> None:
        self._assistant = assistant
        self._form = form
        self._day = form.as_of or date.today()

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """Digests of corpus, index, models, prompts and code."""
        index = self._assistant.index
        status = self._assistant.status()
        return {
            "corpus": str(index.manifest["corpus_digest"]),
            "index": index_digest(index),
            "embedder": index.embedder.fingerprint,
            "chat_model": str(status["model"] or ""),
            "reranker": index.reranker.fingerprint if index.reranker else "",
            "prompts": prompt_digest(),
            "code": code_digest(),
        }

    @property
    def settings(self) -> Mapping[str, Any]:
        """The suite's settings, with the day and the composer that were in force."""
        settings = self._form.model_dump(mode="json", exclude={"corpus"})
        return settings | {"as_of": self._day.isoformat()}


class AnswerTarget(_OverIndex):
    """Asks the assistant; a case's earlier turns are asked first and become the history."""

    def respond(self, case: Case) -> Response:
        """Answer one case."""
        history: list[Turn] = []
        for text in case.turns[:-1]:
            reply = self._ask(text, history)
            history += [Turn("user", text), Turn("assistant", reply["text"])]
        began = time.perf_counter()
        answer = self._ask(case.turns[-1], history)
        ms = 1000 * (time.perf_counter() - began)
        return Response(self._spoiled(answer, case) | {"id": case.id}, round(ms, 2))

    def _ask(self, text: str, history: list[Turn]) -> dict[str, Any]:
        question = Question(text, tuple(history), as_of=self._day)
        return self._assistant.ask(question).to_dict()

    def _spoiled(self, answer: dict[str, Any], case: Case) -> dict[str, Any]:
        if self._form.spoil == "shuffled_citations":
            return shuffle_citations(answer, self._passages, case.id)
        if self._form.spoil == "changed_figure":
            return change_figure(answer, case.id)
        if self._form.spoil == "no_abstention":
            found = self._assistant.search(answer["query"], 1)["results"]
            return answer_anyway(answer, found[0] if found else None)
        return answer

    @cached_property
    def _passages(self) -> list[Passage]:
        return self._assistant.index.passages()


class RetrievalTarget(_OverIndex):
    """Searches for the last turn of a case."""

    def respond(self, case: Case) -> Response:
        """Search for one case."""
        depth = passages_wanted(self._form)
        began = time.perf_counter()
        found = self._assistant.search(case.turns[-1], depth, case.id)
        ms = 1000 * (time.perf_counter() - began)
        found |= {"results": as_units(found["results"], self._form)}
        return Response(found, round(ms, 2))


def open_target(
    kind: Kind, form: TargetForm, settings: Settings, progress: Progress = lambda *_: None
) -> Target:
    """The target of a suite, its index built first where it has to be.

    Args:
        kind: Whether answers or rankings are asked for.
        form: How the suite sets it up.
        settings: Corpus, store and model; the suite's own settings stand above these.
        progress: Told (step, done, total) while the index is built.

    Raises:
        IndexingError: The model is not prepared, or the corpus or the store cannot be used.
        ConfigurationError: A chat model is asked for that cannot be set up.
    """
    given = {"composer": form.composer, "evidence_tokens": form.evidence_tokens}
    settings = settings.model_copy(update=given)
    embedder = OnnxEmbedder.open(model_dir(settings), settings.threads)
    store = open_store(settings)
    if status(store, settings.corpus, embedder.fingerprint).state != "current":
        update_store(settings, progress)
    composer, reranker = open_composer(settings), open_reranker(settings)
    return target_over(kind, form, store, embedder, composer, reranker, settings.corpus)


def target_over(
    kind: Kind,
    form: TargetForm,
    store: Store,
    embedder: Embedder,
    composer: Composer | None = None,
    reranker: Reranker | None = None,
    corpus: Path | None = None,
) -> Target:
    """The target of a suite over a store that is up to date; `corpus` has the measures to judge."""
    fused = form.spoil == "no_rerank" or not form.rerank
    assistant = SetUpAssistant(
        store,
        embedder,
        composer,
        corpus=corpus,
        evidence_tokens=form.evidence_tokens,
        reranker=None if fused else reranker,
        index_type=FusedOrderIndex if fused else Index,
    )
    if kind == "answer":
        return AnswerTarget(assistant, form)
    return RetrievalTarget(assistant, form)


def passages_wanted(form: TargetForm) -> int:
    """How many passages to search for, so that there are enough units among them."""
    return min(_DEEPEST, _DEEPER * form.k) if form.unit == "document" else form.k


def as_units(results: list[dict[str, Any]], form: TargetForm) -> list[dict[str, Any]]:
    """A ranking of passages as one of what the suite calls a result.

    Args:
        results: Passages, best first, with `document_id` and `section`.
        form: Says the unit. A section's passages stay as they are: metrics read them as sections.
    """
    return _by_document(results)[: form.k] if form.unit == "document" else results


def _by_document(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The best passage of each document, standing for all its sections."""
    best: dict[str, dict[str, Any]] = {}
    for result in results:
        best.setdefault(result["document_id"], result)
    ranked = enumerate(best.values(), start=1)
    return [result | {"rank": rank, "section": ANY_SECTION} for rank, result in ranked]
