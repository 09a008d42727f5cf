from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.settings import PROJECT, Settings, load_settings


def test_defaults(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("POLICY_CACHE")
    settings = load_settings()
    assert settings.corpus == PROJECT / "docs_corpus"
    assert settings.store_place == str(PROJECT / ".store")
    assert settings.cache.name == "policy-assistant"
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert (settings.composer, settings.log_level) == ("auto", "WARNING")


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_command_line_over_environment_over_file(environment: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("POLICY_PORT=1111\nPOLICY_HOST=file\nPOLICY_LLM=file:model\nOTHER=1\n")
    environment.setenv("POLICY_PORT", "2222")
    environment.setenv("POLICY_HOST", "environment")
    settings = load_settings(host="given", port=None)
    assert (settings.host, settings.port, settings.llm) == ("given", 2222, "file:model")


@pytest.mark.parametrize(
    "name", ["CORPUS", "STORE", "CACHE", "PORT", "THREADS", "RERANKER", "LLM", "COMPOSER"]
)
def test_an_empty_variable_is_an_absent_one(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(f"POLICY_{name}", raising=False)
    absent = load_settings()
    environment.setenv(f"POLICY_{name}", "")
    assert load_settings() == absent


def test_home(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HOME", "/somewhere")
    environment.setenv("POLICY_CORPUS", "~/corpus")
    environment.setenv("POLICY_CACHE", "~/cache")
    settings = load_settings()
    assert settings.corpus == Path("/somewhere/corpus")
    assert settings.cache == Path("/somewhere/cache")


class TestStorePlace:
    def test_named(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("POLICY_STORE", "http://127.0.0.1:8000")
        assert load_settings().store_place == "http://127.0.0.1:8000"
        assert load_settings(store="there").store_place == "there"

    def test_a_corpus_of_ones_own_has_a_store_of_its_own(
        self, environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        one, two = tmp_path / "one", tmp_path / "two"
        one.mkdir()
        (tmp_path / "link").symlink_to(one)
        environment.chdir(tmp_path)
        places = {
            load_settings(corpus=c).store_place for c in (one, Path("one"), tmp_path / "link")
        }
        (place,) = places
        assert Path(place).parent == PROJECT / ".store" / "corpora"
        assert load_settings(corpus=two).store_place != place
        assert load_settings(corpus=PROJECT / "docs_corpus").store_place == str(PROJECT / ".store")

    def test_installed_without_the_project(
        self, environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        environment.setattr("assistant.settings.PROJECT", tmp_path / "site-packages")
        settings = load_settings(cache=tmp_path / "cache", corpus=tmp_path)
        assert Path(settings.store_place).is_relative_to(tmp_path / "cache" / ".store")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "abc"), ("port", "-1"), ("port", "65536"), ("threads", "0"), ("composer", "poet"),
        ("log_level", "loud"), ("llm_timeout", "0"), ("llm_deadline", "soon"),
        ("llm_max_retries", "-1"), ("llm_structured_output", "yaml"), ("llm_max_tokens", "1"),
        ("evidence_tokens", "10"),
    ],
)  # fmt: skip
def test_wrong_values_are_named(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^POLICY_{name.upper()}='{value}': "):
        load_settings(**{name: value})
    environment.setenv(f"POLICY_{name.upper()}", value)
    with pytest.raises(ConfigurationError, match=f"^POLICY_{name.upper()}='{value}': "):
        load_settings()


def test_a_file_that_is_not_utf8(environment: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(b"POLICY_LLM=\xff")
    with pytest.raises(ConfigurationError, match=r"^\.env: not UTF-8; save"):
        load_settings()


def test_the_key_is_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POLICY_LLM_API_KEY", "sk-secret")
    settings = load_settings()
    assert "sk-secret" not in repr(settings)
    assert settings.llm_api_key is not None
    assert settings.llm_api_key.get_secret_value() == "sk-secret"
