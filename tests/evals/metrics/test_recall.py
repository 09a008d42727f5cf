from __future__ import annotations

import pytest

from evals.metrics.recall import Recall
from evals.metrics.testing import answer, applies, case, ranking, refs, score

GOLD = case(sections=refs("shanxi#spouse", "shanxi#children", "shanxi#housing"))


@pytest.mark.parametrize(
    ("k", "ranked", "value"),
    [
        (1, ["shanxi#spouse"], 1 / 3),
        (2, ["shanxi#spouse", "sichuan#parks", "shanxi#housing"], 1 / 3),
        (3, ["shanxi#spouse", "sichuan#parks", "shanxi#housing"], 2 / 3),
        (10, ["shanxi#housing", "shanxi#children", "shanxi#spouse"], 1.0),
        (10, ["sichuan#spouse"], 0.0),
        (10, [], 0.0),
    ],
)
def test_the_share_of_gold_sections_in_the_first_k(k: int, ranked: list[str], value: float) -> None:
    assert score(Recall(k), GOLD, ranking(*ranked)).value == pytest.approx(value)


def test_chinese_and_english_passages_of_a_section_count_once() -> None:
    # A Chinese question finds a section in both languages; as passages they would fill the top 2.
    both = ranking("shanxi#spouse", "shanxi#spouse", "shanxi#children")
    both["results"][0]["passage_id"] = "shanxi/zh#spouse"
    both["results"][1]["passage_id"] = "shanxi/en#spouse"
    found = score(Recall(2), GOLD, both)
    assert found.value == pytest.approx(2 / 3)
    assert found.detail["gold_ranks"] == [1, 2]


def test_a_gold_document_holds_all_its_sections() -> None:
    whole = case(sections=refs("shanxi#*"))
    assert score(Recall(1), whole, ranking("shanxi#spouse", "shanxi#children")).value == 1.0
    assert score(Recall(1), whole, ranking("shanxi#*")).value == 1.0


def test_what_is_not_judged() -> None:
    assert not applies(Recall(1), case(), ranking("shanxi#spouse"))
    unanswerable = case(answerable=False, sections=refs("shanxi#spouse"))
    assert not applies(Recall(1), unanswerable, ranking("shanxi#spouse"))


def test_a_failed_search_scores_zero_and_an_answer_is_unscored() -> None:
    assert score(Recall(1), GOLD, None).value == 0.0
    assert score(Recall(1), GOLD, answer("…")).value is None
