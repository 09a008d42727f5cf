"""Drafts: what a document's structure and cues betray, as files that the loader reads."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest

from assistant.chat_model import ChatModel, ChatModelSettings, connect
from assistant.eligibility.checking import check_catalogue
from assistant.eligibility.draft_cues import condition_of, proposals
from assistant.eligibility.drafting import draft_files
from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.measures import All, Catalogue, Compare, Criterion, Is
from assistant.eligibility.measures import Any as AnyOf
from assistant.errors import ChatModelUnreachableError, InputError
from assistant.settings import PROJECT
from assistant.testing import FakeModelServer, ScriptedChatModel, in_pieces
from index.documents import Document

NUMBERED = """贝塔市支持中小企业吸纳高校毕业生办法
第一条 为了促进就业，根据省政府文件精神，制定本办法。
第二条 对吸纳高校毕业生就业的中小企业，每人给予2000元一次性补贴。
第三条 申请补贴的企业应当同时符合下列条件：
（一）在贝塔市注册，成立时间满3年；
（二）上年度营业收入不超过2000万元；
（三）没有严重失信记录。
第四条 毕业生有下列情形之一的，可以申请租房补贴，条件如下：
（一）具有博士学位；
（二）取得高级职称。
第五条 本办法自2024年1月1日起施行。
"""
HEADED = """---
id: gamma-grants
lang: en
title: Gamma county grants
jurisdiction: CN-SC
audiences: [government]
---
# Gamma county grants

## Grants for drone makers {#drones}

Enterprises that make drones in Gamma county receive a grant of 300,000 yuan, provided that they
have been registered for at least 3 years.

## Housing {#housing}

Researchers may rent a flat at half price if they meet the following requirements:

1. They hold a doctorate.
2. They are no more than 45 years old.

## Background {#background}

The county has many parks. The report does not say who pays the grants.
"""


def drafted(tmp_path: Path, name: str, text: str) -> tuple[Path, Catalogue]:
    """A corpus of the document and what was drafted for it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / name).write_text(text, encoding="utf-8")
    for file, content in draft_files(corpus / name).items():
        path = corpus / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return corpus, load_catalogue(corpus)


def parts(tree: Any) -> list[Criterion]:
    assert isinstance(tree, All | AnyOf)
    return [part for part in tree.parts if isinstance(part, Criterion)]


def quotes(tree: Any, lang: Any) -> list[str]:
    return [part.ground.quote[lang] for part in parts(tree)]


def test_a_numbered_document(tmp_path: Path) -> None:
    _, catalogue = drafted(tmp_path, "beta.txt", NUMBERED)
    first, second = catalogue.measures.values()
    assert [one.text["zh"] for one in first.benefits] == [
        "对吸纳高校毕业生就业的中小企业，每人给予2000元一次性补贴"
    ]
    assert isinstance(first.criteria, All)
    assert quotes(first.criteria, "zh") == [
        "吸纳高校毕业生就业的中小企业",
        "在贝塔市注册",  # listed by the article after the one that gives
        "成立时间满3年",
        "上年度营业收入不超过2000万元",
        "没有严重失信记录",
    ]
    assert [part.test for part in parts(first.criteria)] == [
        Is(True),
        Is(True),
        Compare("at_least", Decimal(3)),
        Compare("at_most", Decimal(20_000_000)),
        Is(True),
    ]
    assert first.audience == ("enterprise", "talent")
    assert isinstance(second.criteria, AnyOf)
    assert quotes(second.criteria, "zh") == ["具有博士学位", "取得高级职称"]


def test_a_document_with_headings(tmp_path: Path) -> None:
    _, catalogue = drafted(tmp_path, "gamma.md", HEADED)
    assert list(catalogue.measures) == ["gamma-grants/drones", "gamma-grants/housing"]
    drones, housing = catalogue.measures.values()
    assert drones.jurisdiction == "CN-SC"
    assert drones.title["en"] == "Grants for drone makers"
    assert drones.audience == ("enterprise",)
    assert set(quotes(drones.criteria, "en")) == {
        "Enterprises that make drones in Gamma county",
        "they\nhave been registered for at least 3 years",
    }
    assert quotes(housing.criteria, "en") == [
        "They hold a doctorate",
        "They are no more than 45 years old",
    ]
    assert parts(housing.criteria)[1].test == Compare("at_most", Decimal(45))
    assert catalogue.facts[parts(housing.criteria)[1].fact or ""].unit == "age"


@pytest.mark.parametrize(("name", "text"), [("beta.txt", NUMBERED), ("gamma.md", HEADED)])
def test_drafts_are_right_but_answer_nothing(tmp_path: Path, name: str, text: str) -> None:
    corpus, catalogue = drafted(tmp_path, name, text)
    assert catalogue.measures
    assert all(measure.draft for measure in catalogue.measures.values())
    assert check_catalogue(corpus) == []


@pytest.mark.parametrize("path", sorted((PROJECT / "docs_corpus").glob("*/*.md")), ids=str)
def test_every_quote_stands_in_its_section(path: Path, tmp_path: Path) -> None:
    corpus, catalogue = drafted(tmp_path, path.name, path.read_text("utf-8"))
    assert catalogue.measures
    assert check_catalogue(corpus) == []


@pytest.mark.parametrize(
    ("quote", "how", "limit", "unit"),
    [
        ("年满18周岁", "at_least", 18, "age"),
        ("未满18周岁", "less_than", 18, "age"),
        ("年龄不超过35周岁", "at_most", 35, "age"),
        ("注册资本不低于1000万元", "at_least", 10_000_000, "CNY"),
        ("成立3年以上", "at_least", 3, "year"),
        ("成立3年", None, None, ""),
        ("3年以上、10人以上", None, None, ""),
        ("under the age of 45", "less_than", 45, "age"),
        ("more than 5 people", "more_than", 5, "person"),
        ("a doctorate", None, None, ""),
    ],
)
def test_a_number_is_read_where_it_is_bounded(
    quote: str, how: str | None, limit: int | None, unit: str
) -> None:
    found = condition_of(quote, "s")
    assert (found.how, found.limit, found.unit) == (how, limit, unit)


