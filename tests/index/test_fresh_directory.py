from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.fresh_directory import exclusive, publish, workplace


def test_a_directory_is_published_whole_and_replaces_what_was_there(tmp_path: Path) -> None:
    final = tmp_path / "final"
    final.mkdir()
    (final / "half").touch()
    with workplace(tmp_path) as work:
        made = work / "made"
        made.mkdir()
        (made / "file").write_text("whole", encoding="utf-8")
        publish(made, final)
    assert [path.name for path in tmp_path.iterdir()] == ["final"]
    assert [path.name for path in final.iterdir()] == ["file"]


def test_a_workplace_goes_even_when_its_work_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), workplace(tmp_path) as work:
        (work / "half").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".making-killed" / "model").mkdir(parents=True)
    with workplace(tmp_path) as work:
        assert list(tmp_path.iterdir()) == [work]


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    waits, order = threading.Event(), []

    def second() -> None:
        with exclusive(tmp_path, waits.set):
            order.append("second")

    with exclusive(tmp_path, lambda: pytest.fail("nobody holds the lock")):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(5)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
