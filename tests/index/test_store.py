from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import StoreBusyError, StoreError, StoreMissingError
from index.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


# -- where it is -------------------------------------------------------------------------------


def test_a_folder(tmp_path: Path) -> None:
    store = Store.at("~/policies", tmp_path)
    assert store == Store(Path.home() / "policies")
    version = store.version("v1")
    assert version.vectors == version.path / "vectors" == store.root / "versions" / "v1" / "vectors"
    assert {part.parent for part in (version.truth, version.lexical, version.learnt)} == {
        version.path
    }


def test_a_server_keeps_the_rest_in_the_cache(tmp_path: Path) -> None:
    store = Store.at("http://localhost:8000/", tmp_path)
    assert str(store) == store.server == "http://localhost:8000"
    assert store.root.is_relative_to(tmp_path / "stores")
    assert store == Store.at("http://localhost:8000", tmp_path)
    assert store.root != Store.at("https://localhost:8000", tmp_path).root
    assert store.version("v1").vectors == "http://localhost:8000"
    assert store.version("v1").truth.is_relative_to(store.root)
    assert store.version("v1").learnt.is_relative_to(store.root)
    assert store.version("v1").collection != store.version("v2").collection


@pytest.mark.parametrize("place", ["postgresql://host/db", "ftp://host", "file:///data/x"])
def test_other_addresses_are_refused(place: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=rf"store {place}: .*not known; give a folder, or"):
        Store.at(place, tmp_path)


# -- versions and the pointer ------------------------------------------------------------------


def test_publishing(store: Store) -> None:
    with pytest.raises(StoreMissingError, match="nothing is built there yet; run `policy-assi"):
        store.current()
    assert store.other_versions(None) == []
    first, second = store.new_version(), store.new_version()
    assert first.path.is_dir()
    store.publish(first)
    assert store.current() == first
    store.publish(second)
    assert store.current() == second
    assert store.other_versions(second) == [first]
    assert store.other_versions(None) == [second, first]
    store.remove(first)
    assert store.other_versions(second) == []
    assert sorted(p.name for p in store.root.iterdir()) == ["CURRENT", "versions"]


def test_names_are_never_used_twice_and_sort_by_age(store: Store) -> None:
    names = []
    for _ in range(50):
        version = store.new_version()
        names.append(version.path.name)
        store.remove(version)
    assert names == sorted(set(names))
    assert len(names) == 50


@pytest.mark.parametrize("content", ["gone", "", "\n", "../versions", "a/b", "/"])
def test_a_pointer_to_nothing(store: Store, content: str) -> None:
    store.new_version()
    (store.root / "CURRENT").write_text(content)
    with pytest.raises(StoreMissingError, match=r"is gone; run `policy-assistant index build`"):
        store.current()


def test_a_version_that_was_deleted(store: Store) -> None:
    version = store.new_version()
    store.publish(version)
    store.remove(version)
    with pytest.raises(StoreMissingError, match=f"version '{version.path.name}' is gone"):
        store.current()


def test_a_pointer_that_cannot_be_read(store: Store) -> None:
    store.root.mkdir()
    (store.root / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="cannot be read"):
        store.current()


def test_the_pointer_is_never_half_written(store: Store) -> None:
    versions = [store.new_version(), store.new_version()]
    store.publish(versions[0])
    done = threading.Event()
    seen, failures = set(), []

    def read() -> None:
        while not done.is_set():
            try:
                seen.add(store.current().path)
            except StoreError as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for turn in range(150):
            store.publish(versions[turn % 2])
    finally:
        done.set()
        reader.join()
    assert not failures
    assert seen <= {version.path for version in versions}
    assert [p.name for p in store.root.iterdir() if p.name.startswith("CURRENT")] == ["CURRENT"]


def test_a_full_disk_leaves_the_pointer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = store.new_version(), store.new_version()
    store.publish(first)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device; free some space"):
        store.publish(second)
    assert store.current() == first


# -- places that cannot be used ----------------------------------------------------------------


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / place)
    mend = "cannot be written: .*; free some space, mend the permissions, or name another place"
    with pytest.raises(StoreError, match=mend), store.lock():
        pass
    with pytest.raises(StoreError, match=mend):
        store.new_version()
    with pytest.raises(StoreError, match="cannot be read"):
        store.current()


def test_a_folder_without_the_right_to_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match=f"store {store.root}: cannot be written: Permission den"):
        store.new_version()
    with pytest.raises(StoreError, match="Permission denied"), store.lock():
        pass


# -- the lock ----------------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from index.store import Store
with Store(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(store: Store) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock until its stdin is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_two_processes_do_not_build_at_once(store: Store) -> None:
    with holder(store) as process:
        with pytest.raises(StoreBusyError, match="another process is building it"), store.lock():
            pass
        assert process.stdin is not None
        threading.Timer(0.4, process.stdin.close).start()
        with store.lock(wait_s=30):
            pass


def test_a_killed_builder_holds_nothing(store: Store) -> None:
    with holder(store) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with store.lock():
            pass


def test_the_lock_is_given_back_after_an_error(store: Store) -> None:
    def fail() -> None:
        with store.lock():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.lock(), pytest.raises(StoreBusyError), store.lock():
        pass
