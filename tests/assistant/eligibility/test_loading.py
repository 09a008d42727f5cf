from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.eligibility.facts import Choice, Said
from assistant.eligibility.loading import (
    catalogue_files,
    catalogue_schema,
    load_catalogue,
    read_catalogue,
)
from assistant.eligibility.measures import (
    All,
    Compare,
    CompareDate,
    Criterion,
    Is,
    Not,
    OneOf,
    Period,
    Scale,
    Within,
)
from assistant.eligibility.measures import Any as AnyOf
from assistant.errors import InputError, MeasureError

FACTS = r"""facts:
  - id: location
    kind: place
    label: {zh: 所在地, en: Location}
    question: {zh: 在哪里？, en: Where?}
  - id: industry
    kind: choice
    many: true
    label: {zh: 行业, en: Industry}
    question: {zh: 什么行业？, en: Which?}
    choices:
      - {id: lithium, label: {zh: 锂电, en: Lithium}, said: {zh: [锂电池?], en: [lithium]}}
      - {id: solar, label: {zh: 光伏, en: Solar}}
  - id: spouse
    kind: yes_no
    label: {zh: 配偶, en: Spouse}
    question: {zh: 有吗？, en: Any?}
    said:
      yes: {zh: [有配偶], en: ['\bmarried\b']}
      no: {en: ['\bsingle\b']}
  - id: years
    kind: number
    unit: year
    least: 0
    most: 80
    take: greatest
    label: {zh: 年数, en: Years}
    question: {zh: 几年？, en: How long?}
    said: {zh: ['工作(?P<value>\d+)年'], en: ['(?P<value>\d+) years']}
  - id: people
    kind: number
    unit: person
    label: {zh: 人数, en: People}
    question: {zh: 几人？, en: How many?}
  - id: founded
    kind: date
    label: {zh: 成立, en: Founded}
    question: {zh: 何时？, en: When?}
"""
MEASURES = """policy: reform
measures:
  - id: card
    title: {zh: 绿卡, en: Card}
    summary: {zh: 概述。, en: Summary.}
    audience: [talent]
    jurisdiction: CN-SC
    places: [Suining]
    industries: [lithium]
    given: {zh: 钱, en: money}
    acts: {zh: 市里, en: the city}
    period: {begins: 2023-09-20, note: {zh: 无, en: none}}
    section: card
    benefits:
      - text: {zh: 补贴, en: allowance}
        ground: {section: card, quote: {zh: 发放补贴, en: an allowance}}
    criteria:
      all:
        - id: married
          text: {zh: 有配偶, en: married}
          fact: spouse
          is: yes
          ground: {section: card, quote: {zh: 配偶, en: spouse}}
        - any:
            - id: maker
              text: {zh: 锂电, en: lithium}
              fact: industry
              one_of: [lithium, solar]
              ground: {section: card, quote: {zh: 锂电, en: lithium}}
            - not:
                id: long
                text: {zh: 久, en: long}
                fact: years
                at_most: 3.5
                ground: {section: card, quote: {zh: 三年半, en: three and a half}}
        - id: small
          text: {zh: 小, en: small}
          fact: years
          less_than: {by: people, values: {1: 10, 2: 20}, each_further: 5}
          ground: {section: card, quote: {zh: 小, en: small}}
        - id: since
          text: {zh: 起, en: since}
          fact: founded
          on_or_after: 2020-02-29
          ground: {section: card, quote: {zh: 起, en: since}}
        - id: here
          text: {zh: 在此, en: here}
          fact: location
          within: [Suining, 四川省]
          ground: {section: card, quote: {zh: 此, en: here}}
        - id: rules
          text: {zh: 符合条件, en: meets the requirements}
          undefined: {zh: 未界定。, en: Not defined.}
          ground: {section: card, quote: {zh: 条件, en: requirements}}
"""


