from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build_version, check_version
from index.classifier import Classifier
from index.embedding import Embedding, Vector
from index.errors import CorpusError, StoreError
from index.likeness import LEAST, Compared, Likeness, SampleQuestions, own_words, read_under, views
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
    assert found.compared.like[0].sample.section == "spouse"
    (place,) = found.compared.sections
    assert place == ("card", "spouse")
    assert found.compared.sections[place] > 0.3 > 3 * found.compared.unanswered
    asked_of = {s.passage.section: s.components.get("sample") for s in found.results}
    assert asked_of == {"spouse": found.compared.sections[place], "fees": None}
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
    compared = index.search("which counter is it").compared
    assert (compared.like[0].sample.kind, compared.like[0].sample.section) == ("not_stated", None)
    assert compared.unanswered > 0.3 > 3 * max(compared.sections.values(), default=0)


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


# -- what a question is set beside -------------------------------------------------------------


def sample(section: str | None, lang: str = "zh", text: str = "") -> SampleQuestion:
    kind: Any = "answered" if section else "not_stated"
    return SampleQuestion(text or section or "", lang, kind, "card", section)


def axes(*numbers: int, dim: int = 6) -> Vector:
    """Vectors in one view that have nothing in common but where a number comes again."""
    return np.eye(dim, dtype=np.float32)[list(numbers)][:, None]


def known(
    samples: Sequence[SampleQuestion], sentences: Vector, *langs: str, **options: Any
) -> SampleQuestions:
    """Sample questions whose languages need no centring."""
    means = {lang: np.zeros(sentences.shape[-1], np.float32) for lang in langs or ("zh", "en")}
    return SampleQuestions(samples, sentences, means, **options)


def test_likeness_is_the_cosine_of_centred_vectors() -> None:
    samples = [sample(name) for name in "abc"]
    sentences = np.asarray([[[2, 1]], [[0, 1]], [[-2, 1]]], dtype=np.float32)
    questions = SampleQuestions(samples, sentences, {"zh": np.asarray([0, 1], dtype=np.float32)})
    found = questions.compare(np.asarray([[1, 1]], dtype=np.float32), "zh")
    assert found.like == (Likeness(samples[0], 1.0),)
    assert LEAST > 0


def test_the_likest_come_first_and_the_unlike_are_left_out() -> None:
    turned = [0.0, 1.2, 0.3, 1.5, 2.5]
    sentences = np.asarray([[(np.cos(a), np.sin(a))] for a in turned], dtype=np.float32)
    samples = [sample(str(angle)) for angle in turned]
    found = known(samples, sentences).compare(sentences[0], "zh").like
    assert [one.sample.section for one in found] == ["0.0", "0.3", "1.2"]
    assert [one.similarity for one in found] == pytest.approx(np.cos([0, 0.3, 1.2]), abs=1e-4)
    many = known([sample("a")] * 80, axes(*[0] * 80))
    assert len(many.compare(axes(0)[0], "zh").like) == 50


@pytest.mark.parametrize(
    ("asked", "section"), [(0, "spouse"), (1, "fees"), (2, "children"), (3, None), (4, None)]
)
def test_a_question_is_answered_where_such_are(asked: int, section: str | None) -> None:
    samples = [sample("spouse"), sample("fees"), sample("children"), sample(None)]
    samples.append(SampleQuestion("rain?", "zh", "off_topic"))
    found = known(samples * 10, axes(*[0, 1, 2, 3, 4] * 10)).compare(axes(asked)[0], "zh")
    scores = list(found.sections.values())
    assert scores == sorted(scores, reverse=True)
    assert min(scores, default=1) > 0
    # What no section answers, of whichever policy, is one score, and no section.
    assert {place for place in found.sections if not place[1]} == set()
    if section:
        assert next(iter(found.sections)) == ("card", section)
        assert scores[0] == pytest.approx(1, abs=0.2)
        assert found.unanswered < 0.2
    else:
        assert found.unanswered == pytest.approx(1, abs=0.2)
        assert max(scores, default=0) < 0.2


