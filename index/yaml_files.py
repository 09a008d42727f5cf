"""YAML files whose every value knows its line, so that a fault can name it.

Keys and dates stay the text that was written (`yes`, `1`, `2024-02-30`): what they mean, and
whether there is such a day, is for the reader of the file, who can then name the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from index.errors import CorpusError

Place = tuple[int | str, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML may be built without libyaml
_STRING = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


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


def read_yaml(path: Path, error: type[Exception] = CorpusError, form: str = "its form") -> Yaml:
    """Read one YAML document.

    Args:
        path: The file.
        error: What to raise where it is wrong.
        form: Where its form is described, for whoever left the file empty.

    Raises:
        Exception: An `error`: it cannot be read, is broken or empty, or a key stands twice; names
            file and line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise error(f"{path}: cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise error(f"{path}: not UTF-8; save the file as UTF-8") from fault
    try:
        loader = _LOADER(text)
    except yaml.reader.ReaderError as fault:
        raise error(f"{path}: not YAML: {fault.reason} at {fault.position}") from fault
    try:
        node = loader.get_single_node()
        if node is None:
            raise error(f"{path}:1: the file is empty; see {form}")
        lines: dict[Place, int] = {}
        _Notes(path, error, lines).note(node, (), frozenset())
        return Yaml(path, loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        raise error(f"{path}:{line}: not YAML: {fault.problem}; mend the line") from fault
    except yaml.reader.ReaderError as fault:
        raise error(f"{path}: not YAML: {fault.reason} at {fault.position}") from fault
    except (ValueError, RecursionError) as fault:
        raise error(f"{path}: cannot be read as YAML: {fault}") from fault
    finally:
        loader.dispose()


@dataclass(frozen=True)
class _Notes:
    path: Path
    error: type[Exception]
    lines: dict[Place, int]

    def note(self, node: yaml.Node, place: Place, above: frozenset[int]) -> None:
        """Note the lines of a node and of all that is in it; keep keys and dates as written."""
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            if node.tag == _TIMESTAMP:
                node.tag = _STRING
            return
        if id(node) in above:
            where = f"{self.path}:{self.lines[place]}"
            raise self.error(f"{where}: an alias that holds itself; write it out")
        inside = above | {id(node)}
        if isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self.note(item, (*place, number), inside)
        elif isinstance(node, yaml.MappingNode):
            for key, item in node.value:
                name = str(key.value)
                line = key.start_mark.line + 1
                if (*place, name) in self.lines:
                    first = self.lines[*place, name]
                    where = f"{self.path}:{line}"
                    raise self.error(f"{where}: key {name!r} stands in line {first} already")
                if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                    key.tag = _STRING
                self.lines[*place, name] = line
                self.note(item, (*place, name), inside)
