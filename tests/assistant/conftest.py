"""The command line, called in this process: as its own process a call would take two seconds."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from assistant.service import Assistant
from index.onnx_embedder import OnnxEmbedder
from index.search import Index
from index.store import Store
from index.update import InProcessBuilder, update

KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "DASHSCOPE_API_KEY", "DEEPSEEK_API_KEY")
ALPHA = """---
id: alpha
lang: en
title: Alpha measures
issued_on: 2024-05-06
---
# Alpha measures
## Grants {#grants}
A lithium battery company in Alpha city receives a grant of 300,000 yuan.
## Housing {#housing}
Talents in Alpha city may rent a flat at half price for three years.
"""


@dataclass(frozen=True)
class Ran:
    """What a call of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The one line of a refusal: exit code 2, nothing on stdout, no traceback."""
        assert self.code == 2, self
        assert self.out == "", self
        lines = self.err.splitlines()
        assert len(lines) == 1, self
        assert lines[0].startswith("error: "), self
        return lines[0].removeprefix("error: ")


Cli = Callable[..., Ran]


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache_dir: Path
) -> pytest.MonkeyPatch:
    """Settings of nobody, but for the cache; a working folder without `.env`."""
    for name in list(os.environ):
        if name.startswith("POLICY_") or name in KEYS or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("POLICY_CACHE", str(cache_dir))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return monkeypatch


@pytest.fixture
def cli(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    onnx_embedder: OnnxEmbedder,
    prepared_model: Path,
) -> Any:
    """Call `policy-assistant`; models are loaded once, and builds need no process of their own."""
    load, open_version = OnnxEmbedder.open, Index.open_version
    opened: list[Index] = []

    def remembered(model_dir: Path, threads: int | None = None) -> OnnxEmbedder:
        return onnx_embedder if model_dir == prepared_model else load(model_dir, threads)

    def closed_later(*given: Any, **more: Any) -> Index:
        opened.append(open_version(*given, **more))
        return opened[-1]

    environment.setattr(OnnxEmbedder, "open", remembered)
    environment.setattr(Index, "open_version", closed_later)
    environment.setattr("index.update.WorkerBuilder", lambda _: InProcessBuilder(onnx_embedder))

    def call(*args: object, stdin: bytes = b"") -> Ran:
        environment.setattr(sys, "argv", ["policy-assistant", *map(str, args)])
        environment.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = run()
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    yield call
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def default_store(assistant: Assistant) -> Path:
    """A store of the project's own corpus; not to be written to."""
    return assistant.index.path.parent.parent


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three small documents, one of each kind."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "alpha.md").write_text(ALPHA, encoding="utf-8")
    text = (
        "贝塔市支持办法\n"
        "一、支持养老\n贝塔市对养老院每张新床位给予6000元补贴。\n"
        "二、支持农业\n种植苹果的农户可以免费使用冷库三年。\n"
        "三、组织实施\n本办法由贝塔市人力资源和社会保障局负责解释。\n"
    )
    (folder / "beta.txt").write_text(text, encoding="utf-8")
    record = {"id": "gamma", "text": "Gamma county waives the fee for foreign experts until 2026."}
    (folder / "more.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, onnx_embedder: OnnxEmbedder) -> Path:
    """A store of `corpus`'s Markdown file alone; see `store`."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "alpha.md").write_text(ALPHA, encoding="utf-8")
    builder = InProcessBuilder(onnx_embedder)
    update(Store(folder / "store"), folder / "corpus", builder, onnx_embedder.fingerprint)
    return folder


@pytest.fixture
def alpha(tmp_path: Path, built: Path) -> tuple[Path, Path]:
    """A corpus of one file and its up-to-date store, both to do with as one likes."""
    shutil.copytree(built, tmp_path / "alpha")
    return tmp_path / "alpha" / "corpus", tmp_path / "alpha" / "store"
