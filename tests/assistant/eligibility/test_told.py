"""What a conversation tells, read from its texts alone, over the project's own catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.matching import Matching
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.told import Told, read_conversation
from assistant.eligibility.values import jsonable
from assistant.questions import Question, Turn
from assistant.settings import PROJECT
from index.lexical import traditional

FIRM = {"applicant_kind": ["enterprise"]}
FIRM_OF_GOODS = {**FIRM, "makes_goods": True}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(Path(PROJECT / "docs_corpus"))


def told(catalogue: Catalogue, *texts: str, facts: dict[str, Any] | None = None) -> Told:
    """A conversation of the person's and the assistant's texts in turn; `?fact` asks for one."""
    title = catalogue.measures["shanxi-talent-reform/green-card"].title["zh"]
    turns = []
    for number, text in enumerate(texts):
        if number % 2 and text.startswith("?"):
            asked = catalogue.facts[text[1:]].question["zh"]
            turns.append(Turn("assistant", f"**{title}**：还不能下结论\n\n{asked}"))
        else:
            turns.append(Turn("assistant" if number % 2 else "user", text))
    question = Question(turns[-1].text, tuple(turns[:-1]), facts=facts or {})
    return read_conversation(question, catalogue, Matching(catalogue.measures))


def values(found: Told, catalogue: Catalogue) -> dict[str, Any]:
    return {name: jsonable(one.value, catalogue.facts[name]) for name, one in found.facts.items()}


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        (["我们在遂宁", "好的。", "我们搬到了绵阳"], {"location": "绵阳"}),
        (["我们在遂宁", "好的。", "no, in Mianyang"], {"location": "绵阳"}),
        (["我想问问", "?location", "遂宁"], {"location": "遂宁"}),
        (["我想问问", "?works_in_shanxi", "是的"], {"works_in_shanxi": True}),
        (["我想问问", "?works_in_shanxi", "没有"], {"works_in_shanxi": False}),
        (["我想问问", "?works_in_shanxi", "不知道"], {}),
        (["我想问问", "?works_in_shanxi", "可以在哪里上学？"], {}),
        (["我想问问", "好的。", "是的"], {}),
        # a statement of something else, that begins as an answer could
        (
            ["我想问问", "?chain_master", "we are a small company"],
            {**FIRM, "small_or_medium": True},
        ),
        (["我想问问", "?chain_master", "是中小企业"], {"small_or_medium": True}),
        (["我想问问", "?chain_master", "we are looking for staff in many places"], {}),
        (
            ["我想问问", "?chain_master", "不是，我们是中小企业"],
            {**FIRM, "chain_master": False, "small_or_medium": True},
        ),
        (["我想问问", "?chain_master", "yes we are"], {"chain_master": True}),
        (["我想问问", "?chain_master", "we are not"], {"chain_master": False}),
        # a correction of another fact answers nothing
        (["我们在遂宁", "?chain_master", "不对，在绵阳"], {"location": "绵阳"}),
        # choices that can hold together add up, unless they are corrected or taken back
        (
            ["我们做无人机", "好的。", "我们也做光伏"],
            {"industry": ["drones", "photovoltaics"]},
        ),
        (["我们做无人机", "好的。", "不对，我们做光伏"], {"industry": ["photovoltaics"]}),
        (["我们做无人机", "好的。", "我们不是无人机企业"], {"applicant_kind": ["enterprise"]}),
        (["我们做无人机", "好的。", "我们不做无人机"], {}),
        (["We make drones", "I see.", "We don't make drones"], FIRM_OF_GOODS),
        (["我们不做无人机"], {}),
        (["We do not build drones"], {}),
        (
            ["我们做无人机和光伏", "好的。", "我们不做无人机"],
            {"industry": ["photovoltaics"]},
        ),
        (
            ["我们做无人机", "好的。", "我们不做无人机，也做光伏"],
            {"industry": ["photovoltaics"]},
        ),
    ],
)
def test_facts_of_a_conversation(
    catalogue: Catalogue, texts: list[str], known: dict[str, Any]
) -> None:
    assert values(told(catalogue, *texts), catalogue) == known


def test_each_fact_keeps_its_words_and_where_it_came_from(catalogue: Catalogue) -> None:
    found = told(catalogue, "我们在遂宁", facts={"chain_master": True}).facts
    assert (found["location"].words, found["location"].origin) == ("遂宁", "conversation")
    assert (found["chain_master"].words, found["chain_master"].origin) == ("", "api")


def test_a_talk_is_known_by_its_title_and_question(catalogue: Catalogue) -> None:
    found = told(catalogue, "我想问问", "?works_in_shanxi", "是")
    assert found.thread is not None
    assert found.thread.measure == "shanxi-talent-reform/green-card"
    assert (found.thread.asked, found.thread.lang) == ("works_in_shanxi", "zh")
    assert found.answered
    assert told(catalogue, "你好", "**别的标题**：内容", "是").thread is None


def test_another_answer_in_between_is_remembered(catalogue: Catalogue) -> None:
    found = told(catalogue, "我想问问", "?works_in_shanxi", "绿卡给配偶什么？", "补贴。 [1]", "是")
    assert found.thread is not None
    assert not found.thread.is_last
    assert not found.answered
    assert "works_in_shanxi" not in found.facts


def test_questions_and_answers_of_the_talk_are_no_history_for_others(catalogue: Catalogue) -> None:
    found = told(
        catalogue, "绿卡给配偶什么？", "?works_in_shanxi", "是", "?foreign_national", "那孩子呢？"
    )
    assert [turn.text for turn in found.history] == ["绿卡给配偶什么？"]


RANKING = "**您可以用的支持措施**：已载入的2项措施中……\n\n- ✓ **山西人才“绿卡”**：待遇 [1]\n- ? **配偶暂时没有工作时的保障**：补贴 [2]"
WHICH = "您问的是哪一项措施？\n\n- 山西人才“绿卡”\n- 配偶暂时没有工作时的保障"
MEASURES = ("shanxi-talent-reform/green-card", "shanxi-talent-reform/spouse-support")


def test_a_ranking_shows_measures_and_a_choice_offers_some(catalogue: Catalogue) -> None:
    ranked = told(catalogue, "有哪些措施适合我？", RANKING, "你好").thread
    assert ranked is not None
    assert (ranked.shown, ranked.offered, ranked.measure) == (MEASURES, (), None)
    which = told(catalogue, "我符合条件吗？", WHICH, "你好").thread
    assert which is not None
    assert (which.shown, which.offered, which.measure) == ((), MEASURES, None)


@pytest.mark.parametrize(
    ("text", "measure", "offered", "answered"),
    [
        ("第二个", MEASURES[1], (), True),
        ("the spouse one", MEASURES[1], (), True),
        ("都不是", None, (), True),
        ("居留许可有效期多长？", None, MEASURES, False),
    ],
)
def test_the_measure_that_was_chosen_is_talked_of(
    catalogue: Catalogue, text: str, measure: str | None, offered: tuple[str, ...], answered: bool
) -> None:
    found = told(catalogue, "我符合条件吗？", WHICH, text)
    assert found.thread is not None
    assert (found.thread.measure, found.thread.offered) == (measure, offered)
    assert found.answered is answered


@pytest.mark.parametrize(
    ("texts", "history"),
    [
        # what only answers, states or says yes and no is not what a later question goes on from
        (["绿卡给配偶什么？", "?works_in_shanxi", "不清楚", "好的。", "那孩子呢？"], 1),
        (["绿卡给配偶什么？", "?works_in_shanxi", "我爱人没有工作", "好的。", "那孩子呢？"], 1),
        (["绿卡给配偶什么？", "?works_in_shanxi", "期限多长？", "五年。 [1]", "那孩子呢？"], 2),
        (["绿卡给配偶什么？", "补贴。 [1]", "我爱人没有工作", "好的。", "那孩子呢？"], 2),
    ],
)
def test_what_belongs_to_the_talk_is_no_history(
    catalogue: Catalogue, texts: list[str], history: int
) -> None:
    found = told(catalogue, *texts).history
    assert len([turn for turn in found if turn.role == "user"]) == history


@pytest.mark.parametrize(
    ("text", "tells"),
    [("我们在遂宁", True), ("我们不做无人机", True), ("我们不做光伏", False), ("你好", False)],
)
def test_whether_a_message_tells_anything(catalogue: Catalogue, text: str, tells: bool) -> None:
    assert told(catalogue, "我们做无人机", "好的。", text).tells is tells


def test_a_talk_in_traditional_characters_is_known(catalogue: Catalogue) -> None:
    title = catalogue.measures[MEASURES[0]].title["zh"]
    asked = catalogue.facts["works_in_shanxi"].question["zh"]
    turn = Turn("assistant", traditional(f"**{title}**：还不能下结论\n\n{asked}"))
    question = Question("是", (Turn("user", "我符合綠卡的條件嗎？"), turn))
    found = read_conversation(question, catalogue, Matching(catalogue.measures))
    assert found.thread is not None
    assert (found.thread.measure, found.thread.asked) == (MEASURES[0], "works_in_shanxi")
    assert (found.answered, found.script) == (True, "hant")


def test_what_the_person_does_not_know_is_not_asked_again(catalogue: Catalogue) -> None:
    found = told(catalogue, "我想问问", "?works_in_shanxi", "不确定")
    assert found.declined == {"works_in_shanxi"}
    later = told(catalogue, "我想问问", "?works_in_shanxi", "不确定", "好的。", "我在太原工作")
    assert later.declined == frozenset()
    assert later.facts["works_in_shanxi"].value is True
