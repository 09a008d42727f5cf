from __future__ import annotations

import pytest

from evals.metrics.citation_gold import CitationPrecision, CitationRecall
from evals.metrics.testing import answer, applies, case, cite, refs, score

GOLD = case(answerable=True, sections=refs("山西#配偶", "山西#绿卡"))


@pytest.mark.parametrize(
    ("places", "precision", "recall"),
    [
        (["山西#配偶"], 1.0, 1 / 2),
        (["山西#配偶", "山西#绿卡"], 1.0, 1.0),
        (["山西#配偶", "山西#子女", "四川#配偶"], 1 / 3, 1 / 2),
        (["山西#子女"], 0.0, 0.0),
        ([], 0.0, 0.0),
    ],
)
def test_where_the_citations_point(places: list[str], precision: float, recall: float) -> None:
    given = answer("…", *(cite(i, place=place) for i, place in enumerate(places, start=1)))
    assert score(CitationPrecision(), GOLD, given).value == pytest.approx(precision)
    assert score(CitationRecall(), GOLD, given).value == pytest.approx(recall)


def test_a_chinese_question_may_cite_the_english_passage_of_a_section() -> None:
    # Compared by passage id or quote, the English one is not the gold one, and the two are two.
    zh, en = cite(1, "发放补贴", "山西#配偶"), cite(2, "pays it", "山西#配偶", lang="en")
    wrong = cite(3, "其他", "山西#子女")
    assert score(CitationPrecision(), GOLD, answer("…", en)).value == 1.0
    assert score(CitationPrecision(), GOLD, answer("…", zh, en, wrong)).value == 1 / 2
    assert score(CitationRecall(), GOLD, answer("…", zh, en)).value == 1 / 2


def test_an_answer_left_open_cites_nothing_wrong_and_nothing_right() -> None:
    given = answer("文件没有说明。", status="unanswerable")
    assert not applies(CitationPrecision(), GOLD, given)
    assert score(CitationRecall(), GOLD, given).value == 0.0
    allowed = case(answerable=True, status=("clarify",), sections=refs("山西#配偶"))
    assert not applies(CitationRecall(), allowed, answer("哪个省？", status="clarify"))


@pytest.mark.parametrize("metric", [CitationPrecision(), CitationRecall()])
def test_unanswerable_cases_are_left_out_and_failures_are_not(
    metric: CitationPrecision | CitationRecall,
) -> None:
    open_case = case(answerable=False, sections=refs("山西#配偶"))
    assert not applies(metric, open_case, answer("…", cite(1)))
    assert not applies(metric, case(answerable=True), answer("…", cite(1)))
    assert score(metric, GOLD, None).value == 0.0


def test_an_eligibility_answer_cites_by_criterion() -> None:
    given = {
        "verdict": "eligible",
        "criteria": [{"text": "…", "citation": cite(1, place="山西#配偶")}],
    }
    assert score(CitationPrecision(), GOLD, given).value == 1.0
