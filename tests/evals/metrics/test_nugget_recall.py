from __future__ import annotations

import pytest

from evals.metrics.nugget_recall import NuggetRecallLenient, NuggetRecallStrict
from evals.metrics.testing import answer, applies, case, nugget, score

STRICT, LENIENT = NuggetRecallStrict(), NuggetRecallLenient()
SPOUSE = case(
    nuggets=(
        nugget("生活补贴", "living allowance"),
        nugget("社会保险", "社保"),
        nugget("平均工资", vital=False),
    )
)


@pytest.mark.parametrize(
    ("text", "strict", "lenient"),
    [
        ("发放生活补贴，缴纳社保，按平均工资。", 1.0, 1.0),
        ("发放生活补贴，缴纳社保。", 1.0, 2 / 2.5),
        ("发放生活补贴，按平均工资。", 0.0, 1.5 / 2.5),
        ("Pays a living allowance.", 0.0, 1 / 2.5),
        ("没有说明。", 0.0, 0.0),
        # Marks, line breaks, quotation marks and Traditional characters hide words from `in`.
        ("發放生活[1]補貼，缴纳“社会\n保险”[2]。", 1.0, 2 / 2.5),
        # Words that meet across a full stop say something else.
        ("照顾其生活。补贴另定。缴纳社保。", 0.0, 1 / 2.5),
    ],
)
def test_vital_nuggets_count_one_and_okay_ones_half(
    text: str, strict: float, lenient: float
) -> None:
    assert score(STRICT, SPOUSE, answer(text)).value == strict
    assert score(LENIENT, SPOUSE, answer(text)).value == pytest.approx(lenient)


@pytest.mark.parametrize(
    ("text", "wording", "found"),
    [
        ("十四天内办结", "四天", 0.0),
        ("14天内办结", "4天", 0.0),
        ("１４天内办结", "14天", 1.0),
        ("占25%", "5%", 0.0),
        ("within 14 days", "4 days", 0.0),
        ("in 50 parks", "5", 0.0),
    ],
)
def test_a_figure_within_another_is_not_said(text: str, wording: str, found: float) -> None:
    assert score(STRICT, case(nuggets=(nugget(wording),)), answer(text)).value == found


def test_what_is_not_judged() -> None:
    only_okay = case(nuggets=(nugget("平均工资", vital=False),))
    assert not applies(STRICT, only_okay, answer("…"))
    assert applies(LENIENT, only_okay, answer("…"))
    assert not applies(LENIENT, case(), answer("…"))
    allowed = case(status=("answered", "clarify"), nuggets=(nugget("八项"),))
    assert not applies(STRICT, allowed, answer("哪一份文件？", status="clarify"))
    assert score(STRICT, allowed, answer("没有说明。", status="unanswerable")).value == 0.0


def test_failures_count_and_what_is_missing_is_told() -> None:
    assert score(STRICT, SPOUSE, None).value == score(LENIENT, SPOUSE, None).value == 0.0
    why = score(STRICT, SPOUSE, answer("发放生活补贴。")).why
    assert why == "not said: 社会保险 / 社保"