@pytest.mark.parametrize(
    "text",
    [
        "本办法由贝塔市人社局负责解释。",
        "申请人不得重复享受补贴。",
        "报道没有给出补贴的金额。",
        "The report does not say who pays the grants.",
        "花开了。",
    ],
)
def test_what_gives_nothing_is_no_measure(text: str) -> None:
    lang = "en" if text.isascii() else "zh"
    assert proposals(Document("d", "Title", f"# Title\n\n{text}\n", lang)) == []


def test_a_condition_is_one_fact_wherever_it_is_asked(tmp_path: Path) -> None:
    clause = "对在遂宁注册的企业，给予补贴。"
    text = f"# 办法\n\n## 甲 {{#a}}\n\n{clause}\n\n## 乙 {{#b}}\n\n{clause}\n"
    _, catalogue = drafted(tmp_path, "x.md", text)
    assert len(catalogue.measures) == 2
    assert len(catalogue.facts) == 1


def test_the_city_and_province_are_those_that_the_title_names(tmp_path: Path) -> None:
    text = "# 遂宁市支持锂电企业办法\n\n## 补助 {#a}\n\n对企业给予补贴。\n"
    _, catalogue = drafted(tmp_path, "x.md", text)
    (measure,) = catalogue.measures.values()
    assert (measure.jurisdiction, measure.places) == ("CN-SC", ("遂宁",))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("poem.md", "# 诗\n\n花开了。\n".encode(), "nothing in it looks like a measure"),
        ("empty.md", b"", "empty"),
        ("scan.pdf", b"%PDF-1.7\x00\xff", "scan.pdf"),
        ("broken.md", b"---\nid: [\n---\nx\n", "broken.md"),
    ],
)
def test_what_cannot_be_drafted(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=why):
        draft_files(tmp_path / name)


class TestWithAModel:
    TEXT = "# 办法\n\n## 补助 {#grant}\n\n在遂宁注册满3年的企业，得到10万元\n补贴。补贴由工信局发放。\n"
    GOOD: ClassVar[dict[str, Any]] = {
        "title": "注册补助",
        "summary": "企业得10万元补贴。",
        "given": "10万元",
        "acts": "工信局",
        "audience": ["enterprise", "martian"],
        "benefits": ["得到10万元 补贴", "得到20万元补贴"],
        "conditions": ["在遂宁注册满3年的企业", "职工多于10人"],
        "any_of": True,
    }

    def drafted(self, tmp_path: Path, reply: str, text: str = TEXT) -> tuple[Path, Catalogue]:
        path = tmp_path / "gamma.md"
        path.write_text(text, encoding="utf-8")
        model = ChatModel(ScriptedChatModel(chunks=in_pieces(reply)), "scripted")
        for name, content in draft_files(path, model).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        return tmp_path, load_catalogue(tmp_path)

    def test_what_it_wrote_is_kept_and_quotes_that_are_not_there_are_dropped(
        self, tmp_path: Path
    ) -> None:
        reply = json.dumps({"measures": [self.GOOD]}, ensure_ascii=False)
        corpus, catalogue = self.drafted(tmp_path, reply)
        (measure,) = catalogue.measures.values()
        assert measure.draft
        assert (measure.title, measure.acts) == ({"zh": "注册补助"}, {"zh": "工信局"})
        assert measure.audience == ("enterprise",)
        assert [one.ground.quote["zh"] for one in measure.benefits] == ["得到10万元\n补贴"]
        assert quotes(measure.criteria, "zh") == ["在遂宁注册满3年的企业"]
        assert parts(measure.criteria)[0].test == Compare("at_least", Decimal(3))
        assert check_catalogue(corpus) == []

    def test_two_measures_of_one_section_have_ids_of_their_own(self, tmp_path: Path) -> None:
        reply = json.dumps({"measures": [self.GOOD, self.GOOD]}, ensure_ascii=False)
        _, catalogue = self.drafted(tmp_path, reply)
        assert list(catalogue.measures) == ["gamma/grant", "gamma/grant-2"]

    @pytest.mark.parametrize(
        "measures",
        [[], [{**GOOD, "benefits": ["得到20万元补贴"]}], [{**GOOD, "benefits": None}], ["x"]],
        ids=["none", "invented", "null", "text"],
    )
    def test_a_measure_without_a_proved_benefit_is_none(
        self, tmp_path: Path, measures: list[Any]
    ) -> None:
        with pytest.raises(InputError, match="nothing in it looks like a measure"):
            self.drafted(tmp_path, json.dumps({"measures": measures}, ensure_ascii=False))

    @pytest.mark.parametrize("reply", ["I would rather not.", '{"measures": [', '{"found": 1}', ""])
    def test_a_reply_that_cannot_be_used_leaves_the_section_to_its_cues(
        self, tmp_path: Path, reply: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        _, catalogue = self.drafted(tmp_path, reply)
        (measure,) = catalogue.measures.values()
        assert measure.title == {"zh": "补助"}
        assert "section #grant is drafted without the model" in caplog.text

    def test_a_server_that_is_down_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "gamma.md").write_text(self.TEXT, encoding="utf-8")
        with FakeModelServer(behaviour="down") as server:
            settings = ChatModelSettings("fake", base_url=server.base_url, max_retries=0)
            with pytest.raises(ChatModelUnreachableError):
                draft_files(tmp_path / "gamma.md", connect(settings))
