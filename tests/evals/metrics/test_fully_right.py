from __future__ import annotations

from typing import Any

import pytest

from evals.metrics.fully_right import FullyRight
from evals.metrics.testing import answer, applies, case, cite, nugget, refs, score

METRIC = FullyRight()
PERMIT = case(
    answerable=True,
    status=("answered",),
    sections=refs("山西#居留", "山西#绿卡"),
    nuggets=(nugget("居留许可"), nugget("高层次人才", vital=False)),
    figures=("5年",),
    forbidden=("永久居留",),
)
RIGHT = answer("发放五年有效的居留許可[1]。", cite(1, "有效期为５年的居留许可", "山西#居留"))


def test_a_right_answer_in_other_characters_than_the_case() -> None:
    # 五年 for 5年, 許可 for 许可: compared as strings, figure and nugget are both missing.
    assert score(METRIC, PERMIT, RIGHT).value == 1.0


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"status": "partial"}, ["status_accuracy"]),
        ({"text": "发放五年有效的证件[1]。"}, ["nugget_recall_strict"]),
        ({"text": "发放五年有效的居留许可，即永久居留[1]。"}, ["forbidden"]),
        ({"text": "发放五年有效的居留许可[1]。[2]"}, ["citation_validity"]),
        ({"text": "发放十五年有效的居留许可[1]。"}, ["figure_precision", "figure_recall"]),
        ({"text": "发放居留许可[1]。"}, ["figure_recall"]),
        ({"citations": [cite(1, "有效期为5年的居留许可", "山西#住房")]}, ["gold_cited"]),
    ],
)
def test_each_part_can_fail_it(change: dict[str, Any], failed: list[str]) -> None:
    found = score(METRIC, PERMIT, RIGHT | change)
    assert (found.value, found.detail["failed"]) == (0.0, failed)
    assert all(name in found.why for name in failed)


def test_an_unanswerable_question() -> None:
    unanswerable = case(answerable=False, status=("unanswerable",))
    assert score(METRIC, unanswerable, answer("文件没有说明。", status="unanswerable")).value == 1.0
    found = score(METRIC, unanswerable, answer("每月500元[1]。", cite(1, "500元")))
    assert found.detail["failed"] == ["status_accuracy", "false_answer"]


def test_an_accepted_question_back_owes_no_content() -> None:
    vague = case(
        answerable=True,
        status=("answered", "clarify"),
        sections=refs("p#s"),
        nuggets=(nugget("八"),),
    )
    assert score(METRIC, vague, answer("哪一份文件？", status="clarify")).value == 1.0


def test_without_a_status_being_answerable_decides() -> None:
    assert score(METRIC, case(answerable=True), answer("…[1]", cite(1))).value == 1.0
    assert score(METRIC, case(answerable=True), answer(status="clarify")).value == 0.0


def test_a_verdict() -> None:
    assert score(METRIC, case(verdict="eligible"), {"verdict": "eligible"}).value == 1.0
    assert score(METRIC, case(verdict="eligible"), {"verdict": "not_eligible"}).value == 0.0


def test_failures_count_and_cases_that_expect_nothing_are_left_out() -> None:
    assert score(METRIC, PERMIT, None).value == 0.0
    assert not applies(METRIC, case(), RIGHT)
