"""`policy-assistant doctor`: checks everything an answer needs, and says what to mend."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say
from assistant.errors import AssistantError, ConfigurationError, MeasureError
from index.errors import CorpusError, IndexingError, StoreError

if TYPE_CHECKING:
    from assistant.settings import Settings

_PACKAGES = (
    "chromadb",
    "onnxruntime",
    "bm25s",
    "gradio",
    "langchain",
    "sentence-transformers",
    "torch",
)
_ROOM_MIN = 1 << 30


def doctor(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Check all that an answer needs, and say what to mend.

    Exit 1 where something is wrong.
    """
    settings = console.settings(corpus, store)
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("disk", _disk),
        ("corpus", _corpus),
        *((("measures", _measures),) if _describes_measures(settings) else ()),
        ("model", _model),
        *((("reranker", _reranker),) if settings.reranker else ()),
        ("store", _store),
        ("chat model", _chat_model),
    )
    found = []
    for name, check in checks:
        try:
            row = {"check": name, "ok": True, "what": check(settings)}
        except (AssistantError, IndexingError) as error:
            row = {"check": name, "ok": False, "what": str(error)}
        found.append(row)
        if not json:
            say(f"{'ok  ' if row['ok'] else 'FAIL'} {name:11} {row['what']}")
    if json:
        console.say_json(found)
    if not all(row["ok"] for row in found):
        raise typer.Exit(1)


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _packages(_: Settings) -> str:
    try:
        return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    except PackageNotFoundError as error:
        raise ConfigurationError(f"{error.name} is not installed; run `make setup`") from error


def _disk(settings: Settings) -> str:
    """The cache and the store are on the same disk, more often than not."""
    from index.store import Store

    shown: dict[str, None] = {}
    for place in (settings.cache, Store.at(settings.store_place, settings.cache).root):
        there = _nearest(place)
        if not there.is_dir() or not os.access(there, os.W_OK):
            raise ConfigurationError(
                f"{there}: cannot be written; mend the permissions, or name other places with "
                "POLICY_CACHE and --store"
            )
        free = shutil.disk_usage(there).free
        if free < _ROOM_MIN:
            raise ConfigurationError(f"{there}: only {free >> 20} MiB free; free 1 GiB")
        shown[f"{free >> 30} GiB free at {there}"] = None
    return ", ".join(shown)


def _nearest(place: Path) -> Path:
    """The place, or the first folder above it that exists."""
    place = place.expanduser().absolute()
    while not place.exists():
        place = place.parent
    return place


def _corpus(settings: Settings) -> str:
    from index.loaders import load_corpus

    loaded = load_corpus(settings.corpus)
    if loaded.errors:
        more = f" (and {len(loaded.errors) - 1} more)" if len(loaded.errors) > 1 else ""
        raise CorpusError(f"left out: {loaded.errors[0]}{more}")
    return f"{len(loaded.documents)} documents in {settings.corpus}"


def _describes_measures(settings: Settings) -> bool:
    from assistant.eligibility.loading import catalogue_files

    return bool(catalogue_files(settings.corpus))


def _measures(settings: Settings) -> str:
    from assistant.eligibility.checking import check_catalogue
    from assistant.eligibility.loading import load_catalogue

    faults = check_catalogue(settings.corpus)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise MeasureError(f"{faults[0]}{more}; see `policy-assistant measures check`")
    catalogue = load_catalogue(settings.corpus)
    drafts = sum(measure.draft for measure in catalogue.measures.values())
    told = f", {drafts} of them drafts" if drafts else ""
    return f"{len(catalogue.measures)} measures{told}, {len(catalogue.facts)} facts"


def _model(settings: Settings) -> str:
    from assistant.opening import model_dir
    from index.onnx_embedder import OnnxEmbedder

    embedder = OnnxEmbedder.open(model_dir(settings), settings.threads)
    embedder.verify()
    return f"{embedder.name}, {embedder.dim} dimensions"


def _reranker(settings: Settings) -> str:
    from assistant.opening import open_reranker

    reranker = open_reranker(settings)
    return reranker.name if reranker else "none"


def _store(settings: Settings) -> str:
    from assistant.opening import store_status, verify_store

    found = store_status(settings)
    if found.state != "current":
        raise StoreError(f"{found.state}: {found.why}; run `policy-assistant index build`")
    return f"{found.manifest['passages']} passages, version {verify_store(settings).path.name}"


def _chat_model(settings: Settings) -> str:
    from assistant.opening import check_reachable, open_composer

    composer = open_composer(settings)
    if composer is None:
        return "none configured; answers are quotes"
    if settings.llm_base_url:
        try:
            check_reachable(settings.llm_base_url)
        except OSError as error:
            raise ConfigurationError(
                f"{settings.llm_base_url}: cannot be reached ({error}); start the server, or mend "
                "POLICY_LLM_BASE_URL"
            ) from error
    return str(composer.model)
