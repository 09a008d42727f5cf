from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import CorpusError
from index.yaml_files import read_yaml

TEXT = """a: 1
b:
  - day: 2024-02-30
    yes: no
  - 1: {x: 1.5}
c: &shared
  d: 2
e: *shared
f:
  <<: *shared
  g: 3
"""


class OwnError(Exception):
    pass


def write(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_keys_and_days_stay_what_was_written(tmp_path: Path) -> None:
    found = read_yaml(write(tmp_path, TEXT))
    assert found.value == {
        "a": 1,
        "b": [{"day": "2024-02-30", "yes": False}, {"1": {"x": 1.5}}],
        "c": {"d": 2},
        "e": {"d": 2},
        "f": {"d": 2, "g": 3},
    }


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("a",), 1),
        (("b", 0, "day"), 3),
        (("b", 0, "yes"), 4),
        (("b", 1, "1", "x"), 5),
        (("b", 1, "missing"), 5),
        (("nowhere",), 1),
        (("f", "g"), 11),
    ],
)
def test_every_part_knows_its_line(tmp_path: Path, place: tuple[int | str, ...], line: int) -> None:
    path = write(tmp_path, TEXT)
    assert read_yaml(path).where(place) == f"{path}:{line}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: the file is empty; see the manual"),
        ("# nothing\n", ":1: the file is empty"),
        ("a: [1\n", "not YAML"),
        ("a: 1\na: 2\n", ":2: key 'a' stands in line 1 already"),
        ("a:\n  yes: 1\n  yes: 2\n", ":3: key 'yes' stands in line 2 already"),
        ("a: &x\n  b: *x\n", "holds itself; write it out"),
        ("a: \x07\n", "not YAML"),
        ("a: 1\n---\nb: 2\n", "not YAML"),
    ],
)
def test_a_wrong_file_is_the_readers_own_error(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(OwnError) as caught:
        read_yaml(path, OwnError, "the manual")
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
    path = tmp_path / "file.yaml"
    path.write_bytes("a: 人才".encode("gbk"))
    with pytest.raises(CorpusError, match="save the file as UTF-8"):
        read_yaml(path)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path).value == {"a": 1}
