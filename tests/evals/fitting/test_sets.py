from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evals.errors import SuiteError
from evals.fitting.sets import read_sets
from index.testing import HashEmbedder

URL = "https://www.gov.uk/some-page"
FILES: dict[str, list[dict[str, Any]]] = {
    "xquad_zh_en.jsonl": [
        {
            "id": f"q{n}",
            "zh": {"context": f"第{n // 2}段。", "question": f"第{n}问？", "title": "题"},
            "en": {"context": f"Passage {n // 2}.", "question": f"Question {n}?", "title": "One"},
        }
        for n in range(3)
    ],
    "orsharc_kb.jsonl": [{"id": 1, "text": "A rule."}, {"id": 2, "text": "Another rule."}],
    "orsharc_dev.jsonl": [
        {
            "id": "o1",
            "question": "May I?",
            "scenario": "I am old.",
            "gold_snippet": 2,
            "seen": True,
            "verdict": "Yes",
        }
    ],
    "statutes_national.jsonl.gz": [{"path": "x", "law": "法", "no": "第一条", "text": "条文一。"}],
    "lecoqa_train.jsonl": [{"问题": "怎么办？", "query_id": 7, "相关法规": {"法": "条文一。"}}],
    "conditionalqa_pages.jsonl": [
        {"url": URL, "sections": {"Who": "<p>Only you.</p>", "How": "<p>By post.</p>"}}
    ],
    "conditionalqa_dev.jsonl": [
        {
            "id": "c1",
            "url": URL,
            "scenario": "I moved.",
            "question": "How?",
            "evidence": ["<p>By post.</p>"],
            "answers": [["By post", []]],
            "not_answerable": False,
        }
    ],
    "mtrag_un_open.jsonl": [
        {
            "task_id": f"t{n}",
            "conversation_id": f"v{n}",
            "Collection": "x",
            "answerability": [kind],
            "contexts": [{"document_id": f"m{n}", "text": f"Context {n}."}],
            "input": [{"speaker": "user", "text": "First?"}, {"speaker": "user", "text": "Last?"}],
        }
        for n, kind in enumerate(("ANSWERABLE", "UNANSWERABLE"))
    ],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, records in FILES.items():
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
        (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return tmp_path


def test_sets_are_read_as_questions_on_passages(data: Path) -> None:
    found = read_sets(data, HashEmbedder())
    assert {name: (own.lang, own.groups) for name, own in found.items() if name[:3] != "own"} == {
        "xquad-en": ("en", ("One",) * 3),
        "xquad-zh": ("zh", ("One",) * 3),
        "orsharc": ("en", ("r2",)),
        "lecoqa": ("zh", ("q7",)),
        "conditionalqa": ("en", ("some-page",)),
        "mtrag": ("en", ("v0",)),
    }
    chinese = found["xquad-zh"]
    assert chinese.passages == ("p001\n第0段。", "p002\n第1段。")
    assert chinese.questions == ("第0问？", "第1问？", "第2问？")
    assert [numbers.tolist() for numbers in chinese.gold_passages()] == [[0], [0], [1]]
    assert found["orsharc"].questions == ("May I? I am old.",)


def test_gold_is_a_section_where_the_set_names_sections(data: Path) -> None:
    pages = read_sets(data, HashEmbedder())["conditionalqa"]
    assert pages.places == ("some-page#s1", "some-page#s2")
    assert pages.gold == (frozenset({"some-page#s2"}),)


def test_questions_without_gold_are_left_out_and_their_passages_kept(data: Path) -> None:
    talks = read_sets(data, HashEmbedder())["mtrag"]
    assert talks.questions == ("Last?",)
    assert len(talks.passages) == 2


def test_the_own_suite_has_all_its_gold(data: Path) -> None:
    found = read_sets(data, HashEmbedder())
    for name in ("own-zh", "own-en"):
        assert len(found[name].questions) > 100
        assert all(gold <= set(found[name].places) for gold in found[name].gold)


def test_a_missing_file_is_named(data: Path) -> None:
    (data / "orsharc_kb.jsonl").unlink()
    with pytest.raises(SuiteError, match="orsharc_kb"):
        read_sets(data, HashEmbedder())
