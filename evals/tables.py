"""Tables in CSV and XLSX files; knows nothing of cases.

CSV is written as Excel reads it (UTF-8 with a byte-order mark) and read as it comes: UTF-8, GBK or
UTF-16, parted by commas, semicolons or tabs. A cell that a spreadsheet would take for a formula is
written with an apostrophe before it, and read without.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException

from evals.errors import SuiteError

_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
_CELL_MAX = 32_767
_WIDE_FROM = 30
_WIDTHS = (14, 48)


def write_table(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write a new `.csv` or `.xlsx` file; the first row names the columns.

    Raises:
        SuiteError: It exists, cannot be written, or a text does not fit into a cell.
    """
    data = _csv(rows) if _suffix(path) == ".csv" else _xlsx(rows)
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise SuiteError(f"{path}: exists already; name another file or remove it") from None
    except OSError as error:
        raise SuiteError(f"{path}: cannot be written: {error.strerror}") from error


def read_table(path: Path) -> list[tuple[int, list[str]]]:
    """Read the rows of a `.csv` or `.xlsx` file (its first sheet) with their numbers.

    Raises:
        SuiteError: It cannot be read; names the row where it is broken.
    """
    rows = _read_csv(path) if _suffix(path) == ".csv" else _read_xlsx(path)
    return [(number, [_plain(cell) for cell in cells]) for number, cells in rows]


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "cases"
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            if len(text) > _CELL_MAX:
                raise SuiteError(
                    f"row {row}, {rows[0][column - 1]}: longer than a cell can hold; shorten it"
                )
            cell = sheet.cell(row, column)
            try:
                cell.value = _safe(text) or None
            except IllegalCharacterError as error:
                raise SuiteError(
                    f"row {row}, {rows[0][column - 1]}: holds a control character; remove it"
                ) from error
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == 1:
                cell.font = Font(bold=True)
    for column in range(len(rows[0])):
        longest = max(len(line) for row in rows for line in row[column].splitlines() or [""])
        width = _WIDTHS[longest > _WIDE_FROM]
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
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
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
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