def test_what_every_question_says_tells_no_section() -> None:
    # The first number is in all of them; the rest is what one section is asked for.
    sentences = axes(0, 0, 0) * 2 + axes(1, 2, 3)
    samples = [sample(name) for name in ("a", "b", "c")]
    found = known(samples, sentences).compare((2 * axes(0) + axes(2))[0], "zh")
    assert [one.similarity for one in found.like] == pytest.approx([1, 0.8, 0.8], abs=1e-3)
    assert next(iter(found.sections)) == ("card", "b")
    assert found.sections["card", "b"] > 0.5
    assert max(found.sections.get(("card", name), 0) for name in "ac") < 0.25


def test_a_question_asked_often_does_not_outvote_another() -> None:
    sentences = np.concatenate([axes(*[0] * 40), axes(0, dim=6) * 0.6 + axes(1) * 0.8])
    samples = [*[sample("often")] * 40, sample("once")]
    found = known(samples, sentences).compare(sentences[-1], "zh")
    assert next(iter(found.sections)) == ("card", "once")
    assert found.sections["card", "once"] > 0.5


def test_sections_of_two_policies_are_two() -> None:
    samples = [SampleQuestion("", "zh", "answered", policy, "fees") for policy in ("card", "visa")]
    found = known(samples, axes(0, 1)).compare(axes(1)[0], "zh")
    assert next(iter(found.sections)) == ("visa", "fees")
    assert found.sections["visa", "fees"] > 0.6
    assert found.sections.get(("card", "fees"), 0) < 0.2


# -- titles --------------------------------------------------------------------------------------


class Reading:
    """Embeds a text as its words: each is a token, and one of a few axes of its own."""

    AXES = ("the", "fund", "who", "pays", "when")
    dim = 5

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> Embedding:
        spans = [word.span() for word in re.finditer(r"\w+", text.lower())]
        words = [text[a:b].lower() for a, b in spans]
        tokens = axes(*(self.AXES.index(word) for word in words), dim=5)[:, 0]
        whole = tokens.sum(axis=0) / max(1, len(tokens))
        return Embedding(whole, tokens, np.asarray(spans, np.int32).reshape(-1, 2))


def test_a_question_is_its_own_words_and_not_the_titles() -> None:
    titles = ("", "The Fund", "The Fund")
    questions = ("Who pays", "Who pays", "")
    found = read_under(Reading(), titles, questions)  # type: ignore[arg-type]
    assert found.tolist() == [[0, 0, 0.5, 0.5, 0], [0, 0, 0.5, 0.5, 0], [0] * 5]
    assert own_words(Reading().embed_query("The Fund\nWho"), 4).tolist() == [0, 0.5, 0.5, 0, 0]


def test_a_question_is_read_again_under_the_title_of_the_policy_that_answers_it() -> None:
    samples = [sample("spouse"), sample("fees")]
    samples += [SampleQuestion("", "zh", "answered", "visa", "fees")]
    questions = known(samples, axes(0, 1, 2))
    read: list[tuple[str, str]] = []

    def under(policy: str, lang: str) -> Vector:
        read.append((policy, lang))
        return np.asarray(axes(1)[0, 0], np.float32)

    asked = (axes(0) + 0.9 * axes(2))[0]
    alone = questions.compare(asked, "zh")
    again = questions.compare(asked, "zh", under)
    assert read == [("card", "zh")]
    assert next(iter(alone.sections)) == ("card", "spouse")
    like = {one.sample.section: one.similarity for one in again.like}
    before = {one.sample.section: one.similarity for one in alone.like}
    # Half of what it is like is what it is so; the other policy's are as like as before.
    assert like["spouse"] == pytest.approx(before["spouse"] / 2, abs=1e-3)
    assert again.sections["card", "fees"] > alone.sections.get(("card", "fees"), 0) + 0.2
    assert sorted(one.similarity for one in again.like if one.sample.document_id == "visa") == (
        sorted(one.similarity for one in alone.like if one.sample.document_id == "visa")
    )


def test_what_no_policy_answers_is_read_under_no_title() -> None:
    none = known([sample(None), SampleQuestion("rain?", "zh", "off_topic")], axes(0, 1))
    found = none.compare(axes(1)[0], "zh", lambda policy, lang: pytest.fail(policy))
    assert found.unanswered > 0.5


