from __future__ import annotations

import pytest

from assistant.notices import jurisdiction_notice
from assistant.texts import say
from index.documents import Document, Metadata


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


def test_our_own_words_in_traditional_characters() -> None:
    shown = say("lead_bare", "zh", "hant", title="四川《八条措施》")
    assert shown == "四川《八条措施》寫道："
    assert say("thanks", "en", "hant") == say("thanks", "en")
    assert say("thanks", "zh", "hans") == say("thanks", "zh")
