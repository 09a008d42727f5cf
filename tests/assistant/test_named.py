from __future__ import annotations

import pytest

from assistant.named import unsupported_names
from assistant.settings import PROJECT
from index.gazetteer import PLACE_NAMES
from index.glossary import Glossary
from index.loaders import load_corpus
from index.structure import block_units, sections

PARK_ZH = "遂宁的省级人力资源服务产业园是川渝毗邻地区的锂电新材料人力资源枢纽。"
PARK_EN = "The provincial HR park of Suining is a hub for lithium-battery materials."
ISSUED_ZH = "《八条措施》由四川省财政厅、四川省教育厅、四川省发展和改革委员会和工业和信息化部印发。"
ISSUED_EN = (
    "The Eight Measures were issued by the Department of Finance of Sichuan Province, the Ministry "
    "of Commerce and the Organization Department of the CPC Sichuan Provincial Committee."
)
GLOSSARY = Glossary(
    [
        *PLACE_NAMES,
        ("四川省财政厅", "Department of Finance of Sichuan Province"),
        ("四川省教育厅", "Department of Education of Sichuan Province"),
        ("商务部", "Ministry of Commerce"),
        ("春风行动", "Spring Breeze Action"),
        ("八条措施", "Eight Measures"),
    ]
)

MISSING = [
    # places
    ("雅安的产业园是锂电材料枢纽。", PARK_ZH, ["雅安"]),
    ("山西省的产业园是锂电材料枢纽。", PARK_ZH, ["山西"]),
    ("The provincial HR park of Ya'an is a hub.", PARK_EN, ["Ya'an"]),
    ("The provincial HR park of Ya’an is a hub.", PARK_EN, ["Ya’an"]),
    ("The parks of Suining and Mianyang are hubs.", PARK_EN, ["Mianyang"]),
    ("The park of Mianyang is a hub.", PARK_ZH, ["Mianyang"]),
    ("绵阳的产业园是锂电材料枢纽。", PARK_EN, ["绵阳"]),
    ("Shaanxi supports talents.", "Shanxi supports talents.", ["Shaanxi"]),
    # titles and quoted words
    ("《十条措施》由四川省财政厅印发。", ISSUED_ZH, ["十条措施"]),
    ("产业园实施“金秋行动”。", PARK_ZH, ["金秋行动"]),
    ('The park is called "City of Light".', PARK_EN, ["City of Light"]),
    ("产业园实施《春风行动》。", PARK_EN, ["春风行动"]),
    # Chinese bodies
    ("《八条措施》由四川省商务厅印发。", ISSUED_ZH, ["商务厅"]),
    ("由省人社厅负责。", ISSUED_ZH, ["人社厅"]),
    ("由工业和信息化厅负责。", ISSUED_ZH, ["工业和信息化厅"]),
    ("由四川省教育厅负责。", ISSUED_EN, ["教育厅"]),
    # English bodies and programmes
    ("The Ministry of Finance issued it.", ISSUED_EN, ["Ministry of Finance"]),
    ("It was issued by the Ministry of Education.", ISSUED_EN, ["Ministry of Education"]),
    ("It was issued by the World Bank.", ISSUED_EN, ["World Bank"]),
    ("Training is part of the Spring Breeze Action.", PARK_EN, ["Spring Breeze Action"]),
    ("Training is part of the Spring Breeze Action.", PARK_ZH, ["Spring Breeze Action"]),
    # several, in order, each once
    ("雅安和绵阳实施“金秋行动”，雅安先行。", PARK_ZH, ["雅安", "绵阳", "金秋行动"]),
]  # fmt: skip

