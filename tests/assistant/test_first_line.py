from __future__ import annotations

import numpy as np
import pytest

from assistant.composers import Draft, Evidence, Support
from assistant.composers.affirming import affirms
from assistant.composers.candidates import Candidate
from assistant.composers.first_line import first_line, stated
from assistant.questions import Understanding
from assistant.verify import Verifier
from index.documents import Document
from index.passages import Passage, ScoredPassage
from index.sentences import Span
from index.structure import Unit
from index.text import language


def sentences(*said: str, items: int = 0, heading: str = "Matter") -> list[Candidate]:
    """Candidates of one passage, in order; the last `items` of them are list items."""
    text, found = "\n".join(said), []
    lang = language(text)
    passage = Passage("p#s", "p", lang, "s", ("Title", heading), text, 0, len(text))
    evidence = Evidence(1, ScoredPassage(passage, 1.0, 1, {}), Document("p", "Title", text, lang))
    at = 0
    for number, one in enumerate(said):
        kind = "item" if number >= len(said) - items else "paragraph"
        unit = Unit(Span(at, at + len(one)), at, kind)  # type: ignore[arg-type]
        found.append(Candidate(evidence, unit, one, np.ones(2, dtype=np.float32), 0.5))
        at += len(one) + 1
    return found


def line(question: str, wants: str, chosen: list[Candidate]) -> Draft | None:
    return first_line(chosen, Understanding(question, language(question), wants=wants))  # type: ignore[arg-type]


STATED = [
    (
        "有多少家？",
        "count",
        "到2023年底，云海省的人力资源服务市场主体已经有近16000家。",
        "近16000家",
    ),
    ("多少场？", "count", "各市每年举办的对接专场，原则上不少于1场。", "原则上不少于1场"),
    ("有多少个国家和地区？", "count", "已向17个国家和地区派出165000人次。", "17个国家和地区"),
    ("几家联合发文？", "count", "通知由5个省级部门共同署名。", "5个省级部门"),
    ("什么时候报送？", "deadline", "总结每年12月20日前报送。", "每年12月20日前"),
    ("到哪年？", "date", "到2025年底基本建成。", "到2025年底"),
    ("占多少？", "share", "其中约40%是制造业企业。", "约40%"),
    ("有多少家机构？", "count", "有各类机构69,900家（6.99万家）。", "69,900家"),
    (
        "How many entities?",
        "count",
        "It had nearly 16,000 market entities by 2023.",
        "nearly 16,000 market entities",
    ),
    (
        "How many are there?",
        "count",
        "At least 50 contact points, offices and the like exist.",
        "At least 50",
    ),
    (
        "When is it due?",
        "deadline",
        "It is due before 20 December each year.",
        "before 20 December each year",
    ),
    (
        "How much is it?",
        "amount",
        "The allowance is about 500 yuan a month.",
        "about 500 yuan a month",
    ),
    ("What share?", "share", "It is one-fifth of the workforce.", "one-fifth"),
    ("How many?", "count", "Parks link 20 platforms and markets link 10 platforms.", None),
    ("How many examples?", "count", "There are to be at least 50 stations.", None),
    ("How many bodies issued it?", "count", "Seven bodies issued it.", "Seven bodies"),
    ("How many?", "count", "Nothing is counted here.", None),
]


@pytest.mark.parametrize(("question", "wants", "text", "words"), STATED)
def test_the_figure_is_stated_with_its_hedges(question, wants, text, words):
    asked = Understanding(question, language(question), wants=wants)
    assert stated(sentences(text)[0], asked) == words


LONG = "Harbour Province had nearly 16,000 HR service market entities in all of its cities by the end of 2023."


def test_a_line_states_the_figure_and_is_cited():
    found = line("How many entities are there?", "count", sentences(LONG))
    assert found == Draft(
        "Nearly 16,000 HR service market entities.", (Support(1, 0, len(LONG)),), "answer", True
    )


@pytest.mark.parametrize(
    ("question", "wants", "said"),
    [
        ("How many?", "count", ["It has 8 parts."]),
        ("How many events?", "count", [LONG.replace("entities", "events"), "There are 12 events."]),
        ("What is it?", "definition", [LONG]),
    ],
)
def test_no_line_where_it_would_not_help_or_is_not_plain(question, wants, said):
    assert line(question, wants, sentences(*said)) is None


