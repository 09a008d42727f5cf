"""What messages of a talk about eligibility ask, by their words."""

from __future__ import annotations

import pytest

from assistant.eligibility.asking import (
    asks_to_go_on,
    is_bare,
    is_mere_reply,
    returns_to,
    tells_no_more,
    unasked,
    wants_information,
)


@pytest.mark.parametrize(
    ("zh", "en", "goes_on"),
    [
        ("继续刚才的资格判断", "back to my eligibility", True),
        ("那我符合条件吗？", "so do I qualify?", True),
        ("继续", "continue", True),
        ("好的，继续吧", "ok, let's go on", True),
        ("那孩子上学呢，我符合条件吗？", "and my children, do I qualify?", False),
        ("绿卡有效期多长？", "How long is the card valid?", False),
    ],
)
def test_a_message_that_goes_on(zh: str, en: str, goes_on: bool) -> None:
    assert asks_to_go_on(zh) is goes_on
    assert asks_to_go_on(en) is goes_on


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("back to the residence permit", "residence permit"),
        ("ok, let's go back to the spouse support", "spouse support"),
        ("回到居留许可吧", "居留许可"),
        ("再看看配偶保障的条件", "配偶保障"),
        ("回到居留許可", "居留许可"),
        ("How do I get back to China?", ""),
        ("回到山西工作有补贴吗？", ""),
    ],
)
def test_what_a_message_returns_to(text: str, name: str) -> None:
    assert returns_to(text) == name


@pytest.mark.parametrize(
    ("text", "mere"),
    [
        ("yes", True),
        ("why not?", True),
        ("I don’t know", True),
        ("ok, no", True),
        ("不清楚", True),
        ("为什么不符合？", True),
        ("為什麼", True),
        ("yes, we are in Suining", False),
        ("没有工作", False),
        ("why is the card green?", False),
    ],
)
def test_a_mere_reply(text: str, mere: bool) -> None:
    assert is_mere_reply(text) is mere


@pytest.mark.parametrize(
    ("text", "said", "bare"),
    [
        ("Do I qualify?", [], True),
        ("ok, do I qualify for that?", [], True),
        ("I am an engineer with a doctorate. Do I qualify?", ["I am an engineer"], True),
        ("我是工程师，读过博士，我符合条件吗？", ["我是工程师"], False),
        ("我是工程师，我符合条件吗？", ["我是工程师"], True),
        ("我符合绿卡的条件吗？", [], False),
        ("Do I qualify for the green card?", [], False),
    ],
)
def test_a_bare_question(text: str, said: list[str], bare: bool) -> None:
    assert is_bare(text, said) is bare


@pytest.mark.parametrize(
    ("text", "said", "no_more"),
    [
        ("We are in Suining.", ["Suining"], True),
        ("我们在遂宁", ["遂宁"], True),
        ("shanxi green card wife no job", ["wife no job"], False),
        ("My wife, who has the green card, has no job", ["has no job"], False),
    ],
)
def test_a_message_that_tells_no_more(text: str, said: list[str], no_more: bool) -> None:
    assert tells_no_more(text, said) is no_more


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("我能优先申请永久居留吗", "我优先申请永久居留吗"),
        ("我符合绿卡的条件吗", "我绿卡的条件吗"),
        ("Can I get the green card?", "get the green card?"),
        ("Am I eligible for it?", "Am I for it?"),
        ("绿卡有什么功能？", "绿卡有什么功能？"),
    ],
)
def test_a_message_without_what_asks(text: str, rest: str) -> None:
    assert "".join(unasked(text).split()) == "".join(rest.split())
    assert len(unasked(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("我们公司想了解绿卡", True),
        ("Tell me about the card, I am German", True),
        ("我们公司在遂宁", False),
        ("My wife has no job", False),
    ],
)
def test_a_message_that_wants_information(text: str, wants: bool) -> None:
    assert wants_information(text) is wants