# -- views --------------------------------------------------------------------------------------


def test_what_the_views_say_is_averaged() -> None:
    # In the first view the two are alike, in the second they are not.
    sentences = views(axes(0, 0)[:, 0], axes(1, 2)[:, 0])
    samples = [sample("spouse"), sample("fees")]
    found = SampleQuestions(samples, sentences, {"zh": np.zeros(6, np.float32)})
    one = found.compare(sentences[1], "zh")
    assert next(iter(one.sections)) == ("card", "fees")
    alone = known(samples, axes(0, 0)).compare(axes(0)[0], "zh").sections
    assert one.sections["card", "fees"] > alone["card", "fees"] + 0.1
    assert one.sections["card", "spouse"] < alone["card", "spouse"] - 0.1
    assert views(axes(0)[:, 0], None).tolist() == axes(0).tolist()


def test_every_view_is_learnt_and_read_again(tmp_path: Path) -> None:
    sentences = views(axes(0, 1, 2, 3, 4)[:, 0], axes(1, 0, 3, 2, 5)[:, 0])
    fitted = known(BOTH, sentences)
    fitted.save(tmp_path / "learnt.npz")
    learnt = SampleQuestions.learnt(tmp_path / "learnt.npz")
    assert shapes(learnt) == {"zh": [(3, 3)] * 2, "en": [(2, 2)] * 2}
    again = known(BOTH, sentences, classifiers=learnt)
    assert all(
        again.compare(asked, lang) == fitted.compare(asked, lang)
        for asked in sentences
        for lang in ("zh", "en")
    )


# -- languages ---------------------------------------------------------------------------------


def test_a_question_is_set_beside_those_in_its_language() -> None:
    samples = [sample("spouse", "zh"), sample("fees", "zh"), sample("fees", "en")]
    samples.append(sample("spouse", "en"))
    questions = known(samples, axes(0, 1, 0, 1))
    assert len(questions) == 4
    for lang, section in (("zh", "spouse"), ("en", "fees")):
        found = questions.compare(axes(0)[0], lang)
        assert [(one.sample.lang, one.sample.section) for one in found.like] == [(lang, section)]
        assert next(iter(found.sections)) == ("card", section)


@pytest.mark.parametrize(("has", "asked_in"), [("zh", "en"), ("en", "zh")])
def test_a_question_in_a_language_without_samples_is_set_beside_anothers(
    has: str, asked_in: str
) -> None:
    shift = 5 * axes(5)
    questions = SampleQuestions(
        [sample("spouse", has), sample("fees", has)],
        axes(0, 1),
        {has: np.zeros(6, np.float32), asked_in: shift[0, 0]},
    )
    # It is centred by its own language's mean all the same.
    found = questions.compare((axes(1) + shift)[0], asked_in)
    assert found == questions.compare(axes(1)[0], has)
    assert found.like[0] == Likeness(sample("fees", has), 1.0)
    assert next(iter(found.sections)) == ("card", "fees")


def test_a_language_of_unknown_mean_is_centred_by_its_samples() -> None:
    samples = [sample("spouse"), sample("fees")]
    shifted = axes(0, 1) + 5 * axes(5)
    found = SampleQuestions(samples, shifted, {}).compare(shifted[0], "zh")
    assert found.like == (Likeness(samples[0], 1.0),)
    assert next(iter(found.sections)) == ("card", "spouse")


def test_without_samples_a_question_is_like_none() -> None:
    none = SampleQuestions([], np.zeros((0, 1, 6), np.float32), {})
    assert len(none) == 0
    assert none.compare(axes(0)[0], "zh") == Compared((), {}, 0.0)


# -- what was learnt, in a file ----------------------------------------------------------------

BOTH = [sample("spouse", "zh"), sample("fees", "zh"), sample(None, "zh")]
BOTH += [sample("spouse", "en"), sample("fees", "en")]
SENTENCES = axes(0, 1, 2, 3, 4)


def shapes(learnt: Mapping[str, Sequence[Classifier]]) -> dict[str, list[tuple[int, ...]]]:
    return {lang: [one.coefficients.shape for one in fitted] for lang, fitted in learnt.items()}


