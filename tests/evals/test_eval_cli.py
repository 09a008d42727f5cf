from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from assistant.cli import main
from assistant.service import Assistant
from assistant.settings import PROJECT
from evals import baselines, runs
from evals.metrics.registry import all_names

CASES = PROJECT / "evals" / "cases" / "answers.jsonl"
PAIRS = ("sx-spouse", "sx-children")
SUITE = """\
name: mine
kind: answer
cases: [cases.jsonl]
target: {composer: quotes, as_of: 2026-11-22}
metrics: [fully_right, nugget_recall_lenient, citation_recall, citation_validity, false_refusal]
gates:
  - {metric: citation_validity, min: 1.0}
  - {metric: false_refusal, max: 0.0, drop: 0.1}
"""


class Result:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Result]


@pytest.fixture
def cli(
    assistant: Assistant,
    cache_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """Run `policy-assistant eval …` over a built store, with caches and runs of its own."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "models").symlink_to(cache_dir / "models")
    monkeypatch.setenv("POLICY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("POLICY_STORE", str(assistant.index.path.parents[1]))
    monkeypatch.setattr(runs, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(baselines, "BASELINES", tmp_path / "baselines")

    def run(*words: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["policy-assistant", "eval", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of four cases in two pairs."""
    lines = CASES.read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line).get("pair") in PAIRS]
    assert len(chosen) == 4
    (tmp_path / "cases.jsonl").write_text("\n".join(chosen) + "\n", encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path / "mine.yaml"


def changed(suite: Path, old: str, new: str) -> Path:
    text = suite.read_text(encoding="utf-8")
    assert old in text
    suite.write_text(text.replace(old, new), encoding="utf-8")
    return suite


def test_a_suite_is_run_scored_judged_and_reported(cli: Cli, suite: Path, tmp_path: Path) -> None:
    done = cli("run", suite, "--out", tmp_path / "run", "--json", "-j", 2)
    assert done.code == 0, done.err
    told = done.json
    assert (told["passed"], told["partial"], told["run"]) == (True, False, str(tmp_path / "run"))
    assert {cell["metric"] for cell in told["summary"]["cells"]} >= {
        "fully_right",
        "citation_recall",
    }
    assert "4 asked, 0 from the cache, 0 failed" in done.err
    written = {path.name for path in (tmp_path / "run").iterdir()}
    assert written == {
        *("run.json", "cases.jsonl", "answers.jsonl", "scores.jsonl", "run.lock"),
        "scoring.json",
        *("report.html", "report.md", "junit.xml"),
    }
    about = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert set(about["digests"]) >= {
        "suite",
        "data",
        "corpus",
        "index",
        "embedder",
        "prompts",
        "code",
    }
    assert ElementTree.parse(tmp_path / "run" / "junit.xml").getroot() is not None
    again = cli("run", suite, "--out", tmp_path / "again")
    assert "0 asked, 4 from the cache, 0 failed" in again.err
    assert "citation_validity" in again.out
    first, second = (tmp_path / name / "scores.jsonl" for name in ("run", "again"))
    assert first.read_bytes() == second.read_bytes()
    anew = cli("run", suite, "--out", tmp_path / "anew", "--no-cache", "--limit", 1)
    assert "1 asked, 0 from the cache" in anew.err
    assert "the gates are not judged" in anew.out


def test_a_failed_gate_is_exit_code_1(cli: Cli, suite: Path, tmp_path: Path) -> None:
    changed(suite, "min: 1.0}", "min: 1.0}\n  - {metric: false_refusal, min: 0.5}")
    done = cli("run", suite, "--out", tmp_path / "run")
    assert done.code == 1, done.out
    assert "failed  false_refusal: 0.000" in done.out
    assert cli("score", tmp_path / "run").code == 1
    changed(suite, "\n  - {metric: false_refusal, min: 0.5}", "")
    assert cli("score", tmp_path / "run", "--suite", suite).code == 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("citation_recall", "citation_recal", "mine.yaml:5: no metric 'citation_recal'"),
        ("cases.jsonl", "none.jsonl", "none.jsonl: cannot be read"),
        ("kind: answer", "kind: talk", "mine.yaml:2: `kind`: 'talk' is not known"),
    ],
)
def test_a_bad_suite_is_exit_code_2(cli: Cli, suite: Path, old: str, new: str, words: str) -> None:
    changed(suite, old, new)
    for command in ("validate", "run"):
        done = cli(command, suite)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert all(line.startswith("error: ") for line in done.err.splitlines())


