"""From settings to a working assistant: model, store, composer."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path

from assistant.chat_settings import configured_model
from assistant.composers import Composer
from assistant.errors import ConfigurationError
from assistant.service import Assistant
from assistant.settings import Settings
from index.build import BuildReport, Progress
from index.errors import ModelError
from index.model_store import find_prepared
from index.onnx_embedder import OnnxEmbedder
from index.store import Store
from index.update import StoreStatus, WorkerBuilder, status, update

log = logging.getLogger(__name__)


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
    """The store that the settings name."""
    return Store.at(settings.store_place, settings.cache)


def store_status(settings: Settings) -> StoreStatus:
    """What the store holds against the corpus and the model."""
    embedder = OnnxEmbedder.open(model_dir(settings), settings.threads)
    return status(open_store(settings), settings.corpus, embedder.fingerprint)


def update_store(
    settings: Settings, progress: Progress = _quiet, *, force: bool = False
) -> BuildReport:
    """Build the store where it is missing or older than the corpus."""
    directory = model_dir(settings)
    embedder = OnnxEmbedder.open(directory, settings.threads)
    return update(
        open_store(settings),
        settings.corpus,
        WorkerBuilder(directory),
        embedder.fingerprint,
        progress=progress,
        force=force,
    )


def open_assistant(settings: Settings, progress: Progress = _quiet) -> Assistant:
    """An assistant over the up-to-date store.

    Args:
        settings: The settings.
        progress: Told (step, done, total) while the store is built, if it has to be.

    Raises:
        IndexingError: The model is not prepared, or the corpus or the store cannot be used.
        ConfigurationError: A chat model is asked for that cannot be set up.
    """
    embedder = OnnxEmbedder.open(model_dir(settings), settings.threads)
    store = open_store(settings)
    if status(store, settings.corpus, embedder.fingerprint).state != "current":
        report = update_store(settings, progress)
        for skipped in report.skipped:
            log.warning("left out: %s", skipped)
    composer = open_composer(settings)
    return Assistant(store, embedder, composer, evidence_tokens=settings.evidence_tokens)


def open_composer(settings: Settings) -> Composer | None:
    """The composer with a chat model that the settings ask for; `None` for quotes.

    Nothing is connected yet: a server that is down is found out by the first question.

    Raises:
        ConfigurationError: A chat model is asked for that is not configured or cannot be set up.
    """
    if settings.composer == "quotes":
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    given = {
        "POLICY_LLM": settings.llm or "",
        "POLICY_LLM_BASE_URL": settings.llm_base_url or "",
        "POLICY_LLM_API_KEY": key,
    }
    chosen = configured_model({**os.environ, **given})
    if chosen is None:
        if settings.composer == "llm":
            raise ConfigurationError(
                "POLICY_COMPOSER=llm, but no chat model is configured: set "
                "POLICY_LLM=provider:model, or POLICY_LLM_BASE_URL to an OpenAI-compatible server"
            )
        return None
    chosen = replace(
        chosen,
        timeout_s=settings.llm_timeout,
        deadline_s=settings.llm_deadline,
        max_retries=settings.llm_max_retries,
        max_tokens=settings.llm_max_tokens,
    )
    if settings.llm_structured_output != "auto":
        chosen = replace(chosen, structured_output=settings.llm_structured_output)
    from assistant.chat_model import connect
    from assistant.composers.llm import LlmComposer

    return LlmComposer(connect(chosen))
