"""Summaries: values, margins and what could not be judged."""

from __future__ import annotations

import json

import pytest

from evals.cases import Case, Expectation, SectionRef
from evals.errors import RunError
from evals.metrics.abstention import AbstentionF1
from evals.records import Record, Score
from evals.scored_run import ScoredRun
from evals.statistics import wilson
from evals.summary import summarise
from evals.testing import ValueMetric, run_of

QUALITY = ValueMetric()
POLICY = Expectation(sections=(SectionRef("shanxi-talent-reform", "二、(一)"),))
CASES = [
    Case("zh-1", "zh", ("补贴多少？",), POLICY, ("figures",), pair="1"),
    Case("en-1", "en", ("How much is it?",), POLICY, ("figures",), pair="1"),
    Case("zh-2", "zh", ("谁可以申请？",), tags=("who",)),
    Case("en-2", "en", ("Who may apply?",)),
]


def cells(values: list[float | None], texts: list[str | None] | None = None) -> dict[str, object]:
    summary = summarise(run_of(CASES, {"quality": values}, texts), {"quality": QUALITY})
    return {cell.slice: cell.value for cell in summary.cells}


def test_values_by_slice() -> None:
    assert cells([1.0, 0.0, 0.5, 0.5]) == {
        "overall": 0.5,
        "lang=en": 0.25,
        "lang=zh": 0.75,
        "tag=figures": 0.5,
        "tag=who": 0.5,
        "policy=shanxi-talent-reform": 0.5,
    }


def test_unscored_cases_are_shown_and_left_out() -> None:
    summary = summarise(run_of(CASES, {"quality": [1.0, None, 0.0, None]}), {"quality": QUALITY})
    cell = summary.cell("quality")
    assert (cell.value, cell.n, cell.unscored) == (0.5, 2, 2)
    assert summary.cell("quality", "lang=en").value is None
    assert summary.cell("quality", "lang=en").unscored == 2


def test_errors_count_as_what_they_scored() -> None:
    run = run_of(CASES, {"quality": [1.0, 0.0, 1.0, 1.0]}, ["…", None, "…", "…"])
    summary = summarise(run, {"quality": QUALITY})
    assert (summary.errors, summary.records, summary.missing) == (1, 4, 0)
    assert (summary.cell("quality").value, summary.cell("quality").errors) == (0.75, 1)
    assert summary.cell("quality", "lang=zh").errors == 0


def test_missing_answers_are_counted() -> None:
    whole = run_of(CASES, {"quality": [1.0] * 4}, repeat=1)
    part = ScoredRun(whole.manifest, whole.cases, whole.records[:3], whole.scores[:3])
    assert summarise(part, {"quality": QUALITY}).missing == 1
    again = ScoredRun({"repeat": 2}, whole.cases, whole.records, whole.scores)
    assert again.missing == ("zh-1", "en-1", "zh-2", "en-2")


def test_a_rate_gets_wilson_over_clusters() -> None:
    summary = summarise(run_of(CASES, {"quality": [1.0] * 4}), {"quality": QUALITY})
    # zh-1 and en-1 are one cluster: three clusters, all right.
    assert summary.cell("quality").interval == wilson(3, 3)


def test_a_mean_gets_a_bootstrap() -> None:
    cases = [Case(str(i), "zh", ("问",)) for i in range(40)]
    run = run_of(cases, {"quality": [(i % 5) / 4 for i in range(40)]})
    interval = summarise(run, {"quality": QUALITY}).cell("quality").interval
    assert interval and interval.method == "bootstrap"
    # Scores 0, ¼, ½, ¾, 1: deviation 0.354, margin 1.96 * 0.354 / sqrt(40) = 0.110.
    assert (interval.low, interval.high) == pytest.approx((0.39, 0.61), abs=0.02)


def test_the_order_of_answers_changes_nothing() -> None:
    cases = [Case(str(i), "zh", ("问",), conversation=str(i % 7)) for i in range(40)]
    run = run_of(cases, {"quality": [(i % 5) / 4 for i in range(40)]})
    turned = ScoredRun(run.manifest, run.cases, run.records[::-1], run.scores[::-1])
    assert summarise(run, {"quality": QUALITY}) == summarise(turned, {"quality": QUALITY})


def labelled(due: list[bool], made: list[bool]) -> ScoredRun:
    cases = [Case(f"{i:03}", "zh", ("问",)) for i in range(len(due))]
    scores = [
        Score("abstention_f1", case.id, value=float(d == m), detail={"due": d, "made": m})
        for case, d, m in zip(cases, due, made, strict=True)
    ]
    records = [Record(case.id, answer={"text": ""}) for case in cases]
    return ScoredRun({}, {case.id: case for case in cases}, records, scores)


def test_an_aggregate_that_is_no_mean() -> None:
    # TP 20, FN 10, FP 10: F1 = 40 / 60, where the share of right cases is 80 / 100.
    run = labelled([True] * 30 + [False] * 70, [True] * 20 + [False] * 70 + [True] * 10)
    cell = summarise(run, {"abstention_f1": AbstentionF1()}, slices=False).cell("abstention_f1")
    assert cell.value == pytest.approx(2 / 3)
    assert cell.interval
    # Delta method: error of F1 about 0.07.
    assert cell.interval.low == pytest.approx(0.50, abs=0.06)
    assert cell.interval.high == pytest.approx(0.79, abs=0.06)


def test_an_f1_of_one_is_not_certain() -> None:
    run = labelled([True] * 5 + [False] * 15, [True] * 5 + [False] * 15)
    cell = summarise(run, {"abstention_f1": AbstentionF1()}, slices=False).cell("abstention_f1")
    assert cell.value == 1.0
    assert cell.interval == wilson(20, 20)


def test_a_metric_without_scores() -> None:
    summary = summarise(run_of(CASES, {}), {"quality": QUALITY})
    assert [(cell.slice, cell.value, cell.n) for cell in summary.cells] == [("overall", None, 0)]
    assert summary.cell("unheard-of").n == 0


def test_scores_of_a_case_that_the_run_lacks() -> None:
    run = run_of(CASES, {"quality": [1.0] * 4})
    with pytest.raises(RunError, match=r"score of quality is of case 'zh-9'.*score the run again"):
        ScoredRun(run.manifest, run.cases, run.records, [Score("quality", "zh-9", value=1.0)])


def test_as_json() -> None:
    summary = summarise(run_of(CASES, {"quality": [1.0, 0.0, 0.5, 0.5]}), {"quality": QUALITY})
    data = json.loads(json.dumps(summary.to_dict()))
    assert data["cells"][0]["metric"] == "quality"
    assert data["cells"][0]["interval"]["level"] == 0.95
    assert summary.metrics == ("quality",)
    assert summary.slices[:3] == ("overall", "lang=en", "lang=zh")
