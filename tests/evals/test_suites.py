from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.settings import PROJECT, Settings
from evals.errors import SuiteError
from evals.suite_cases import prepare
from evals.suites import SUITES, find_suite, load_suite, schema

GOOD = """\
name: mine
kind: answer
cases: [cases.jsonl]
target: {composer: quotes, k: 5}
metrics:
  - fully_right
  - nugget_recall_strict
gates:
  - {metric: fully_right, min: 0.5, drop: 0.02, slice: lang=zh}
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_suite_is_read_whole(tmp_path: Path) -> None:
    suite = load_suite(write(tmp_path, GOOD))
    assert list(suite.metrics) == ["fully_right", "nugget_recall_strict"]
    assert suite.form.target.k == 5
    (gate,) = suite.gates
    assert (gate.metric, gate.at_least, gate.max_drop, gate.slice) == (
        *("fully_right", 0.5, 0.02),
        "lang=zh",
    )
    assert suite.case_paths == [tmp_path / "cases.jsonl"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: answer", "kind: answers", 2, "'answers' is not known; use 'answer' or 'retrieval'"),
        ("k: 5", "k: 0", 4, "greater than or equal to 1, not 0"),
        ("composer: quotes", "colour: red", 4, "`target.colour`: this key is not known"),
        ("  - fully_right\n", "  - fully_rihgt\n", 6, "no metric 'fully_rihgt'; use one of: "),
        ("  - fully_right\n", "  - recall@5\n", 6, "reads retrieval records"),
        ("nugget_recall_strict\n", "fully_right\n", 7, "stands twice"),
        ("{metric: fully_right,", "{metric: mrr,", 9, "no metric 'mrr' in the suite"),
        ("min: 0.5, drop: 0.02, ", "", 9, "has no bound"),
        ("slice: lang=zh", "slice: colour", 9, "slice is 'colour'"),
        ("min: 0.5", "min: high", 9, "valid number"),
        ("cases: [cases.jsonl]\n", "", 1, "either `cases`"),
        ("name: mine", "name: mine\nname: yours", 2, "stands in line 1 already"),
        ("kind: answer", "kind: [answer", 3, "not YAML"),
        ("name: mine\n", "", 1, "`name`: missing"),
        (GOOD, "- a\n", 1, "`key: value` lines are needed"),
        (GOOD, "", 1, "the file is empty"),
        (GOOD, "a: &a [*a]\n", 1, "alias"),
    ],
)
def test_a_fault_names_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    assert any(
        told.startswith(f"{path}:{line}:") and words in told
        for told in str(caught.value).splitlines()
    ), str(caught.value)


def test_all_faults_are_told(tmp_path: Path) -> None:
    text = GOOD.replace("nugget_recall_strict", "what").replace("metric: fully_right", "metric: x")
    with pytest.raises(SuiteError) as caught:
        load_suite(write(tmp_path, text))
    assert len(str(caught.value).splitlines()) == 2


def test_the_schema_knows_every_key() -> None:
    text = json.dumps(schema())
    assert all(
        f'"{key}"' in text for key in ("metrics", "gates", "target", "evidence_tokens", "drop")
    )


def test_a_suite_is_found_by_name() -> None:
    assert find_suite("answers") == SUITES / "answers.yaml"
    with pytest.raises(SuiteError, match=r"suite nothing: not found; .*answers"):
        find_suite("nothing")


@pytest.mark.parametrize("path", sorted(SUITES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_projects_own_suites_are_sound(path: Path) -> None:
    suite = load_suite(path)
    assert suite.name == path.stem
    if suite.form.cases:
        assert prepare(suite, Settings(corpus=PROJECT / "docs_corpus")).cases


def test_an_external_set_needs_its_folder() -> None:
    with pytest.raises(SuiteError, match="name the folder that holds it with --data"):
        prepare(load_suite(find_suite("xquad-en-zh")), Settings())


def test_the_corpus_of_a_suite_is_found_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\n## B {#b}\n\nWords.\n", encoding="utf-8")
    line = {"id": "1", "lang": "en", "turns": ["?"], "expect": {"sections": ["a#b"]}}
    (tmp_path / "cases.jsonl").write_text(json.dumps(line), encoding="utf-8")
    suite = load_suite(write(tmp_path, GOOD.replace("{composer", "{corpus: docs, composer")))
    assert len(prepare(suite, Settings()).cases) == 1
    missing = load_suite(write(tmp_path, GOOD.replace("{composer", "{corpus: nowhere, composer")))
    with pytest.raises(SuiteError, match="nowhere: no such folder"):
        prepare(missing, Settings())
