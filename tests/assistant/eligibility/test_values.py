from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.facts import Choice, Fact, FactValue
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.quantities import UNITS, read_quantity, shown_quantity, unit_label
from assistant.eligibility.values import jsonable, parse_facts, read_facts, read_value, shown
from assistant.errors import InputError

TEXT = {"zh": "字", "en": "text"}
CHOICES = (
    Choice("lithium", {"zh": "锂电材料", "en": "Lithium battery materials"}),
    Choice("solar", {"zh": "光伏", "en": "Solar"}),
)
FACTS = {
    fact.id: fact
    for fact in (
        Fact("spouse", "yes_no", TEXT, TEXT),
        Fact("industry", "choice", TEXT, TEXT, choices=CHOICES, many=True),
        Fact("main_industry", "choice", TEXT, TEXT, choices=CHOICES),
        Fact("years", "number", TEXT, TEXT, unit="year", least=Decimal(0), most=Decimal(80)),
        Fact("income", "number", TEXT, TEXT, unit="CNY"),
        Fact("age", "number", TEXT, TEXT, unit="age"),
        Fact("score", "number", TEXT, TEXT),
        Fact("founded", "date", TEXT, TEXT),
        Fact("location", "place", TEXT, TEXT),
    )
}
CATALOGUE = Catalogue(FACTS, {})


