from __future__ import annotations

from typing import Any

import pytest

from evals.cases import Case
from evals.metrics.pair_agreement import PairAgreement, partner_of
from evals.metrics.testing import answer, applies, case, cite, record, score
from evals.records import Score

METRIC = PairAgreement()


def agree(zh: dict[str, Any] | None, en: dict[str, Any] | None, **expect: Any) -> Score:
    one, two = (case(lang, pair="配偶", **expect) for lang in ("zh", "en"))
    found = score(METRIC, one, zh, **{two.id: record(two, en)})
    back = score(METRIC, two, en, **{one.id: record(one, zh)})
    assert found.value == back.value
    return found


def citing(*places: str, status: str = "answered", lang: str = "zh") -> dict[str, Any]:
    cited = (cite(i, place=place, lang=lang) for i, place in enumerate(places, start=1))
    return answer("…", *cited, status=status)


@pytest.mark.parametrize(
    ("zh", "en", "value"),
    [
        (citing("山西#配偶"), citing("山西#配偶"), 1.0),
        (citing("山西#配偶", "山西#绿卡"), citing("山西#配偶", status="partial"), 1.0),
        (citing("山西#配偶", "山西#绿卡"), citing("山西#配偶", "山西#子女"), 0.0),
        (citing("山西#配偶"), citing("山西#子女"), 0.0),
        (citing(), citing(), 0.0),
        (citing("山西#配偶"), answer(status="unanswerable"), 0.0),
        (answer(status="unanswerable"), answer(status="off_topic"), 1.0),
        (answer(status="clarify"), answer(status="unanswerable"), 0.0),
        ({"verdict": "eligible"}, {"verdict": "eligible"}, 1.0),
        ({"verdict": "eligible"}, {"verdict": "not_eligible"}, 0.0),
        (citing("山西#配偶"), None, 0.0),
        (None, None, 0.0),
    ],
)
def test_one_class_and_the_same_sections(
    zh: dict[str, Any] | None, en: dict[str, Any] | None, value: float
) -> None:
    assert agree(zh, en).value == value


def test_chinese_and_english_answers_agree_by_section_not_by_words_or_passage() -> None:
    # No word, figure notation or passage id is the same; split by spaces the Chinese is one word.
    zh = answer(
        "发放十四天的生活补贴[1]。", cite(1, "发放生活补贴", "山西#配偶", passage_id="山西/zh#配偶")
    )
    en = answer(
        "An allowance for 14 days [1].",
        cite(1, "pays an allowance", "山西#配偶", lang="en", passage_id="山西/en#配偶"),
    )
    assert agree(zh, en).value == 1.0


def test_an_accepted_partial_of_an_unanswerable_question_is_no_answer() -> None:
    partial = citing("山西#配偶", status="partial")
    left_open = answer(status="unanswerable")
    assert agree(partial, left_open).value == 0.0
    assert (
        agree(partial, left_open, answerable=False, status=("partial", "unanswerable")).value == 1.0
    )


@pytest.mark.parametrize(
    ("name", "lang", "partner"),
    [
        ("sx-spouse-zh", "zh", "sx-spouse-en"),
        ("en-spouse-en", "en", "en-spouse-zh"),
        ("zh/配偶", "zh", "en/配偶"),
        ("men_en", "en", "p-zh"),  # `_` does not bound a word here, and `men` is no mark
        ("17", "zh", "p-en"),
    ],
)
def test_the_partner_differs_in_its_language(name: str, lang: str, partner: str) -> None:
    expected = "men_zh" if name == "men_en" else partner
    assert partner_of(Case(name, lang, ("…",), pair="p")) == expected  # type: ignore[arg-type]


def test_without_the_partner_there_is_nothing_to_compare() -> None:
    alone = score(METRIC, case(pair="配偶"), citing("山西#配偶"))
    assert (alone.value, alone.why) == (None, "no record of '配偶-en' in this run")
    assert not applies(METRIC, case(), answer())
