"""Which measure words tell from the others, over a few measures of one policy."""

from __future__ import annotations

import pytest

from assistant.eligibility.facts import Localized
from assistant.eligibility.measure_words import MeasureWords, words_of
from assistant.eligibility.measures import All, Measure


def measure(name: str, zh: str, en: str) -> Measure:
    empty: Localized = {"zh": "", "en": ""}
    return Measure(
        id=f"card/{name}",
        policy="card",
        title={"zh": zh, "en": en},
        summary=empty,
        audience=("talent",),
        jurisdiction="CN-SX",
        given=empty,
        acts=empty,
        section=name,
        benefits=(),
        criteria=All(()),
    )


MEASURES = {
    one.id: one
    for one in (
        measure("card", "人才绿卡", "The talent green card"),
        measure("spouse", "配偶保障", "Support for a spouse"),
        measure("permit", "居留许可", "Residence permit"),
        measure("housing", "周转住房", "Transitional housing"),
    )
}
NAMES = {"card": ["深化人才体制改革的意见（人才绿卡）", "Reform opinions (the talent green card)"]}


@pytest.fixture(scope="module")
def words() -> MeasureWords:
    return MeasureWords(MEASURES, NAMES)


@pytest.mark.parametrize(
    ("zh", "en", "best"),
    [
        ("人才绿卡", "the talent green card", "card/card"),
        ("人才绿卡的配偶保障", "the spouse support of the talent green card", "card/spouse"),
        ("人才绿卡的居留许可", "the permits of the talent green card", "card/permit"),
        ("改革意见里的住房", "the housing in the reform opinions", "card/housing"),
    ],
)
def test_the_name_of_a_policy_tells_none_of_its_measures(
    words: MeasureWords, zh: str, en: str, best: str
) -> None:
    for text in (zh, en):
        shares = {one: words.share(one, words_of(text)) for one in MEASURES}
        assert max(shares, key=lambda one: shares[one]) == best, shares
        assert all(0 <= share <= 1 for share in shares.values())


def test_words_that_describe_no_measure_take_from_all(words: MeasureWords) -> None:
    alone = words.share("card/spouse", words_of("spouse"))
    assert words.share("card/spouse", words_of("spouse bicycle")) < alone
    assert words.share("card/spouse", frozenset()) == 0.0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("spouse", "card/spouse"),
        ("配偶", "card/spouse"),
        ("housing", "card/housing"),
        ("bicycle", None),
        ("spouse and housing", None),
        ("", None),
    ],
)
def test_one_of_a_few(words: MeasureWords, text: str, found: str | None) -> None:
    assert words.one_of(words_of(text), list(MEASURES)) == found
