from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import update as module
from index.build import FORMAT, build_version, check_version
from index.embedding import Embedding
from index.errors import (
    CorpusError,
    EmptyCorpusError,
    ModelError,
    StoreBusyError,
    StoreError,
    StoreMismatchError,
    StoreMissingError,
)
from index.onnx_embedder import OnnxEmbedder
from index.search import Index
from index.store import Store, Version
from index.testing import HashEmbedder
from index.truth import Truth
from index.update import InProcessBuilder, StoreStatus, WorkerBuilder, status, update
from index.vector_store import ChromaVectors

PROJECT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}


class Spy(HashEmbedder):
    """Remembers what it embedded; may be another model, or stop after some passages."""

    def __init__(self, fingerprint: str = "spy", stop_after: int | None = None) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._fingerprint = fingerprint
        self._stop_after = stop_after

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        if self._stop_after is not None and len(self.texts) >= self._stop_after:
            raise ModelError("the model stopped")
        self.texts.extend(texts)
        return super().embed_passages(texts)


def run(store: Store, corpus: Path, embedder: HashEmbedder | None = None, **options: Any) -> Any:
    embedder = embedder or Spy()
    return update(store, corpus, InProcessBuilder(embedder), embedder.fingerprint, **options)


def state(store: Store, corpus: Path, embedder: HashEmbedder | None = None) -> StoreStatus:
    return status(store, corpus, (embedder or Spy()).fingerprint)


def best(store: Store, query: str, embedder: HashEmbedder | None = None) -> str:
    index = Index.open(store, embedder or Spy())
    try:
        return index.search(query, 1).results[0].passage.id
    finally:
        index.close()


def sections(n: int, first: str = "First.") -> str:
    """A document of `n` passages."""
    parts = [f"## Part {i} {{#p{i}}}\n\nMeasure {i} is about thing{i}.\n" for i in range(1, n)]
    return "\n".join([f"# Long\n\n## Part 0 {{#p0}}\n\n{first}\n", *parts])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


# -- building, and not building ----------------------------------------------------------------


def test_a_first_build_is_checked_and_published(store: Store, corpus: Path) -> None:
    assert state(store, corpus).state == "missing"
    steps = []
    report = run(store, corpus, progress=lambda *step: steps.append(step))
    assert report.changed
    assert report.version == store.current().path.name
    assert (report.documents, report.passages, report.embedded) == (4, 8, 8)
    assert report.skipped == ()
    assert list(dict.fromkeys(step for step, _, _ in steps)) == [
        *("read", "split", "embed", "means", "samples", "lexical", "vectors", "check")
    ]
    assert steps[-1] == ("check", 1, 1)
    found = state(store, corpus)
    assert (found.state, found.version) == ("current", store.current())
    assert found.manifest["format"] == FORMAT
    assert found.manifest["embedder"] == "spy"
    assert (found.manifest["documents"], found.manifest["passages"]) == (4, 8)
    assert best(store, "配偶没有工作") == "green-card/zh#spouse"


def test_nothing_is_built_where_it_is_up_to_date(store: Store, corpus: Path) -> None:
    first = run(store, corpus)
    files = {path: path.stat().st_mtime_ns for path in store.versions.rglob("*")}
    spy = Spy()
    again = run(store, corpus, spy)
    assert not again.changed
    assert spy.texts == []
    assert (again.version, again.documents, again.passages, again.embedded) == (
        *(first.version, first.documents, first.passages, 0),
    )
    assert {path: path.stat().st_mtime_ns for path in store.versions.rglob("*")} == files


def test_a_build_can_be_forced(store: Store, corpus: Path) -> None:
    first = run(store, corpus)
    forced = run(store, corpus, force=True)
    assert forced.changed
    assert forced.version != first.version
    assert forced.embedded == 0


def test_only_changed_passages_are_embedded_again(store: Store, corpus: Path) -> None:
    run(store, corpus)
    path = corpus / "en" / "training.md"
    path.write_text(path.read_text().replace("800 yuan", "900 yuan"))
    found = state(store, corpus)
    assert found.state == "stale"
    assert str(corpus) in found.why
    spy = Spy()
    report = run(store, corpus, spy)
    assert report.embedded == len(spy.texts) == 1
    assert "900 yuan" in spy.texts[0]
    assert report.passages == 8
    assert state(store, corpus).state == "current"
    index = Index.open(store, Spy())
    assert "900 yuan" in index.passage("training/en#welders").text
    index.close()


