from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.case_files import load_cases, to_json, write_cases
from evals.cases import Case, Expectation, Nugget, SectionRef
from evals.corpus_sections import CorpusSections
from evals.errors import SuiteError
from index.documents import Document

ANSWER: dict[str, Any] = {
    "id": "spouse-zh",
    "lang": "zh",
    "pair": "spouse",
    "tags": ["talent"],
    "turns": ["山西绿卡是什么？", "给配偶什么待遇？"],
    "expect": {
        "answerable": True,
        "status": ["answered"],
        "sections": [{"document_id": "card", "section": "spouse"}],
        "nuggets": [
            {"any": ["生活补贴", "补贴"], "vital": True},
            {"any": ["社保"], "vital": False},
        ],
        "figures": ["14 days"],
        "forbidden": ["十万"],
    },
}
CORPUS = CorpusSections([Document("card", "绿卡", "# 绿卡\n\n## 配偶 {#spouse}\n\n有补贴。", "zh")])


def write(path: Path, *lines: Any) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def faults(path: Path, kind: str = "answer") -> list[str]:
    with pytest.raises(SuiteError) as caught:
        load_cases([path], kind, CORPUS.lacking)  # type: ignore[arg-type]
    return [line.removeprefix(str(path)) for line in str(caught.value).splitlines()]


def test_a_case_is_read_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", ANSWER)
    expected = Case(
        id="spouse-zh",
        lang="zh",
        turns=("山西绿卡是什么？", "给配偶什么待遇？"),
        expect=Expectation(
            answerable=True,
            status=("answered",),
            sections=(SectionRef("card", "spouse"),),
            nuggets=(Nugget(("生活补贴", "补贴")), Nugget(("社保",), vital=False)),
            figures=("14 days",),
            forbidden=("十万",),
        ),
        tags=("talent",),
        pair="spouse",
        where=f"{path}:1",
    )
    assert load_cases([path], "answer", CORPUS.lacking) == [expected]


def test_short_forms_say_the_same(tmp_path: Path) -> None:
    short = {
        **ANSWER,
        "expect": {"sections": ["card#spouse"], "nuggets": ["补贴", ["社保", "保险"]]},
    }
    (case,) = load_cases([write(tmp_path / "cases.jsonl", short)], "answer", CORPUS.lacking)
    assert case.expect.sections == (SectionRef("card", "spouse"),)
    assert case.expect.nuggets == (Nugget(("补贴",)), Nugget(("社保", "保险")))


def test_a_retrieval_case_has_its_query_as_turn(tmp_path: Path) -> None:
    line = {"id": "q1", "lang": "zh", "query": "配偶", "sections": ["card#spouse"]}
    (case,) = load_cases([write(tmp_path / "cases.jsonl", line)], "retrieval", CORPUS.lacking)
    assert case.turns == ("配偶",)


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "cases.jsonl",
        ANSWER,
        "{broken",
        {**ANSWER, "id": "b", "colour": "red", "lang": "fr"},
        ANSWER,
        {**ANSWER, "id": "c", "expect": {"sections": ["card#spuse", "car#spouse"]}},
        {**ANSWER, "id": "d", "turns": [], "expect": {"status": ["answerd"]}},
        '{"id": "e", "id": "f"}',
        {**ANSWER, "id": "g", "tags": ["a", "a"]},
        "[1]",
    )
    found = faults(path)
    for place, words in [
        (":2:", "not JSON"),
        (":3:", "`colour`: this key is not known"),
        (":3:", "'fr' is not known; use 'zh' or 'en'"),
        (":4:", f"'spouse-zh' is taken by {path}:1"),
        (":5:", "no section 'spuse'; did you mean 'spouse'?"),
        (":5:", "no policy 'car'; did you mean 'card'?"),
        (":6:", "`turns`: empty"),
        (":6:", "'answerd' is not known; use 'answered'"),
        (":7:", "key 'id' stands twice"),
        (":8:", "'a' stands twice"),
    ]:
        assert any(line.startswith(place) and words in line for line in found), (
            place,
            words,
            found,
        )


def test_ids_are_unique_over_files(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.jsonl", ANSWER), write(tmp_path / "b.jsonl", ANSWER)
    with pytest.raises(SuiteError, match=r"b\.jsonl:1: id 'spouse-zh' is taken by .*a\.jsonl:1"):
        load_cases([one, other], "answer")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff\n"])
def test_an_empty_file_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(content, encoding="utf-8")
    assert faults(path) == [": holds no case; write one JSON object a line"]


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    gbk = tmp_path / "gbk.jsonl"
    gbk.write_bytes('{"id": "补贴"}\n'.encode("gbk"))
    assert faults(gbk) == [":1: not UTF-8; save the file as UTF-8"]
    assert "cannot be read" in faults(tmp_path / "none.jsonl")[0]


def test_writing_and_reading_lose_nothing(tmp_path: Path) -> None:
    (case,) = load_cases([write(tmp_path / "a.jsonl", ANSWER)], "answer")
    write_cases(tmp_path / "b.jsonl", [case], "answer")
    (again,) = load_cases([tmp_path / "b.jsonl"], "answer")
    assert to_json(again, "answer") == to_json(case, "answer") == ANSWER
    with pytest.raises(SuiteError, match="exists already"):
        write_cases(tmp_path / "b.jsonl", [case], "answer")
