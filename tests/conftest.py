"""Fixtures that every package's tests share. The network is refused by pytest-socket."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import platformdirs
import pytest

from assistant.service import Assistant
from assistant.settings import PROJECT
from index.model_preparation import prepare
from index.model_store import DEFAULT_MODEL
from index.onnx_embedder import OnnxEmbedder
from index.store import Store
from index.update import InProcessBuilder, update

# Whoever starts the tests in the background may have them ignore Ctrl-C, and so would every process
# that they start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """The user's own cache: `make test` has put the embedding model there."""
    named = os.environ.get("POLICY_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("policy-assistant")


@pytest.fixture(scope="session")
def prepared_model(cache_dir: Path) -> Path:
    """The directory of the default embedding model; takes half a minute where it is not there."""
    return prepare(DEFAULT_MODEL, cache_dir, lambda _step, _done: None).path


@pytest.fixture(scope="session")
def onnx_embedder(prepared_model: Path) -> OnnxEmbedder:
    return OnnxEmbedder.open(prepared_model)


@pytest.fixture(scope="session")
def assistant(onnx_embedder: OnnxEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the project's own corpus, with the real model."""
    store = Store(tmp_path_factory.mktemp("store"))
    builder = InProcessBuilder(onnx_embedder)
    update(store, PROJECT / "docs_corpus", builder, onnx_embedder.fingerprint)
    return Assistant(store, onnx_embedder)