def test_what_was_learnt_is_read_as_it_was_written(tmp_path: Path) -> None:
    fitted = known(BOTH, SENTENCES)
    fitted.save(tmp_path / "learnt.npz")
    learnt = SampleQuestions.learnt(tmp_path / "learnt.npz")
    assert shapes(learnt) == {"zh": [(3, 3)], "en": [(2, 2)]}
    again = known(BOTH, SENTENCES, classifiers=learnt)
    for sentence in SENTENCES:
        for lang in ("zh", "en"):
            assert again.compare(sentence, lang) == fitted.compare(sentence, lang)


def test_what_was_learnt_is_taken_and_not_learnt_again() -> None:
    none = {
        lang: (Classifier(np.arange(n), np.zeros((n, n), np.float32)),)
        for lang, n in (("zh", 3), ("en", 2))
    }
    found = known(BOTH, SENTENCES, classifiers=none).compare(SENTENCES[0], "zh")
    assert len(found.like) == 1
    assert (found.sections, found.unanswered) == ({}, 0)


def test_nothing_learnt_is_a_file_too(tmp_path: Path) -> None:
    SampleQuestions([], np.zeros((0, 1, 6), np.float32), {}).save(tmp_path / "learnt.npz")
    assert SampleQuestions.learnt(tmp_path / "learnt.npz") == {}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path: Path) -> None:
    """Zeros among the numbers, which the zip's checksum tells."""
    data = path.read_bytes()
    path.write_bytes(data[:200] + bytes(60) + data[260:])


def without_coefficients(path: Path) -> None:
    kept: dict[str, Any] = {"zh.0.landmarks": np.arange(3)}
    np.savez(path, **kept)


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "removed": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "cut": cut,
    "its end lost": lambda path: path.write_bytes(path.read_bytes()[:-5]),
    "garbled": garble,
    "overwritten": lambda path: path.write_bytes(b"\7" * 9999),
    "a part lost": without_coefficients,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_named_with_its_mend(
    corpus: Path, tmp_path: Path, damage: Callable[[Path], Any]
) -> None:
    store = Store.at(str(tmp_path / "store"), tmp_path / "cache")
    version = store.new_version()
    build_version(corpus, version, HashEmbedder())
    store.publish(version)
    check_version(version, HashEmbedder())
    damage(version.learnt)
    message = rf"store {version.learnt}: .*; run `policy-assistant index build` to make it anew"
    for reads in (
        lambda: SampleQuestions.learnt(version.learnt),
        lambda: Index.open(store, HashEmbedder()),
        lambda: check_version(version, HashEmbedder()),
    ):
        with pytest.raises(StoreError, match=message):
            reads()


def test_a_corpus_without_samples_is_searched_as_ever(corpus: Path, tmp_path: Path) -> None:
    (corpus / "questions" / "card.yaml").unlink()
    index, skipped = built(corpus, tmp_path)
    assert skipped == ()
    version = Store.at(str(tmp_path / "store"), tmp_path / "cache").current()
    assert SampleQuestions.learnt(version.learnt) == {}
    check_version(version, HashEmbedder())
    found = index.search("配偶没有工作")
    assert found.compared == Compared()
    assert found.results[0].passage.section == "spouse"
    assert all("sample" not in result.components for result in found.results)


def test_what_a_build_learns_is_what_its_samples_teach(corpus: Path, tmp_path: Path) -> None:
    index, _ = built(corpus, tmp_path)
    version = Store.at(str(tmp_path / "store"), tmp_path / "cache").current()
    learnt = SampleQuestions.learnt(version.learnt)
    # Examples, and classes: a section, and what no section of that policy answers.
    assert shapes(learnt) == {"zh": [(3, 2)], "en": [(2, 2)]}
    asked = {
        lang: next(iter(index.search(question).compared.sections))
        for lang, question in (("zh", "老婆没活干"), ("en", "my wife has nothing to do"))
    }
    assert set(asked.values()) == {("card", "spouse")}


# -- the project's own -------------------------------------------------------------------------


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
