r"""Cases as a spreadsheet (CSV or XLSX), because staff write them so; and back, without loss.

One row a case. A cell that holds several things holds one a line; a nugget's wordings are parted
by ` | `, and an okay nugget begins with `(okay) `. Inside a thing, `\n` is a line break, `\|` a
bar and `\\` a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.case_files import Kind, Row, check_rows, to_json
from evals.cases import Case
from evals.errors import SuiteError
from evals.faults import Faults
from evals.tables import read_table, write_table

_OKAY = "(okay) "
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_ESCAPE = re.compile(r"\\([nr\\|(])")
_WORDING = re.compile(r"(?:\\.|[^|])+")
_YES = {"yes": True, "true": True, "1": True, "是": True}
_NO = {"no": False, "false": False, "0": False, "否": False}
_SHARED = ("id", "lang", "pair", "conversation", "tags")
_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "answer": (
        *_SHARED,
        *("turns", "answerable", "status", "verdict", "sections", "nuggets", "figures"),
        "forbidden",
    ),
    "retrieval": (*_SHARED, "query", "sections"),
}
_EXPECT = ("answerable", "status", "verdict", "sections", "nuggets", "figures", "forbidden")


def write_spreadsheet(path: Path, cases: Sequence[Case], kind: Kind) -> None:
    """Write cases to a new `.csv` (UTF-8 with BOM) or `.xlsx` file.

    Raises:
        SuiteError: It exists, cannot be written, or a case does not fit into cells.
    """
    columns = _COLUMNS[kind]
    rows = [columns, *([_cell(case, kind, column) for column in columns] for case in cases)]
    write_table(path, rows)


def read_spreadsheet(path: Path, kind: Kind) -> list[Case]:
    """Read cases from a `.csv` (UTF-8 or GBK) or `.xlsx` file.

    Raises:
        SuiteError: With every fault, one a line: file, row, what is wrong, mend.
    """
    table = read_table(path)
    faults = Faults()
    if not table:
        raise SuiteError(f"{path}: is empty; its first row names the columns")
    (_, header), *rest = table
    names = [name.strip().lower() for name in header]
    _check_header(path, names, kind, faults)
    faults.raise_any()
    rows = []
    for number, cells in rest:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            faults.add(f"{path}:{number}: more cells than columns; put the row into quotes")
            continue
        values = dict(zip(names, cells, strict=False))
        rows.append(Row(f"{path}:{number}", _case(values, kind, f"{path}:{number}", faults)))
    if not rows:
        faults.add(f"{path}: holds no case; write one a row")
    cases = check_rows(rows, kind, faults)
    faults.raise_any()
    return cases


def _cell(case: Case, kind: Kind, column: str) -> str:
    line = to_json(case, kind)
    value = (line.get("expect", {}) if column in _EXPECT and kind == "answer" else line).get(column)
    if value is None:
        return ""
    match column:
        case "answerable":
            return "yes" if value else "no"
        case "sections":
            parts = [f"{ref['document_id']}#{ref['section']}" for ref in value]
        case "nuggets":
            parts = [_written(nugget) for nugget in value]
        case _:
            parts = [_escaped(part) for part in (value if isinstance(value, list) else [value])]
    return "\n".join(parts)


def _case(values: dict[str, str], kind: Kind, where: str, faults: Faults) -> dict[str, Any]:
    found: dict[str, Any] = {}
    expect: dict[str, Any] = {}
    for column, cell in values.items():
        if not cell.strip():
            continue
        target = expect if kind == "answer" and column in _EXPECT else found
        lines = [line.strip() for line in _LINE_BREAK.split(cell) if line.strip()]
        match column:
            case "answerable":
                word = cell.strip().lower()
                if word not in _YES | _NO:
                    faults.add(f"{where}: answerable {cell!r} is not known; write yes or no")
                target[column] = (_YES | _NO).get(word)
            case "nuggets":
                target[column] = [_nugget(line) for line in lines]
            case "id" | "lang" | "pair" | "conversation" | "verdict" | "query":
                target[column] = _unescaped(cell.strip())
            case _:
                target[column] = [_unescaped(line) for line in lines]
    return found | ({"expect": expect} if kind == "answer" else {})


def _written(nugget: dict[str, Any]) -> str:
    line = " | ".join(_escaped(words).replace("|", "\\|") for words in nugget["any"])
    if not nugget["vital"]:
        return _OKAY + line
    return f"\\{line}" if line.startswith(_OKAY.strip()) else line


def _nugget(line: str) -> dict[str, Any]:
    words = line.removeprefix(_OKAY.strip())
    wordings = [_unescaped(part.strip()) for part in _WORDING.findall(words)]
    return {"any": wordings, "vital": words == line}


def _escaped(words: str) -> str:
    """On one line: line breaks and backslashes are escaped."""
    return words.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _unescaped(words: str) -> str:
    return _ESCAPE.sub(lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), words)


def _check_header(path: Path, names: list[str], kind: Kind, faults: Faults) -> None:
    known = _COLUMNS[kind]
    asks = "turns" if kind == "answer" else "query"
    for name in names:
        if name not in known:
            faults.add(f"{path}:1: column {name!r} is not known; use {', '.join(known)}")
        if names.count(name) > 1:
            faults.add(f"{path}:1: column {name!r} stands twice; keep one")
    for name in ("id", "lang", asks):
        if name not in names:
            faults.add(f"{path}:1: column {name!r} is missing; add it")
