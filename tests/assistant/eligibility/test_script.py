"""Turns in Traditional characters: what is converted, and that it is read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Citation, Notice
from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.matching import Matching
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import read_reply, read_said
from assistant.eligibility.reply import Reply
from assistant.eligibility.script import in_traditional, is_ours, script_told
from assistant.eligibility.turn_wording import TEXTS
from assistant.settings import PROJECT
from index.lexical import traditional


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(Path(PROJECT / "docs_corpus"))


@pytest.mark.parametrize(
    ("texts", "script"),
    [
        ([], None),
        (["What is there for us?"], None),
        (["我们在遂宁"], None),
        (["我們在遂寧"], "hant"),
        # characters that are in both tell nothing
        (["我們在遂寧", "是"], "hant"),
        (["我們在遂寧", "yes"], "hant"),
        (["我們在遂寧", "我们在绵阳"], "hans"),
        (["我们在遂宁", "我們在綿陽"], "hant"),
    ],
)
def test_the_newest_text_that_tells_decides(texts: list[str], script: str | None) -> None:
    assert script_told(texts) == script


def test_our_words_are_converted_and_no_others() -> None:
    citation = Citation(1, "d", "山西意见", None, None, "s", "p", "来晋工作", 0, 4, "zh")
    cited = {"quote": "来晋工作", "title": "山西意见"}
    reply = Reply(
        text="**绿卡**：还要看（是；您说的是“没有工作”） [1]",
        status="clarify",
        citations=(citation,),
        notices=(Notice("validity", "“山西意见”依据新闻报道整理。"),),
        choices=("是", "个人（人才）"),
        eligibility={
            "measure": "a/b",
            "title": "绿卡",
            "criteria": [{"text": "来山西工作", "words": "没有工作", "citation": cited}],
            "next_question": {"fact": "f", "choices": [{"value": "绵阳", "label": "绵阳"}]},
        },
        query="我符合“绿卡”的条件吗？",
    )
    turned = in_traditional(reply, ["没有工作"])
    assert turned.text == "**綠卡**：還要看（是；您說的是“没有工作”） [1]"
    assert turned.citations == reply.citations
    assert turned.notices[0].text == "“山西意见”依據新聞報道整理。"
    assert turned.choices == ("是", "個人（人才）")
    assert turned.query == "我符合“綠卡”的條件嗎？"
    assert turned.eligibility == {
        "measure": "a/b",
        "title": "綠卡",
        "criteria": [{"text": "來山西工作", "words": "没有工作", "citation": cited}],
        "next_question": {"fact": "f", "choices": [{"value": "绵阳", "label": "綿陽"}]},
    }


def test_every_text_that_tells_a_talk_is_known_again(catalogue: Catalogue) -> None:
    known = Matching(catalogue.measures)
    for identity, measure in catalogue.measures.items():
        assert known.titled(traditional(measure.title["zh"])) == identity
    for fact in catalogue.facts.values():
        assert is_ours(traditional(fact.question["zh"]), fact.question["zh"])
    for name in ("finding", "which"):
        assert is_ours(traditional(TEXTS[name]["zh"]), TEXTS[name]["zh"])
    assert not is_ours("別的標題", TEXTS["finding"]["zh"])


def test_every_button_is_read_as_in_simplified_characters(catalogue: Catalogue) -> None:
    for fact in catalogue.facts.values():
        for choice in fact.choices:
            label = choice.label["zh"]
            plain = read_reply(label, fact, catalogue)
            turned = read_reply(traditional(label), fact, catalogue)
            assert plain is not None and turned is not None, label
            assert turned.value == plain.value, label


@pytest.mark.parametrize(
    ("hant", "hans"),
    [
        ("我們是遂寧的鋰電材料企業，有什麼支持？", "我们是遂宁的锂电材料企业，有什么支持？"),
        ("我的配偶隨我來了，還沒有工作", "我的配偶随我来了，还没有工作"),
        ("我同事的配偶沒有工作", "我同事的配偶没有工作"),
        ("我們不做無人機，做光伏", "我们不做无人机，做光伏"),
        ("我被認定為高層次人才，在太原工作", "我被认定为高层次人才，在太原工作"),
    ],
)
def test_facts_are_read_alike_and_keep_the_persons_characters(
    catalogue: Catalogue, hant: str, hans: str
) -> None:
    found, plain = read_said(hant, catalogue), read_said(hans, catalogue)
    assert {name: one.value for name, one in found.items()} == {
        name: one.value for name, one in plain.items()
    }
    assert all(part in hant for one in found.values() for part in one.words.split("; "))
