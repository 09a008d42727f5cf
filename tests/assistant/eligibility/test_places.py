from __future__ import annotations

import pytest

from assistant.eligibility.places import PLACES, canonical_place, lies_within, place_label
from assistant.errors import InputError
from index.gazetteer import DIVISIONS, PROVINCES


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("遂宁", "遂宁"),
        ("遂宁市", "遂宁"),
        ("四川省遂宁市", "遂宁"),
        ("遂宁市（四川）", "遂宁"),
        ("Suining", "遂宁"),
        ("suining city", "遂宁"),
        ("Suining, Sichuan", "遂宁"),
        ("in Suining", "遂宁"),
        ("Sichuan Province", "四川"),
        ("四川省", "四川"),
        ("凉山彝族自治州", "凉山"),
        ("阿坝州", "阿坝"),
        ("Aba Prefecture", "阿坝"),
        ("Ya’an", "雅安"),
        ("Yaan", "雅安"),
        ("Ya'an City, Sichuan", "雅安"),
        ("新疆维吾尔自治区", "新疆"),
        ("內蒙古自治区", "内蒙古"),
        ("岳池县", "岳池"),
        ("全国", "中国"),
        ("China", "中国"),
        ("吉林", "吉林"),
    ],
)
def test_a_name_in_either_language_and_with_or_without_its_kind(written: str, place: str) -> None:
    assert canonical_place(written) == place


@pytest.mark.parametrize("zh", PLACES)
def test_every_place_is_known_by_both_of_its_names(zh: str) -> None:
    assert canonical_place(zh) == zh
    assert canonical_place(place_label(zh, "en")) == zh


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Suinning", "is it 遂宁 (Suining)?"),
        ("Berlin", "such as 遂宁 or Suining"),
        ("Abadan", "not known"),
        ("遂宁人", "is it 遂宁"),
        ("", "empty"),
        ("山西遂宁", "names 山西 and 遂宁"),
        ("成都 绵阳", "name one"),
    ],
)
def test_what_is_no_place_is_refused(written: str, told: str) -> None:
    with pytest.raises(InputError, match="place") as caught:
        canonical_place(written)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("place", "region", "lies"),
    [
        ("遂宁", "遂宁", True),
        ("遂宁", "四川", True),
        ("岳池", "四川", True),
        ("遂宁", "中国", True),
        ("遂宁", "绵阳", False),
        ("遂宁", "山西", False),
        ("太原", "山西", True),
        ("四川", "山西", False),
        ("四川", "遂宁", None),  # it may be there or elsewhere in Sichuan
        ("中国", "四川", None),
        ("四川", "岳池", None),
        ("射洪", "四川", None),  # the gazetteer does not know it
        ("遂宁", "射洪", None),
    ],
)
def test_lying_within(place: str, region: str, lies: bool | None) -> None:
    assert lies_within(place, region) is lies


def test_every_city_lies_in_a_province() -> None:
    for city in DIVISIONS:
        assert [p for p in PROVINCES if lies_within(city, p)], city
        assert lies_within(city, "中国")
