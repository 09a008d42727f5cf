"""A small corpus with measures of every kind, for tests of what is built on the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.eligibility.corpus import open_eligibility
from assistant.eligibility.service import Eligibility

ALPHA_ZH = """---
id: alpha
lang: zh
title: 阿尔法办法
issuer: 四川省阿尔法厅
jurisdiction: CN-SC
issued_on: 2024-05-06
effective_from: 2024-06-01
effective_to: 2026-12-31
---
# 阿尔法办法
## 锂电企业补助 {#grants}
遂宁的锂电材料企业，职工不少于20人的，给予30万元补助。补助由遂宁市工信局发放。
## 住房 {#housing}
引进的高层次人才可以半价租房。已在本市购房的除外。
## 培训 {#training}
人力资源服务机构可以免费参加培训，符合要求的可以另得奖励。
## 新设企业 {#start}
2024年1月1日以后成立的企业，或者省级园区内的企业，可以减免租金。
"""
ALPHA_EN = """---
id: alpha
lang: en
title: Alpha measures
issuer: Alpha Department of Sichuan
jurisdiction: CN-SC
issued_on: 2024-05-06
effective_from: 2024-06-01
effective_to: 2026-12-31
---
# Alpha measures
## Grants for lithium {#grants}
Lithium battery enterprises in Suining with at least 20 staff receive a grant of 300,000 yuan.
## Housing {#housing}
High-level talents who were brought in rent a flat at half price. Owners of a home are excluded.
## Training {#training}
HR agencies attend training free of charge, and those that meet the requirements get a reward too.
## New enterprises {#start}
Enterprises founded on or after 1 January 2024, or in a provincial park, pay less rent.
"""
FACTS = r"""facts:
  - id: location
    kind: place
    label: {zh: 所在地, en: Location}
    question: {zh: 您在哪里？, en: Where are you?}
  - id: who
    kind: choice
    many: true
    label: {zh: 身份, en: Who you are}
    question: {zh: 您是谁？, en: Who are you?}
    choices:
      - {id: enterprise, label: {zh: 企业, en: an enterprise}}
      - {id: talent, label: {zh: 人才, en: a talent}}
      - {id: hr_agency, label: {zh: 人力资源服务机构, en: an HR agency}}
  - id: industry
    kind: choice
    many: true
    label: {zh: 行业, en: Industry}
    question: {zh: 什么行业？, en: Which industry?}
    choices:
      - {id: lithium_battery, label: {zh: 锂电材料, en: lithium battery materials}}
      - {id: drones, label: {zh: 无人机, en: drones}}
  - id: staff
    kind: number
    unit: person
    least: 0
    label: {zh: 职工人数, en: Staff}
    question: {zh: 有多少职工？, en: How many staff have you?}
  - id: founded
    kind: date
    label: {zh: 成立日期, en: Day of founding}
    question: {zh: 何时成立？, en: When were you founded?}
  - id: in_park
    kind: yes_no
    label: {zh: 在省级园区内, en: In a provincial park}
    question: {zh: 在省级园区内吗？, en: Are you in a provincial park?}
  - id: high_level
    kind: yes_no
    label: {zh: 高层次人才, en: High-level talent}
    question: {zh: 是否已被认定为高层次人才？, en: Have you been recognised as a high-level talent?}
  - id: owns_home
    kind: yes_no
    label: {zh: 已购房, en: Owns a home}
    question: {zh: 是否已在本市购房？, en: Do you own a home in the city?}
