"""From settings to a working assistant: models, store, composer.

A cold start is half imports, half loading the model. Both are put off until they are needed, and
what ONNX Runtime loads, it loads beside the imports.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.chat_opening import open_composer, runs_locally
from assistant.settings import Settings
from index.errors import CorpusError, ModelError, StoreBusyError, StoreError
from index.model_store import find_prepared, read_manifest
from index.store import Store, Version

if TYPE_CHECKING:
    from assistant.composers.llm import LlmComposer
    from assistant.eligibility.model_reading import ModelReading
    from assistant.service import Assistant
    from index.build import BuildReport, Progress
    from index.cross_encoder import Reranker
    from index.onnx_embedder import OnnxEmbedder
    from index.update import StoreStatus

__all__ = [
    "check_reachable",
    "model_dir",
    "open_assistant",
    "open_composer",
    "open_reranker",
    "open_store",
    "reader_of",
    "store_status",
    "update_store",
    "verify_store",
]

log = logging.getLogger(__name__)

_CONNECT_S = 5.0
_WARNINGS = 5


def _quiet(step: str, done: int, total: int) -> None:
    log.info("%s %d/%d", step, done, total)


def model_dir(settings: Settings) -> Path:
    """The folder of the prepared embedding model.

    Raises:
        ModelError: It is not prepared.
    """
    found = find_prepared(settings.embedding_model, settings.cache)
    if found is None:
        raise ModelError(
            f"embedding model {settings.embedding_model}: not prepared on this machine; run "
            "`policy-assistant models prepare`"
        )
    return found


def open_store(settings: Settings) -> Store:
    """The store that the settings name.

    Raises:
        StoreError: It is on a server that cannot be reached.
    """
    store = Store.at(settings.store_place, settings.cache)
    if store.server:
        try:
            check_reachable(store.server, 8000)
        except OSError as error:
            raise StoreError(
                f"store {store.server}: the Chroma server cannot be reached ({error}); start it, "
                "or name another place with --store"
            ) from error
    return store


def store_status(settings: Settings) -> StoreStatus:
    """What the store holds against the corpus and the model."""
    from index.update import status

    return status(open_store(settings), settings.corpus, _fingerprint(settings))


def verify_store(settings: Settings) -> Version:
    """Open every part of the published version and see that they agree, and fit the model.

    Raises:
        StoreMissingError: Nothing was published.
        StoreError: They do not.
    """
    from index.update import WorkerBuilder

    version = open_store(settings).current()
    try:
        found = store_status(settings)
    except CorpusError:
        pass  # What was built can be whole all the same.
    else:
        if found.state == "mismatch":
            raise StoreError(
                f"store {version.path}: {found.why}; run `policy-assistant index build`"
            )
    WorkerBuilder(model_dir(settings)).check(version)
    return version


def update_store(
    settings: Settings, progress: Progress = _quiet, *, force: bool = False
) -> BuildReport:
    """Build the store where it is missing or older than the corpus."""
    from index.update import WorkerBuilder, update

    builder = WorkerBuilder(model_dir(settings))
    store = open_store(settings)
    try:
        with store.lock():
            pass
    except StoreBusyError:
        progress("wait", 0, 1)
    return update(
        store,
        settings.corpus,
        builder,
        _fingerprint(settings),
        progress=progress,
        force=force,
    )


def open_assistant(settings: Settings, progress: Progress = _quiet) -> Assistant:
    """An assistant over the up-to-date store.

    Args:
        settings: The settings.
        progress: Told (step, done, total) while the store is built, if it has to be.

    Raises:
        IndexingError: The model is not prepared, the reranker cannot be loaded, or the corpus or
            the store cannot be used.
        ConfigurationError: A chat model is asked for that cannot be set up.
        LocalModelError: The local model is not there, or cannot be served.
    """
    embedder = _load_embedder(settings)
    from assistant.service import Assistant

    if runs_locally(settings):
        progress(f"Starting the local model {settings.local_model}", 0, 1)
    composer = open_composer(settings)
    if settings.reranker:
        progress(f"Loading the reranker {settings.reranker}", 0, 1)
    reranker = open_reranker(settings)
    found = store_status(settings)
    skipped = found.manifest.get("skipped", ())
    if found.state != "current":
        skipped = update_store(settings, progress).skipped
    _warn_of(skipped)
    return Assistant(
        Store.at(settings.store_place, settings.cache),
        embedder.result(),
        composer,
        corpus=settings.corpus,
        reranker=reranker,
        reader=reader_of(composer),
        evidence_tokens=settings.evidence_tokens,
    )


def reader_of(composer: LlmComposer | None) -> ModelReading | None:
    """What reads facts about a person with the composer's chat model; `None` where rules alone do.

    A small model is not asked: it claims facts that nobody stated, and takes a minute to do so.
    """
    if composer is None or composer.small:
        return None
    from assistant.eligibility.model_reading import ModelReading

    return ModelReading(composer.chat_model)


def open_reranker(settings: Settings) -> Reranker | None:
    """The cross encoder that the settings ask for; `None` where late interaction alone reranks.

    Raises:
        ModelError: It cannot be found, downloaded or loaded, or is no cross encoder.
    """
    if not settings.reranker:
        return None
    from index.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker.open(settings.reranker, settings.threads)


def check_reachable(url: str, http_port: int = 80) -> None:
    """See quickly whether something listens at an HTTP address; one behind a proxy is trusted.

    Args:
        url: The address.
        http_port: The port of an `http://` address that names none.

    Raises:
        OSError: Nothing does, or the address is none.
    """
    from urllib.request import getproxies, proxy_bypass

    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise OSError(str(error)) from error
    if not host:
        raise OSError("the address names no host")
    if parts.scheme in getproxies() and not proxy_bypass(host):
        return
    port = port or (443 if parts.scheme == "https" else http_port)
    socket.create_connection((host, port), _CONNECT_S).close()


def _warn_of(skipped: Sequence[str]) -> None:
    """Say what an answer cannot rest on."""
    for reason in skipped[:_WARNINGS]:
        log.warning("left out of the index: %s", reason)
    if len(skipped) > _WARNINGS:
        more = len(skipped) - _WARNINGS
        log.warning("left out of the index: %d more; see `policy-assistant index status`", more)


def _fingerprint(settings: Settings) -> str:
    return read_manifest(model_dir(settings)).fingerprint


def _load_embedder(settings: Settings) -> Future[OnnxEmbedder]:
    """Load the model in a thread: a tenth of a second is gained where there are two cores."""
    directory = model_dir(settings)
    # Here, because numpy cannot be imported by two threads at once.
    from index.onnx_embedder import OnnxEmbedder

    pool = ThreadPoolExecutor(1)
    loading = pool.submit(OnnxEmbedder.open, directory, settings.threads)
    pool.shutdown(wait=False)
    return loading
