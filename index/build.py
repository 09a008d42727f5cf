"""Corpus → one version of the index: truth first, then everything that is made from it.

Runs in a process of its own (see `index.worker`), because a killed writer can destroy a vector
store; publishing the result is the parent's work (see `index.update`).
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from index.documents import Document
from index.embedding import Embedder, Embedding
from index.errors import EmptyCorpusError, StoreError
from index.late_interaction import token_means
from index.lexical import LexicalIndex
from index.loaders import corpus_files, load_corpus
from index.passages import Passage
from index.splitting import embedding_text, split
from index.store import Version
from index.tokens import count_tokens
from index.truth import Truth
from index.vector_store import ChromaVectors

log = logging.getLogger(__name__)

FORMAT = 2
_BATCH = 32
_BACKGROUND = 48

Progress = Callable[[str, int, int], None]
T = TypeVar("T")


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes:
        version: The version's name.
        documents: Documents indexed.
        passages: Passages indexed.
        embedded: Passages embedded anew.
        skipped: Why files, or parts of them, were left out.
        changed: Whether anything was built; false where the store was up to date.
    """

    version: str
    documents: int
    passages: int
    embedded: int
    skipped: tuple[str, ...]
    changed: bool = True


def corpus_digest(root: Path) -> str:
    """SHA-256 over the names and contents of a corpus's files."""
    total = hashlib.sha256()
    base = root if root.is_dir() else root.parent
    for path in corpus_files(root):
        total.update(str(path.relative_to(base)).encode() + b"\0")
        try:
            total.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            total.update(b"unreadable")
    return total.hexdigest()


def build_version(
    corpus: Path,
    version: Version,
    embedder: Embedder,
    earlier: Sequence[Path] = (),
    progress: Progress = lambda *_: None,
) -> BuildReport:
    """Build a version in its empty folder.

    Args:
        corpus: The folder of documents.
        version: Where to build.
        embedder: Makes the vectors.
        earlier: Truth files of other versions; embeddings of unchanged passages are taken over.
        progress: Told (step, done, total) as the work goes on.

    Raises:
        CorpusError: The corpus cannot be read or is empty.
        StoreError: The version cannot be written.
    """
    digest = corpus_digest(corpus)
    progress("read", 0, 1)
    loaded = load_corpus(corpus)
    truth = Truth.create(version.truth)
    try:
        truth.put_manifest(
            {
                "format": FORMAT,
                "embedder": embedder.fingerprint,
                "dim": embedder.dim,
                "corpus": str(corpus.resolve()),
                "corpus_digest": digest,
                "skipped": [str(error) for error in loaded.errors],
            }
        )
        texts = _write_passages(truth, loaded.documents, embedder, progress)
        if not texts:
            raise EmptyCorpusError(f"corpus {corpus}: its documents hold no text but headings")
        embedded = _write_vectors(truth, texts, embedder, earlier, progress)
        _write_searchable(truth, texts, version, embedder, progress)
        truth.put_manifest({"built_at": datetime.now(UTC).isoformat(timespec="seconds")})
        return BuildReport(
            version=version.path.name,
            documents=truth.count("documents"),
            passages=truth.count("passages"),
            embedded=embedded,
            skipped=tuple(str(error) for error in loaded.errors),
        )
    finally:
        truth.close()