def corpus(folder: Path, facts: str = FACTS, **measures: str) -> Path:
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "measures").mkdir()
    for name, text in measures.items():
        (folder / "measures" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_whole_catalogue(tmp_path: Path) -> None:
    found = load_catalogue(corpus(tmp_path, reform=MEASURES))
    assert list(found.facts) == ["location", "industry", "spouse", "years", "people", "founded"]
    years, industry = found.facts["years"], found.facts["industry"]
    assert (years.unit, years.least, years.most, years.take) == ("year", 0, 80, "greatest")
    assert years.said == (
        Said({"zh": (r"工作(?P<value>\d+)年",), "en": (r"(?P<value>\d+) years",)}),
    )
    assert industry.many
    assert industry.choices[1] == Choice("solar", {"zh": "光伏", "en": "Solar"})
    assert industry.said == (Said({"zh": ("锂电池?",), "en": ("lithium",)}, "lithium"),)
    assert found.facts["spouse"].said == (
        Said({"zh": ("有配偶",), "en": (r"\bmarried\b",)}, True),
        Said({"en": (r"\bsingle\b",)}, False),
    )
    card = found.measures["reform/card"]
    assert (card.policy, card.places, card.industries) == ("reform", ("遂宁",), ("lithium",))
    assert card.period == Period(date(2023, 9, 20), None, {"zh": "无", "en": "none"})
    assert card.benefits[0].ground.quote["zh"] == "发放补贴"
    assert not card.draft
    tree = card.criteria
    assert isinstance(tree, All)
    married, either, small, since, here, rules = tree.parts
    assert isinstance(married, Criterion)
    assert married.test == Is(True)
    assert isinstance(either, AnyOf)
    maker, long = either.parts
    assert isinstance(maker, Criterion)
    assert maker.test == OneOf(frozenset({"lithium", "solar"}))
    assert isinstance(long, Not)
    assert isinstance(long.part, Criterion)
    assert long.part.test == Compare("at_most", Decimal("3.5"))
    assert isinstance(small, Criterion)
    scale = Scale("people", {1: Decimal(10), 2: Decimal(20)}, Decimal(5))
    assert small.test == Compare("less_than", scale)
    assert isinstance(since, Criterion)
    assert since.test == CompareDate("on_or_after", date(2020, 2, 29))
    assert isinstance(here, Criterion)
    assert here.test == Within(frozenset({"遂宁", "四川"}))
    assert isinstance(rules, Criterion)
    assert (rules.fact, rules.test) == (None, None)


def test_where_things_stand(tmp_path: Path) -> None:
    found = read_catalogue(corpus(tmp_path, reform=MEASURES)).places
    lines = {name: int(place.rsplit(":", 1)[1]) for name, place in found.items()}
    written = MEASURES.splitlines()
    assert "id: card" in written[lines["reform/card"] - 1]
    assert "id: maker" in written[lines["reform/card#maker"] - 1]
    assert "text: {zh: 补贴" in written[lines["reform/card#benefit-1"] - 1]
    assert "id: years" in FACTS.splitlines()[lines["years"] - 1]


def test_a_corpus_without_measures_has_none(tmp_path: Path) -> None:
    found = load_catalogue(tmp_path)
    assert (dict(found.facts), dict(found.measures)) == ({}, {})
    assert catalogue_files(tmp_path) == []


def test_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="no such folder; name one with --corpus"):
        load_catalogue(tmp_path / "none")


FACT_FAULTS = [
    ("kind: place", "kind: spot", 3, "'spot' is not known"),
    ("label: {zh: 所在地", "lable: {zh: 所在地", 4, "`lable`: this key is not known"),
    ("    question: {zh: 在哪里？, en: Where?}\n", "", 2, "`question`: missing; add it"),
    ("en: Where?}", "fr: Où}", 5, "'fr' is not known; use 'zh' or 'en'"),
    ("en: Where?}", "en: ''}", 5, "empty; fill it"),
    ("en: Where?}", "en: 5}", 5, "5 is no text; put it in quotation marks"),
    ("en: Where?}", "en: Where?}\n    many: true", 6, "`many` is for choice, not for place"),
    ("en: Where?}", "en: Where?}\n    unit: year", 6, "`unit` is for number, not for place"),
    ("id: people", "id: years", 30, "fact 'years' is already at"),
    ("id: people", "id: People-1", 30, "`id`: string should match pattern"),
    ("id: solar", "id: lithium", 13, "choice 'lithium' stands twice"),
    ("zh: 光伏", "zh: 锂电", 13, "'锂电' names choice 'lithium' already"),
    ("[lithium]", "['lith(']", 12, "'lith(' is no regular expression"),
    ("[lithium]", "['(?:lithium)?']", 12, "matches where nothing is said"),
    ("(?P<value>\\d+) years", "\\d+ years", 29, "has no group for the number"),
    ("unit: person", "unit: persons", 32, "unit 'persons' is not known; is it 'person'?"),
    ("unit: year\n", "unit: furlong\n", 23, "unit 'furlong' is not known"),
    ("most: 80", "most: -1", 25, "`most` -1 is less than `least` 0"),
    ("least: 0", "least: none", 24, "'none' is no number"),
    ("take: greatest", "take: best", 26, "'best' is not known"),
    ("kind: date", "kind: date\n    take: sum", 37, "`take: sum` is for number"),
    ("      yes: {zh: [有配偶]", "      zh: [x]\n      yes: {zh: [有配偶]", 19, "not known"),
    ("said: {zh: ['工作", "said: {yes: {en: [x]}, zh: ['工作", 29, "`said.zh`"),
    ("    choices:\n", "    said: {zh: [x]}\n    choices:\n", 11, "below each of its `choices`"),
]


