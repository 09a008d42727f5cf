"""Cases as a spreadsheet (CSV or XLSX), because staff write them so; and back, without loss.

One row a case. A cell that holds several things holds one a line; a nugget's wordings are parted
by ` | `, and an okay nugget begins with `(okay) `. A cell that a spreadsheet would take for a
formula is written with an apostrophe before it, and read without.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException

from evals.case_files import Kind, Row, check_rows, to_json
from evals.cases import Case
from evals.errors import SuiteError
from evals.faults import Faults

_OKAY = "(okay) "
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
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
_WIDE = ("turns", "query", "sections", "nuggets", "forbidden")
_CELL_MAX = 32_767


def write_spreadsheet(path: Path, cases: Sequence[Case], kind: Kind) -> None:
    """Write cases to a new `.csv` (UTF-8 with BOM) or `.xlsx` file.

    Raises:
        SuiteError: It exists, cannot be written, or a case does not fit into cells.
    """
    columns = _COLUMNS[kind]
    rows = [columns, *([_cell(case, kind, column) for column in columns] for case in cases)]
    data = _csv(rows) if _suffix(path) == ".csv" else _xlsx(rows, columns)
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise SuiteError(f"{path}: exists already; name another file or remove it") from None
    except OSError as error:
        raise SuiteError(f"{path}: cannot be written: {error.strerror}") from error


def read_spreadsheet(path: Path, kind: Kind) -> list[Case]:
    """Read cases from a `.csv` (UTF-8 or GBK) or `.xlsx` file.

    Raises:
        SuiteError: With every fault, one a line: file, row, what is wrong, mend.
    """
    table = list(_read_csv(path) if _suffix(path) == ".csv" else _read_xlsx(path))
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
        values = dict(zip(names, (_plain(cell) for cell in cells), strict=False))
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
            parts = [("" if n["vital"] else _OKAY) + " | ".join(n["any"]) for n in value]
        case _:
            parts = value if isinstance(value, list) else [value]
    held = [part for part in parts if "\n" in part or part != part.strip()]
    held += [w for n in case.expect.nuggets for w in n.any if column == "nuggets" and "|" in w]
    if held:
        raise SuiteError(
            f"{case.where or case.id}: {column} {held[0]!r} holds a line break or a `|`, which "
            "parts things in a cell; reword it"
        )
    return "\n".join(parts)


def _case(values: dict[str, str], kind: Kind, where: str, faults: Faults) -> dict[str, Any]:
    found: dict[str, Any] = {}
    expect: dict[str, Any] = {}
    for column, cell in values.items():
        if not cell.strip():
            continue
        target = expect if kind == "answer" and column in _EXPECT else found
        lines = [line.strip() for line in cell.splitlines() if line.strip()]
        match column:
            case "answerable":
                word = cell.strip().lower()
                if word not in _YES | _NO:
                    faults.add(f"{where}: answerable {cell!r} is not known; write yes or no")
                target[column] = (_YES | _NO).get(word)
            case "nuggets":
                target[column] = [_nugget(line) for line in lines]
            case "id" | "lang" | "pair" | "conversation" | "verdict" | "query":
                target[column] = cell.strip()
            case _:
                target[column] = lines
    return found | ({"expect": expect} if kind == "answer" else {})


def _nugget(line: str) -> dict[str, Any]:
    words = line.removeprefix(_OKAY.strip())
    wordings = [part.strip() for part in words.split("|")]
    return {"any": wordings, "vital": words == line}


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


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "cases"
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            if len(text) > _CELL_MAX:
                raise SuiteError(f"row {row}: {columns[column - 1]} is longer than a cell can hold")
            cell = sheet.cell(row, column)
            try:
                cell.value = _safe(text) or None
            except IllegalCharacterError as error:
                raise SuiteError(
                    f"row {row}: {columns[column - 1]} holds a control character; remove it"
                ) from error
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == 1:
                cell.font = Font(bold=True)
    for column, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = 48 if name in _WIDE else 14
    sheet.freeze_panes = "B2"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _read_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SuiteError(
            f"{path}:{begins}: broken CSV: {error}; save the sheet as CSV again, or as .xlsx"
        ) from error


def _decoded(path: Path) -> str:
    data = _bytes(path)
    decoders: tuple[Callable[[], str], ...] = (
        lambda: data.decode("utf-8-sig"),
        lambda: data.decode("gb18030"),
    )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoders = (lambda: data.decode("utf-16"),)
    for decode in decoders:
        try:
            text = decode()
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SuiteError(f"{path}: neither UTF-8 nor GBK; save it as “CSV UTF-8”")


def _read_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    data = io.BytesIO(_bytes(path))
    try:
        book = load_workbook(data, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in cells]
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise SuiteError(f"{path}: not an .xlsx file ({error}); save the sheet again") from error


def _text(cell: object) -> str:
    """A cell's words; a number or a date as Excel shows it, without needless zeros."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").replace("_x000D_", "")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SuiteError(f"{path}: cannot be read: {error.strerror}") from error


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise SuiteError(f"{path}: name a .csv or .xlsx file")
    return suffix
