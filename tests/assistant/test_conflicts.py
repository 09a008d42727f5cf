from __future__ import annotations

import pytest

from assistant.answer import Citation
from assistant.conflicts import conflicts


def cited(document: str, quote: str, lang: str = "zh") -> Citation:
    return Citation(
        label=1,
        document_id=document,
        title=document,
        issuer=None,
        issued_on=None,
        section="s",
        passage_id=f"{document}#s",
        quote=quote,
        start=0,
        end=len(quote),
        lang=lang,
        url=None,
        validity="unknown",
    )


def test_two_policies_that_state_different_figures_are_both_quoted() -> None:
    one = cited("甲", "四川重点人力资源服务供应商名录库入库机构达到100家。")
    other = cited("乙", "四川重点人力资源服务供应商名录库入库机构达到80家。")
    (notice,) = conflicts([one, other], "zh")
    assert notice.kind == "conflict"
    assert one.quote in notice.text
    assert other.quote in notice.text


def test_our_words_are_in_the_askers_characters_and_the_quotes_are_not() -> None:
    one = cited("甲项规划", "四川重点人力资源服务供应商名录库入库机构达到100家。")
    other = cited("乙项规划", "四川重点人力资源服务供应商名录库入库机构达到80家。")
    (turned,) = conflicts([one, other], "zh", "hant")
    assert turned.text == (
        f"兩份文件的說法不一致：“甲项规划”寫的是“{one.quote}”，“乙项规划”寫的是“{other.quote}”。"
    )
    assert conflicts([one, other], "zh", "hans") == conflicts([one, other], "zh")


def test_english_figures_too() -> None:
    one = cited("A", "Sichuan builds 12 shared training centres for craftsmen.", "en")
    other = cited("B", "Sichuan builds 15 shared training centres for craftsmen.", "en")
    assert len(conflicts([one, other], "en")) == 1


@pytest.mark.parametrize(
    ("document", "quote"),
    [
        ("甲", "四川重点人力资源服务供应商名录库入库机构达到80家。"),  # the same policy
        ("乙", "四川重点人力资源服务供应商名录库入库机构达到100家。"),  # the same figure
        ("乙", "山西重点人力资源服务供应商名录库入库机构达到80家。"),  # another place
        ("乙", "四川重点人力资源服务供应商名录库2027年入库机构达到80家。"),  # another year
        ("乙", "四川重点人力资源服务供应商名录库入库机构服务期为3年。"),  # another unit
        ("乙", "四川高技能人才培育基地达到80家。"),  # another thing
    ],
)
def test_what_is_no_conflict(document: str, quote: str) -> None:
    one = cited("甲", "四川重点人力资源服务供应商名录库入库机构达到100家。")
    assert conflicts([one, cited(document, quote)], "zh") == []
