"""ISO 3166-2 codes of the country and its provinces, and the regions that measures are for."""

from __future__ import annotations

from assistant.eligibility.measures import Measure
from assistant.eligibility.places import canonical_place, lies_within
from assistant.errors import InputError

COUNTRY = "中国"
JURISDICTIONS = {
    "CN": COUNTRY, "CN-AH": "安徽", "CN-BJ": "北京", "CN-CQ": "重庆", "CN-FJ": "福建",
    "CN-GD": "广东", "CN-GS": "甘肃", "CN-GX": "广西", "CN-GZ": "贵州", "CN-HA": "河南",
    "CN-HB": "湖北", "CN-HE": "河北", "CN-HI": "海南", "CN-HK": "香港", "CN-HL": "黑龙江",
    "CN-HN": "湖南", "CN-JL": "吉林", "CN-JS": "江苏", "CN-JX": "江西", "CN-LN": "辽宁",
    "CN-MO": "澳门", "CN-NM": "内蒙古", "CN-NX": "宁夏", "CN-QH": "青海", "CN-SC": "四川",
    "CN-SD": "山东", "CN-SH": "上海", "CN-SN": "陕西", "CN-SX": "山西", "CN-TJ": "天津",
    "CN-TW": "台湾", "CN-XJ": "新疆", "CN-XZ": "西藏", "CN-YN": "云南", "CN-ZJ": "浙江",
}  # fmt: skip


def region_named(text: str) -> str:
    """The place that a code or a name means.

    Raises:
        InputError: It is neither.
    """
    code = text.strip().upper().replace("_", "-")
    if code in JURISDICTIONS:
        return JURISDICTIONS[code]
    try:
        return canonical_place(text)
    except InputError as error:
        raise InputError(f"jurisdiction {text!r}: {error}, or give a code such as CN-SC") from None


def regions(measure: Measure) -> tuple[str, ...]:
    """The places that a measure is for: its cities, else its whole jurisdiction.

    None for a code that is not known here, such as another country's: nothing is said of where
    that is.
    """
    if measure.places:
        return measure.places
    place = JURISDICTIONS.get(measure.jurisdiction)
    return (place,) if place else ()


def is_for(measure: Measure, place: str) -> bool | None:
    """Whether a measure is for a place; `None` where only a part of the place is meant."""
    wide = regions(measure)
    if not wide:
        return True
    found = [lies_within(place, region) for region in wide]
    if any(found):
        return True
    return False if all(one is False for one in found) else None
