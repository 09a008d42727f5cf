"""A small corpus in two languages, stores built from it, and a Chroma server of our own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update

LITHIUM_ZH = """---
id: lithium-plan
lang: zh
title: 锂电产业方案
issuer: 省经济和信息化厅
issued_on: 2023-09-20
source: {kind: news_report, publisher: 四川日报, published_on: 2023-09-21}
audiences: [enterprise]
---
# 锂电产业方案

## 布局 {#layout}

支持遂宁建设锂电新材料枢纽。支持宜宾建设动力电池基地。

## 资金 {#money}

对新建生产线给予 500 万元补助。

## 申报时限 {#deadline}

企业须在每年三月底前提交申请材料。
"""
LITHIUM_EN = """---
id: lithium-plan
lang: en
title: Lithium industry plan
issuer: Sichuan Department of Economy
issued_on: 2023-09-20
---
# Lithium industry plan

## Places {#layout}

Suining is supported as a hub of new lithium materials. Yibin becomes a base of power batteries.

## Money {#money}

A new production line is given 5 million yuan.
"""
GREEN_CARD_ZH = """---
id: green-card
lang: zh
title: 人才绿卡办法
---
# 人才绿卡办法

## 配偶 {#spouse}

持卡人的配偶没有工作的，由当地安排就业。

## 姓名 {#names}

𠮷先生是第一位持卡人。他住在 3 号楼。
"""
TRAINING_EN = """---
id: training
lang: en
title: Training vouchers
---
# Training vouchers

## Welders {#welders}

Apprentice welders get a voucher worth 800 yuan for every course.
"""
FILES = {
    "zh/lithium.md": LITHIUM_ZH,
    "en/lithium.md": LITHIUM_EN,
    "zh/green-card.md": GREEN_CARD_ZH,
    "en/training.md": TRAINING_EN,
}

Write = Callable[[Path, dict[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def write_files() -> Write:
    """Write files, by relative path, into a folder that is made; returns the folder."""

    def write(root: Path, files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write


@pytest.fixture
def hashes() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def corpus(tmp_path: Path, write_files: Write) -> Path:
    """The small corpus, to be changed at will."""
    return write_files(tmp_path / "corpus", dict(FILES))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, write_files: Write) -> Store:
    """A store of the small corpus. Read it, or copy it; do not change it."""
    root = tmp_path_factory.mktemp("built")
    embedder = HashEmbedder()
    store = Store(root / "store")
    corpus = write_files(root / "corpus", dict(FILES))
    update(store, corpus, InProcessBuilder(embedder), embedder.fingerprint)
    return store


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Chroma server on loopback, stopped when the tests are over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = tmp_path_factory.mktemp("chroma-server")
    command = [Path(sys.executable).parent / "chroma", "run", "--path", root / "data"]
    with (root / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        )
        try:
            _wait_for(process, port, root / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer on port {port} within 60 s: {log.read_text()}")
