from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from evals.case_files import Kind, load_cases
from evals.cases import Case, Expectation, Nugget, SectionRef
from evals.errors import SuiteError
from evals.spreadsheets import read_spreadsheet, write_spreadsheet

CASES = Path(__file__).parents[2] / "evals" / "cases"
SUFFIXES = (".csv", ".xlsx")
TRICKY = Case(
    id="-2+3",
    lang="zh",
    turns=("=SUM(A1)，有“补贴”吗？\n第二行 | 条", "@what, \"when\"; 'where'\\n"),
    expect=Expectation(
        answerable=False,
        status=("partial", "unanswerable"),
        verdict="not_eligible",
        sections=(SectionRef("a", "b"), SectionRef("a", "c")),
        nuggets=(Nugget(("+5%", "a|b")), Nugget(("(okay)",)), Nugget(("x", "y"), vital=False)),
        figures=("１４天", "'=1"),
        forbidden=("-1",),
    ),
    tags=("t", "u"),
    pair="p",
    conversation="k",
)
words = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
        | st.sampled_from("\n|\\'=+-@(),\";，；"),
        min_size=1,
        max_size=12,
    )
    .map(str.strip)
    .filter(bool)
)


def bare(cases: list[Case]) -> list[Case]:
    return [replace(case, where="") for case in cases]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", ["answer", "retrieval"])
def test_the_projects_own_cases_lose_nothing(tmp_path: Path, suffix: str, kind: Kind) -> None:
    name = {"answer": "answers", "retrieval": "retrieval"}[kind]
    cases = load_cases([CASES / f"{name}.jsonl"], kind)
    write_spreadsheet(tmp_path / f"cases{suffix}", cases, kind)
    assert bare(read_spreadsheet(tmp_path / f"cases{suffix}", kind)) == bare(cases)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tricky_characters_lose_nothing(tmp_path: Path, suffix: str) -> None:
    write_spreadsheet(tmp_path / f"cases{suffix}", [TRICKY], "answer")
    assert bare(read_spreadsheet(tmp_path / f"cases{suffix}", "answer")) == [TRICKY]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=words, wordings=st.lists(words, min_size=1, max_size=3), vital=st.booleans())
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_any_words_lose_nothing(
    tmp_path: Path, suffix: str, question: str, wordings: list[str], vital: bool
) -> None:
    expect = Expectation(nuggets=(Nugget(tuple(wordings), vital),), figures=(question,))
    case = Case("a", "zh", (question, *wordings), expect)
    path = tmp_path / f"cases{suffix}"
    path.unlink(missing_ok=True)
    write_spreadsheet(path, [case], "answer")
    assert bare(read_spreadsheet(path, "answer")) == [case]


def test_csv_is_what_excel_reads(tmp_path: Path) -> None:
    write_spreadsheet(tmp_path / "cases.csv", [TRICKY], "answer")
    data = (tmp_path / "cases.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    write_spreadsheet(tmp_path / "cases.xlsx", [TRICKY], "answer")
    book = load_workbook(tmp_path / "cases.xlsx")
    cells = [
        cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None
    ]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if str(cell.value)[:1] in tuple("=+-@")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_it_comes(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "cases.csv"
    rows = [
        ["ID", "lang", "Turns", "answerable"],
        ["a", "zh", "有什么补贴，多少？", "是"],
        ["", "", "", ""],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    path.write_bytes(text.encode(encoding))
    (case,) = read_spreadsheet(path, "answer")
    assert case.turns == ("有什么补贴，多少？",)
    assert case.expect.answerable is True


def test_numbers_and_truths_of_a_workbook_are_words(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["id", "lang", "turns", "figures", "answerable"],
        [7, "en", "How many?", 40.0, True],
    ):
        sheet.append(row)
    book.save(tmp_path / "cases.xlsx")
    (case,) = read_spreadsheet(tmp_path / "cases.xlsx", "answer")
    assert (case.id, case.expect.figures, case.expect.answerable) == ("7", ("40",), True)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('id,lang,turns\na,zh,"open\n', ":2: broken CSV: unexpected end of data"),
        ("id,lang,turns\na,zh,q,r\n", ":2: more cells than columns"),
        ("id,lang\na,zh\n", ":1: column 'turns' is missing"),
        ("id,lang,turns,colour\na,zh,q,red\n", ":1: column 'colour' is not known"),
        ("id,lang,turns,turns\na,zh,q,q\n", ":1: column 'turns' stands twice"),
        ("id,lang,turns\n", ": holds no case"),
        ("", ": is empty"),
        ("id,lang,turns,answerable\na,zh,q,perhaps\n", ":2: answerable 'perhaps' is not known"),
        (
            "id,lang,turns,status\na,zh,q,anwsered\n",
            ":2: `expect.status.0`: 'anwsered' is not known",
        ),
        ("id,lang,turns\na,zh,q\na,zh,q\n", ":3: id 'a' is taken by"),
        ("id,lang,turns,sections\na,zh,q,policy\n", ":2: `expect.sections.0`: write a section as"),
    ],
)
def test_a_fault_names_its_row(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SuiteError) as caught:
        read_spreadsheet(path, "answer")
    assert f"{path}{fault}" in str(caught.value)


def test_files_that_are_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "cases.xlsx").write_bytes(b"id,lang")
    with pytest.raises(SuiteError, match=r"not an \.xlsx file"):
        read_spreadsheet(tmp_path / "cases.xlsx", "answer")
    (tmp_path / "cases.csv").write_bytes(b"\x00\x01\xff\x80")
    with pytest.raises(SuiteError, match="neither UTF-8 nor GBK"):
        read_spreadsheet(tmp_path / "cases.csv", "answer")
    with pytest.raises(SuiteError, match=r"name a \.csv or \.xlsx file"):
        read_spreadsheet(tmp_path / "cases.ods", "answer")
    with pytest.raises(SuiteError, match="cannot be read"):
        read_spreadsheet(tmp_path / "none.csv", "answer")
    with pytest.raises(SuiteError, match="exists already"):
        write_spreadsheet(tmp_path / "cases.csv", [TRICKY], "answer")


def test_a_control_character_does_not_fit_into_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="turns: holds a control character"):
        write_spreadsheet(tmp_path / "cases.xlsx", [replace(TRICKY, turns=("a\x07",))], "answer")
