"""`policy-assistant doctor`: checks everything an answer needs, and says what to mend."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import typer

from index.errors import IndexingError

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption
from assistant.errors import AssistantError
from assistant.settings import Settings

_PACKAGES = ("chromadb", "onnxruntime", "bm25s", "gradio", "langchain", "sentence-transformers", "torch")
_ROOM_MIN = 1 << 30


def doctor(json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None) -> None:
    """Check the installation, the model, the corpus and the store; exit 1 if something is wrong."""
    settings = console.settings(corpus, store)
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("disk", _disk),
        ("corpus", _corpus),
        ("model", _model),
        ("store", _store),
        ("chat model", _chat_model),
    )
    found = []
    for name, check in checks:
        try:
            found.append({"check": name, "ok": True, "what": check(settings)})
        except (AssistantError, IndexingError) as error:
            found.append({"check": name, "ok": False, "what": str(error)})
    if json:
        console.print_json(found)
    else:
        for row in found:
            print(f"{'ok  ' if row['ok'] else 'FAIL'} {row['check']:11} {row['what']}")
    if not all(row["ok"] for row in found):
        raise typer.Exit(1)


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _packages(_: Settings) -> str:
    try:
        return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    except PackageNotFoundError as error:
        raise AssistantError(f"{error.name} is not installed; run `make setup`") from error


def _disk(settings: Settings) -> str:
    place = settings.cache
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < _ROOM_MIN:
        raise AssistantError(f"{free >> 20} MiB free at {place}; free some space")
    return f"{free >> 30} GiB free at {place}"


def _corpus(settings: Settings) -> str:
    from index.loaders import load_corpus

    loaded = load_corpus(settings.corpus)
    if loaded.errors:
        raise loaded.errors[0]
    return f"{len(loaded.documents)} documents in {settings.corpus}"


def _model(settings: Settings) -> str:
    from index.onnx_embedder import OnnxEmbedder

    from assistant.opening import model_dir

    embedder = OnnxEmbedder.open(model_dir(settings), settings.threads)
    embedder.verify()
    return f"{embedder.name}, {embedder.dim} dimensions"


def _store(settings: Settings) -> str:
    from index.errors import StoreError
    from index.update import WorkerBuilder

    from assistant.opening import model_dir, store_status

    found = store_status(settings)
    if found.state != "current" or found.version is None:
        raise StoreError(f"{found.state}: {found.why}; run `policy-assistant index build`")
    WorkerBuilder(model_dir(settings)).check(found.version)
    return f"{found.manifest['passages']} passages, version {found.version.path.name}"


def _chat_model(settings: Settings) -> str:
    from assistant.opening import open_composer

    composer = open_composer(settings)
    return f"{composer.model}" if composer else "none configured; answers are quotes"