"""
MEASURES = r"""policy: alpha
measures:
  - id: lithium-grant
    title: {zh: 锂电补助, en: Grant for lithium}
    summary: {zh: 遂宁锂电企业得30万元。, en: "Lithium enterprises in Suining get 300,000 yuan."}
    audience: [enterprise]
    jurisdiction: CN-SC
    places: [遂宁]
    industries: [lithium_battery]
    given: {zh: 30万元, en: "300,000 yuan"}
    acts: {zh: 遂宁市工信局, en: the bureau in Suining}
    period: {begins: 2024-06-01, ends: 2026-12-31, note: {zh: 每年一次。, en: Once a year.}}
    section: grants
    benefits:
      - text: {zh: 30万元补助, en: A grant}
        ground: {section: grants, quote: {zh: 给予30万元补助, en: "receive a grant of 300,000 yuan"}}
    criteria:
      all:
        - id: in-suining
          text: {zh: 在遂宁, en: You are in Suining}
          fact: location
          within: [遂宁]
          ground: {section: grants, quote: {zh: 遂宁的锂电材料企业, en: in Suining}}
        - id: lithium
          text: {zh: 属于锂电材料, en: You are in lithium}
          fact: industry
          one_of: [lithium_battery]
          ground: {section: grants, quote: {zh: 遂宁的锂电材料企业, en: Lithium battery enterprises}}
        - id: enough-staff
          text: {zh: 职工不少于20人, en: You have at least 20 staff}
          fact: staff
          at_least: 20
          ground: {section: grants, quote: {zh: 职工不少于20人, en: at least 20 staff}}
  - id: half-rent
    title: {zh: 半价租房, en: Half rent}
    summary: {zh: 高层次人才半价租房。, en: High-level talents rent at half price.}
    audience: [talent]
    jurisdiction: CN-SC
    given: {zh: 半价, en: half the rent}
    acts: {zh: 市里, en: the city}
    section: housing
    benefits:
      - text: {zh: 半价租房, en: A flat at half price}
        ground: {section: housing, quote: {zh: 半价租房, en: rent a flat at half price}}
    criteria:
      all:
        - id: high-level
          text: {zh: 是高层次人才, en: You are a high-level talent}
          fact: high_level
          is: true
          undefined: {zh: 文件没有界定“高层次人才”。, en: The document does not define the term.}
          ground: {section: housing, quote: {zh: 引进的高层次人才, en: High-level talents}}
        - not:
            id: owner
            text: {zh: 已在本市购房, en: You own a home}
            fact: owns_home
            is: true
            ground: {section: housing, quote: {zh: 已在本市购房的除外, en: Owners of a home}}
  - id: reward
    title: {zh: 培训奖励, en: Training reward}
    summary: {zh: 人力资源服务机构的奖励。, en: A reward for HR agencies.}
    audience: [hr_agency]
    jurisdiction: CN-SC
    given: {zh: 奖励, en: a reward}
    acts: {zh: 省里, en: the province}
    section: training
    benefits:
      - text: {zh: 另得奖励, en: A reward}
        ground: {section: training, quote: {zh: 可以另得奖励, en: get a reward too}}
    criteria:
      all:
        - id: requirements
          text: {zh: 符合要求, en: You meet the requirements}
          undefined: {zh: 文件没有写明要求。, en: The document does not name the requirements.}
          ground: {section: training, quote: {zh: 符合要求的, en: meet the requirements}}
  - id: less-rent
    title: {zh: 减免租金, en: Less rent}
    summary: {zh: 新设或园区内的企业减免租金。, en: New enterprises and those in parks pay less rent.}
    audience: [enterprise]
    jurisdiction: CN-SC
    given: {zh: 减免租金, en: less rent}
    acts: {zh: 园区, en: the park}
    section: start
    benefits:
      - text: {zh: 减免租金, en: Less rent}
        ground: {section: start, quote: {zh: 可以减免租金, en: pay less rent}}
    criteria:
      any:
        - id: new
          text: {zh: 2024年起成立, en: You were founded in 2024 or later}
          fact: founded
          on_or_after: 2024-01-01
          ground: {section: start, quote: {zh: 2024年1月1日以后成立的企业, en: founded on or after}}
        - id: park
          text: {zh: 在省级园区内, en: You are in a provincial park}
          fact: in_park
          is: true
          ground: {section: start, quote: {zh: 省级园区内的企业, en: in a provincial park}}
  - id: planned
    draft: true
    title: {zh: 草案, en: A draft}
    summary: {zh: 草案, en: A draft}
    audience: [enterprise]
    jurisdiction: CN-SC
    given: {zh: 草案, en: a draft}
    acts: {zh: 省里, en: the province}
    section: start
    benefits: []
    criteria: {all: []}
"""


def write_corpus(folder: Path, measures: str = MEASURES, facts: str = FACTS) -> Path:
    """The small corpus, in a folder."""
    (folder / "measures").mkdir(parents=True, exist_ok=True)
    (folder / "alpha.zh.md").write_text(ALPHA_ZH, encoding="utf-8")
    (folder / "alpha.en.md").write_text(ALPHA_EN, encoding="utf-8")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "measures" / "alpha.yaml").write_text(measures, encoding="utf-8")
    return folder


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """The folder of the small corpus, to do with as one likes."""
    return write_corpus(tmp_path / "measured")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Eligibility:
    """The small corpus's measures."""
    return open_eligibility(write_corpus(tmp_path_factory.mktemp("small")))
