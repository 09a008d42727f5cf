"""How the answer to `which measure do you mean` is read, over the project's own measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.matching import Matching
from assistant.eligibility.turn_wording import TEXTS
from assistant.eligibility.which_turn import offered_in, pointed_at, read_choice
from assistant.questions import Lang
from assistant.settings import PROJECT
from index.lexical import traditional

SPOUSE = "shanxi-talent-reform/spouse-support"
CARD = "shanxi-talent-reform/green-card"
PERMIT = "shanxi-talent-reform/residence-permit"
OFFERED = (CARD, SPOUSE, PERMIT)


@pytest.fixture(scope="module")
def measures() -> Matching:
    return Matching(load_catalogue(Path(PROJECT / "docs_corpus")).measures)


def titles(measures: Matching, lang: Lang) -> str:
    known = load_catalogue(Path(PROJECT / "docs_corpus")).measures
    return "\n".join(f"- {known[one].title[lang]}" for one in OFFERED)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_question_is_known_again(measures: Matching, lang: Lang) -> None:
    turn = f"{TEXTS['which'][lang]}\n\n{titles(measures, lang)}\n\n{TEXTS['unread'][lang]}"
    assert offered_in(turn, measures) == OFFERED
    assert offered_in(traditional(turn), measures) == OFFERED
    assert offered_in(titles(measures, lang), measures) == ()


@pytest.mark.parametrize(
    ("zh", "en", "choice"),
    [
        ("第二个", "the second", SPOUSE),
        ("第2项", "the 2nd one", SPOUSE),
        ("2", "2", SPOUSE),
        ("二", "two", SPOUSE),
        ("选第一个吧", "option 1", CARD),
        ("最后一个", "the last one", PERMIT),
        ("配偶那个", "the spouse one", SPOUSE),
        ("配偶那个？", "what about the spouse one?", SPOUSE),
        ("居留许可", "the residence permit", PERMIT),
        ("配偶暂时没有工作时的保障", "Support for a spouse without work", SPOUSE),
        (
            "我符合“山西人才‘绿卡’”的条件吗？",
            "Do I qualify for “The Shanxi talent green card”?",
            CARD,
        ),
        # of the others, where it is pointed at
        (
            "供应商名录那个",
            "the supplier directory one",
            "sichuan-hr-industry-action-2023/supplier-directory",
        ),
        ("都不是", "neither", "neither"),
        ("别的", "something else", "neither"),
        # no choice
        ("不知道", "not sure", None),
        ("嗯", "hm", None),
        ("居留许可有效期多长？", "How long is the residence permit valid?", None),
        ("有什么区别？", "What is the difference?", None),
        ("第九个", "the ninth", None),
    ],
)
def test_an_answer_is_read(measures: Matching, zh: str, en: str, choice: str | None) -> None:
    assert read_choice(zh, OFFERED, measures) == choice
    assert read_choice(traditional(zh), OFFERED, measures) == choice
    assert read_choice(en, OFFERED, measures) == choice


@pytest.mark.parametrize(
    ("zh", "en", "measure"),
    [
        ("第一个我们符合条件吗", "Do I qualify for the first one?", CARD),
        ("第三项", "the third one", PERMIT),
        ("第二个是什么时候发布的？", "When was the second one issued?", None),
        ("我们第一次申请", "We apply for the first time", None),
        ("第五个", "the fifth one", None),
    ],
)
def test_a_measure_of_a_ranking_is_pointed_at(zh: str, en: str, measure: str | None) -> None:
    assert pointed_at(zh, OFFERED) == measure
    assert pointed_at(en, OFFERED) == measure


def test_nothing_can_be_pointed_at_where_nothing_was_shown() -> None:
    assert pointed_at("the first one", ()) is None
