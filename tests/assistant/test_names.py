from __future__ import annotations

import pytest

from assistant.names import bodies, people

BODIES = [
    ("云海省教育厅、财政厅和商务厅联合印发。", ["云海省教育厅", "财政厅", "商务厅"]),
    ("云海省人力资源和社会保障厅是印发部门之一。", ["云海省人力资源和社会保障厅"]),
    ("由云海省人民政府办公厅牵头。", ["云海省人民政府办公厅"]),
    ("国家发展改革委和全国工商联参与。", ["国家发展改革委", "全国工商联"]),
    ("支持财政部发文。", ["财政部"]),
    ("四川西部的全部产业布局由5个省级部门部署。", []),
    ("The Ministry of Commerce takes part.", ["Ministry of Commerce"]),
    (
        "The National Development and Reform Commission and the Bureau of Trade sign.",
        ["National Development and Reform Commission", "Bureau of Trade"],
    ),
    (
        "The Department of Human Resources and Social Security of Harbour Province leads.",
        ["Department of Human Resources and Social Security of Harbour Province"],
    ),
    ("Five provincial bodies and many departments took part.", []),
]
PEOPLE = [
    ("据白秀平介绍，改革已经开始。", ["白秀平"]),
    ("新闻报道称李明（Li Ming）为某省省委书记。", ["李明"]),
    ("副部长王小红表示支持。", ["王小红"]),
    ("联系人：张三。", ["张三"]),
    ("商务部表示，文章说明了情况，有关方面认为可行。", []),
    ("把高级职称的评审权下放给用人单位。", []),
    ("According to Li Ming, it is so.", ["Li Ming"]),
    ("Wang Hong, deputy head of the office, explained it.", ["Wang Hong"]),
    ("General Secretary Zhang Wei stressed it.", ["Zhang Wei"]),
    ("According to the Ministry of Commerce, Human Resources said so.", []),
    ("A leading official of the department said so.", []),
]


@pytest.mark.parametrize(("text", "names"), BODIES)
def test_bodies_are_named(text, names):
    assert bodies(text) == names


@pytest.mark.parametrize(("text", "names"), PEOPLE)
def test_people_are_named(text, names):
    assert people(text) == names
