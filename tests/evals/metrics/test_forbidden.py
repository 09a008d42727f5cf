from __future__ import annotations

import pytest

from evals.metrics.forbidden import Forbidden
from evals.metrics.testing import answer, applies, case, cite, score

METRIC = Forbidden()


@pytest.mark.parametrize(
    ("forbidden", "text", "value"),
    [
        ("5年", "有效期为5年。", 0.0),
        ("5年", "有效期为15年。", 1.0),
        ("五年", "有效期为十五年。", 1.0),
        ("锂电", "支持鋰 電材料。", 0.0),
        ("生活补贴", "发放生活[1]补贴。", 0.0),
        ("三城", "推进第三。城区另定", 1.0),
        ("4 days", "Within 14 days.", 1.0),
        ("craftsmen", "A city of Craftsmen.", 0.0),
    ],
)
def test_whole_words_and_numbers_are_forbidden(forbidden: str, text: str, value: float) -> None:
    assert score(METRIC, case(forbidden=(forbidden,)), answer(text)).value == value


def test_a_quote_may_hold_what_the_answer_may_not() -> None:
    given = answer("有效期见原文[1]。", cite(1, "有效期为5年"))
    assert score(METRIC, case(forbidden=("5年",)), given).value == 1.0


def test_failures_count_and_cases_that_forbid_nothing_are_left_out() -> None:
    assert score(METRIC, case(forbidden=("5年",)), None).value == 0.0
    assert not applies(METRIC, case(), answer("…"))
