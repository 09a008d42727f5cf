"""The peers over the documents of an index: what they read, and vectors kept between runs."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from assistant.settings import Settings
from evals.benchmarks.measuring import System
from evals.benchmarks.peers import ABOUT, Bm25, Chroma, Ensemble, Peer, TorchEmbeddings
from evals.errors import SuiteError
from evals.suites import TargetForm
from evals.targets import as_units, passages_wanted
from index.embedding import Vector
from index.langchain import PolicyEmbeddings
from index.reference_model import load_reference
from index.search import DEPTH, Index

TORCH_MOST = 20_000
"""Texts that torch may embed: on two cores it takes an hour for those of the statutes."""

# As LangChain's tutorial on retrieval cuts.
_CHUNK, _OVERLAP = 1_000, 200
_EMBEDDED_AT_ONCE = 64

Told = Callable[[int, int], None]
_Embeddings = TorchEmbeddings | PolicyEmbeddings


@dataclass(frozen=True)
class Text:
    """What a peer reads.

    Attributes:
        document_id: The document it is from.
        section: Its section; empty for a whole document.
        text: The words.
    """

    document_id: str
    section: str
    text: str


class Peers:
    """Makes the peers of each set. A context: it keeps files while it is open.

    Args:
        settings: Which model, and where vectors are kept.
        torch_most: How many texts sentence-transformers embeds; more are left to our embedder, and
            with 0 all questions too.

    Attributes:
        about: What each peer is.
    """

    about: Mapping[str, str] = ABOUT

    def __init__(self, settings: Settings, torch_most: int = TORCH_MOST) -> None:
        self._settings = settings
        self._torch_most = torch_most
        self._files = ExitStack()

    def __enter__(self) -> Peers:
        """Open it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what is not kept."""
        self._files.close()

    def over(
        self, name: str, index: Index, form: TargetForm, told: Told = lambda *_: None
    ) -> tuple[list[System], list[str]]:
        """The peers over the documents of an index.

        Args:
            name: The set.
            index: Where the documents are.
            form: What a result is, and how many there are.
            told: Told (done, total) while texts are embedded.

        Returns:
            The peers, and what has to be said of them on this set.

        Raises:
            ModelError: The model cannot be loaded.
            SuiteError: Vectors cannot be kept.
        """
        uncut = wholes(index, form)
        texts = [part for whole in uncut for part in cut(whole)]
        words = [text.text for text in texts]
        by_torch = len(texts) <= self._torch_most
        embeddings: _Embeddings = self._torch if by_torch else PolicyEmbeddings(index.embedder)
        model = f"{'torch' if by_torch else 'onnx'} {index.embedder.fingerprint}"
        vectors = self._vectors(name, model, words, embeddings, told)
        lexical = Bm25(words)
        # A question is embedded by torch all the same: that is part of what such a search takes.
        asking = self._torch if self._torch_most else embeddings
        dense = Chroma(self._folder(), words, vectors, asking)
        whole = len(texts) == len(uncut)
        hits = form.k if whole else passages_wanted(form)

        def search(peer: Peer, query: str) -> list[dict[str, Any]]:
            found = [texts[number] for number in peer.search(query, max(DEPTH, hits))[:hits]]
            results = [{"document_id": t.document_id, "section": t.section} for t in found]
            return as_units(results, form)

        peers: tuple[Peer, ...] = (lexical, dense, Ensemble(lexical, dense))
        systems = [System(n, partial(search, p)) for n, p in zip(ABOUT, peers, strict=True)]
        how = "as they stand" if whole else "cut by LangChain's recursive splitter"
        notes = [f"peers read {len(texts)} texts: {form.unit}s {how}"]
        if not by_torch:
            notes.append(
                "these are too many for torch: the peers embed with our ONNX Runtime model"
            )
        return systems, notes

    @cached_property
    def _torch(self) -> TorchEmbeddings:
        found = load_reference(self._settings.embedding_model, self._folder())
        return TorchEmbeddings(found.model, found.recipe.query_prefix, found.recipe.passage_prefix)

    def _folder(self) -> Path:
        return Path(self._files.enter_context(TemporaryDirectory(prefix="peers-")))

    def _vectors(
        self, name: str, model: str, texts: list[str], embeddings: _Embeddings, told: Told
    ) -> Vector:
        """Vectors of texts, `(n_texts, dim) float32`; those of the last run where all is the same.

        Vectors are kept and Chroma is filled anew: a killed writer can destroy its folder.
        """
        digest = hashlib.sha256(json.dumps([model, texts]).encode()).hexdigest()[:16]
        folder = self._settings.cache / "evals" / "peers" / name
        file = folder / f"{digest}.npy"
        if file.is_file():
            kept: Vector = np.load(file)
            return kept
        found: list[list[float]] = []
        for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
            found += embeddings.embed_documents(texts[start : start + _EMBEDDED_AT_ONCE])
            told(len(found), len(texts))
        vectors = np.asarray(found, dtype=np.float32)
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            fresh = folder / "fresh.npy"
            np.save(fresh, vectors)
            fresh.replace(file)
        except OSError as error:
            raise SuiteError(f"{folder}: cannot be written: {error.strerror}") from error
        return vectors


def wholes(index: Index, form: TargetForm) -> list[Text]:
    """The documents of an index, or their sections, each with its title or heading before it.

    A title that is only the document's id says nothing and is left out.
    """
    documents = index.documents()
    if form.unit == "document":
        return [
            Text(d.id, "", d.text if d.title == d.id else f"{d.title}\n{d.text}") for d in documents
        ]
    words = {document.key: document.text for document in documents}
    spans: dict[tuple[str, str, str], tuple[str, int, int]] = {}
    for passage in index.passages():
        key = (passage.document_id, passage.lang, passage.section)
        heading = passage.heading_path[-1] if passage.heading_path else ""
        _, start, end = spans.get(key, ("", passage.start, passage.end))
        spans[key] = (heading, min(start, passage.start), max(end, passage.end))
    return [
        Text(document, section, f"{heading}\n{words[document, lang][start:end]}".strip())
        for (document, lang, section), (heading, start, end) in spans.items()
    ]


def cut(whole: Text) -> list[Text]:
    """Cut a text with LangChain's recursive splitter; without that package it stays whole."""
    try:
        from langchain_text_splitters import (  # type: ignore[import-not-found, unused-ignore]
            RecursiveCharacterTextSplitter,
        )
    except ImportError:
        return [whole]
    splitter = RecursiveCharacterTextSplitter(chunk_size=_CHUNK, chunk_overlap=_OVERLAP)
    return [replace(whole, text=part) for part in splitter.split_text(whole.text)]
