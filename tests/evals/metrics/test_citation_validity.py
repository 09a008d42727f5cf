from __future__ import annotations

from typing import Any

import pytest

from evals.metrics.citation_validity import CitationValidity
from evals.metrics.testing import answer, applies, case, cite, score

METRIC = CitationValidity()


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (answer("发放补贴[1]。缴纳社保[2]。", cite(1), cite(2)), 1.0),
        (answer("发放补贴[1]。缴纳社保[2]。", cite(1)), 1 / 2),
        (answer("发放补贴[1]。", cite(1), cite(2)), 1 / 2),
        (answer("发放补贴[1][2]。", cite(1), cite(2, quote="  ", end=102)), 1 / 2),
        (answer("发放补贴[1]。", cite(1, start=9, end=9)), 0.0),
        (answer("发放补贴[1]。", cite(1), cite(1)), 0.0),
        (answer("发放补贴。"), 0.0),
        (answer("没有说明[1]。", status="unanswerable"), 0.0),
    ],
)
def test_the_share_of_labels_that_are_valid(given: dict[str, Any], value: float) -> None:
    assert score(METRIC, case(), given).value == value


def test_a_chinese_quote_is_as_long_as_its_characters() -> None:
    # 8 characters, 24 bytes of UTF-8: offsets in bytes are not the document's.
    quote = "发放生活补贴费用"
    assert score(METRIC, case(), answer("补贴[1]。", cite(1, quote))).value == 1.0
    in_bytes = cite(1, quote, end=100 + len(quote.encode()))
    assert score(METRIC, case(), answer("补贴[1]。", in_bytes)).value == 0.0


def test_the_year_of_a_document_number_is_no_mark() -> None:
    given = answer("按川人社办发[2023]39号执行[1]。", cite(1))
    assert score(METRIC, case(), given).value == 1.0


def test_the_faults_are_named() -> None:
    given = answer("发放补贴[3]。", cite(1))
    assert score(METRIC, case(), given).why == "[1] is cited by no sentence; [3] has no citation"


def test_what_is_not_judged_and_what_failed() -> None:
    assert not applies(METRIC, case(), answer("文件没有说明。", status="unanswerable"))
    assert not applies(METRIC, case(), {"verdict": "eligible", "criteria": []})
    assert score(METRIC, case(), None).value == 0.0
