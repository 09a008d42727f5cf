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

FIRM = {"applicant_kind": ["enterprise"]}


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


def test_what_the_person_does_not_know_is_not_asked_again(catalogue: Catalogue) -> None:
    found = told(catalogue, "我想问问", "?works_in_shanxi", "不确定")
    assert found.declined == {"works_in_shanxi"}
    later = told(catalogue, "我想问问", "?works_in_shanxi", "不确定", "好的。", "我在太原工作")
    assert later.declined == frozenset()
    assert later.facts["works_in_shanxi"].value is True
