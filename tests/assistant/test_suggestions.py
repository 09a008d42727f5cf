from __future__ import annotations

import pytest

from assistant.suggestions import question_on, suggest
from assistant.titles import short_title
from assistant.understand import script_of
from index.documents import Document
from index.lexical import simplified
from index.passages import Passage, ScoredPassage

ZH = Document("notice", "四川省专项行动（2023年通知）", "", "zh")
EN = Document("notice", "Sichuan special action (2023 notice)", "", "en")
DOCUMENTS = {ZH.key: ZH, EN.key: EN}


def passage(document: Document, heading: str, section: str = "s") -> Passage:
    path = (document.title, heading)
    return Passage(
        f"{document.id}/{document.lang}#{section}",
        document.id,
        document.lang,
        section,
        path,
        "",
        0,
        0,
    )


@pytest.mark.parametrize(
    ("document", "heading", "question"),
    [
        (ZH, "支持遂宁：锂电枢纽", "四川省专项行动（2023年通知）对遂宁有什么支持？"),
        (EN, "Support for Ya'an: a railway base", "What support does “Sichuan special action” give Ya'an?"),
        (EN, "Support for a spouse without work", "What does “Sichuan special action” say about support for a spouse without work?"),
        (ZH, "通知概要", "四川省专项行动（2023年通知）主要讲什么？"),
        (EN, "The notice at a glance", "What is “Sichuan special action” about?"),
        (ZH, "发文部门", "四川省专项行动（2023年通知）由哪些部门印发？"),
        (EN, "Issuing bodies", "Which bodies issued “Sichuan special action”?"),
        (ZH, "发布日期", "四川省专项行动（2023年通知）是什么时候发布的？"),
        (ZH, "第3项措施：招聘", "四川省专项行动（2023年通知）的第3项措施（招聘）包括哪些内容？"),
        (EN, "Measure 3: recruitment", "What does measure 3 of “Sichuan special action” (recruitment) contain?"),
        (ZH, "2027年和2030年目标", "四川省专项行动（2023年通知）的2027年和2030年目标是什么？"),
        (EN, "Targets for 2027 and 2030", "What are the targets for 2027 and 2030 in “Sichuan special action”?"),
        (ZH, "通知发给哪些单位", "按四川省专项行动（2023年通知），通知发给哪些单位？"),
        (ZH, "谁可以享受山西绿卡", "谁可以享受山西绿卡？"),
        (EN, "Who drafted the plan", "According to “Sichuan special action”, who drafted the plan?"),
        (EN, "Who the card is for", "What does “Sichuan special action” say about who the card is for?"),
        (EN, "Bai Xiuping, head of office", "What does “Sichuan special action” say about Bai Xiuping, head of office?"),
        (ZH, "子女入学", "四川省专项行动（2023年通知）关于“子女入学”是怎么说的？"),
        (EN, "Matching: lists", "What does “Sichuan special action” say about “Matching: lists”?"),
    ],
)  # fmt: skip
def test_a_heading_becomes_a_question(document: Document, heading: str, question: str) -> None:
    assert question_on(passage(document, heading), document) == question


def test_sections_that_are_asked_for_nothing() -> None:
    assert question_on(passage(ZH, "关于本资料来源", "source-date"), ZH) is None
    assert question_on(passage(ZH, "报道没有说明的内容", "not-stated"), ZH) is None
    assert question_on(passage(EN, "Quantities given without a year"), EN) is None
    assert question_on(passage(ZH, ZH.title), ZH) is None


def scored(document: Document, heading: str, section: str, relevance: float) -> ScoredPassage:
    return ScoredPassage(passage(document, heading, section), 1.0, 1, {"relevance": relevance})


def test_near_sections_that_were_not_used_are_suggested() -> None:
    ranking = [
        scored(ZH, "支持遂宁：锂电", "suining", 0.9),
        scored(ZH, "支持雅安：铁路", "yaan", 0.8),
        scored(EN, "Support for Yibin: training", "yibin", 0.8),
        scored(ZH, "子女入学", "children", 0.01),
    ]
    found = suggest(ranking, DOCUMENTS, ["notice/zh#suining~2"], "zh")
    assert found == ("四川省专项行动（2023年通知）对雅安有什么支持？",)


def test_what_is_suggested_is_in_the_askers_characters() -> None:
    ranking = [
        scored(ZH, "支持遂宁：锂电", "suining", 0.9),
        scored(ZH, "子女入学", "children", 0.8),
        scored(ZH, "谁可以享受山西绿卡", "who", 0.8),
    ]
    plain = suggest(ranking, DOCUMENTS, (), "zh")
    turned = suggest(ranking, DOCUMENTS, (), "zh", "hant")
    assert turned == (
        "四川省專項行動（2023年通知）對遂寧有什麼支持？",
        "四川省專項行動（2023年通知）關於“子女入學”是怎麼說的？",
        "誰可以享受山西綠卡？",
    )
    # Asked, each is read as the question that it was made of, and answered in the same characters.
    assert tuple(map(simplified, turned)) == plain
    assert {script_of(question) for question in turned} == {"hant"}
    assert suggest(ranking, DOCUMENTS, (), "zh", "hans") == plain


@pytest.mark.parametrize(
    ("title", "text", "lang", "short"),
    [
        ("四川促进就业的措施（《八条措施》）", "", "zh", "四川《八条措施》"),
        ("《四川省一体发展规划》", "", "zh", "《四川省一体发展规划》"),
        ("山西《实施意见》（人才“绿卡”）", "", "zh", "山西《实施意见》"),
        ("专项行动（2023年通知）", "", "zh", "专项行动（2023年通知）"),
        ("Opinions on Many Long Things (five bodies)", "# The Opinions in short\n", "en", "“The Opinions in short”"),
        ("Alpha measures", "# A heading that is longer\n", "en", "“Alpha measures”"),
    ],
)  # fmt: skip
def test_short_titles(title: str, text: str, lang: str, short: str) -> None:
    assert short_title(Document("d", title, text, lang)) == short