def test_every_fault_of_every_case_is_told(cli: Cli, suite: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace('"spouse"', '"spouze"') + text.splitlines()[0], encoding="utf-8")
    done = cli("validate", suite)
    assert done.code == 2
    assert "cases.jsonl:5: id 'sx-spouse-zh' is taken by" in done.err
    assert "no section 'spouze'; did you mean 'spouse'?" in done.err
    assert not (tmp_path / "runs").exists()


def test_the_projects_own_suites_are_valid(cli: Cli) -> None:
    done = cli("validate")
    assert done.code == 0
    assert "answers: " in done.out


def test_no_run_is_overwritten(cli: Cli, suite: Path, tmp_path: Path) -> None:
    assert cli("run", suite, "--out", tmp_path / "run", "--limit", 1).code == 0
    before = (tmp_path / "run" / "answers.jsonl").read_bytes()
    done = cli("run", suite, "--out", tmp_path / "run")
    assert done.code == 2
    assert "no run is overwritten; name another folder with --out" in done.err
    assert (tmp_path / "run" / "answers.jsonl").read_bytes() == before


def test_an_unfinished_run_is_exit_code_3_until_it_is_resumed(
    cli: Cli, suite: Path, tmp_path: Path
) -> None:
    cli("run", suite, "--out", tmp_path / "run")
    answers = tmp_path / "run" / "answers.jsonl"
    whole = (tmp_path / "run" / "scores.jsonl").read_bytes()
    answers.write_bytes(answers.read_bytes()[:-50])
    done = cli("score", tmp_path / "run")
    assert done.code == 3
    assert "1 of 4 answers are missing; finish it with --resume" in done.err
    done = cli("run", suite, "--resume", "--out", tmp_path / "run", "--no-cache")
    assert done.code == 0
    assert "1 asked" in done.err
    assert (tmp_path / "run" / "scores.jsonl").read_bytes() == whole


def test_resuming_finds_the_newest_run_of_the_suite(cli: Cli, suite: Path, tmp_path: Path) -> None:
    done = cli("run", suite, "--resume")
    assert (done.code, "holds no run of suite mine" in done.err) == (2, True)
    cli("run", suite)
    (path,) = (tmp_path / "runs").iterdir()
    assert path.name.endswith("-mine")
    assert "0 asked, 0 from the cache" in cli("run", suite, "--retry-errors").err
    assert cli("score", "mine").code == cli("report", path.name).code == 0
    other = cli("run", suite, "--resume", "--limit", 1)
    assert (other.code, "was begun with other data, selection" in other.err) == (2, True)


def test_runs_of_other_data_are_not_compared_unless_told(
    cli: Cli, suite: Path, tmp_path: Path
) -> None:
    for name, limit in (("one", 2), ("two", 4), ("three", 4)):
        cli("run", suite, "--out", tmp_path / name, "--limit", limit)
    done = cli("compare", tmp_path / "one", tmp_path / "two")
    assert done.code == 3
    assert "the runs are not of the same data" in done.err
    told = cli("compare", tmp_path / "one", tmp_path / "two", "--allow-different", "--json")
    assert (told.code, told.json["n"]) == (0, 2)
    same = cli("compare", tmp_path / "two", tmp_path / "three")
    assert same.code == 0
    assert "0 broken, 0 fixed, 0 changed, of 4" in same.out


