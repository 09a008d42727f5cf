from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numerals import NUMERALS, chinese_number, numbers, scaled_number


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("十", "10"),
        ("十四", "14"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("三百五", "350"),
        ("两千", "2000"),
        ("一万二千三百四十五", "12345"),
        ("三千万", "30000000"),
        ("一亿", "100000000"),
        ("二〇二五", "2025"),
        ("一九九八", "1998"),
        ("〇〇七", "7"),
        ("三点一四", "3.14"),
        ("十二点五", "12.5"),
        ("一百二十点〇五", "120.05"),
        ("十四五", None),
        ("五六", None),
        ("千万", None),
        ("百", None),
        ("亿亿", None),
        ("三点十", None),
        ("点五", None),
        ("四川", None),
        ("", None),
        ("九" * 41, None),
        ("〇" * 41, None),
    ],
)
def test_chinese_number(run: str, value: str | None) -> None:
    assert chinese_number(run) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("written", "value", "scale"),
    [
        ("500", "500", "1"),
        ("1.5万", "15000", "10000"),
        ("1,234.5 万", "12345000", "10000"),
        ("70多万", "700000", "10000"),
        ("3千万", "30000000", "10000000"),
        ("1亿2000万", "120000000", "100000000"),
    ],
)
def test_scaled_number(written: str, value: str, scale: str) -> None:
    assert scaled_number(written) == (Decimal(value), Decimal(scale))


READ = [
    # Chinese numerals
    ("七个部门", "7"),
    ("五部门意见", "5"),
    ("第十二条", "12"),
    ("第一章第三方", "1 3"),
    ("二〇二五年", "2025"),
    ("二○二五年", "2025"),
    ("二零二五年十二月三日", "2025 12 3"),
    ("三千元", "3000"),
    ("两家或两千户", "2 2000"),
    ("百万元高薪", "1000000"),
    ("百分之五和百分之三十五", "5 35"),
    ("零次", "0"),
    ("十年和十分钟", "10 10"),
    ("一点五倍", "1.5"),
    # digits with a scale
    ("1.5万家", "15000"),
    ("1.5 万", "15000"),
    ("1,234万", "12340000"),
    ("70多万", "700000"),
    ("10亿元", "1000000000"),
    ("1亿2000万元", "120000000"),
    ("1.5 千万元", "15000000"),
    # English words
    ("seven parks and twelve bodies", "7 12"),
    ("a five-year permit", "5"),
    # no numbers
    ("一些、一般、统一、进一步、一定、一带一路、唯一", ""),
    ("统一项目，另一家，每一年，一次性，一条龙，一部分", ""),
    ("四川、三农、两业、六安、十分满意、万一、千万别", ""),
    ("“十四五”", ""),
    ("三五天", ""),
    ("数十家、几百人、三十几岁", ""),
    ("5千瓦", ""),
    ("2025年12家", ""),
    ("one of them, which one, us two", ""),
    ("twenty-one, five hundred, two million, someone, tenth", ""),
    ("", ""),
    # absurd ones
    ("九" * 10_000 + "家", ""),
    ("亿" * 10_000, ""),
    ("1" * 10_000 + "万", ""),
]


@pytest.mark.parametrize(("text", "digits"), READ, ids=[text[:20] for text, _ in READ])
def test_numbers(text: str, digits: str) -> None:
    assert " ".join(number.digits for number in numbers(text)) == digits


def test_numbers_know_their_place() -> None:
    text = "七个部门拿出1.5万元 for three"
    found = numbers(text)
    assert [text[number.start : number.end] for number in found] == ["七", "1.5万", "three"]


@given(st.text(alphabet=NUMERALS + "第点个年几多 1,.万元a-"))
def test_any_text_is_read(text: str) -> None:
    found = numbers(text)
    assert all(number.digits.replace(".", "").isdecimal() for number in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
