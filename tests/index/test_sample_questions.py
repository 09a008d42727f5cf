from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.build import build_version
from index.errors import CorpusError
from index.likeness import LEAST, SampleQuestions
from index.loaders import corpus_sources, load_corpus
from index.sample_questions import SampleQuestion, read_sample_questions
from index.search import Index
from index.store import Store
from index.testing import HashEmbedder

DOCS = Path(__file__).parents[2] / "docs_corpus"
FILE = """policy: card
sections:
  spouse: {zh: [老婆没活干咋办？], en: ["what if my wife has nothing to do?"]}
not_stated: [{zh: [到哪个窗口办？], en: ["which counter is it?"]}]
off_topic: [{zh: [明天下雨吗？]}]
"""
BRIEF = """---
id: card
lang: {lang}
---
# {title}
## {first} {{#spouse}}
{text}
## {second} {{#fees}}
{other}
"""
ZH = BRIEF.format(
    lang="zh",
    title="绿卡",
    first="配偶",
    text="配偶暂时没有工作的，发放生活补贴。",
    second="费用",
    other="办理绿卡不收取费用。",
)
EN = BRIEF.format(
    lang="en",
    title="Green card",
    first="Spouse",
    text="A spouse without work receives a living allowance.",
    second="Fees",
    other="The green card is free of charge.",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    root = tmp_path / "corpus"
    (root / "questions").mkdir(parents=True)
    (root / "card.zh.md").write_text(ZH, encoding="utf-8")
    (root / "card.en.md").write_text(EN, encoding="utf-8")
    (root / "questions" / "card.yaml").write_text(FILE, encoding="utf-8")
    return root


def built(corpus: Path, tmp_path: Path, name: str = "store") -> tuple[Index, tuple[str, ...]]:
    store = Store.at(str(tmp_path / name), tmp_path / "cache")
    with store.lock():
        version = store.new_version()
        report = build_version(corpus, version, HashEmbedder())
        store.publish(version)
    return Index.open(store, HashEmbedder()), report.skipped


def test_questions_are_read_with_what_answers_them(corpus):
    found = load_corpus(corpus)
    assert found.errors == ()
    assert found.questions == (
        SampleQuestion("老婆没活干咋办？", "zh", "answered", "card", "spouse"),
        SampleQuestion("what if my wife has nothing to do?", "en", "answered", "card", "spouse"),
        SampleQuestion("到哪个窗口办？", "zh", "not_stated", "card"),
        SampleQuestion("which counter is it?", "en", "not_stated", "card"),
        SampleQuestion("明天下雨吗？", "zh", "off_topic", "card"),
    )
    assert corpus / "questions" / "card.yaml" in corpus_sources(corpus)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (None, "questions are needed"),
        ([], "questions are needed"),
        ({"polices": "card"}, "`polices` is not known"),
        ({"policy": 3}, "no id of a document"),
        ({"sections": {"spouse": {"zh": ["？"]}}}, "name the policy"),
    ],
)
def test_a_file_that_is_none_is_refused(data, complaint):
    with pytest.raises(CorpusError, match=complaint):
        read_sample_questions("card.yaml", data)


@pytest.mark.parametrize(
    ("group", "complaint"),
    [
        ([], "by language"),
        ({"fr": ["quoi?"]}, "by language"),
        ({"zh": [7]}, "7 is no question"),
        ({"zh": [" "]}, "is no question"),
    ],
)
def test_a_group_that_is_none_is_left_out_with_its_place(group, complaint):
    data = {"policy": "card", "sections": {"fees": group, "spouse": {"en": "and my wife?"}}}
    found, errors = read_sample_questions("card.yaml", data)
    assert [one.text for one in found] == ["and my wife?"]
    assert len(errors) == 1
    assert str(errors[0]).startswith("card.yaml: section fees: ")
    assert complaint in str(errors[0])


def test_a_question_in_other_words_than_the_documents_is_found_by_its_samples(corpus, tmp_path):
    question = "my wife has nothing to do"
    index, skipped = built(corpus, tmp_path)
    assert skipped == ()
    found = index.search(question)
    assert found.results[0].passage.section == "spouse"
    assert found.results[0].components["sample"] > 0.5
    assert found.like[0].sample.section == "spouse"
    (corpus / "questions" / "card.yaml").unlink()
    without, _ = built(corpus, tmp_path, "without")
    plain = {s.passage.section: s.score for s in without.search(question).results}
    boosted = {s.passage.section: s.score for s in found.results}
    assert boosted["spouse"] - boosted["fees"] > plain["spouse"] - plain["fees"] + 1


def test_a_sample_is_found_in_the_other_languages_passage_where_its_own_has_none(corpus, tmp_path):
    (corpus / "card.zh.md").unlink()
    index, _ = built(corpus, tmp_path)
    found = index.search("老婆没活干咋办")
    assert (found.results[0].passage.section, found.results[0].passage.lang) == ("spouse", "en")


def test_a_question_that_nothing_answers_names_no_section(corpus, tmp_path):
    index, _ = built(corpus, tmp_path)
    like = index.search("which counter is it").like[0]
    assert (like.sample.kind, like.sample.section) == ("not_stated", None)


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("spouse:", "children:", "section 'children' of 'card' is not in the corpus"),
        ("policy: card", "policy: visa", "policy 'visa' is not in the corpus"),
    ],
)
def test_questions_of_what_is_gone_are_left_out_and_said(corpus, tmp_path, was, becomes, complaint):
    path = corpus / "questions" / "card.yaml"
    path.write_text(FILE.replace(was, becomes), encoding="utf-8")
    index, skipped = built(corpus, tmp_path)
    assert len(skipped) == 1
    assert complaint in skipped[0]
    assert index.search("配偶").results


def test_likeness_is_the_cosine_of_centred_vectors():
    samples = [SampleQuestion(text, "zh", "answered", "card", text) for text in "abc"]
    sentences = np.asarray([[2, 1], [0, 1], [-2, 1]], dtype=np.float32)
    known = SampleQuestions(samples, sentences, {"zh": np.asarray([0, 1], dtype=np.float32)})
    found = known.like(np.asarray([1, 1], dtype=np.float32), "zh")
    assert [(one.sample.text, one.similarity) for one in found] == [("a", 1.0)]
    assert LEAST > 0
    assert SampleQuestions([], np.zeros((0, 2), np.float32), {}).like(sentences[0], "zh") == []


@pytest.mark.parametrize("path", sorted((DOCS / "questions").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_projects_questions_lead_to_sections_that_are_there(path):
    corpus = load_corpus(DOCS)
    own = [error for error in corpus.errors if path.name in str(error)]
    assert own == []
    anchors = {
        (document.id, anchor) for document in corpus.documents for anchor in _anchors(document.text)
    }
    mine = [q for q in corpus.questions if q.document_id in (path.stem, None)]
    asked = {(q.document_id, q.section) for q in mine if q.section}
    assert asked <= anchors
    assert {q.lang for q in mine} == {"zh", "en"}


def _anchors(text: str) -> set[str]:
    from index.structure import sections

    return {section.anchor for section in sections(text)}