ISSUERS = ("Two provincial bodies issued it:", "The Department of Trade.", "The Bureau of Fish.")
ISSUERS_ZH = (
    "由下列2个省级部门联合印发。",
    "云海省教育厅是印发部门之一。",
    "云海省财政厅是印发部门之一。",
)


@pytest.mark.parametrize(
    ("question", "said", "text"),
    [
        ("Who issued it?", ISSUERS, "Two provincial bodies: Department of Trade, Bureau of Fish."),
        ("谁印发的？", ISSUERS_ZH, "2个省级部门：云海省教育厅、云海省财政厅。"),
        ("Who issued it?", ISSUERS[1:], "Department of Trade, Bureau of Fish."),
        ("Who issued it?", ISSUERS[:2], None),
        ("Who issued it?", (*ISSUERS, "Some others."), None),
    ],
)
def test_the_bodies_of_a_list_are_named(question, said, text):
    items = len(said) - (":" in said[0] or "下列" in said[0])
    found = line(question, "who", sentences(*said, items=items, heading="Issuing bodies"))
    assert (found.text if found else None) == text


def test_the_number_of_bodies_is_one_that_a_sentence_states():
    said = ("Three provincial bodies issued it:", *ISSUERS[1:])
    found = line("Who issued it?", "who", sentences(*said, items=2, heading="Issuers"))
    assert found is not None
    assert found.text == "Department of Trade, Bureau of Fish."


AFFIRMED = [
    (
        "Harbour City hosts the pilot for fish, right?",
        "Harbour City hosts the pilot for fish.",
        True,
    ),
    ("海口承担渔业综合试点吗？", "海口承担渔业综合试点。", True),
    ("海口承担林业综合试点吗？", "海口承担渔业综合试点。", False),
    ("三亚承担渔业综合试点吗？", "海口承担渔业综合试点。", False),
    ("海口承担3个渔业综合试点吗？", "海口承担2个渔业综合试点。", False),
    ("海口不承担渔业综合试点吗？", "海口承担渔业综合试点。", False),
    ("海口承担渔业综合试点吗？", "海口不承担渔业综合试点。", False),
    ("海口承担渔业综合试点吗？", "海口力争承担渔业综合试点。", False),
    ("只有海口承担渔业综合试点吗？", "海口承担渔业综合试点。", False),
    ("Must a firm file the report?", "A firm may file the report.", False),
    ("Are cities to hold 1 event a year?", "Cities in principle hold 1 event a year.", False),
    ("Do other provinces have such a plan?", "The plan joins four fields of the province.", False),
]


@pytest.mark.parametrize(("question", "said", "expected"), AFFIRMED)
def test_yes_is_said_only_where_the_sentence_says_it(question, said, expected):
    asked = Understanding(question, language(question), wants="yes_no")
    assert affirms(sentences(said)[0], asked) is expected
    found = line(question, "yes_no", sentences(said))
    assert (found is not None and found.text in ("Yes.", "是。")) is expected


@pytest.mark.parametrize(
    ("text", "form", "passes"),
    [
        ("Two provincial bodies: Department of Trade, Bureau of Fish.", "answer", True),
        ("Three provincial bodies: Department of Trade, Bureau of Fish.", "answer", False),
        ("Two provincial bodies: Department of War.", "answer", False),
        ("Yes.", "answer", True),
        ("No.", "answer", False),
        ("Two provincial bodies | Two provincial bodies issued it:", "row", True),
        ("Nine bodies | Two provincial bodies issued it:", "row", False),
        ("Two provincial bodies: Bureau of Fish.", "sentence", False),
    ],
)
def test_each_part_of_a_line_must_stand_in_what_it_cites(text, form, passes):
    chosen = sentences(*ISSUERS, items=2)
    supports = tuple(Support(1, *c.unit.span) for c in chosen)
    verifier = Verifier([chosen[0].evidence], None, None)  # type: ignore[arg-type]
    assert verifier.verify(Draft(text, supports, form, quoted=True)).passed is passes


def test_no_bodies_are_listed_where_those_who_lead_are_no_bodies() -> None:
    chosen = sentences("由龙头企业牵头组建。", "由高校牵头组建。", items=2)
    assert line("由谁牵头？", "who", chosen) is None
