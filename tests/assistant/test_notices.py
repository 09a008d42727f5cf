from __future__ import annotations

from datetime import date

import pytest

from assistant.notices import jurisdiction_notice, notices
from index.documents import Document, Metadata, Source


def document(code: str | None, lang: str = "zh") -> Document:
    return Document("d", "某项措施", "", lang, Metadata(jurisdiction=code))


@pytest.mark.parametrize(
    ("query", "codes", "noticed"),
    [
        ("山西给配偶什么？", ["CN-SC"], True),
        ("What does Shanxi give my spouse?", ["CN-SC"], True),
        ("太原给配偶什么？", ["CN-SC"], True),
        ("山西給配偶什麼？", ["CN-SC"], True),
        ("太原市给配偶什么？", ["CN-SX"], False),
        ("山西给配偶什么？", ["CN-SC", "CN-SX"], False),
        ("四川和山西有什么不同？", ["CN-SC"], False),
        ("我是大同人，四川给什么？", ["CN-SC"], False),
        ("山西给配偶什么？", ["CN"], False),
        ("山西给配偶什么？", [None], False),
        ("给配偶什么？", ["CN-SC"], False),
        ("全国有多少家？", ["CN-SC"], False),
        ("What does Paris give my spouse?", ["CN-SC"], False),
        ("山西给配偶什么？", [], False),
    ],
)
def test_another_jurisdiction_than_asked(
    query: str, codes: list[str | None], noticed: bool
) -> None:
    found = jurisdiction_notice(query, [document(code) for code in codes], "zh")
    assert bool(found) is noticed
    if found:
        assert found.kind == "validity"
        assert "四川" in found.text


def test_the_notice_is_in_the_askers_language() -> None:
    found = jurisdiction_notice("太原给配偶什么？", [document("CN-SC", "en")], "en")
    assert found is not None
    assert "Taiyuan" in found.text
    assert "Sichuan" in found.text


def test_places_and_our_words_are_in_the_askers_characters_and_titles_are_not() -> None:
    cited = [document("CN-SX")]
    found = jurisdiction_notice("遂宁给配偶什么？", cited, "zh", "hant")
    assert found is not None
    assert found.text == "您問的是遂寧，引用的“某项措施”是山西的文件，未必適用。"
    for script in (None, "hans"):
        plain = jurisdiction_notice("遂宁给配偶什么？", cited, "zh", script)
        assert plain is not None
        assert plain.text == "您问的是遂宁，引用的“某项措施”是山西的文件，未必适用。"


NOTED = [
    (
        Metadata(effective_to=date(2024, 1, 1)),
        "zh",
        "“某项规划”已于2024-01-01失效。",
        "“某项规划”已於2024-01-01失效。",
    ),
    (
        Metadata(status="repealed"),
        "zh",
        "“某项规划”已被替代或废止。",
        "“某项规划”已被替代或廢止。",
    ),
    (
        Metadata(targets_until=date(2024, 1, 1)),
        "zh",
        "“某项规划”的目标期限到2024-01-01为止，已经过去。",
        "“某项规划”的目標期限到2024-01-01為止，已經過去。",
    ),
    (
        Metadata(source=Source(kind="news_report")),
        "zh",
        "“某项规划”依据新闻报道整理，不是官方文本，申办前请核对原文件。",
        "“某项规划”依據新聞報道整理，不是官方文本，申辦前請核對原文件。",
    ),
    (
        Metadata(),
        "en",
        "“某项规划”只有英文文本，引文保留原文。",
        "“某项规划”只有英文文本，引文保留原文。",
    ),
]


@pytest.mark.parametrize(("metadata", "lang", "plain", "turned"), NOTED)
def test_notices_in_both_kinds_of_characters(
    metadata: Metadata, lang: str, plain: str, turned: str
) -> None:
    documents, day = [Document("d", "某项规划", "", lang, metadata)], date(2026, 1, 1)
    assert [one.text for one in notices(documents, "zh", day)] == [plain]
    assert [one.text for one in notices(documents, "zh", day, "hans")] == [plain]
    assert [one.text for one in notices(documents, "zh", day, "hant")] == [turned]