def test_a_baseline_is_set_shown_and_measured_from(cli: Cli, suite: Path, tmp_path: Path) -> None:
    cli("run", suite, "--out", tmp_path / "run")
    cli("run", suite, "--out", tmp_path / "part", "--limit", 1)
    assert cli("baseline", "set", tmp_path / "part").code == 3
    assert cli("baseline", "show", "mine").code == 2
    done = cli("baseline", "set", tmp_path / "run")
    assert done.code == 0
    path = Path(done.out.strip())
    assert path == tmp_path / "baselines" / "mine.json"
    assert path.stat().st_size < 10_000
    assert "4 cases" in cli("baseline", "show", "mine").out
    again = cli("run", suite, "--out", tmp_path / "again", "--json")
    assert again.code == 0
    drop = next(gate for gate in again.json["gates"] if gate["gate"]["max_drop"] is not None)
    assert (drop["outcome"], drop["drop"]) == ("passed", 0.0)
    compared = cli("compare", "baseline", tmp_path / "again", "--json")
    assert (compared.code, compared.json["n"]) == (0, 4)
    cases = tmp_path / "cases.jsonl"
    cases.write_text(cases.read_text(encoding="utf-8").replace("老公", "丈夫"), encoding="utf-8")
    other = cli("run", suite, "--out", tmp_path / "other")
    assert other.code == 3, other.out
    assert "the baseline is of other data" in other.out


def test_cases_go_to_a_spreadsheet_and_back(cli: Cli, suite: Path, tmp_path: Path) -> None:
    for name in ("cases.csv", "cases.xlsx"):
        assert cli("export", tmp_path / "cases.jsonl", tmp_path / name).code == 0
        assert cli("import", tmp_path / name, tmp_path / f"{name}.jsonl").code == 0
        done = cli("import", tmp_path / name, tmp_path / f"{name}.jsonl")
        assert (done.code, "exists already" in done.err) == (2, True)
        back = (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["id"] for line in back] == [
            json.loads(line)["id"]
            for line in (tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        ]
    assert cli("export", suite, tmp_path / "x.csv", "--kind", "talk").code == 2


def test_the_schema_is_printed(cli: Cli) -> None:
    assert cli("schema").json["properties"]["metrics"]


@pytest.mark.slow
def test_a_spoiled_assistant_is_caught_by_the_gate_that_ought_to(cli: Cli, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    asked = [line for line in lines if "turns" in line and len(line["turns"]) == 1]
    figures = [line for line in asked if line["expect"].get("figures")][:24]
    hopeless = [line for line in asked if line["expect"].get("answerable") is False][:40]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in figures + hopeless)
    (tmp_path / "cases.jsonl").write_text(text, encoding="utf-8")
    gates = """\
  - {metric: figure_precision, min: 0.99}
  - {metric: citation_recall, drop: 0.1}
  - {metric: false_answer, drop: 0.1}
"""
    metrics = "metrics: [figure_precision, citation_recall, false_answer]"
    head = SUITE.split("metrics:")[0]
    (tmp_path / "mine.yaml").write_text(f"{head}{metrics}\ngates:\n{gates}", encoding="utf-8")
    done = cli("selftest", tmp_path / "mine.yaml", "--json")
    assert done.code == 0, done.out
    told = done.json
    assert told["sound_failed"] == []
    by = {
        spoil: {outcome["gate"]["metric"] for outcome in what["by"]}
        for spoil, what in told["spoiled"].items()
    }
    assert "citation_recall" in by["shuffled_citations"]
    assert by["changed_figure"] == {"figure_precision"}
    assert by["no_abstention"] == {"false_answer"}


@pytest.mark.slow
def test_an_interrupted_run_says_how_to_go_on(
    assistant: Assistant, cache_dir: Path, tmp_path: Path
) -> None:
    command = [Path(sys.executable).parent / "policy-assistant", "eval", "run", "answers"]
    options = ["--out", tmp_path / "run", "--no-cache", "--store", assistant.index.path.parents[1]]
    with subprocess.Popen(
        [*map(str, command), *map(str, options)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "POLICY_CACHE": str(cache_dir)},
    ) as process:
        answers = tmp_path / "run" / "answers.jsonl"
        deadline = time.monotonic() + 120
        while not (answers.exists() and answers.stat().st_size):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"go on with: policy-assistant eval run answers --resume --out {tmp_path / 'run'}" in err
    assert "Traceback" not in err


def test_every_metric_has_a_name_for_the_message() -> None:
    assert "fully_right" in all_names()
