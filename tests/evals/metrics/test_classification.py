from __future__ import annotations

import pytest

from evals.metrics.classification import Accuracy, BalancedAccuracy, MacroF1
from evals.metrics.testing import answer, applies, case, score
from evals.records import Score

# Gold and predicted: answered 3 of 4, unanswerable 1 of 2.
PAIRS = [
    ("answered", "answered"),
    ("answered", "answered"),
    ("answered", "answered"),
    ("answered", "unanswerable"),
    ("unanswerable", "unanswerable"),
    ("unanswerable", "off_topic"),
]


def scores_of(metric: Accuracy) -> list[Score]:
    return [score(metric, case(status=(gold,)), answer(status=given)) for gold, given in PAIRS]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Accuracy("status"), 4 / 6),
        # F1: answered 6 / (4 + 3), unanswerable 2 / (2 + 2); off_topic is never gold.
        (MacroF1("status"), (6 / 7 + 1 / 2) / 2),
        (BalancedAccuracy("status"), (3 / 4 + 1 / 2) / 2),
    ],
)
def test_hand_counted(metric: Accuracy, value: float) -> None:
    assert metric.aggregate(scores_of(metric)) == pytest.approx(value)
    assert metric.aggregate([]) is None


def test_any_accepted_status_is_right() -> None:
    accepted = case(status=("partial", "unanswerable"))
    found = score(Accuracy("status"), accepted, answer(status="unanswerable"))
    assert (found.value, found.detail["gold"]) == (1.0, "unanswerable")
    found = score(Accuracy("status"), accepted, answer(status="answered"))
    assert (found.value, found.detail["gold"]) == (0.0, "partial")
    assert found.why == "answered, expected partial or unanswerable"


def test_the_status_counts_not_the_chinese_words_that_look_like_one() -> None:
    # “部分” is not `partial`, and “不予受理” is what the document says, not `refused`.
    given = answer("部分材料不全的，不予受理[1]。", status="answered")
    assert score(Accuracy("status"), case(status=("answered",)), given).value == 1.0


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"verdict": "not_eligible"}, 1.0),
        # “不符合” holds “符合”: read off the words, this would be eligible.
        ({"verdict": "eligible", "criteria": [{"text": "不符合年龄条件"}]}, 0.0),
        (answer("不符合条件。"), 0.0),
        (None, 0.0),
    ],
)
def test_verdicts(given: dict[str, object] | None, value: float) -> None:
    expected = case(verdict="not_eligible")
    for metric in (Accuracy("verdict"), MacroF1("verdict"), BalancedAccuracy("verdict")):
        found = score(metric, expected, given)
        assert (found.value, metric.aggregate([found])) == (value, value)


def test_failed_records_count_and_cases_without_expectation_do_not() -> None:
    for metric in (Accuracy("status"), MacroF1("status"), BalancedAccuracy("status")):
        scores = [score(metric, case(status=("answered",)), None)]
        assert scores[0].detail == {"gold": "answered", "predicted": "failed"}
        assert metric.aggregate(scores) == 0.0
        assert not applies(metric, case(), answer())


def test_names() -> None:
    names = [
        made(field).name
        for made in (Accuracy, MacroF1, BalancedAccuracy)
        for field in ("status", "verdict")
    ]
    assert names == [
        "status_accuracy",
        "verdict_accuracy",
        "status_macro_f1",
        "verdict_macro_f1",
        "status_balanced_accuracy",
        "verdict_balanced_accuracy",
    ]