HELD = [
    (PARK_ZH, PARK_ZH),
    (PARK_EN, PARK_EN),
    (ISSUED_ZH, ISSUED_ZH),
    (ISSUED_EN, ISSUED_EN),
    # the other language
    (PARK_EN, PARK_ZH),
    (PARK_ZH, PARK_EN),
    ("Suining, in Sichuan, borders on Chongqing.", PARK_ZH),
    ("由四川省财政厅和商务部印发。", ISSUED_EN),
    ("It was issued by the Department of Finance of Sichuan Province.", ISSUED_ZH),
    ("《八条措施》已经印发。", ISSUED_EN),
    # short and long forms
    ("由省发改委和工信部印发。", ISSUED_ZH),
    ("由财政厅和教育厅印发。", ISSUED_ZH),
    ("由四川省科学技术厅印发。", "由四川省科技厅印发。"),
    ("山西引进人才。", "面向来晋工作的人才。"),
    ("Chengdu, Deyang, Meishan and Ziyang cooperate.", "成德眉资一体发展。"),
    # words in another order, of another number
    ("The Sichuan Department of Finance issued it.", ISSUED_EN),
    ("It was issued by the Provincial Department of Finance and others.", ISSUED_EN),
    # a province that the source names elsewhere
    ("The Sichuan Department of Finance issued it.", "Sichuan\nThe Department of Finance issued it."),
    ("It was issued by the Ministry of Finance.", "Issued by the Ministries of Commerce and Finance."),
    # a title as it is quoted, whatever the marks
    ("“八条措施”已经印发。", ISSUED_ZH),
    ("The “eight measures” were issued.", ISSUED_EN),
    # what only looks like a name
    ("推广安全生产经验，投资阳光产业。", PARK_ZH),
    ("佛罗里达州人口最多。", PARK_ZH),
    ("财政部门和组织部分企业参加。", PARK_ZH),
    ("In China, small firms benefit.", PARK_EN),
    ("Under the Plan, Suining is a Hub.", PARK_EN),
    # perhaps a translation
    ("The International Talent Fair takes place every year.", PARK_ZH),
    ("产业园实施“金秋行动”。", PARK_EN),
    ("", PARK_ZH),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "missing"), MISSING)
def test_a_name_without_support_is_told(text: str, source: str, missing: list[str]) -> None:
    assert unsupported_names(text, [source], GLOSSARY) == missing


@pytest.mark.parametrize(("text", "source"), HELD)
def test_what_the_source_holds_is_left_alone(text: str, source: str) -> None:
    assert unsupported_names(text, [source], GLOSSARY) == []


def test_any_of_the_sources_may_hold_a_name() -> None:
    text = "遂宁和雅安建设产业园。"
    assert unsupported_names(text, [PARK_ZH]) == ["雅安"]
    assert unsupported_names(text, [PARK_ZH, "Ya'an has a park."]) == []


def test_places_are_known_without_a_glossary() -> None:
    assert unsupported_names("Suining and Ya'an", ["遂宁"]) == ["Ya'an"]


def test_without_sources_no_place_is_held() -> None:
    assert unsupported_names("遂宁", []) == ["遂宁"]


def test_no_sentence_of_the_corpus_lacks_a_name_of_its_own_or_its_translation() -> None:
    corpus = load_corpus(PROJECT / "docs_corpus")
    glossary = Glossary([*PLACE_NAMES, *corpus.glossary])
    told: dict[tuple[str, str, str], tuple[list[str], str, str]] = {}
    for document in corpus.documents:
        text = document.text
        for section in sections(text, document.title):
            items = [text[slice(*u.span)] for b in section.blocks for u in block_units(text, b)]
            whole = text[section.blocks[0].start : section.blocks[-1].end]
            head = "\n".join(
                [document.title, document.metadata.issuer or "", *section.heading_path]
            )
            told[document.id, document.lang, section.anchor] = (items, head, whole)
    alarms = []
    for (name, lang, anchor), (items, head, whole) in told.items():
        other = told.get((name, "en" if lang == "zh" else "zh", anchor))
        for number, item in enumerate(items):
            sources = [item, f"{head}\n{whole}"]
            if other:
                sources.append(f"{other[1]}\n{other[2]}")
                if len(other[0]) == len(items):
                    sources.append(f"{other[1]}\n{other[0][number]}")
            alarms += [(item, r) for s in sources if (r := unsupported_names(item, [s], glossary))]
    assert len(told) > 100
    assert alarms == []
