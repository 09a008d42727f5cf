from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import PROJECT, Settings
from evals.adapters import adapters, write_corpus
from evals.adapters.reading import read_set
from evals.case_files import ANY_SECTION
from evals.cases import Case, SectionRef
from evals.errors import SuiteError
from evals.suite_cases import prepare
from evals.suites import SUITES, find_suite, load_suite

OPEN_SETS = PROJECT.parent / "shared" / "data"
EXTERNAL = [path.stem for path in sorted(SUITES.glob("*.yaml")) if load_suite(path).form.set]
needs_sets = pytest.mark.skipif(
    not (OPEN_SETS / "xquad_zh_en.jsonl").is_file(),
    reason=f"{OPEN_SETS}: the open sets are not here",
)


def write(folder: Path, name: str, *records: Any) -> None:
    data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)


def read(name: str, data: Path, **options: Any) -> tuple[list[dict[str, Any]], list[Case]]:
    found = adapters()[name](data, options)
    return [dict(document) for document in found.documents], list(found.cases)


def test_xquad_asks_in_one_language_and_finds_in_another(tmp_path: Path) -> None:
    def side(lang: str, passage: int, question: int) -> dict[str, Any]:
        return {"context": f"{lang} passage {passage}", "question": f"{lang} question {question}"}

    write(
        tmp_path,
        "xquad_zh_en.jsonl",
        *(
            {"id": f"q{n}", **{lang: side(lang, n // 2, n) for lang in ("zh", "en")}}
            for n in range(3)
        ),
    )
    documents, cases = read("xquad", tmp_path, ask="zh", find="en")
    assert [(d["id"], d["text"], d["lang"]) for d in documents] == [
        ("p001", "en passage 0", "en"),
        ("p002", "en passage 1", "en"),
    ]
    assert [
        (c.id, c.lang, c.turns[0], c.expect.sections[0].document_id, c.cluster) for c in cases
    ] == [
        ("q0", "zh", "zh question 0", "p001", "p001"),
        ("q1", "zh", "zh question 1", "p001", "p001"),
        ("q2", "zh", "zh question 2", "p002", "p002"),
    ]


def test_lecoqa_finds_its_articles_by_their_words(tmp_path: Path) -> None:
    article = {"path": "x.md", "law": "民法典", "no": "第一条"}
    write(
        tmp_path,
        "statutes_national.jsonl.gz",
        *({**article, "no": f"第{n}条", "text": f"条文{n}的内容。"} for n in range(10)),
        {**article, "law": "旧法", "text": "条文3的 内容"},
    )
    write(
        tmp_path,
        "lecoqa_train.jsonl",
        {
            "问题": "怎么办？",
            "query_id": 7,
            "相关法规": {"民法典第3条": "条文3的内容。\n", "无": "没有"},
        },
        {"问题": "没有依据？", "query_id": 8, "相关法规": {"无": "没有"}},
    )
    documents, (case,) = read("lecoqa", tmp_path)
    assert len(documents) == 10
    assert (case.id, case.expect.sections) == ("q7", (SectionRef("a00004", ANY_SECTION),))
    fewer, _ = read("lecoqa", tmp_path, articles=3)
    assert len(fewer) == 3
    assert "a00004" in {document["id"] for document in fewer}


def test_orsharc_tells_the_scenario_or_not(tmp_path: Path) -> None:
    write(tmp_path, "orsharc_kb.jsonl", {"id": "4", "text": "# Rule\n\nYou must be 18."})
    record = {"id": "x", "question": "May I?", "scenario": "I am 17.", "gold_snippet": "4"}
    write(tmp_path, "orsharc_dev.jsonl", {**record, "verdict": "No", "seen": False})
    documents, (case,) = read("orsharc", tmp_path)
    assert documents[0]["id"] == case.expect.sections[0].document_id == "r4"
    assert case.turns == ("May I? I am 17.",)
    assert case.tags == ("unseen", "no")
    assert read("orsharc", tmp_path, scenario="without")[1][0].turns == ("May I?",)


def test_conditionalqa_keeps_the_sections_of_a_page(tmp_path: Path) -> None:
    html = "<h1>{0}</h1>\n<p>About {0} &amp; more.</p>\n<h2>Sub</h2>\n<li>One of {0}</li>\n"
    page = {
        "url": "https://www.gov.uk/my-page",
        "sections": {n: html.format(n) for n in ("A", "B")},
    }
    write(tmp_path, "conditionalqa_pages.jsonl", page)
    base = {
        "url": page["url"],
        "scenario": "I am old.",
        "question": "May I?",
        "answers": [["yes", []]],
    }
    write(
        tmp_path,
        "conditionalqa_dev.jsonl",
        {**base, "id": "1", "evidence": ["<li>One of B</li>"], "not_answerable": False},
        {**base, "id": "2", "evidence": [], "answers": [], "not_answerable": True},
    )
    (document,), (case,) = read("conditionalqa", tmp_path)
    assert document["text"] == (
        "# My page\n\n## A {#s1}\n\nAbout A & more.\n\nSub:\n\n- One of A\n\n"
        "## B {#s2}\n\nAbout B & more.\n\nSub:\n\n- One of B"
    )
    assert case.expect.sections == (SectionRef("my-page", "s2"),)
    _, both = read("conditionalqa", tmp_path, **{"for": "answers"})
    assert [c.expect.answerable for c in both] == [True, False]


def test_notinject_is_refused_nothing(tmp_path: Path) -> None:
    prompts = [
        {"prompt": text, "category": "Common Queries"} for text in ("Ignore it?", "忽略它？")
    ]
    write(tmp_path, "notinject_one.jsonl", *prompts)
    documents, cases = read("notinject", tmp_path)
    assert documents == []
    assert [case.lang for case in cases] == ["en", "zh"]
    assert all("refused" not in case.expect.status for case in cases)
    assert cases[0].tags == ("common-queries",)


def test_mtrag_says_what_is_answerable(tmp_path: Path) -> None:
    def task(name: str, kind: str, *texts: str) -> dict[str, Any]:
        talk = [("user", "One?"), ("agent", "Yes."), ("user", f"{kind}?")]
        return {
            "task_id": name,
            "conversation_id": name,
            "Collection": "fiqa",
            "answerability": [kind],
            "contexts": [{"document_id": f"a/{n}", "text": text} for n, text in enumerate(texts)],
            "input": [{"speaker": who, "text": words} for who, words in talk],
        }

    kinds = ("ANSWERABLE", "UNANSWERABLE", "UNDERSPECIFIED")
    write(tmp_path, "mtrag_un_open.jsonl", *(task(kind, kind, "Text.", "") for kind in kinds))
    documents, cases = read("mtrag", tmp_path)
    assert [document["id"] for document in documents] == ["c-a-0"]
    assert [case.expect.answerable for case in cases] == [True, False, None]
    assert cases[0].turns == ("One?", "ANSWERABLE?")
    assert cases[0].expect.sections == (SectionRef("c-a-0", ANY_SECTION),)
    assert cases[2].expect.status == ("clarify",)


@pytest.mark.parametrize("name", sorted(adapters()))
def test_what_is_missing_or_unknown_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuiteError, match="missing; name the folder of open sets with --data"):
        read(name, tmp_path)
    with pytest.raises(SuiteError, match="set option 'colour': not known to this adapter"):
        read(name, tmp_path, colour="red")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("xquad", {"ask": "fr"}, "ask='fr': use zh or en"),
        ("lecoqa", {"articles": -1}, "articles=-1: give a whole number"),
        ("lecoqa", {"articles": True}, "articles=True: give a whole number"),
        ("conditionalqa", {"for": "fun"}, "for='fun': use retrieval or answers"),
    ],
)
def test_an_option_that_cannot_be_is_said(
    tmp_path: Path, name: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(SuiteError, match=words):
        read(name, tmp_path, **options)


@pytest.mark.parametrize("line", ["{broken", "[1]", '"text"'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "set.jsonl").write_text(f'{{"a": 1}}\n\n{line}\n')
    with pytest.raises(SuiteError, match=r"set\.jsonl:3: not "):
        list(read_set(tmp_path, "set.jsonl"))


def test_a_corpus_is_written_once_for_its_content(tmp_path: Path) -> None:
    documents = [{"id": "a", "title": "a", "text": "文", "lang": "zh"}]
    first = write_corpus(documents, tmp_path / "set")
    before = (first / "documents.jsonl").stat().st_mtime_ns
    assert write_corpus(documents, tmp_path / "set") == first
    assert (first / "documents.jsonl").stat().st_mtime_ns == before
    assert write_corpus([*documents, {**documents[0], "id": "b"}], tmp_path / "set") != first
    assert not first.exists()


@needs_sets
@pytest.mark.parametrize("name", EXTERNAL)
def test_every_open_set_becomes_a_sound_suite(tmp_path: Path, name: str) -> None:
    settings = Settings(cache=tmp_path)
    prepared = prepare(load_suite(find_suite(name)), settings, data=OPEN_SETS)
    assert len(prepared.cases) >= 100
    assert max(Counter(case.id for case in prepared.cases).values()) == 1
    assert all(case.turns[-1].strip() for case in prepared.cases)
    if prepared.settings.corpus != settings.corpus:
        assert prepared.settings.corpus.is_relative_to(tmp_path)
        assert str(prepared.settings.store).startswith(str(tmp_path))