@pytest.mark.parametrize(
    ("fact", "given", "value"),
    [
        ("spouse", True, True),
        ("spouse", "yes", True),
        ("spouse", " Yes. ", True),
        ("spouse", "是", True),
        ("spouse", False, False),
        ("spouse", "否", False),
        ("spouse", "没有", False),
        ("industry", "lithium", frozenset({"lithium"})),
        ("industry", ["lithium", "光伏"], frozenset({"lithium", "solar"})),
        ("industry", "锂电材料、光伏", frozenset({"lithium", "solar"})),
        ("industry", "lithium battery MATERIALS", frozenset({"lithium"})),
        ("industry", [], frozenset()),
        ("industry", "都不是", frozenset()),
        ("main_industry", "Solar", frozenset({"solar"})),
        ("main_industry", ["solar", "光伏"], frozenset({"solar"})),
        ("years", 3, Decimal(3)),
        ("years", "3", Decimal(3)),
        ("years", "３", Decimal(3)),
        ("years", "三", Decimal(3)),
        ("years", "三年", Decimal(3)),
        ("years", "３年", Decimal(3)),
        ("years", "3 years", Decimal(3)),
        ("years", "three years", Decimal(3)),
        ("years", "3年半", Decimal("3.5")),
        ("years", 0.1, Decimal("0.1")),
        ("years", {"value": 3, "unit": "year"}, Decimal(3)),
        ("years", {"value": "三", "unit": "年"}, Decimal(3)),
        ("years", {"value": 3, "unit": "years"}, Decimal(3)),
        ("years", {"value": 3}, Decimal(3)),
        ("income", "5万元", Decimal(50000)),
        ("income", "15,060", Decimal(15060)),
        ("income", "RMB 15,060", Decimal(15060)),
        ("income", "1.5 million yuan", Decimal(1500000)),
        ("income", "-200", Decimal(-200)),
        ("age", "35岁", Decimal(35)),
        ("age", "35 years old", Decimal(35)),
        ("age", "35 years", Decimal(35)),
        ("score", "12.5", Decimal("12.5")),
        ("founded", "2024-02-29", date(2024, 2, 29)),
        ("founded", "2024年2月29日", date(2024, 2, 29)),
        ("founded", "29 February 2024", date(2024, 2, 29)),
        ("location", "四川省遂宁市", "遂宁"),
        ("location", "Suining", "遂宁"),
    ],
)
def test_values_as_people_and_programs_give_them(fact: str, given: Any, value: FactValue) -> None:
    found = read_value(FACTS[fact], given)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("fact", "given", "why", "accepted"),
    [
        ("spouse", "perhaps", "neither yes nor no", "give true or false"),
        ("spouse", 1, "neither yes nor no", "give true or false"),
        ("spouse", [True, False], "contradicts itself", "give true or false"),
        ("industry", "lithum", "is it 'lithium'?", "give a list of lithium, solar"),
        ("industry", 3, "is no choice", "give a list of lithium, solar"),
        ("industry", ["lithium", None], "is no choice", "give a list of"),
        ("main_industry", ["lithium", "solar"], "only one can hold", "give one of lithium, solar"),
        ("main_industry", "lithium, solar", "only one can hold", "give one of lithium, solar"),
        ("years", "many", "is no number", 'such as 3 or "3 years"'),
        ("years", True, "is no number", "number of years"),
        ("years", None, "is no number", "number of years"),
        ("years", "3 months", "is in 'month'", "number of years"),
        ("years", "3岁", "is in 'age'", "number of years"),
        ("years", {"value": 3, "unit": "months"}, "is in 'months'", "number of years"),
        ("years", {"value": 3, "unit": 4}, "which is no text", "number of years"),
        ("years", {"unit": "year"}, 'needs a "value"', "number of years"),
        ("years", {"value": 3, "of": 4}, "unknown key 'of'", "number of years"),
        ("years", "3至5年", "more than one number", "number of years"),
        ("years", "三年以上", "bound or an estimate", "number of years"),
        ("years", "about 3 years", "bound or an estimate", "number of years"),
        ("years", [3, 4], "contradicts itself", "number of years"),
        ("years", float("nan"), "no finite number", "number of years"),
        ("years", float("inf"), "no finite number", "number of years"),
        ("years", -1, "less than 0 years", "number of years"),
        ("years", 81, "more than 80 years", "number of years"),
        ("years", "3 years and a dog", "is no number", "number of years"),
        ("income", "US$500", "is in 'USD'", "number of yuan"),
        ("score", "-", "is no number", "one number"),
        ("founded", "2024-02-30", "a day that does not exist", "2024-03-01"),
        ("founded", "2023年2月29日", "a day that does not exist", "2024-03-01"),
        ("founded", "2024-13-01", "a day that does not exist", "2024-03-01"),
        ("founded", "2024年3月", "no whole date", "2024-03-01"),
        ("founded", 20240301, "is no day", "2024-03-01"),
        ("founded", "soon", "is no day", "2024-03-01"),
        ("location", "Atlantis", "is not known", "city, prefecture or province"),
        ("location", ["遂宁", "绵阳"], "contradicts itself", "city, prefecture or province"),
        ("location", 5, "is no place", "city, prefecture or province"),
    ],
)
def test_a_value_that_cannot_be_names_fact_value_and_mend(
    fact: str, given: Any, why: str, accepted: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_value(FACTS[fact], given)
    message = str(caught.value)
    assert message.startswith(f"fact {fact!r}: {given!r}")
    assert why in message
    assert accepted in message


def test_null_is_unknown_and_an_unknown_fact_is_named() -> None:
    found = read_facts(CATALOGUE, {"spouse": None, "years": "三年"}, "form")
    assert {name: (known.value, known.origin) for name, known in found.items()} == {
        "years": (Decimal(3), "form")
    }
    with pytest.raises(InputError, match="'yeers' is not known; is it 'years'"):
        read_facts(CATALOGUE, {"yeers": 3})
    with pytest.raises(InputError, match="use one of: spouse"):
        read_facts(CATALOGUE, {"qqqq": 3})
    with pytest.raises(InputError, match=r"no facts\.yaml"):
        read_facts(Catalogue({}, {}), {"years": 3})
    with pytest.raises(InputError, match="an object is needed"):
        read_facts(CATALOGUE, ["years"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": 1', "f.json:1: not JSON"),
        ('{\n"a": 1,\n}', "f.json:3: not JSON"),
        ("[1]", "an object is needed"),
        ('{"a": 1, "a": 2}', "'a' has two values, 1 and 2"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_holds_no_facts(text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_facts(text, "f.json")
    assert told in str(caught.value)


def test_the_same_value_twice_is_no_contradiction() -> None:
    assert parse_facts('{"a": 1, "a": 1}', "f.json") == {"a": 1}


@pytest.mark.parametrize(
    ("fact", "given", "zh", "en"),
    [
        ("spouse", True, "是", "yes"),
        ("spouse", False, "否", "no"),
        ("industry", ["solar", "lithium"], "锂电材料、光伏", "Lithium battery materials, Solar"),
        ("industry", [], "都不是", "none of these"),
        ("years", 3, "3年", "3 years"),
        ("years", 1, "1年", "1 year"),
        ("income", 15060, "15,060元", "15,060 yuan"),
        ("age", 35, "35岁", "35 years old"),
        ("score", 12.5, "12.5", "12.5"),
        ("founded", "2024-03-01", "2024年3月1日", "2024-03-01"),
        ("location", "Suining", "遂宁", "Suining"),
    ],
)
def test_shown_to_people(fact: str, given: Any, zh: str, en: str) -> None:
    value = read_value(FACTS[fact], given)
    assert shown(value, FACTS[fact], "zh") == zh
    assert shown(value, FACTS[fact], "en") == en


@pytest.mark.parametrize(
    ("fact", "given", "json"),
    [
        ("spouse", "是", True),
        ("industry", ["光伏"], ["solar"]),
        ("main_industry", "光伏", "solar"),
        ("main_industry", [], []),
        ("years", "3.0", 3),
        ("years", "3年半", 3.5),
        ("founded", "2024年3月1日", "2024-03-01"),
        ("location", "Suining", "遂宁"),
    ],
)
def test_as_json(fact: str, given: Any, json: Any) -> None:
    found = jsonable(read_value(FACTS[fact], given), FACTS[fact])
    assert (found, type(found)) == (json, type(json))


VALUES = {
    "spouse": st.booleans(),
    "industry": st.frozensets(st.sampled_from(["lithium", "solar"])),
    "main_industry": st.frozensets(st.sampled_from(["lithium", "solar"]), max_size=1),
    "income": st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12)),
    "founded": st.dates(),
    "location": st.sampled_from(["遂宁", "四川", "中国"]),
}


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name])))
def test_json_reads_back(named: tuple[str, FactValue]) -> None:
    name, value = named
    assert read_value(FACTS[name], jsonable(value, FACTS[name])) == value


@given(st.integers(0, 10**9), st.sampled_from(["year", "CNY", "person", "hour", "%", "age"]))
def test_what_is_shown_reads_back_in_either_language(number: int, unit: str) -> None:
    for lang in ("zh", "en"):
        words = shown_quantity(Decimal(number), unit, lang)
        if unit != "year" or not 1900 <= number < 2100:  # 2024年 is a date
            assert read_quantity(words, unit) == number


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_has_a_name_in_both_languages(unit: str) -> None:
    assert unit_label(unit, "zh")
    assert unit_label(unit, "en", one=True)
