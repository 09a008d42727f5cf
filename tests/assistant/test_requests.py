from datetime import date

import pytest

from assistant.errors import InputError
from assistant.questions import Question, Turn
from assistant.requests import SearchRequest, question_from, search_from


def test_a_question_alone():
    assert question_from({"question": "有什么支持？"}) == Question("有什么支持？")


def test_everything_that_can_be_said():
    data = {
        "id": "q-1",
        "trace": True,
        "question": "And my children?",
        "history": [{"role": "user", "content": "hi"}],
        "lang": "en",
        "as_of": "2024-02-29",
        "facts": {"city": "遂宁", "staff": 12},
    }
    assert question_from(data) == Question(
        text="And my children?",
        history=(Turn("user", "hi"),),
        lang="en",
        as_of=date(2024, 2, 29),
        facts={"city": "遂宁", "staff": 12},
        id="q-1",
        trace=True,
    )


def test_null_counts_as_missing_and_unknown_keys_are_left_alone():
    data = {
        "question": "q",
        "history": None,
        "lang": None,
        "as_of": None,
        "facts": None,
        "id": None,
    }
    assert question_from(data | {"expected": ["x"]}) == Question("q")


def test_a_number_is_an_id_too():
    assert question_from({"question": "q", "id": 7}).id == "7"


def test_an_empty_question_is_left_to_the_pipeline():
    assert question_from({"question": "  "}).text == "  "


@pytest.mark.parametrize(
    ("item", "turns"),
    [
        ({"role": "user", "content": "q"}, [("user", "q")]),
        ({"role": "assistant", "content": "a"}, [("assistant", "a")]),
        ({"question": "q", "answer": "a"}, [("user", "q"), ("assistant", "a")]),
        (
            {"question": "q", "answer": {"text": "a", "status": "answered"}},
            [("user", "q"), ("assistant", "a")],
        ),
        ({"question": "q"}, [("user", "q")]),
        ({"question": "q", "answer": None}, [("user", "q")]),
        (["q", "a"], [("user", "q"), ("assistant", "a")]),
        (["q", None], [("user", "q")]),
        ("q", [("user", "q")]),
    ],
)
def test_forms_of_an_earlier_turn(item, turns):
    history = question_from({"question": "next", "history": [item]}).history
    assert [(turn.role, turn.text) for turn in history] == turns


def test_history_keeps_its_order():
    history = question_from({"question": "next", "history": ["one", ["two", "three"]]}).history
    assert [turn.text for turn in history] == ["one", "two", "three"]


BAD = [
    ({}, "question: missing"),
    ({"question": None}, "question: missing"),
    ({"question": 5}, "question: a number"),
    ({"question": ["q"]}, "question: a list"),
    ({"question": "\ud800"}, "question: it holds half"),
    ({"question": "q", "history": "earlier"}, "history: a text"),
    ({"question": "q", "history": {"role": "user"}}, "history: an object"),
    ({"question": "q", "history": [5]}, r"history\[0\]: this is no earlier turn"),
    ({"question": "q", "history": ["a", ["b"]]}, r"history\[1\]: this is no earlier turn"),
    ({"question": "q", "history": [{"text": "a"}]}, r"history\[0\]: this is no earlier turn"),
    (
        {"question": "q", "history": [{"role": "system", "content": "a"}]},
        r"history\[0\].role='system'",
    ),
    ({"question": "q", "history": [{"role": ["user"], "content": "a"}]}, r"history\[0\].role="),
    ({"question": "q", "history": [{"role": "user"}]}, r"history\[0\].content: nothing"),
    (
        {"question": "q", "history": [{"role": "user", "content": 1}]},
        r"history\[0\].content: a number",
    ),
    ({"question": "q", "history": [{"question": 1}]}, r"history\[0\].question: a number"),
    ({"question": "q", "history": [["q", 2]]}, r"history\[0\]\[1\]: a number"),
    ({"question": "q", "history": ["\udfff"]}, r"history\[0\]: it holds half"),
    ({"question": "q", "lang": "fr"}, 'lang=\'fr\': not known; use "zh" or "en"'),
    ({"question": "q", "lang": ["zh"]}, r"lang=\['zh'\]"),
    ({"question": "q", "lang": "\ud800"}, r"lang='\\ud800'"),
    ({"question": "q", "as_of": "2023-02-30"}, "as_of='2023-02-30': there is no such day"),
    ({"question": "q", "as_of": "20230220"}, "as_of='20230220': no date"),
    ({"question": "q", "as_of": "today"}, "as_of='today': no date"),
    ({"question": "q", "as_of": 20230220}, "as_of=20230220: no date"),
    ({"question": "q", "facts": ["a"]}, "facts: a list"),
    ({"question": "q", "trace": "yes"}, "trace='yes': give true or false"),
    ({"question": "q", "trace": {"a": 1}}, "trace={'a': 1}: give true or false"),
    ({"question": "q", "facts": "a=b"}, "facts: a text"),
    ({"question": "q", "id": True}, "id: true or false"),
    ({"question": "q", "id": 1.5}, "id: a number"),
    ({"question": "q", "id": "\ud800"}, "id: it holds half"),
    ([], "a list where a JSON object"),
    ("q", "a text where a JSON object"),
    (None, "nothing where a JSON object"),
]


@pytest.mark.parametrize(("data", "message"), BAD)
def test_what_cannot_be_used_is_named(data, message):
    with pytest.raises(InputError, match=f"^{message}") as caught:
        question_from(data)
    str(caught.value).encode("utf-8")  # a message that cannot be sent would be no message


def test_a_long_value_is_not_repeated_whole():
    with pytest.raises(InputError) as caught:
        question_from({"question": "q", "lang": "x" * 10_000})
    assert len(str(caught.value)) < 250


def test_a_search():
    assert search_from({"query": "绿卡"}) == SearchRequest("绿卡", 10, None)
    assert search_from({"query": "绿卡", "k": 3, "id": "s"}) == SearchRequest("绿卡", 3, "s")
    assert search_from({"query": "绿卡", "explain": True}).explain
    with pytest.raises(InputError, match="explain='yes': give true or false"):
        search_from({"query": "绿卡", "explain": "yes"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "query: missing"),
        ({"query": 1}, "query: a number"),
        ({"query": "q", "k": 0}, "k=0"),
        ({"query": "q", "k": 101}, "k=101"),
        ({"query": "q", "k": True}, "k=True"),
        ({"query": "q", "k": 1.5}, "k=1.5"),
        ({"query": "q", "k": "3"}, "k='3'"),
        ([], "a list"),
    ],
)
def test_a_search_that_cannot_be_made(data, message):
    with pytest.raises(InputError, match=f"^{message}"):
        search_from(data)