@pytest.mark.parametrize("change", ["add", "remove", "rename"])
def test_a_file_that_comes_or_goes_makes_a_store_stale(
    store: Store, corpus: Path, change: str
) -> None:
    run(store, corpus)
    old = corpus / "en" / "training.md"
    if change == "add":
        (corpus / "new.txt").write_text("A new notice.\nIt is new.\n")
    else:
        shutil.move(old, corpus / ("training.md" if change == "rename" else "training.bak"))
    assert state(store, corpus).state == "stale"
    spy = Spy()
    report = run(store, corpus, spy)
    assert report.documents == {"add": 5, "remove": 3, "rename": 4}[change]
    assert len(spy.texts) == {"add": 1, "remove": 0, "rename": 0}[change]


def test_passages_with_the_same_text_are_embedded_once(
    store: Store, corpus: Path, write_files: Callable[..., Path]
) -> None:
    twice = write_files(
        corpus / "twice", {"a.txt": "Same title\nSame.", "b.txt": "Same title\nSame."}
    )
    spy = Spy()
    report = run(store, twice, spy)
    assert (report.documents, report.passages, len(spy.texts)) == (2, 2, 1)
    assert best(store, "same") in ("a/en#intro", "b/en#intro")


def test_broken_files_are_reported_by_every_update(store: Store, corpus: Path) -> None:
    (corpus / "broken.md").write_bytes(b"# T\n\xff\n")
    first = run(store, corpus)
    again = run(store, corpus)
    assert (first.documents, first.changed, again.changed) == (4, True, False)
    assert first.skipped == again.skipped
    assert str(corpus / "broken.md") + ":2: not UTF-8" in first.skipped[0]


def test_one_earlier_version_is_kept_for_its_readers(store: Store, corpus: Path) -> None:
    versions = []
    reader = None
    for number in range(3):
        (corpus / "more.txt").write_text(f"Number {number}.\nMore.\n")
        versions.append(run(store, corpus).version)
        if number == 1:
            reader = Index.open(store, Spy())
    assert sorted(path.name for path in store.versions.iterdir()) == versions[1:]
    assert reader is not None
    assert "Number 1." in reader.passage("more/en#intro").text
    assert reader.search("Number 1", 1).results[0].passage.id == "more/en#intro"
    reader.close()


# -- corpora that cannot be built --------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        (None, CorpusError, "no such folder"),
        ({}, EmptyCorpusError, "no document to index"),
        ({"a.md": "# Only\n\n## Headings\n"}, EmptyCorpusError, "no text but headings"),
    ],
)
def test_no_corpus_no_store(
    store: Store,
    tmp_path: Path,
    write_files: Callable[..., Path],
    files: dict[str, str] | None,
    error: type[CorpusError],
    message: str,
) -> None:
    corpus = tmp_path / "corpus"
    if files is not None:
        corpus.mkdir()
        write_files(corpus, files)
    for _ in range(2):
        with pytest.raises(error, match=message):
            run(store, corpus)
    with pytest.raises(StoreMissingError):
        store.current()
    assert store.other_versions(None) == []


@pytest.mark.parametrize("emptied", [True, False])
def test_a_lost_corpus_leaves_the_published_version(
    store: Store, corpus: Path, emptied: bool
) -> None:
    version = run(store, corpus).version
    shutil.rmtree(corpus)
    if emptied:
        corpus.mkdir()
    with pytest.raises(CorpusError):
        run(store, corpus)
    assert [path.name for path in store.versions.iterdir()] == [version]
    assert best(store, "配偶没有工作") == "green-card/zh#spouse"


# -- builds that fail --------------------------------------------------------------------------


class FailingCheck(InProcessBuilder):
    def check(self, version: Version) -> None:
        raise StoreError("the check failed")


def test_a_version_that_fails_its_check_is_not_published(store: Store, corpus: Path) -> None:
    version = run(store, corpus).version
    (corpus / "more.txt").write_text("More.\nMore text.\n")
    with pytest.raises(StoreError, match="the check failed"):
        update(store, corpus, FailingCheck(Spy()), "spy")
    assert store.current().path.name == version
    assert state(store, corpus).state == "stale"
    assert best(store, "配偶没有工作") == "green-card/zh#spouse"
    report = run(store, corpus)
    assert (report.documents, report.embedded) == (5, 0)


