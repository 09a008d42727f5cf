"""YAML files whose every value knows its line, so that a fault can name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.errors import SuiteError

Place = tuple[int | str, ...]


@dataclass(frozen=True)
class Yaml:
    """A file's value, and the line of each part of it by its place."""

    path: Path
    value: Any
    lines: dict[Place, int]

    def where(self, place: Sequence[int | str] = ()) -> str:
        """File and line of a part; of the nearest part around it where it is not there."""
        known = tuple(place)
        while known and known not in self.lines:
            known = known[:-1]
        return f"{self.path}:{self.lines.get(known, 1)}"


def read_yaml(path: Path) -> Yaml:
    """Read one YAML document.

    Raises:
        SuiteError: It cannot be read, is broken, or a key stands twice; names file and line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SuiteError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"{path}: not UTF-8; save the file as UTF-8") from error
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise SuiteError(f"{path}:1: the file is empty; see `policy-assistant eval schema`")
        lines: dict[Place, int] = {}
        _note(path, node, (), lines, set())
        return Yaml(path, loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SuiteError(f"{path}:{line}: not YAML: {error.problem}; mend the line") from error
    except yaml.reader.ReaderError as error:
        raise SuiteError(f"{path}: not YAML: {error.reason} at {error.position}") from error
    except (ValueError, RecursionError) as error:
        raise SuiteError(f"{path}: cannot be read as YAML: {error}") from error
    finally:
        loader.dispose()


def _note(
    path: Path, node: yaml.Node, place: Place, lines: dict[Place, int], above: set[int]
) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in above:
        raise SuiteError(f"{path}:{lines[place]}: an alias that holds itself; write it out")
    inside = above | {id(node)}
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note(path, item, (*place, number), lines, inside)
    elif isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if (*place, name) in lines:
                first = lines[*place, name]
                raise SuiteError(f"{path}:{line}: key {name!r} stands in line {first} already")
            lines[*place, name] = line
            _note(path, item, (*place, name), lines, inside)
