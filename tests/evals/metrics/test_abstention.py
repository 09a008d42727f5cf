from __future__ import annotations

import pytest

from evals.cases import Case
from evals.metrics.abstention import AbstentionF1, FalseAnswer, FalseRefusal
from evals.metrics.testing import answer, applies, case, score

ANSWERABLE, UNANSWERABLE = case(answerable=True), case(answerable=False)


@pytest.mark.parametrize(
    ("status", "false_answer", "false_refusal"),
    [
        ("answered", 1.0, 0.0),
        ("partial", 1.0, 0.0),
        ("unanswerable", 0.0, 1.0),
        ("clarify", 0.0, 1.0),
        ("off_topic", 0.0, 1.0),
        ("refused", 0.0, 1.0),
    ],
)
def test_errors_of_both_kinds(status: str, false_answer: float, false_refusal: float) -> None:
    given = answer("…", status=status)
    assert score(FalseAnswer(), UNANSWERABLE, given).value == false_answer
    assert score(FalseRefusal(), ANSWERABLE, given).value == false_refusal


def test_a_chinese_document_that_says_what_is_not_said_is_an_answer() -> None:
    # Searching the text for 没有说明 or 抱歉 takes this answer for a refusal, and the other for none.
    quoted = answer("报道没有说明哪些人属于“高层次人才”[1]。", status="answered")
    assert score(FalseRefusal(), ANSWERABLE, quoted).value == 0.0
    declined = answer("这个问题不在已载入的政策文件范围内。", status="off_topic")
    assert score(FalseAnswer(), UNANSWERABLE, declined).value == 0.0


def test_a_status_that_the_case_accepts_is_no_error() -> None:
    partly = case(answerable=False, status=("partial", "unanswerable"))
    assert (
        score(FalseAnswer(), partly, answer("文件没有给出金额：…", status="partial")).value == 0.0
    )
    assert score(FalseAnswer(), partly, answer("…", status="answered")).value == 1.0
    vague = case(answerable=True, status=("answered", "clarify"))
    assert score(FalseRefusal(), vague, answer("哪一份？", status="clarify")).value == 0.0


def test_a_verdict_is_an_answer() -> None:
    assert score(FalseRefusal(), ANSWERABLE, {"verdict": "more_information_needed"}).value == 0.0


def test_f1_of_abstaining() -> None:
    # 2 due and made, 1 due and not made, 1 made and not due: F1 = 4 / (4 + 2).
    metric = AbstentionF1()
    asked: list[tuple[Case, str]] = [
        (UNANSWERABLE, "unanswerable"),
        (UNANSWERABLE, "off_topic"),
        (UNANSWERABLE, "answered"),
        (ANSWERABLE, "unanswerable"),
        (ANSWERABLE, "answered"),
    ]
    scores = [score(metric, case, answer("…", status=status)) for case, status in asked]
    assert [s.value for s in scores] == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert metric.aggregate(scores) == pytest.approx(4 / 6)
    assert metric.aggregate(scores[-1:]) is None


def test_failed_records_are_the_opposite_of_what_was_due() -> None:
    assert score(FalseAnswer(), UNANSWERABLE, None).value == 1.0
    assert score(FalseRefusal(), ANSWERABLE, None).value == 1.0
    scores = [score(AbstentionF1(), case, None) for case in (ANSWERABLE, UNANSWERABLE)]
    assert AbstentionF1().aggregate(scores) == 0.0


def test_cases_that_do_not_say_whether_they_are_answerable_are_left_out() -> None:
    for metric in (FalseAnswer(), FalseRefusal(), AbstentionF1()):
        assert not applies(metric, case(), answer("…"))
    assert not applies(FalseAnswer(), ANSWERABLE, answer("…"))
    assert not applies(FalseRefusal(), UNANSWERABLE, answer("…"))
