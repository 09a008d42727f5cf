from __future__ import annotations

from typing import Any

import pytest

from evals.metrics.figure_fidelity import FigurePrecision, FigureRecall
from evals.metrics.testing import answer, applies, case, cite, score

PRECISION, RECALL = FigurePrecision(), FigureRecall()


@pytest.mark.parametrize(
    ("text", "quotes", "value"),
    [
        ("须在14天内办结[1]。", ["within fourteen days"], 1.0),
        ("须在１４天内办结[1]。", ["十四天内办结"], 1.0),
        ("须在4天内办结[1]。", ["14天内办结"], 0.0),  # `4天` is a substring of `14天`
        ("補貼兩萬元[1]。", ["补贴2万元"], 1.0),
        ("补贴2万元[1]，为期5年[1]。", ["补贴20000元，为期3年"], 1 / 2),
        # Each sentence is held against its own citation: shuffled ones are found out.
        ("补贴2万元[1]。为期5年[2]。", ["补贴2万元", "为期5年"], 1.0),
        ("补贴2万元[2]。为期5年[1]。", ["补贴2万元", "为期5年"], 0.0),
        # Without a mark, any citation will do.
        ("补贴2万元。为期5年[2]。", ["补贴2万元", "为期5年"], 1.0),
    ],
)
def test_the_share_of_figures_that_stand_in_the_quotes(
    text: str, quotes: list[str], value: float
) -> None:
    cited = [cite(label, quote) for label, quote in enumerate(quotes, start=1)]
    assert score(PRECISION, case(), answer(text, *cited)).value == value


def test_introductions_may_name_title_and_day_and_corrections_the_question() -> None:
    about = {"title": "四川《八条措施》", "issued_on": "2023-09-20"}
    cited = cite(1, "由7个部门印发。", **about)
    # 6 and 7 departments, 8 measures, the day, and 7 departments again.
    text = "文件与问题中的“6个部门”不符，写的是“7个部门”。\n\n《八条措施》（2023年9月20日）写道：\n\n由7个部门印发。 [1]"
    asked = case(question="是6个部门印发的吗？")
    assert score(PRECISION, asked, answer(text, cited)).value == 1.0
    assert score(PRECISION, case(question="是几个部门印发的？"), answer(text, cited)).value == 4 / 5


def test_a_sentence_may_not_repeat_the_questions_mistake() -> None:
    given = answer("由6个部门印发[1]。", cite(1, "由7个部门印发。"))
    found = score(PRECISION, case(question="是6个部门印发的吗？"), given)
    assert (found.value, found.why) == (0.0, "in no source: 6个部门")


@pytest.mark.parametrize(
    ("figures", "text", "value"),
    [
        (("14 days",), "须在十四天内办结[1]。", 1.0),
        (("4天",), "须在14天内办结。", 0.0),
        (("2%", "5年"), "比例为百分之二，为期三年。", 1 / 2),
        (("3至5年",), "为期3年。", 0.0),
        (("16000家",), "Nearly 16,000 entities.", 1.0),
        (("2025年",), "到2025年12月31日为止。", 1.0),
        (("2025年12月31日",), "到2025年为止。", 0.0),
        (("1+N",), "建设“１＋Ｎ”体系。", 1.0),
        (("5萬元",), "补贴5万元。", 1.0),
    ],
)
def test_the_share_of_expected_figures_that_are_stated(
    figures: tuple[str, ...], text: str, value: float
) -> None:
    assert score(RECALL, case(figures=figures), answer(text)).value == value


@pytest.mark.parametrize(
    "given",
    [answer("发放补贴[1]。", cite(1)), answer("没有说明14天的事。", status="unanswerable")],
)
def test_precision_is_not_judged_without_figures_or_answer(given: dict[str, Any]) -> None:
    assert not applies(PRECISION, case(), given)


def test_recall_is_judged_where_figures_are_expected() -> None:
    assert not applies(RECALL, case(), answer("5年"))
    assert not applies(
        RECALL, case(status=("clarify",), figures=("5年",)), answer(status="clarify")
    )
    assert score(RECALL, case(figures=("5年",)), answer(status="clarify")).value == 0.0


def test_failures_count() -> None:
    assert score(PRECISION, case(), None).value == 0.0
    assert score(RECALL, case(figures=("5年",)), None).value == 0.0
