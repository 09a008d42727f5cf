from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import calibration
from evals.calibration import (
    Calibration,
    calibrate,
    not_calibrated,
    read_labels,
    write_calibration,
    write_sheet,
)
from evals.cases import Case
from evals.errors import SuiteError
from evals.judge_settings import NamedJudge, configured_judge
from evals.records import Score
from evals.suites import load_suite
from evals.tables import read_table
from evals.testing import run_of

SUITE = """\
name: judged
kind: answer
cases: [cases.jsonl]
metrics: [faithfulness]
gates:
  - {metric: faithfulness, min: 0.9}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(calibration, "CALIBRATIONS", tmp_path / "calibrations")
    return tmp_path / "calibrations"


def scores(values: list[float | None]) -> list[Score]:
    return [Score("faithfulness", f"c{n}", value=value) for n, value in enumerate(values)]


def labels(words: str) -> dict[str, bool]:
    return {f"c{n}": word == "y" for n, word in enumerate(words)}


def judged(agree: int, differ: int) -> Calibration:
    """Half of the labels say yes; the judge agrees so often, and differs on yes and no alike."""
    half, wrong = agree // 2, differ // 2
    values = [1.0] * half + [0.0] * wrong + [0.0] * half + [1.0] * wrong
    said = "y" * (half + wrong) + "n" * (half + wrong)
    return calibrate("faithfulness", "m", labels(said), scores(values))


def test_kappa_by_hand() -> None:
    # 20 yes-yes, 15 no-no, 5 yes-no, 10 no-yes: the textbook's 0.4.
    values = [1.0] * 20 + [0.0] * 15 + [0.0] * 5 + [1.0] * 10
    found = calibrate(
        "faithfulness", "m", labels("y" * 20 + "n" * 15 + "y" * 5 + "n" * 10), scores(values)
    )
    assert (found.labels, found.agreement) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert "kappa 0.40 is below 0.6" in found.lacking


@pytest.mark.parametrize(
    ("found", "lacking"),
    [
        (judged(48, 4), ""),
        (judged(46, 2), "48 labels; 50 are needed"),
        (judged(40, 20), "kappa 0.33 is below 0.6"),
        (
            calibrate("faithfulness", "m", labels("y" * 60), scores([1.0] * 60)),
            "60 of 60 labels say yes",
        ),
        (calibrate("faithfulness", "m", {}, []), "0 labels"),
    ],
)
def test_what_a_judge_lacks(found: Calibration, lacking: str) -> None:
    assert found.lacking.startswith(lacking)
    assert bool(found.lacking) == bool(lacking)


def test_what_was_not_scored_is_no_disagreement() -> None:
    found = calibrate("faithfulness", "m", labels("yny"), scores([1.0, 0.0, None]))
    assert (found.labels, found.unscored, found.agreement) == (2, 1, 1.0)


def test_a_gate_needs_a_calibrated_judge(tmp_path: Path) -> None:
    path = tmp_path / "judged.yaml"
    path.write_text(SUITE, encoding="utf-8")
    with pytest.raises(SuiteError, match=r"judged\.yaml:6: the judge's faithfulness was never"):
        load_suite(path)
    write_calibration(judged(40, 20))
    with pytest.raises(SuiteError, match=r"judged\.yaml:6: .*kappa 0\.33 is below"):
        load_suite(path)
    write_calibration(judged(48, 4))
    assert load_suite(path).gates
    assert load_suite(path, NamedJudge("m", lambda _system, _user: "")).judge == "m"
    with pytest.raises(SuiteError, match=r"calibrated with another model \(m\) or prompts"):
        load_suite(path, NamedJudge("n", lambda _system, _user: ""))


@pytest.mark.parametrize("content", ["", "[]", '{"metric": "x"}'])
def test_a_broken_calibration_is_none(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "faithfulness.json").write_text(content)
    assert "cannot be read" in not_calibrated("faithfulness", "m")


def test_a_calibration_is_of_its_prompts(folder: Path) -> None:
    path = write_calibration(judged(48, 4))
    assert not_calibrated("faithfulness", "m") == ""
    path.write_text(json.dumps({**json.loads(path.read_text()), "prompts": "other"}))
    assert "or prompts" in not_calibrated("faithfulness", "m")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sheet_is_written_filled_in_and_read(tmp_path: Path, suffix: str) -> None:
    cases = [Case(f"c{n}", "zh", (f"问题{n}？",)) for n in range(3)]
    path = tmp_path / f"labels{suffix}"
    assert write_sheet(path, run_of(cases, {}, ["=答", "好", None]), ["faithfulness"]) == 2
    rows = [cells for _, cells in read_table(path)]
    assert rows[1][:4] == ["c0", "faithfulness", "问题0？", "=答"]
    filled = tmp_path / "filled.csv"
    lines = [*rows[:1], [*rows[1][:4], "是"], [*rows[2][:4], "No"]]
    filled.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    assert read_labels(filled) == {"faithfulness": {"c0": True, "c1": False}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("case,metric\na,b\n", "column 'label' is missing"),
        ("case,metric,label\na,b,perhaps\n", ":2: label 'perhaps' is not known"),
        ("case,metric,label\na,b,yes\na,b,no\n", ":3: case 'a' has a label already"),
        ("case,metric,label\na,b,\n", "holds no label"),
    ],
)
def test_a_sheet_with_faults_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "labels.csv").write_text(content)
    with pytest.raises(SuiteError, match=words):
        read_labels(tmp_path / "labels.csv")


def test_a_judge_is_named_by_the_environment() -> None:
    assert configured_judge({}) is None
    assert configured_judge({"POLICY_LLM": "openai:x"}) is None
    found = configured_judge(
        {"POLICY_JUDGE": "openai:m", "POLICY_JUDGE_BASE_URL": "http://127.0.0.1:9/v1"}
    )
    assert found is not None
    assert found.name == "m"
