"""Corpus → one version of the index: truth first, then everything that is made from it.

Runs in a process of its own (see `index.worker`), because a killed writer can destroy a vector
store; publishing the result is the parent's work (see `index.update`).
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index.calibration import DIGEST, Calibration
from index.classifier import Classifier
from index.documents import Document
from index.embedding import Embedder, Embedding, TokenVectors
from index.errors import CorpusError, EmptyCorpusError, StoreError
from index.late_interaction import token_means
from index.lexical import LexicalIndex
from index.likeness import SampleQuestions, read_under, views
from index.loaders import corpus_sources, load_corpus
from index.passages import Passage
from index.sample_questions import SampleQuestion
from index.splitting import embedding_text, split
from index.store import Version
from index.tokens import count_tokens
from index.truth import Truth
from index.vector_store import ChromaVectors

log = logging.getLogger(__name__)

# What a store holds; raised with its layout, and another with every new calibration.
FORMAT = f"7-{DIGEST}"
# Texts of like length are embedded together, so many at a time are cheaper.
_BATCH = 256
_BACKGROUND = 48
_SAMPLED = 400
# Token vectors are kept where they take no more of the free disk than this.
_DISK_SHARE = 0.5

Progress = Callable[[str, int, int], None]
T = TypeVar("T")


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes:
        version: The version's name.
        documents: Documents indexed.
        passages: Passages indexed.
        embedded: Passages and sample questions embedded anew.
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
    for path in corpus_sources(root):
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
                "glossary": loaded.glossary,
            }
        )
        texts = _write_passages(truth, loaded.documents, embedder, progress)
        if not texts:
            raise EmptyCorpusError(f"corpus {corpus}: its documents hold no text but headings")
        left_out = _write_samples(truth, loaded.questions, embedder)
        skipped = [str(error) for error in (*loaded.errors, *left_out)]
        truth.put_manifest({"skipped": skipped})
        embedded = _write_vectors(truth, texts, embedder, earlier, progress)
        _write_searchable(truth, texts, version, embedder, progress)
        truth.put_manifest({"built_at": datetime.now(UTC).isoformat(timespec="seconds")})
        return BuildReport(
            version=version.path.name,
            documents=truth.count("documents"),
            passages=truth.count("passages"),
            embedded=embedded,
            skipped=tuple(skipped),
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
        if (
            vectors.count() != passages
            or truth.missing_vectors()
            or truth.samples_without_vectors()
        ):
            raise StoreError(
                f"store {version.path}: {passages} passages but {vectors.count()} vectors; "
                "run `policy-assistant index build`"
            )
        digests = truth.digests()
        calibration = calibration_of(embedder, truth.manifest())
        for ordinal in {0, passages // 2, passages - 1}:
            lang = truth.langs([ordinal])[ordinal]
            stored = calibration.passages(truth.sentence_vectors(embedder.dim, [ordinal]), lang)
            nearest = vectors.search(stored[0], 3)
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
        SampleQuestions.learnt(version.learnt)
    finally:
        truth.close()


def _write_passages(
    truth: Truth, documents: Sequence[Document], embedder: Embedder, progress: Progress
) -> list[str]:
    texts: list[str] = []
    done = 0
    for batch in _batches(documents, _BATCH):
        progress("split", done, len(documents))
        written = []
        for document in batch:
            rows = []
            for passage in split(document, count_tokens, hard_limit=_fits(document, embedder)):
                text, begins = embedding_text(passage, document.title)
                digest = _digest(embedder, text)
                rows.append((passage, count_tokens(passage.text), digest, begins))
                texts.append(text)
            written.append((document, rows))
        truth.put_documents(written)
        done += len(batch)
    progress("split", done, len(documents))
    return texts


def _write_samples(
    truth: Truth, samples: Sequence[SampleQuestion], embedder: Embedder
) -> list[CorpusError]:
    """Write the sample questions; one error for each place that is not in the corpus."""
    places = {(p.document_id, p.section) for p in truth.all_passages()}
    titles = {document.key: document.title for document in truth.documents()}
    policies = {identity for identity, _ in titles} | {None}
    wrong: dict[str, CorpusError] = {}
    kept = []
    for sample in samples:
        place = (sample.document_id, sample.section)
        if sample.document_id not in policies:
            what = f"policy {sample.document_id!r}"
        elif sample.section is not None and place not in places:
            what = f"section {sample.section!r} of {sample.document_id!r}"
        else:
            # People who ask of a policy may not name it; which one it is must not get lost.
            title = titles.get((sample.document_id or "", sample.lang))
            text = f"{title}\n{sample.text}" if title else sample.text
            kept.append((sample, text, _digest(embedder, f"sample\0{text}")))
            continue
        why = f"questions: {what} is not in the corpus; mend the anchor, or take its questions out"
        wrong[what] = CorpusError(why)
    truth.put_samples(kept)
    return list(wrong.values())


def _sample_vectors(embedder: Embedder, texts: Sequence[str]) -> list[Embedding]:
    """Sample questions' vectors from what is embedded of each: its policy's title and itself."""
    titles, _, questions = zip(*(text.rpartition("\n") for text in texts), strict=True)
    found = views(read_under(embedder, titles, questions), embedder.embed_adapted(questions))
    none = np.zeros((0, embedder.dim), np.float32), np.zeros((0, 2), np.int32)
    return [Embedding(one.reshape(-1), *none) for one in found]


def _digest(embedder: Embedder, text: str) -> str:
    return hashlib.sha256(f"{embedder.fingerprint}\0{text}".encode()).hexdigest()


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
    digests = truth.digests()
    need = _tokens_bytes(texts, embedder)
    stored = need <= _DISK_SHARE * shutil.disk_usage(truth.path.parent).free
    chosen = background(truth.all_passages())
    always = {digests[n] for ordinals in chosen.values() for n in ordinals}
    truth.put_manifest(
        {
            "background": chosen,
            "token_vectors": "stored" if stored else "computed",
            "token_vectors_bytes": need,
        }
    )

    def with_tokens(digest: str) -> bool:
        return stored or digest in always

    for path in earlier:
        missing = sorted({digest for _, digest in truth.missing_vectors()})
        unknown = list(truth.samples_without_vectors())
        if (missing or unknown) and path.is_file():
            try:
                truth.adopt_vectors(path, missing, with_tokens)
                truth.adopt_vectors(path, unknown, lambda _: False)
            except StoreError as error:
                log.warning("embedding anew what could not be taken over: %s", error)
    wanted: dict[str, str] = {digest: texts[n] for n, digest in truth.missing_vectors()}
    questions = truth.samples_without_vectors()
    done, total = 0, len(wanted) + len(questions)
    progress("embed", 0, total)
    for batch in _batches(list(wanted.items()), _BATCH):
        embeddings = embedder.embed_passages([text for _, text in batch])
        made = dict(zip((digest for digest, _ in batch), embeddings, strict=True))
        truth.put_vectors(made, with_tokens)
        done += len(batch)
        progress("embed", done, total)
    for asked in _batches(list(questions.items()), _BATCH):
        embeddings = _sample_vectors(embedder, [text for _, text in asked])
        made = dict(zip((digest for digest, _ in asked), embeddings, strict=True))
        truth.put_vectors(made, lambda _: False)
        done += len(asked)
        progress("embed", done, total)
    return done


def _tokens_bytes(texts: Sequence[str], embedder: Embedder) -> int:
    """What the token vectors of all texts take on the disk, from a sample of them."""
    sample = texts[:: -(-len(texts) // _SAMPLED)]
    tokens = sum(embedder.count_tokens(text) for text in sample) / len(sample)
    # One byte a dimension, a scale of four and two offsets of four.
    return round(len(texts) * tokens * (embedder.dim + 12))


def _write_searchable(
    truth: Truth, texts: Sequence[str], version: Version, embedder: Embedder, progress: Progress
) -> None:
    dim = embedder.dim
    langs = [passage.lang for passage in truth.all_passages()]
    progress("means", 0, 1)
    if embedder.calibration is None:
        means = token_means(_with_tokens(truth, langs, dim), dim)
        truth.put_manifest({"token_means": means})
    calibration = calibration_of(embedder, truth.manifest())
    progress("samples", 0, 1)
    sample_questions(truth, calibration, dim).save(version.learnt)
    progress("lexical", 0, 1)
    LexicalIndex.build(texts).save(version.lexical)
    progress("vectors", 0, 1)
    if isinstance(version.vectors, Path):
        shutil.rmtree(version.vectors, ignore_errors=True)
    vectors = ChromaVectors.create(version.vectors, version.collection)
    searched = truth.sentence_vectors(dim).copy()
    for lang in set(langs):
        own = np.asarray([one == lang for one in langs])
        searched[own] = calibration.passages(searched[own], lang)
    vectors.add(searched, langs)
    progress("vectors", 1, 1)


def sample_questions(
    truth: Truth,
    calibration: Calibration,
    dim: int,
    classifiers: Mapping[str, Sequence[Classifier]] | None = None,
) -> SampleQuestions:
    """The sample questions of a version; what was learnt of them is learnt anew if left out."""
    samples = truth.samples()
    asked_in = {sample.lang for sample in samples}
    # Samples are read under titles, which the means of questions in general are not.
    means = {
        lang: mean for lang, mean in calibration.query_token_means.items() if lang not in asked_in
    }
    return SampleQuestions(samples, truth.sample_vectors(dim), means, classifiers)


def calibration_of(embedder: Embedder, manifest: Mapping[str, Any]) -> Calibration:
    """The model's own calibration, or what the means of the corpus give."""
    if embedder.calibration is not None:
        return embedder.calibration
    means = manifest["token_means"]
    return Calibration.of_corpus({k: np.asarray(v, dtype=np.float32) for k, v in means.items()})


def background(passages: Sequence[Passage]) -> dict[str, list[int]]:
    """Ordinals, by language, of passages spread over the corpus.

    How well a query matches these says how well it matches anything, so that scores of different
    queries, and of the two languages, can be compared.
    """
    by_lang: dict[str, list[int]] = {}
    for ordinal, passage in enumerate(passages):
        by_lang.setdefault(passage.lang, []).append(ordinal)
    return {lang: own[:: -(-len(own) // _BACKGROUND)] for lang, own in by_lang.items()}


def _with_tokens(
    truth: Truth, langs: Sequence[str], dim: int, most: int = 4_000
) -> Iterator[tuple[str, TokenVectors]]:
    """Token vectors, with their languages, of passages spread over the corpus."""
    ordinals = range(0, len(langs), -(-len(langs) // most))
    for batch in _batches(ordinals, 100):
        stored = truth.token_vectors(batch, dim)
        yield from ((langs[n], tokens) for n, tokens in stored.items())


def _batches(items: Sequence[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch
