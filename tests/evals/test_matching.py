from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.matching import contains, normalise
from index.lexical import simplified


@pytest.mark.parametrize(
    ("text", "wording", "expected"),
    [
        # A naive `in` is wrong on every line of these.
        ("须在十四天内办结", "四天", False),
        ("须在14天内办结", "4天", False),
        ("补贴5万元", "补贴5", False),
        ("补贴３百万元", "百万元", False),
        ("达到百分之二十", "百分之二", False),
        ("第二十一条", "第二十", False),
        ("共十六项任务", "六项任务", False),
        ("2023年12月20日", "2月20日", False),
        ("增长1.5%", "5%", False),
        ("占比5%", "占比5", False),
        ("投入 １，２００ 万元", "1200万元", True),
        ("須在１４天內辦結", "14天内办结", True),
        ("发放“生活\n补贴”", "生活补贴", True),
        ("川人社办发〔2023〕39号", "川人社办发[2023]39号", True),
        ("享有住房补贴。标准另定", "补贴标准", False),
        ("- 住房补贴\n- 标准厂房", "补贴标准", False),
        ("within 14 days", "4 days", False),
        ("within 14 days", "14 Days", True),
        ("a hub for services", "hub", True),
        ("two hubs", "hub", False),
        ("in 50 firms", "5", False),
        ("5 million yuan", "5", False),
        ("twenty-four days", "four days", False),
        ("one hundred and four days", "four days", False),
        ("11/50 of them", "1/5", False),
        ("nearly 16,000 entities", "16000 entities", True),
        ("Ya'an", "Ya’an", True),
        ("state-owned firms", "State owned firms", True),
        ("R & D staff", "R&D", True),
        ("锂电hub枢纽", "hub", True),
        ("共四天", "四天", True),
        ("统一三年为期", "三年为期", True),
        ("要统一一站式办理", "一站式", True),
        ("共5个", "5", True),
        ("标点。", "。", False),
    ],
)
def test_a_wording_is_found_whole(text: str, wording: str, expected: bool) -> None:
    assert contains(text, wording) is expected


def test_traditional_characters_keep_their_places() -> None:
    assert simplified("臺灣的R&D補貼") == "台湾的R&D补贴"


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text("天十四5年补貼 ，。ab.,", max_size=20))
def test_a_text_with_words_says_itself(text: str) -> None:
    assert contains(text, text) is any(char.isalnum() for char in text)
