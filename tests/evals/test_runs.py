from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, Expectation, Nugget
from evals.errors import RunError, SuiteError
from evals.records import Record, Score
from evals.run_manifest import FORMAT, Manifest, Selection
from evals.runs import RunDirectory, new_path, newest

CASES = [
    Case(
        f"c{n}",
        "zh",
        (f"问题{n}？",),
        Expectation(nuggets=(Nugget(("补贴",)),)),
        tags=(f"t{n % 2}",),
    )
    for n in range(4)
]
MANIFEST = Manifest("answers", "answer", {}, {}, {"code": "1"}, {"python": "3"}, cases=4)
RECORD = {"case": "c0", "repeat": 0, "answer": {"text": "好"}, "error": None, "ms": 1.0, "key": "k"}


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "run", MANIFEST, CASES)


def append(run: RunDirectory, *lines: dict[str, Any]) -> None:
    with run.answers() as writer:
        for line in lines:
            writer.append(line)


def test_a_run_is_read_as_it_was_written(run: RunDirectory) -> None:
    append(run, RECORD, {**RECORD, "case": "c1"})
    again = RunDirectory.open(run.path)
    assert again.manifest() == MANIFEST
    assert [replace(case, where="") for case in again.cases()] == CASES
    assert again.records()["c0", 0] == Record("c0", 0, {"text": "好"}, None, 1.0, "k")


def test_the_last_record_of_a_case_counts(run: RunDirectory) -> None:
    append(run, {**RECORD, "answer": None, "error": "down"}, RECORD)
    assert not run.records()["c0", 0].failed


@pytest.mark.parametrize("cut", [1, 10, 30])
def test_a_torn_last_line_is_cut_off(run: RunDirectory, cut: int) -> None:
    append(run, RECORD, {**RECORD, "case": "c1"})
    path = run.path / "answers.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    assert list(run.records()) == [("c0", 0)]
    append(run, {**RECORD, "case": "c2"})
    assert list(run.records()) == [("c0", 0), ("c2", 0)]
    assert path.read_bytes().endswith(b"\n")


def test_a_damaged_line_is_named(run: RunDirectory) -> None:
    append(run, RECORD, RECORD)
    path = run.path / "answers.jsonl"
    path.write_bytes(b"{broken\n" + path.read_bytes())
    with pytest.raises(RunError, match=r"answers\.jsonl:1: not JSON"):
        run.records()


def test_half_of_a_character_pair_survives(run: RunDirectory) -> None:
    append(run, {**RECORD, "answer": {"text": "\ud83d"}})
    assert run.records()["c0", 0].answer == {"text": "\ud83d"}


def test_no_run_is_overwritten(run: RunDirectory, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"run .*: holds .* already, and no run is overwritten"):
        RunDirectory.create(run.path, MANIFEST, CASES)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").touch()
    with pytest.raises(RunError, match=r"holds mine\.txt already"):
        RunDirectory.create(tmp_path / "notes", MANIFEST, CASES)


def test_two_runs_cannot_write_one_folder(run: RunDirectory) -> None:
    told = r"process \d+ is writing it; wait for it to end"
    with run.lock(), pytest.raises(RunError, match=told), run.lock():
        pass
    with run.lock():
        pass


@pytest.mark.parametrize("made_by", [FORMAT + 1, 0, None, "x"])
def test_a_run_of_another_version_is_refused(run: RunDirectory, made_by: object) -> None:
    path = run.path / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": made_by}))
    with pytest.raises(RunError, match=f"made by format {made_by} .* reads format {FORMAT}"):
        RunDirectory.open(run.path)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"format": 1}', '{"format": 1, "selection": 3}']
)
def test_a_broken_manifest_is_said(run: RunDirectory, content: str) -> None:
    (run.path / "run.json").write_text(content)
    with pytest.raises(RunError, match=r"run .*: (run\.json|made by format)"):
        RunDirectory.open(run.path)


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RunError, match=r"holds no run\.json; name a run's folder"):
            RunDirectory.open(path)


def test_other_scores_are_kept(run: RunDirectory) -> None:
    first, second = [Score("m", "c0", value=1.0)], [Score("m", "c0", value=0.5)]
    for scores in (first, first, second):
        run.write_scores(scores, {"scoring": "s1"})
    assert run.scores() == second
    assert run.scored_by() == {"scoring": "s1"}
    assert sorted(path.name for path in run.path.glob("scores*")) == [
        "scores.1.jsonl",
        "scores.jsonl",
    ]


def test_every_new_run_has_its_own_folder(tmp_path: Path) -> None:
    paths = {new_path("answers", tmp_path) for _ in range(5)}
    assert len(paths) == 5
    assert all(path.is_dir() for path in paths)


def test_the_newest_run_of_a_suite(tmp_path: Path) -> None:
    made = [new_path("answers", tmp_path) for _ in range(3)]
    for path in made:
        RunDirectory.create(path, MANIFEST, CASES)
    other = new_path("answers-more", tmp_path)
    RunDirectory.create(other, replace(MANIFEST, suite="answers-more"), CASES)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{}")
    assert newest("answers", tmp_path) == max(made)
    assert newest("answers-more", tmp_path) == other
    with pytest.raises(RunError, match="holds no run of suite nothing"):
        newest("nothing", tmp_path)


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(), ["c0", "c1", "c2", "c3"]),
        (Selection(cases=("c2", "c0")), ["c0", "c2"]),
        (Selection(tags=("t1",)), ["c1", "c3"]),
        (Selection(tags=("t0", "t1"), limit=3), ["c0", "c1", "c2"]),
    ],
)
def test_a_part_of_a_suite_is_selected(selection: Selection, ids: list[str]) -> None:
    assert [case.id for case in selection.of(CASES)] == ids


def test_a_selection_of_nothing_is_refused() -> None:
    with pytest.raises(SuiteError, match="--case c9: the suite has no such case"):
        Selection(cases=("c1", "c9")).of(CASES)
    with pytest.raises(SuiteError, match="no case is left"):
        Selection(tags=("t7",)).of(CASES)