@pytest.mark.parametrize(("old", "new", "line", "what"), FACT_FAULTS)
def test_a_wrong_fact_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert FACTS.count(old) == 1
    with pytest.raises(MeasureError) as caught:
        load_catalogue(corpus(tmp_path, FACTS.replace(old, new)))
    lines = str(caught.value).splitlines()
    at = re.escape(str(tmp_path / "facts.yaml"))
    assert any(re.match(rf"{at}:{line}: ", fault) and what in fault for fault in lines), lines


MEASURE_FAULTS = [
    ("policy: reform", "policy: Reform!", 1, "`policy`: string should match pattern"),
    ("title: {", "titel: {", 4, "`titel`: this key is not known"),
    ("    section: card\n    benefits", "    benefits", 3, "`section`: missing; add it"),
    ("audience: [talent]", "audience: [dogs]", 6, "'dogs' is not known; use 'enterprise'"),
    ("audience: [talent]", "audience: []", 6, "empty; fill it"),
    ("jurisdiction: CN-SC", "jurisdiction: Sichuan", 7, "`jurisdiction`"),
    ("places: [Suining]", "places: [Suinning]", 8, "is it 遂宁 (Suining)?"),
    ("industries: [lithium]", "industries: [gold]", 9, "use one of: lithium, solar"),
    ("begins: 2023-09-20", "begins: 2023-02-30", 12, "there is no day 2023-02-30"),
    ("begins: 2023-09-20", "begins: soon", 12, "write it as 2025-12-31"),
    ("begins: 2023-09-20", "begins: 2023", 12, "write it as 2025-12-31"),
    ("begins: 2023-09-20,", "begins: 2023-09-20, ends: 2022-01-01,", 12, "before it begins"),
    ("fact: spouse", "fact: spuose", 21, "fact 'spuose' is not known; is it 'spouse'?"),
    ("fact: spouse", "fact: zzz", 21, "add it to facts.yaml"),
    ("is: yes", "is: maybe", 22, "write true or false"),
    ("is: yes", "at_least: 3", 22, "`at_least` does not fit 'spouse', which is a yes_no; use is"),
    ("is: yes", "one_of: [lithium]", 22, "use is"),
    ("          is: yes\n", "", 19, "needs exactly one test, not none"),
    ("is: yes", "is: yes\n          within: [遂宁]", 19, "not `is` and `within`"),
    ("          fact: spouse\n", "", 21, "`is` needs a `fact`"),
    (
        "one_of: [lithium, solar]",
        "one_of: [lithium, gold]",
        28,
        "'gold' is no choice of 'industry'",
    ),
    ("one_of: [lithium, solar]", "one_of: []", 28, "empty; fill it"),
    ("at_most: 3.5", "at_most: 90", 34, "beyond the `most` 80 of 'years'"),
    ("at_most: 3.5", "at_most: -1", 34, "beyond the `least` 0 of 'years'"),
    ("at_most: 3.5", "at_most: '3.5'", 34, "'3.5' is no number"),
    ("at_most: 3.5", "at_most: .nan", 34, "not "),
    ("at_most: 3.5", "at_most: 2020-01-01", 34, "is no number"),
    ("{by: people", "{by: location", 39, "'location' is a place; a scale goes by a number"),
    ("{by: people", "{by: persons", 39, "fact 'persons' is not known"),
    ("values: {1: 10, 2: 20}", "values: {1: 10, 3: 20}", 39, "there is no limit for 2"),
    ("values: {1: 10, 2: 20}", "values: {1: 10, 2: 200}", 39, "beyond the `most` 80"),
    ("values: {1: 10, 2: 20}", "values: {}", 39, "empty; fill it"),
    ("each_further: 5", "each: 5", 39, "this key is not known"),
    ("on_or_after: 2020-02-29", "on_or_after: 2021-02-29", 44, "there is no day 2021-02-29"),
    ("within: [Suining, 四川省]", "within: [Suining, Narnia]", 49, "'Narnia' is not known"),
    ("id: since", "id: small", 41, "criterion 'small' is already at"),
    (
        "          undefined: {zh: 未界定。, en: Not defined.}\n",
        "",
        51,
        "neither `fact` nor `undefined`",
    ),
    ("        - any:\n", "        - any:\n            []\n        - all:\n", 24, "empty; fill it"),
    (
        "ground: {section: card, quote: {zh: 此",
        "ground: {sect: card, quote: {zh: 此",
        50,
        "missing",
    ),
    ("        - any:\n", "        - any: 3\n        - all:\n", 24, "`any`"),
    ("    criteria:\n      all:\n", "    criteria:\n      every:\n", 18, "this key is not known"),
]