def test_what_a_failed_build_embedded_is_used(
    store: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build._BATCH", 32)
    version = run(store, corpus).version
    (corpus / "long.md").write_text(sections(100))
    with pytest.raises(ModelError, match="the model stopped"):
        run(store, corpus, Spy(stop_after=64))
    assert store.current().path.name == version
    spy = Spy()
    report = run(store, corpus, spy)
    assert report.passages == 108
    assert report.embedded == len(spy.texts) == 36
    assert best(store, "thing77") == "long/en#p77"


def test_failures_do_not_pile_up(store: Store, corpus: Path) -> None:
    (corpus / "long.md").write_text(sections(100))
    for _ in range(4):
        with pytest.raises(StoreError, match="the check failed"):
            update(store, corpus, FailingCheck(Spy()), "spy")
    assert len(store.other_versions(None)) == 1


def test_a_full_disk_is_not_filled_further(
    store: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "long.md").write_text(sections(100))
    create = Truth.create

    def small(path: Path) -> Truth:
        truth = create(path)
        truth._connection.execute("PRAGMA max_page_count = 60")
        return truth

    monkeypatch.setattr(Truth, "create", small)
    embedder = Spy()
    with pytest.raises(StoreError, match="disk is full; free some space"):
        run(store, corpus, embedder)
    assert embedder.texts
    assert store.other_versions(None) == []


def test_an_interrupted_build_can_be_gone_on_with(
    store: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build._BATCH", 32)
    (corpus / "long.md").write_text(sections(100))

    def interrupt(step: str, done: int, total: int) -> None:
        if step == "embed" and done >= 64:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(store, corpus, progress=interrupt)
    report = run(store, corpus)
    assert (report.passages, report.embedded) == (108, 44)


# -- other models and formats ------------------------------------------------------------------


def test_another_models_vectors_are_not_used(store: Store, corpus: Path) -> None:
    run(store, corpus, Spy("model-a"))
    found = state(store, corpus, Spy("model-b"))
    assert found.state == "mismatch"
    assert found.why == "made with the model model-a, not model-b"
    with pytest.raises(StoreMismatchError, match=r"model model-a, but .* model model-b; run `poli"):
        Index.open(store, Spy("model-b"))
    other = Spy("model-b")
    report = run(store, corpus, other)
    assert report.embedded == len(other.texts) == 8
    assert state(store, corpus, other).state == "current"
    # The first model's version is still there, and its vectors are used again.
    back = Spy("model-a")
    assert run(store, corpus, back).embedded == len(back.texts) == 0


def test_another_format_is_built_anew(store: Store, corpus: Path) -> None:
    run(store, corpus)
    with sqlite3.connect(store.current().truth) as connection:
        connection.execute("UPDATE manifest SET value = '0' WHERE key = 'format'")
    connection.close()
    found = state(store, corpus)
    assert (found.state, found.why) == (
        *("mismatch", f"made by format 0, this program writes {FORMAT}"),
    )
    with pytest.raises(StoreMismatchError, match="made with format 0"):
        Index.open(store, Spy())
    assert run(store, corpus).changed
    assert state(store, corpus).state == "current"


def test_a_version_that_is_gone_is_missing(store: Store, corpus: Path) -> None:
    run(store, corpus)
    store.remove(store.current())
    found = state(store, corpus)
    assert (found.state, found.version, found.manifest) == ("missing", None, {})
    assert "is gone" in found.why
    assert run(store, corpus).embedded == 8


# -- damage ------------------------------------------------------------------------------------


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


DAMAGE: list[tuple[str, str, Callable[[Path], Any], bool]] = [
    ("half of the vectors", "vectors/chroma.sqlite3", halve, True),
    ("vectors emptied", "vectors/chroma.sqlite3", empty, True),
    ("vectors overwritten", "vectors/chroma.sqlite3", lambda p: p.write_bytes(b"\7" * 9999), True),
    ("vectors removed", "vectors", shutil.rmtree, True),
    ("lexical removed", "lexical", shutil.rmtree, True),
    ("lexical scores emptied", "lexical/data.csc.index.npy", empty, True),
    ("lexical words halved", "lexical/vocab.index.json", halve, True),
    ("what was learnt removed", "learnt.npz", Path.unlink, True),
    ("what was learnt emptied", "learnt.npz", empty, True),
    ("half of what was learnt", "learnt.npz", halve, True),
    ("what was learnt overwritten", "learnt.npz", lambda p: p.write_bytes(b"\7" * 9999), True),
    ("half of the truth", "truth.sqlite", halve, False),
    ("truth emptied", "truth.sqlite", empty, False),
    ("truth removed", "truth.sqlite", Path.unlink, False),
    ("truth overwritten", "truth.sqlite", lambda p: p.write_bytes(b"\7" * 9999), False),
]


@pytest.mark.parametrize(
    ("name", "damage", "truth_is_whole"),
    [row[1:] for row in DAMAGE],
    ids=[row[0] for row in DAMAGE],
)
def test_damage_is_said_and_repaired(
    built: Store,
    tmp_path: Path,
    corpus: Path,
    name: str,
    damage: Callable[[Path], Any],
    truth_is_whole: bool,
) -> None:
    # A copy, because Chroma keeps what it has opened once.
    shutil.copytree(built.root, tmp_path / "store")
    store = Store(tmp_path / "store")
    embedder = HashEmbedder()
    damage(store.current().path / name)
    with pytest.raises(StoreError, match=r"run .*`policy-assistant index build`"):
        Index.open(store, embedder).search("配偶没有工作")
    with pytest.raises(StoreError):
        InProcessBuilder(embedder).check(store.current())
    report = run(store, corpus, embedder)
    assert report.changed
    assert report.embedded == (0 if truth_is_whole else 8)
    assert best(store, "配偶没有工作", embedder) == "green-card/zh#spouse"
    assert state(store, corpus, embedder).state == "current"


def test_vectors_that_belong_elsewhere_are_found_out(tmp_path: Path, corpus: Path) -> None:
    embedder = HashEmbedder()
    version = Store(tmp_path / "store").new_version()
    build_version(corpus, version, embedder)
    check_version(version, embedder)
    truth = Truth.open(version.truth)
    vectors = truth.sentence_vectors(embedder.dim)
    truth.close()
    for name, wrong, message in (
        ("fewer", vectors[:-1], "8 passages but 7 vectors"),
        ("turned round", -vectors, "passage 0 is not found by its own vector"),
    ):
        moved = Version(version.path, tmp_path / name)
        ChromaVectors.create(tmp_path / name, moved.collection).add(wrong, ["zh"] * len(wrong))
        with pytest.raises(StoreError, match=message):
            check_version(moved, embedder)


def test_a_damaged_page_that_no_search_would_read_is_found_out(
    tmp_path: Path, corpus: Path
) -> None:
    (corpus / "long.md").write_text(sections(100))
    version = Store(tmp_path / "store").new_version()
    build_version(corpus, version, HashEmbedder())
    size = version.truth.stat().st_size
    with version.truth.open("r+b") as file:
        file.seek(size // 3 // 4096 * 4096)
        file.write(bytes(4096))
    with pytest.raises(StoreError, match=r"truth\.sqlite: damaged .*index build"):
        check_version(version, HashEmbedder())


def test_a_damaged_leftover_is_passed_over(store: Store, corpus: Path) -> None:
    """Its manifest can be read, so only reading all of it tells."""
    (corpus / "long.md").write_text(sections(300))
    with pytest.raises(StoreError, match="the check failed"):
        update(store, corpus, FailingCheck(Spy()), "spy")
    (leftover,) = store.other_versions(None)
    size = leftover.truth.stat().st_size
    with leftover.truth.open("r+b") as file:
        file.truncate(size // 2)
    report = run(store, corpus)
    assert report.embedded == report.passages == 308


KILLED_WHILE_WRITING = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN")
connection.execute("UPDATE vectors SET sentence = zeroblob(length(sentence))")
os.kill(os.getpid(), 9)
"""


def test_a_leftover_that_was_being_written_is_rolled_back_and_used(
    store: Store, corpus: Path
) -> None:
    (corpus / "long.md").write_text(sections(100))
    with pytest.raises(StoreError, match="the check failed"):
        update(store, corpus, FailingCheck(Spy()), "spy")
    (leftover,) = store.other_versions(None)
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(leftover.truth)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert leftover.truth.with_name("truth.sqlite-journal").stat().st_size > 0
    assert run(store, corpus).embedded == 0
    assert best(store, "thing77") == "long/en#p77"


def test_vectors_that_cannot_be_taken_over_are_made(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "other.sqlite").write_bytes(b"no store" * 1000)
    version = Store(tmp_path / "store").new_version()
    report = build_version(corpus, version, Spy(), [tmp_path / "other.sqlite"])
    assert report.embedded == 8


# -- several at once ---------------------------------------------------------------------------

UPDATE = """
import sys
from pathlib import Path
from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update
embedder = HashEmbedder()
input()
report = update(Store(Path(sys.argv[1])), Path(sys.argv[2]), InProcessBuilder(embedder), embedder.fingerprint)
print(report.version, report.changed, report.embedded)
"""


def test_two_processes_that_update_build_once(store: Store, corpus: Path) -> None:
    (corpus / "long.md").write_text(sections(200))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", UPDATE, str(store.root), str(corpus)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in processes]
    assert sorted(line[1:] for line in said) == [["False", "0"], ["True", "208"]]
    assert said[0][0] == said[1][0] == store.current().path.name
    assert len(list(store.versions.iterdir())) == 1


def test_an_update_that_may_not_wait_says_that_another_one_runs(store: Store, corpus: Path) -> None:
    refused = []

    def meanwhile(step: str, done: int, total: int) -> None:
        if step == "lexical":
            with pytest.raises(StoreBusyError) as caught:
                run(store, corpus, wait_s=0)
            refused.append(str(caught.value))

    assert run(store, corpus, progress=meanwhile).changed
    assert len(refused) == 1
    assert "wait for it to finish" in refused[0]


def test_readers_are_not_disturbed_by_a_build(store: Store, corpus: Path) -> None:
    run(store, corpus)
    found: list[str] = []
    failures: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                found.append(best(store, "配偶没有工作"))
            except StoreError as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        (corpus / "more.txt").write_text("More.\nMore text.\n")
        run(store, corpus)
    finally:
        stop.set()
        reader.join()
    assert failures == []
    assert set(found) == {"green-card/zh#spouse"}


# -- a store on a server -----------------------------------------------------------------------


def test_a_store_on_a_server(chroma_server: str, tmp_path: Path, corpus: Path) -> None:
    store = Store.at(chroma_server, tmp_path / "cache")
    neighbour = Store.at(chroma_server, tmp_path / "neighbours-cache")
    other = run(neighbour, corpus).version
    versions = []
    for number in range(3):
        (corpus / "more.txt").write_text(f"Number {number}.\nMore.\n")
        versions.append(run(store, corpus).version)
        assert best(store, "配偶没有工作") == "green-card/zh#spouse"
    assert not (store.current().path / "vectors").exists()
    assert not run(store, corpus).changed
    # The oldest is gone; the one before, and what is not ours, is still there.
    with pytest.raises(StoreError, match="does not exist"):
        ChromaVectors.open(chroma_server, store.version(versions[0]).collection)
    for kept in (versions[1], versions[2], other):
        assert ChromaVectors.open(chroma_server, store.version(kept).collection).count() >= 8
    ChromaVectors.create(chroma_server, "anothers")
    module.drop_collections(chroma_server, [store.current().collection])
    with pytest.raises(StoreError, match=chroma_server):
        Index.open(store, Spy())
    report = run(store, corpus)
    assert (report.changed, report.embedded) == (True, 0)
    assert best(store, "配偶没有工作") == "green-card/zh#spouse"


def test_a_server_that_is_down_leaves_nothing_behind(tmp_path: Path, corpus: Path) -> None:
    store = Store.at("http://127.0.0.1:9", tmp_path)
    for _ in range(3):
        with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:9"):
            run(store, corpus)
    # What was embedded the first time is kept once.
    assert len(store.other_versions(None)) == 1


# -- the worker --------------------------------------------------------------------------------


def test_the_worker_builds_and_checks(
    store: Store,
    tmp_path: Path,
    corpus: Path,
    prepared_model: Path,
    onnx_embedder: OnnxEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Files that lie about in the folder that the user stands in are not taken for ours.
    (tmp_path / "index.py").write_text("raise SystemExit('not this one')")
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    (corpus / "broken.md").write_bytes(b"\xff")
    steps = set()
    report = update(
        store,
        Path("corpus"),
        WorkerBuilder(prepared_model),
        onnx_embedder.fingerprint,
        progress=lambda step, *_: steps.add(step),
    )
    assert (report.documents, report.passages, report.embedded) == (4, 8, 8)
    assert report.skipped == ("corpus/broken.md:1: not UTF-8 (byte 0xff); save the file as UTF-8",)
    assert {"split", "embed", "vectors", "check"} <= steps
    index = Index.open(store, onnx_embedder)
    assert index.search("配偶没有工作怎么办？", 1).results[0].passage.id == "green-card/zh#spouse"
    index.close()
    shutil.rmtree(store.current().path / "vectors")
    with pytest.raises(StoreError, match="vectors: missing"):
        WorkerBuilder(prepared_model).check(store.current())


def test_the_workers_errors_are_ours(store: Store, tmp_path: Path, prepared_model: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmptyCorpusError, match="no document to index"):
        update(store, tmp_path / "empty", WorkerBuilder(prepared_model), "any")
    with pytest.raises(ModelError, match="no-model"):
        update(store, tmp_path / "empty", WorkerBuilder(tmp_path / "no-model"), "any")


def test_a_worker_that_cannot_start(
    store: Store, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = tmp_path / "python"
    fails.write_text("#!/bin/sh\nexec <&-\nexit 3\n")
    fails.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fails))
    with pytest.raises(StoreError, match=r"was to build it ended with code 3; run `policy-assista"):
        update(store, corpus, WorkerBuilder(tmp_path), "any")


BUILD = """
import sys
from pathlib import Path
from index.store import Store
from index.update import WorkerBuilder, update
update(
    Store(Path(sys.argv[1])), Path(sys.argv[2]), WorkerBuilder(Path(sys.argv[3])), sys.argv[4],
    progress=lambda *step: print(*step, flush=True),
)
"""


def kill_everything(store: Store, corpus: Path, model: Path, fingerprint: str) -> None:
    """Kill -9 a build with all its processes, as a machine that loses its power does."""
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, str(store.root), str(corpus), str(model), fingerprint],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            step, done, _ = line.split()
            if step == "embed" and int(done) >= 32:
                os.killpg(process.pid, signal.SIGKILL)
                break
        assert process.wait() == -signal.SIGKILL


def kill_the_worker(store: Store, corpus: Path, model: Path, fingerprint: str) -> None:
    """Kill -9 the process that builds: the one that asked for it says what happened."""
    workers: list[subprocess.Popen[str]] = []

    class Remembered(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            workers.append(self)

    def kill(step: str, done: int, total: int) -> None:
        if step == "embed" and done >= 32:
            workers[0].kill()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.subprocess, "Popen", Remembered)
        with pytest.raises(
            StoreError, match=r"ended with code -9; run `policy-assistant index bui"
        ):
            update(store, corpus, WorkerBuilder(model), fingerprint, progress=kill)


@pytest.mark.parametrize("kill", [kill_everything, kill_the_worker])
def test_a_killed_build_is_repaired_and_its_work_used(
    store: Store,
    corpus: Path,
    prepared_model: Path,
    onnx_embedder: OnnxEmbedder,
    kill: Callable[[Store, Path, Path, str], None],
) -> None:
    (corpus / "long.md").write_text(sections(100))
    kill(store, corpus, prepared_model, onnx_embedder.fingerprint)
    assert status(store, corpus, onnx_embedder.fingerprint).state == "missing"
    assert len(store.other_versions(None)) == 1
    builder = InProcessBuilder(onnx_embedder)
    report = update(store, corpus, builder, onnx_embedder.fingerprint, wait_s=0)
    assert report.passages == 108
    assert report.embedded <= 108 - 32
    assert store.other_versions(store.current()) == []
    index = Index.open(store, onnx_embedder)
    vectors = index._truth.sentence_vectors(onnx_embedder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(108), abs=1e-4)
    index.close()
