from __future__ import annotations

import pytest

from index.text import fold, han_count, is_han, language, strip_invisible


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２０２３年", "2023年"),
        ("ＡＩ　Ｐｌａｎ", "ai plan"),
        ("①（一）", "1(一)"),
        ("ﬁne", "fine"),
        ("遂宁", "遂宁"),
        ("", ""),
    ],
)
def test_fold_makes_full_width_half_and_capitals_small(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("遂\u200b宁", "遂宁"),
        ("\ufeffplan", "plan"),
        ("a\u202eb\u2066c", "abc"),
        ("soft\u00adhyphen", "softhyphen"),
        ("bell\x07 del\x7f c1\x9f", "bell del c1"),
        ("line\nbreak\tand\r\nmore", "line\nbreak\tand\r\nmore"),
        ("a\u00a0b　c", "a\u00a0b　c"),
    ],
)
def test_strip_invisible_keeps_what_can_be_seen_and_line_breaks(text: str, left: str) -> None:
    assert strip_invisible(text) == left


@pytest.mark.parametrize("char", ["一", "龥", "㐂", "𠮷", "\U0002f800"])
def test_chinese_characters(char: str) -> None:
    assert is_han(char)
    assert han_count(f"a{char}。{char}") == 2


@pytest.mark.parametrize("char", ["a", "1", "。", "，", "あ", "한", "😀", ""])
def test_other_characters(char: str) -> None:
    assert not is_han(char)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is 晋商晋才?", "en"),
        ("申请 green card 要什么条件", "zh"),
        ("人才绿卡", "zh"),
        ("Which parks are named?", "en"),
        ("R&D补贴", "zh"),
        ("company's", "en"),
        ("A、B类人才", "zh"),
        ("Does 人才绿卡 cover e-commerce?", "en"),
        ("IT企业有什么支持", "zh"),
        # 1.6 characters for each of 5 words are 8; in a question that opens in English, 6 are 30.
        ("一二三四五六七八 aa bb cc dd ee", "en"),
        ("一二三四五六七八九 aa bb cc dd ee", "zh"),
        ("“What bb cc dd ee” " + "一" * 30, "en"),
        ("“What bb cc dd ee” " + "一" * 31, "zh"),
        ("Whatever bb cc dd ee " + "一" * 9, "zh"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize("text", ["", "2023?", "😀 —"])
def test_language_of_a_text_without_words(text: str) -> None:
    assert language(text) == "en"
    assert language(text, otherwise="zh") == "zh"
