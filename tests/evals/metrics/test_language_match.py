from __future__ import annotations

import pytest

from evals.cases import Lang
from evals.metrics.language_match import LanguageMatch
from evals.metrics.testing import answer, applies, case, cite, score

METRIC = LanguageMatch()
NOTICE = {"kind": "translation", "text": "…"}


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("zh", "由用人单位发放补贴[1]。", 1.0),
        ("en", "由用人单位发放补贴[1]。", 0.0),
        ("zh", "The employer pays an allowance [1].", 0.0),
        ("en", "The employer pays [1].\n\n由用人单位发放补贴[2]。", 1 / 2),
        ("zh", "支持 R&D、AI 和 5G 应用[1]。", 1.0),
        # By the count of characters the title makes this English sentence a Chinese one.
        ("en", "《关于深化人才发展体制机制改革的实施意见》 says so [1].", 1.0),
        ("en", "The green card (晋商晋才返晋创业人才绿卡制度) helps [1].", 1.0),
        ("zh", "文件名为“Opinions on Deepening the Reform of Talent Development”[1]。", 1.0),
        ("en", "《实施意见》", 0.0),
        ("zh", "2023-09-20", 1.0),
        ("en", "", 0.0),
    ],
)
def test_the_share_of_sentences_in_the_cases_language(lang: Lang, text: str, value: float) -> None:
    assert score(METRIC, case(lang), answer(text, cite(1), cite(2))).value == value


def test_quotes_in_another_language_are_allowed_where_a_notice_says_so() -> None:
    quote = "由用人单位发放“生活补贴”。"
    text = "The Opinions say:\n\n由用人单位发放“生活补贴”。 [1]"
    quoted = answer(text, cite(1, quote), notices=[NOTICE])
    assert score(METRIC, case("en"), quoted).value == 1.0
    assert score(METRIC, case("en"), answer(text, cite(1, quote))).value == 1 / 2
    not_a_quote = answer(text, cite(1, "另一句话。"), notices=[NOTICE])
    assert score(METRIC, case("en"), not_a_quote).value == 1 / 2


def test_failures_count_and_verdicts_are_left_out() -> None:
    assert score(METRIC, case(), None).value == 0.0
    assert not applies(METRIC, case(), {"verdict": "eligible"})
