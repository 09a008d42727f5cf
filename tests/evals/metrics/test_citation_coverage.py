from __future__ import annotations

import pytest

from evals.metrics.citation_coverage import CitationCoverage
from evals.metrics.testing import answer, applies, case, score

METRIC = CitationCoverage()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Pays an allowance [1]. Pays insurance.", 1 / 2),
        ("The plan says:\n\n- housing [1]\n- schooling [2]\n- transport", 2 / 3),
        # Chinese sentences follow each other without a space; split at `[.!?] ` they are one, and
        # cut at 。 the marks behind it would go to the next.
        ("发放补贴。 [1]缴纳社保。安排住房。 [2]", 2 / 3),
        ("《实施意见》写道：\n\n由用人单位发放补贴。 [1]", 1.0),
        ("发放补贴；缴纳社保；安排住房。[1]", 1.0),
        ("文件与问题中的“6个部门”不符，写的是“7个部门”。\n\n由7个部门印发。 [1]", 1.0),
        ("按川人社办发[2023]39号执行。", 0.0),
        ("以下是答复：", 0.0),
        ("", 0.0),
    ],
)
def test_the_share_of_sentences_with_a_mark(text: str, value: float) -> None:
    assert score(METRIC, case(), answer(text)).value == pytest.approx(value)


@pytest.mark.parametrize("status", ["unanswerable", "clarify", "off_topic", "refused"])
def test_an_answer_that_leaves_the_question_open_needs_no_marks(status: str) -> None:
    assert not applies(METRIC, case(), answer("已载入的文件没有说明这一点。", status=status))


def test_a_failed_record_scores_zero() -> None:
    assert score(METRIC, case(), None).value == 0.0
