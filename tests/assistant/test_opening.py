from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.composers.llm import LlmComposer
from assistant.errors import ConfigurationError, LocalModelError
from assistant.opening import (
    check_reachable,
    model_dir,
    open_assistant,
    open_composer,
    open_reranker,
    open_store,
    store_status,
    update_store,
    verify_store,
)
from assistant.questions import Question
from assistant.settings import Settings, load_settings
from index.cross_encoder import CrossEncoderReranker, Reranker
from index.embedding import Vector
from index.errors import CorpusError, ModelError, StoreError, StoreMissingError
from index.onnx_embedder import OnnxEmbedder
from index.update import InProcessBuilder


@pytest.fixture
def settings(
    environment: pytest.MonkeyPatch, alpha: tuple[Path, Path], onnx_embedder: OnnxEmbedder
) -> Settings:
    """Over a small corpus with an up-to-date store; builds need no process of their own."""
    environment.setattr("index.update.WorkerBuilder", lambda _: InProcessBuilder(onnx_embedder))
    return load_settings(corpus=alpha[0], store=str(alpha[1]))


@pytest.fixture
def listening() -> Iterator[int]:
    """A port at which something listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_model_dir(settings: Settings, prepared_model: Path, tmp_path: Path) -> None:
    assert model_dir(settings) == prepared_model
    elsewhere = settings.model_copy(update={"cache": tmp_path})
    with pytest.raises(ModelError, match="policy-assistant models prepare"):
        model_dir(elsewhere)
    another = settings.model_copy(update={"embedding_model": "someone/some-model"})
    with pytest.raises(ModelError, match="someone/some-model: not prepared"):
        model_dir(another)


def test_states_of_a_store(settings: Settings, alpha: tuple[Path, Path]) -> None:
    assert store_status(settings).state == "current"
    assert verify_store(settings) == open_store(settings).current()
    (alpha[0] / "beta.txt").write_text("Beta lends desks free of charge.\n")
    assert store_status(settings).state == "stale"
    told: list[tuple[str, int, int]] = []
    report = update_store(settings, lambda *step: told.append(step))
    assert (report.documents, report.embedded, report.changed) == (2, 1, True)
    assert told[0] == ("read", 0, 1)
    assert told[-1] == ("check", 1, 1)
    assert store_status(settings).state == "current"
    assert update_store(settings).changed is False
    assert update_store(settings, force=True).changed is True


def test_a_whole_store_whose_corpus_is_gone(settings: Settings, alpha: tuple[Path, Path]) -> None:
    (alpha[0] / "alpha.md").unlink()
    alpha[0].rmdir()
    assert verify_store(settings).path.is_dir()
    with pytest.raises(CorpusError, match="no such folder"):
        store_status(settings)
    with pytest.raises(CorpusError, match="no such folder"):
        open_assistant(settings)


def test_nothing_to_verify(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="index build"):
        verify_store(settings.model_copy(update={"store": str(tmp_path / "none")}))


def test_open_assistant(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Any] = []
    assistant = open_assistant(settings, lambda *step: told.append(step))
    answer = assistant.ask(Question("What is the grant for a lithium battery company?"))
    assistant.index.close()
    assert "300,000" in answer.text
    assert told == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


class LongestFirst(Reranker):
    """Scores a passage by its length."""

    name = "longest-first"
    fingerprint = "longest-first-1"

    def scores(self, query: str, passages: Sequence[str]) -> Vector:
        return np.array([len(passage) for passage in passages], np.float32)


class TestReranker:
    def test_none_is_set(self, settings: Settings) -> None:
        assert settings.reranker is None
        assert open_reranker(settings) is None
        assistant = open_assistant(settings)
        assert assistant.index.reranker is None
        assert assistant.status()["reranker"] is None
        assistant.index.close()

    def test_one_that_is_set_reaches_the_index(
        self, settings: Settings, environment: pytest.MonkeyPatch, cli: Any
    ) -> None:
        asked: list[tuple[Any, ...]] = []

        def open_it(*given: Any) -> Reranker:
            asked.append(given)
            return LongestFirst()

        environment.setattr(CrossEncoderReranker, "open", open_it)
        environment.setenv("POLICY_RERANKER", "someone/model")
        environment.setenv("POLICY_THREADS", "2")
        told: list[tuple[str, int, int]] = []
        where = {"corpus": settings.corpus, "store": settings.store}
        assistant = open_assistant(load_settings(**where), lambda *step: told.append(step))
        assert asked == [("someone/model", 2)]
        assert told == [("Loading the reranker someone/model", 0, 1)]
        assert assistant.status()["reranker"] == "longest-first"
        assert isinstance(assistant.index.reranker, LongestFirst)
        results = assistant.search("grant")["results"]
        lengths = [result["components"]["cross_encoder"] for result in results]
        assert len(lengths) == 2
        assert lengths == sorted(lengths, reverse=True)
        named = ("--corpus", where["corpus"], "--store", where["store"])
        rows = {row["check"]: row["what"] for row in cli("doctor", *named, "--json").json}
        assert rows["reranker"] == "longest-first"

    def test_one_that_is_not_there(
        self, settings: Settings, environment: pytest.MonkeyPatch, cli: Any
    ) -> None:
        gone = settings.model_copy(update={"reranker": "./no-such-folder"})
        with pytest.raises(ModelError, match=r"no folder \./no-such-folder .*POLICY_RERANKER"):
            open_assistant(gone)
        environment.setenv("POLICY_RERANKER", "./no-such-folder")
        named = ("--corpus", settings.corpus, "--store", settings.store)
        ran = cli("search", "grant", *named)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines()[-1].startswith("error: There is no folder ./no-such-folder")
        ran = cli("doctor", *named, "--json")
        assert ran.code == 1
        (row,) = [row for row in ran.json if not row["ok"]]
        assert row["check"] == "reranker"


class TestComposer:
    def test_quotes_where_nothing_is_configured(self, settings: Settings) -> None:
        assert open_composer(settings) is None

    def test_quotes_where_they_are_asked_for(self, settings: Settings) -> None:
        asked = {"composer": "quotes", "llm_base_url": "http://127.0.0.1:1/v1", "llm": "local"}
        assert open_composer(settings.model_copy(update=asked)) is None

    def test_a_server(self, settings: Settings) -> None:
        asked = {"llm_base_url": "http://127.0.0.1:1/v1", "llm": "small", "llm_timeout": 3.0}
        composer = open_composer(settings.model_copy(update=asked))
        assert isinstance(composer, LlmComposer)
        assert composer.model == "small"

    def test_a_key_of_a_provider(self, settings: Settings, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("OPENAI_API_KEY", "sk-none")
        composer = open_composer(settings)
        assert composer is not None
        assert composer.model == "openai:gpt-4.1-mini"

    def test_none_to_be_had(self, settings: Settings) -> None:
        with pytest.raises(ConfigurationError, match="POLICY_COMPOSER=llm, but no chat model"):
            open_composer(settings.model_copy(update={"composer": "llm"}))

    def test_local(self, settings: Settings) -> None:
        nothing = {"llm": "local", "cache": settings.cache / "empty"}
        with pytest.raises(LocalModelError, match="POLICY_LLM=local"):
            open_composer(settings.model_copy(update=nothing))


class TestReachable:
    def test_something_listens(self, environment: pytest.MonkeyPatch, listening: int) -> None:
        check_reachable(f"http://127.0.0.1:{listening}/v1")
        check_reachable("http://127.0.0.1", http_port=listening)

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:1", "http://", "http://127.0.0.1:70000", "http://127.0.0.1:x"]
    )
    def test_nothing_does(self, environment: pytest.MonkeyPatch, url: str) -> None:
        with pytest.raises(OSError):
            check_reachable(url)

    def test_behind_a_proxy_nobody_can_tell(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("http_proxy", "http://127.0.0.1:1")
        check_reachable("http://192.0.2.1:8000")
        environment.setenv("no_proxy", "127.0.0.1")
        with pytest.raises(OSError):
            check_reachable("http://127.0.0.1:1")

    def test_a_store_on_a_server_that_is_down(self, settings: Settings) -> None:
        down = settings.model_copy(update={"store": "http://127.0.0.1:1"})
        for use in (open_store, store_status, update_store, open_assistant):
            with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:1: the Chroma server"):
                use(down)