@pytest.mark.parametrize(("old", "new", "line", "what"), MEASURE_FAULTS)
def test_a_wrong_measure_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert MEASURES.count(old) == 1
    with pytest.raises(MeasureError) as caught:
        load_catalogue(corpus(tmp_path, reform=MEASURES.replace(old, new)))
    lines = str(caught.value).splitlines()
    at = re.escape(str(tmp_path / "measures" / "reform.yaml"))
    assert any(re.match(rf"{at}:{line}: ", fault) and what in fault for fault in lines), lines
    assert "<" not in str(caught.value).replace("(?P<", "")  # no marks of pydantic's own


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "reform.yaml:1: the file is empty; see `policy-assistant measures schema`"),
        ("- a\n", "reform.yaml:1: `key: value` lines are needed"),
        ("policy: [x\n", "reform.yaml:2: not YAML"),
        ("policy: a\npolicy: b\n", "reform.yaml:2: key 'policy' stands in line 1 already"),
        ("policy: &x [*x]\n", "alias"),
    ],
)
def test_a_file_that_is_no_measures(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(MeasureError) as caught:
        load_catalogue(corpus(tmp_path, reform=text))
    assert told in str(caught.value)


def test_files_in_other_encodings_are_refused(tmp_path: Path) -> None:
    corpus(tmp_path)
    (tmp_path / "measures" / "a.yaml").write_bytes("policy: 人才".encode("gbk"))
    with pytest.raises(MeasureError, match="not UTF-8"):
        load_catalogue(tmp_path)


def test_a_measure_stands_once_in_all_files(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match=r"b\.yaml:3: measure 'reform/card' is already at .*a\."):
        load_catalogue(corpus(tmp_path, a=MEASURES, b=MEASURES))


def test_industries_need_their_fact(tmp_path: Path) -> None:
    facts = FACTS.replace("id: industry", "id: sector")
    measures = MEASURES.replace("fact: industry", "fact: sector")
    with pytest.raises(MeasureError, match="needs a choice fact 'industry'"):
        load_catalogue(corpus(tmp_path, facts, reform=measures))


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    facts = FACTS.replace("take: greatest", "take: best")
    measures = MEASURES.replace("fact: spouse", "fact: wife")
    with pytest.raises(InputError) as caught:
        load_catalogue(corpus(tmp_path, facts, a=measures, b="policy: 1"))
    told = str(caught.value)
    assert all(name in told for name in ("facts.yaml", "a.yaml", "b.yaml"))


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    corpus(tmp_path, reform=MEASURES)
    (tmp_path / "measures" / ".draft.yaml").write_text("nonsense", encoding="utf-8")
    assert list(load_catalogue(tmp_path).measures) == ["reform/card"]


def test_the_schemas_describe_the_files() -> None:
    schemas: dict[str, Any] = json.loads(json.dumps(catalogue_schema()))
    assert set(schemas) == {"facts.yaml", "measures/*.yaml"}
    criterion = schemas["measures/*.yaml"]["$defs"]["CriterionForm"]["properties"]
    assert {"is", "one_of", "at_least", "on_or_after", "within", "undefined"} <= criterion.keys()
    assert schemas["facts.yaml"]["$defs"]["FactForm"]["additionalProperties"] is False
    assert all(
        schema["$schema"].startswith("https://json-schema.org/") for schema in schemas.values()
    )
