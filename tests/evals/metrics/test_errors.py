from __future__ import annotations

from evals.metrics.errors import Errors
from evals.metrics.testing import answer, case, ranking, score

METRIC = Errors()


def test_the_share_of_records_without_an_answer() -> None:
    given = (answer("…"), None, ranking("p#s"), answer(status="unanswerable"))
    assert METRIC.aggregate([score(METRIC, case(), one) for one in given]) == 1 / 4


def test_a_chinese_answer_about_errors_has_not_failed() -> None:
    # Searching the text for 错误, 失败 or 超时 would count this one.
    given = answer("申报失败或材料错误的，超时不予受理[1]。")
    assert score(METRIC, case(), given).value == 0.0


def test_what_failed_is_told() -> None:
    assert score(METRIC, case(), None).why == "failed: timed out"
