"""The open sets as questions on passages, cut as the index cuts them.

Knows where sets come from and how a question's gold is named; not how anything is embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import PROJECT
from evals.adapters import Options, adapters
from evals.adapters.reading import read_set
from evals.adapters.xquad import FILE as XQUAD_FILE
from evals.case_files import ANY_SECTION, load_cases
from evals.cases import Case, SectionRef
from index.documents import Document, Metadata
from index.embedding import Embedder
from index.loaders import load_corpus
from index.splitting import embedding_text, split
from index.tokens import count_tokens

_SETS: dict[str, tuple[str, Options]] = {
    "xquad-en": ("xquad", {"ask": "en", "find": "en"}),
    "xquad-zh": ("xquad", {"ask": "zh", "find": "zh"}),
    "orsharc": ("orsharc", {}),
    "lecoqa": ("lecoqa", {}),
    "conditionalqa": ("conditionalqa", {}),
    "mtrag": ("mtrag", {}),
}
_CASES = PROJECT / "evals" / "cases" / "retrieval.jsonl"
_CORPUS = PROJECT / "docs_corpus"


@dataclass(frozen=True)
class Collection:
    """Questions on passages of one language.

    Attributes:
        name: Such as `xquad-en`.
        lang: The language of its questions and passages.
        passages: What is embedded for each passage.
        places: What each passage counts as when rankings are measured: its document or section.
        questions: What is asked.
        gold: The places that answer each question.
        groups: What each question is held out with.
    """

    name: str
    lang: str
    passages: tuple[str, ...]
    places: tuple[str, ...]
    questions: tuple[str, ...]
    gold: tuple[frozenset[str], ...]
    groups: tuple[str, ...]

    def gold_passages(self) -> list[NDArray[np.int64]]:
        """The numbers of the passages that answer each question."""
        by_place: dict[str, list[int]] = {}
        for number, place in enumerate(self.places):
            by_place.setdefault(place, []).append(number)
        return [
            np.array([n for place in sorted(gold) for n in by_place.get(place, ())], np.int64)
            for gold in self.gold
        ]


def read_sets(data: Path, embedder: Embedder) -> dict[str, Collection]:
    """Read every set, and the project's own suite for each language.

    Args:
        data: The folder of open sets.
        embedder: Says what fits it.

    Raises:
        SuiteError: A file of a set is missing or broken.
    """
    found = {}
    titles = {record["id"]: record["en"]["title"] for record in read_set(data, XQUAD_FILE)}
    for name, (adapter, options) in _SETS.items():
        read = adapters()[adapter](data, options)
        documents = [
            Document(line["id"], line["title"], line["text"], line["lang"], Metadata())
            for line in read.documents
        ]
        # Questions on one article of the encyclopaedia are alike, whatever passage they are on.
        group = (lambda case: titles[case.id]) if adapter == "xquad" else _cluster
        found[name] = collection(name, documents, read.cases, group, embedder)
    documents = list(load_corpus(_CORPUS).documents)
    cases = load_cases([_CASES], "retrieval")
    for lang in ("zh", "en"):
        own = [document for document in documents if document.lang == lang]
        asked = [case for case in cases if case.lang == lang]
        found[f"own-{lang}"] = collection(f"own-{lang}", own, asked, _cluster, embedder)
    return found


def collection(
    name: str,
    documents: Iterable[Document],
    cases: Iterable[Case],
    group: Callable[[Case], str],
    embedder: Embedder,
) -> Collection:
    """Cases on documents of one language as a collection.

    Args:
        name: Its name.
        documents: What is cut into passages.
        cases: What is asked; those without gold sections are left out.
        group: What a case is held out with.
        embedder: Says what fits it.
    """
    texts, refs, langs = [], [], set()
    for document in documents:
        langs.add(document.lang)
        for passage in split(document, count_tokens, hard_limit=_fits(document, embedder)):
            texts.append(embedding_text(passage, document.title)[0])
            refs.append(SectionRef(passage.document_id, passage.section))
    asked = [case for case in cases if case.expect.sections]
    whole = any(ref.section == ANY_SECTION for case in asked for ref in case.expect.sections)
    (lang,) = langs
    return Collection(
        name=name,
        lang=lang,
        passages=tuple(texts),
        places=tuple(_place(ref, whole) for ref in refs),
        questions=tuple(case.turns[-1] for case in asked),
        gold=tuple(frozenset(_place(r, whole) for r in case.expect.sections) for case in asked),
        groups=tuple(group(case) for case in asked),
    )


def _place(ref: SectionRef, whole: bool) -> str:
    return ref.document_id if whole else f"{ref.document_id}#{ref.section}"


def _cluster(case: Case) -> str:
    return case.cluster


def _fits(document: Document, embedder: Embedder) -> Callable[[str], bool]:
    """Whether a text fits the model together with its headings, as `index.build` has it."""
    reserve = min(embedder.max_tokens // 4, 3 * embedder.count_tokens(document.title) + 32)
    room = embedder.max_tokens - reserve
    return lambda text: len(text) <= room or embedder.count_tokens(text) <= room