def check_version(version: Version, embedder: Embedder) -> None:
    """Open a version and see that its parts agree.

    Raises:
        StoreError: A part is missing, damaged, or of another length.
    """
    truth = Truth.open(version.truth)
    try:
        truth.check()
        passages = truth.count("passages")
        vectors = ChromaVectors.open(version.vectors, version.collection)
        lexical = LexicalIndex.open(version.lexical)
        if vectors.count() != passages or truth.missing_vectors():
            raise StoreError(
                f"store {version.path}: {passages} passages but {vectors.count()} vectors; "
                "run `policy-assistant index build`"
            )
        digests = truth.digests()
        for ordinal in {0, passages // 2, passages - 1}:
            stored = truth.embeddings([ordinal], embedder.dim)[ordinal]
            nearest = vectors.search(stored.sentence, 3)
            if not any(digests[n] == digests[ordinal] or cos > 0.9999 for n, cos in nearest):
                raise StoreError(
                    f"store {version.path}: passage {ordinal} is not found by its own vector; "
                    "run `policy-assistant index build`"
                )
            passage = truth.passages([ordinal])[ordinal]
            document = truth.document(passage.document_id, passage.lang)
            if document.text[passage.start : passage.end] != passage.text:
                raise StoreError(f"store {version.path}: passage {passage.id} lost its place")
        lexical.search("政策 policy", 1)
    finally:
        truth.close()


def _write_passages(
    truth: Truth, documents: Sequence[Document], embedder: Embedder, progress: Progress
) -> list[str]:
    texts: list[str] = []
    for done, document in enumerate(documents):
        progress("split", done, len(documents))
        rows = []
        for passage in split(document, count_tokens, hard_limit=_fits(document, embedder)):
            text, begins = embedding_text(passage, document.title)
            digest = hashlib.sha256(f"{embedder.fingerprint}\0{text}".encode()).hexdigest()
            rows.append((passage, count_tokens(passage.text), digest, begins))
            texts.append(text)
        truth.put_document(document, rows)
    return texts


def _fits(document: Document, embedder: Embedder) -> Callable[[str], bool]:
    reserve = min(embedder.max_tokens // 4, 3 * embedder.count_tokens(document.title) + 32)
    room = embedder.max_tokens - reserve
    # A token covers at least one character, so short texts need not be counted.
    return lambda text: len(text) <= room or embedder.count_tokens(text) <= room


def _write_vectors(
    truth: Truth,
    texts: Sequence[str],
    embedder: Embedder,
    earlier: Sequence[Path],
    progress: Progress,
) -> int:
    for path in earlier:
        missing = sorted({digest for _, digest in truth.missing_vectors()})
        if missing and path.is_file():
            try:
                truth.adopt_vectors(path, missing)
            except StoreError as error:
                log.warning("embedding anew what could not be taken over: %s", error)
    wanted: dict[str, str] = {digest: texts[n] for n, digest in truth.missing_vectors()}
    done = 0
    progress("embed", 0, len(wanted))
    for batch in _batches(list(wanted.items()), _BATCH):
        embeddings = embedder.embed_passages([text for _, text in batch])
        truth.put_vectors(dict(zip((digest for digest, _ in batch), embeddings, strict=True)))
        done += len(batch)
        progress("embed", done, len(wanted))
    return done


def _write_searchable(
    truth: Truth, texts: Sequence[str], version: Version, embedder: Embedder, progress: Progress
) -> None:
    dim = embedder.dim
    passages = truth.all_passages()
    langs = [passage.lang for passage in passages]
    progress("means", 0, 1)
    means = token_means(_sample(truth, passages, dim), dim)
    for lang, mean in (embedder.token_means or {}).items():
        means[lang] = mean.tolist()
    truth.put_manifest({"token_means": means, "background": background(passages)})
    progress("lexical", 0, 1)
    LexicalIndex.build(texts).save(version.lexical)
    progress("vectors", 0, 1)
    if isinstance(version.vectors, Path):
        shutil.rmtree(version.vectors, ignore_errors=True)
    vectors = ChromaVectors.create(version.vectors, version.collection)
    vectors.add(truth.sentence_vectors(dim), langs)
    progress("vectors", 1, 1)


def background(passages: Sequence[Passage]) -> dict[str, list[int]]:
    """Ordinals, by language, of passages spread over the corpus.

    How well a query matches these says how well it matches anything, so that scores of different
    queries, and of the two languages, can be compared.
    """
    by_lang: dict[str, list[int]] = {}
    for ordinal, passage in enumerate(passages):
        by_lang.setdefault(passage.lang, []).append(ordinal)
    return {lang: own[:: -(-len(own) // _BACKGROUND)] for lang, own in by_lang.items()}


def _sample(
    truth: Truth, passages: Sequence[Passage], dim: int, most: int = 4_000
) -> Iterator[tuple[str, Embedding]]:
    ordinals = range(0, len(passages), -(-len(passages) // most))
    for batch in _batches(ordinals, 100):
        stored = truth.embeddings(batch, dim)
        yield from ((passages[n].lang, stored[n]) for n in batch)


def _batches(items: Sequence[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch
