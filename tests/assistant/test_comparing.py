from __future__ import annotations

import re

import pytest

from assistant.comparing import Policies, title_words
from assistant.questions import Question
from assistant.service import Assistant
from assistant.understand import understand

EIGHT, ACTION = "sichuan-eight-measures", "sichuan-hr-industry-action-2023"
OPINIONS, PLAN = "mohrss-manufacturing-opinions-2024", "sichuan-integrated-development-plan"
CARD = "shanxi-talent-reform"


@pytest.fixture(scope="module")
def policies(assistant: Assistant) -> Policies:
    return Policies(assistant.index, assistant.index.documents())


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("八条措施和五部门意见分别由几个部门发布？", {EIGHT, OPINIONS}),
        ("Compare the green card with the Eight Measures", {CARD, EIGHT}),
        ("人才綠卡和專項行動各針對誰？", {CARD, ACTION}),
        ("Which bodies drafted the Integrated Development Plan?", {PLAN}),
        ("What training is there in Sichuan?", set()),
        ("雅安和绵阳各有什么任务？", set()),
    ],
)
def test_policies_are_named_by_their_titles_and_the_glossarys_names(policies, question, named):
    assert set(policies.named(question)) == named


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("八条措施和五部门意见分别由几个部门发布？", True),
        ("What is the difference between the green card and the Eight Measures?", True),
        ("How many bodies issued the Opinions, and how many the Eight Measures?", False),
        ("Who issued the five national bodies' Opinions, and who the Eight Measures?", True),
        ("山西的改革和四川的《八条措施》分别是哪天公布的？", True),
        ("Does the Integrated Development Plan mention the Eight Measures?", False),
        ("雅安和绵阳各有什么任务？", False),
    ],
)
def test_policies_are_compared_where_a_question_sets_them_side_by_side(
    policies, question, compared
):
    understood = policies.compared(understand(Question(question)))
    assert bool(understood.policies) is compared
    assert not compared or understood.task == "comparison"


def test_each_policy_is_searched_for_by_itself(assistant, policies):
    understood = policies.compared(understand(Question("八条措施和五部门意见分别由几个部门发布？")))
    alone = assistant.index.search(understood.query, 24)
    found = policies.search_each(understood, alone, 24)
    first, second = found.results[:2]
    assert {first.passage.document_id, second.passage.document_id} == {EIGHT, OPINIONS}
    assert first.score == second.score == alone.results[0].score
    assert [one.rank for one in found.results] == list(range(1, len(found.results) + 1))
    assert {document for document, _ in found.compared.sections} == {EIGHT, OPINIONS}
    assert set(found.each) == {EIGHT, OPINIONS}


def test_figures_of_policies_that_are_compared_stand_in_one_table(assistant):
    question = "How many bodies issued the Eight Measures and the special action notice each?"
    answer = assistant.ask(Question(question))
    assert answer.status == "answered"
    assert answer.text.startswith("|")
    assert [citation.document_id for citation in answer.citations] == [EIGHT, ACTION]
    assert "Seven provincial bodies |" in answer.text
    assert "Five" in answer.text


def test_an_answer_for_some_of_the_policies_only_says_so(assistant):
    answer = assistant.ask(Question("绿卡和五部门意见分别由几个部门发布？"))
    assert answer.status == "partial"
    assert answer.text.startswith("只在其中一部分文件里找到了所问的内容：")
    assert {citation.document_id for citation in answer.citations} == {OPINIONS}


def test_what_no_policy_states_is_not_compared(assistant):
    answer = assistant.ask(Question("八条措施和一体发展规划各有哪些罚则？"))
    assert answer.status == "unanswerable"


def test_beside_what_states_no_amount_there_is_no_long_list(assistant):
    answer = assistant.ask(Question("八条措施和五部门意见分别多少钱？"))
    assert answer.status == "partial"
    assert answer.text.startswith("文件写到了相关内容，但没有给出金额：")
    assert len(answer.citations) <= 5


@pytest.mark.parametrize(
    "question",
    [
        "2023年底人力资源机构数量，全国和四川分别是多少？",
        "How many HR agencies were there nationwide and in Sichuan respectively?",
        "How many HR agencies are there in Sichuan, and how many in the whole of China?",
    ],
)
def test_the_nation_and_a_province_are_set_side_by_side(assistant, question):
    answer = assistant.ask(Question(question))
    assert answer.status == "answered"
    assert {"69900", "16000"} <= set(re.findall(r"\d{5}", answer.text.replace(",", "")))
    assert {OPINIONS, EIGHT} == {citation.document_id for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("泸州和宜宾，2023年四川的通知支持它们的抓手有什么不一样？", ("泸州", "宜宾")),
        ("What does the notice support in Luzhou and Yibin respectively?", ("Luzhou", "Yibin")),
    ],
)
def test_cities_that_are_compared_are_each_searched_for(assistant, question, places):
    answer = assistant.ask(Question(question))
    assert answer.status == "answered"
    rows = [line.split(" | ")[0].strip("| ") for line in answer.text.splitlines()[2:]]
    assert tuple(dict.fromkeys(rows)) == places


def test_longer_answers_of_policies_stand_one_below_the_other(assistant):
    answer = assistant.ask(Question("人才绿卡和八条措施对人才各有什么好处？"))
    assert answer.status == "answered"
    documents = [citation.document_id for citation in answer.citations]
    assert documents == sorted(documents, key=[CARD, EIGHT].index)
    assert set(documents) == {CARD, EIGHT}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Sichuan's Eight Measures", {"eight", "measure"}),
        ("山西人才“绿卡”", {"人才", "绿卡"}),
        ("四川省", set()),
    ],
)
def test_places_are_no_words_of_a_title(title, words):
    assert title_words(title) == words
