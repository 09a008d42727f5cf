"""Talks about eligibility over the project's own corpus, with the real embedding model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.errors import InputError
from assistant.events import Piece
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.settings import PROJECT
from index.onnx_embedder import OnnxEmbedder
from index.store import Store

MARK = re.compile(r"\[(\d+)\]")
SPOUSE = "shanxi-talent-reform/spouse-support"
HUB = {"zh": "遂宁：锂电新材料人力资源枢纽", "en": "Suining: HR hub for lithium-battery materials"}


@pytest.fixture(scope="module")
def counsel(assistant: Assistant, onnx_embedder: OnnxEmbedder) -> Assistant:
    """An assistant over the project's corpus and its measures."""
    store = Store(assistant.index.path.parent.parent)
    return Assistant(store, onnx_embedder, corpus=PROJECT / "docs_corpus")


def talk(
    counsel: Assistant, *messages: str, facts: Mapping[str, Any] | None = None
) -> list[Answer]:
    """The answers to messages, each with all before it as history: texts and nothing else."""
    history: tuple[Turn, ...] = ()
    answers = []
    for text in messages:
        answer = counsel.ask(Question(text, history, facts=facts or {}))
        check(answer, counsel)
        answers.append(answer)
        history += (Turn("user", text), Turn("assistant", answer.text))
    return answers


def check(answer: Answer, counsel: Assistant) -> None:
    """What holds of every turn: marks and citations agree, quotes are the documents' own."""
    labels = list(dict.fromkeys(int(label) for label in MARK.findall(answer.text)))
    assert labels == [citation.label for citation in answer.citations]
    assert labels == list(range(1, len(labels) + 1))
    for citation in answer.citations:
        text = counsel.index.document(citation.document_id, citation.lang).text
        assert citation.quote == text[citation.start : citation.end]
        assert citation.passage_id.startswith(f"{citation.document_id}/{citation.lang}#")
    assert json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))["text"] == answer.text


def judged(answer: Answer) -> tuple[str, str]:
    """The measure and the verdict."""
    assert answer.eligibility is not None, answer.text
    return answer.eligibility["measure"], answer.eligibility["verdict"]


def criteria(answer: Answer) -> dict[str, str]:
    assert answer.eligibility is not None, answer.text
    return {one["fact"]: one["verdict"] for one in answer.eligibility["criteria"] if one["fact"]}


class TestFinding:
    @pytest.mark.parametrize(
        ("lang", "question"),
        [
            ("zh", "我们是遂宁的锂电材料企业，有什么支持？"),
            ("en", "What can a lithium-battery maker in Suining get?"),
        ],
    )
    def test_measures_are_ranked_and_a_question_is_asked(
        self, counsel: Assistant, lang: str, question: str
    ) -> None:
        [answer] = talk(counsel, question)
        assert (answer.status, answer.lang) == ("answered", lang)
        first = next(line for line in answer.text.splitlines() if line.startswith("- ✓"))
        assert HUB[lang] in first
        assert answer.citations[0].section == "suining"
        assert answer.suggestions
        assert answer.eligibility is None

    def test_another_city_is_not_offered_as_ones_own(self, counsel: Assistant) -> None:
        [answer] = talk(counsel, "成都的人力资源服务机构有哪些支持？")
        assert answer.status == "answered"
        offered = [line for line in answer.text.splitlines() if line.startswith("- ✓")]
        assert offered
        assert any("成都" in line for line in offered)
        assert not any(place in line for line in offered for place in ("遂宁", "绵阳", "泸州"))

    def test_a_corrected_place_takes_the_place_of_the_first(self, counsel: Assistant) -> None:
        first, second, third = talk(
            counsel, "我们是遂宁的锂电材料企业，有什么支持？", "不对，在绵阳", "是"
        )
        assert f"✓ **{HUB['zh']}**" in first.text
        assert f"✗ **{HUB['zh']}**" in second.text or HUB["zh"] not in second.text
        assert "所在地：绵阳" in second.text
        assert "所在地：绵阳" in third.text

    def test_what_about_another_city_holds_for_one_turn(self, counsel: Assistant) -> None:
        *_, supposed, again = talk(
            counsel, "我们是遂宁的锂电材料企业，有什么支持？", "那绵阳呢？", "我们是中小企业"
        )
        assert "所在地：绵阳" in supposed.text
        assert "所在地：遂宁" in again.text

    @pytest.mark.parametrize(
        ("question", "reply", "known"),
        [
            ("有哪些措施适合我？", "个人（人才）", "个人（人才）"),
            ("我符合条件吗？", "博士", "个人（人才）"),
            ("Am I eligible?", "an enterprise", "an enterprise"),
        ],
    )
    def test_of_somebody_unknown_it_asks_who_they_are(
        self, counsel: Assistant, question: str, reply: str, known: str
    ) -> None:
        first, second = talk(counsel, question, reply)
        assert (first.status, first.citations) == ("clarify", ())
        assert known in second.text
        assert second.citations


class TestVerdict:
    def test_a_talk_from_a_plain_question_to_a_verdict(self, counsel: Assistant) -> None:
        """A plain question, the verdict, an answer not known, a detour, and back."""
        plain, asked, unsure, detour, back, worked, recognised = talk(
            counsel,
            "What does the Shanxi green card give my spouse?",
            "My spouse moved with me and has no job. Do I qualify for the spouse support?",
            "not sure",
            "How long is the residence permit valid?",
            "back to my eligibility",
            "yes",
            "My employer has recognised me as a high-level talent",
        )
        assert plain.eligibility is None
        assert plain.suggestions[-1] == "Do I qualify for “Support for a spouse without work”?"
        assert judged(asked) == (SPOUSE, "more_information_needed")
        assert (asked.status, asked.suggestions) == ("clarify", ("yes", "no"))
        assert criteria(asked)["spouse_without_work"] == "met"
        assert "spouse moved with me and has no job" in asked.text
        assert "does not define" in asked.text
        assert asked.text.endswith("recognised you as a high-level talent?")
        assert unsure.text.endswith("are you coming to work there?")
        assert detour.eligibility is None
        assert "five years" in detour.text
        assert judged(back) == (SPOUSE, "more_information_needed")
        assert criteria(worked)["works_in_shanxi"] == "met"
        assert judged(recognised) == (SPOUSE, "eligible")
        assert recognised.status == "answered"

    def test_a_term_that_is_not_defined_stays_open_for_ever(self, counsel: Assistant) -> None:
        *_, last = talk(
            counsel,
            "我是德国人，要去山西工作。我能优先申请永久居留吗？",
            "是",
        )
        assert judged(last) == (
            "shanxi-talent-reform/permanent-residence",
            "more_information_needed",
        )
        assert last.status == "partial"
        assert last.suggestions == ()
        assert "没有列出永久居留须符合的条件" in last.text

    @pytest.mark.parametrize(
        ("question", "measure"),
        [
            ("我符合山西人才绿卡的条件吗？", "green-card"),
            ("Am I eligible for transitional housing in Shanxi?", "transitional-housing"),
            ("Can we join the directory of key HR service suppliers?", "supplier-directory"),
            ("我们能申请博士后科研工作站吗", "postdoctoral-stations"),
            ("我是公务员，想离岗创业，符合条件吗？", "officials-start-business"),
            ("Do I qualify for “Schooling of children”?", "children-schooling"),
        ],
    )
    def test_the_measure_that_is_meant(
        self, counsel: Assistant, question: str, measure: str
    ) -> None:
        [answer] = talk(counsel, question)
        assert judged(answer)[0].endswith(f"/{measure}")

    def test_where_several_are_meant_it_asks_which(self, counsel: Assistant) -> None:
        which = talk(
            counsel,
            "What does the Shanxi green card give my spouse?",
            "Do I qualify?",
        )[-1]
        assert which.status == "clarify"
        assert len(which.suggestions) > 1
        for choice in which.suggestions:
            [answer] = talk(counsel, choice)
            assert judged(answer)[0].startswith("shanxi-talent-reform/")

    def test_what_cannot_be_read_is_asked_again(self, counsel: Assistant) -> None:
        first, second = talk(counsel, "Am I eligible for the Shanxi green card?", "blah blah")
        assert judged(second) == judged(first)
        assert "could not read that as an answer" in second.text
        assert second.suggestions == first.suggestions

    @pytest.mark.parametrize(
        "question",
        [
            "Do I qualify for unemployment benefits?",
            "我符合低保条件吗",
            "What does the Shanxi green card give my spouse?",
            "What is my unemployed wife entitled to under the Shanxi green card, and how many yuan is that?",
            "遂宁有什么支持？",
            "We are a small workshop. What do the five national bodies offer manufacturers of our size?",
        ],
    )
    def test_other_questions_are_left_to_the_documents(
        self, counsel: Assistant, question: str
    ) -> None:
        [answer] = talk(counsel, question)
        assert answer.eligibility is None
        assert not answer.text.startswith("**")


PAIRS: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    (
        SPOUSE,
        {
            "zh": "我被认定为高层次人才，要去山西工作。爱人跟我一起来，还没有工作。我符合“配偶暂时没有工作时的保障”的条件吗？",
            "en": "I have been recognised as a high-level talent and am moving to Shanxi to work. My wife is "
            "coming along and has no job. Do I qualify for “Support for a spouse without work”?",
        },
        {
            "high_level_talent": True,
            "works_in_shanxi": "yes",
            "spouse_moves_along": "是",
            "spouse_without_work": True,
        },
        "eligible",
    ),
    (
        SPOUSE,
        {
            "zh": "我被认定为高层次人才，在太原工作，配偶随我迁来，已经找到工作了。我符合“配偶暂时没有工作时的保障”的条件吗？",
            "en": "I have been recognised as a high-level talent and work in Taiyuan. My husband moved with me "
            "and has found a job. Do I qualify for “Support for a spouse without work”?",
        },
        {
            "high_level_talent": "是",
            "works_in_shanxi": True,
            "spouse_moves_along": True,
            "spouse_without_work": "no",
        },
        "not_eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/suining-lithium-hub",
        {
            "zh": "我们是遂宁的锂电材料企业，符合“遂宁：锂电新材料人力资源枢纽”的条件吗？",
            "en": "We are a lithium battery materials company in Suining. Do we qualify for “Suining: HR hub "
            "for lithium-battery materials”?",
        },
        {
            "location": "Suining",
            "industry": ["锂电材料"],
            "applicant_kind": ["enterprise"],
        },
        "eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/suining-lithium-hub",
        {
            "zh": "我们是绵阳的锂电材料企业，符合“遂宁：锂电新材料人力资源枢纽”的条件吗？",
            "en": "We are a lithium battery materials company in Mianyang. Do we qualify for “Suining: HR hub "
            "for lithium-battery materials”?",
        },
        {"location": "绵阳市", "industry": ["lithium_battery"], "applicant_kind": ["enterprise"]},
        "not_eligible",
    ),
    (
        "shanxi-talent-reform/residence-permit",
        {
            "zh": "我是德国人，要去山西工作。我符合“5年有效的居留许可”的条件吗？",
            "en": "I am German and am moving to Shanxi to work. Do I qualify for “Five-year residence permit”?",
        },
        {"foreign_national": True, "works_in_shanxi": True},
        "more_information_needed",
    ),
]


@pytest.mark.parametrize(("measure", "said", "facts", "verdict"), PAIRS)
def test_the_same_facts_give_the_same_verdict_however_they_are_given(
    counsel: Assistant,
    measure: str,
    said: dict[str, str],
    facts: dict[str, Any],
    verdict: str,
) -> None:
    known = counsel.eligibility
    by_form = known.judge(measure, known.read_facts(facts), "en")
    expected = {one["id"]: one["verdict"] for one in by_form["criteria"]}
    assert by_form["verdict"] == verdict
    title = {lang: known.measure(measure).title[lang] for lang in ("zh", "en")}
    by_api = counsel.ask(Question(f"Do I qualify for “{title['en']}”?", facts=facts))
    spoken = [talk(counsel, said[lang])[0] for lang in ("zh", "en")]
    for answer in (by_api, *spoken):
        assert judged(answer) == (measure, verdict)
        assert answer.eligibility is not None
        found = {one["id"]: one["verdict"] for one in answer.eligibility["criteria"]}
        assert found == expected


def test_a_statement_corrects_what_a_caller_gave(counsel: Assistant) -> None:
    [answer] = talk(
        counsel,
        "我们在绵阳，符合“遂宁：锂电新材料人力资源枢纽”的条件吗？",
        facts={"location": "遂宁"},
    )
    assert criteria(answer)["location"] == "not_met"


def test_a_fact_with_an_impossible_value_is_refused(counsel: Assistant) -> None:
    with pytest.raises(InputError, match="'location': 'Atlantis'"):
        counsel.ask(Question("What is there for us?", facts={"location": "Atlantis"}))


def test_facts_that_no_measure_asks_for_change_nothing(counsel: Assistant) -> None:
    question = "Am I eligible for the Shanxi green card?"
    answer = counsel.ask(Question(question, facts={"shoe_size": 42}))
    assert answer.text == counsel.ask(Question(question)).text


def test_pieces_joined_are_the_text(counsel: Assistant) -> None:
    events = list(counsel.stream(Question("Am I eligible for the Shanxi green card?")))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert "".join(event.text for event in events if isinstance(event, Piece)) == answer.text


def test_every_choice_is_read_as_what_it_says(counsel: Assistant) -> None:
    """The buttons send labels: each of them answers the question it stands under."""
    from assistant.eligibility.reading import read_reply

    catalogue = counsel.eligibility.catalogue
    for fact in catalogue.facts.values():
        for choice in fact.choices:
            for label in choice.label.values():
                reply = read_reply(label, fact, catalogue)
                empty = choice.id == "none"
                assert reply is not None, (fact.id, label)
                assert reply.value in ({choice.id}, set() if empty else {choice.id}), label


def test_titles_and_questions_tell_measures_and_facts_apart(counsel: Assistant) -> None:
    """A talk is known again by the title it begins with and the question it ends with."""
    catalogue = counsel.eligibility.catalogue
    for lang in ("zh", "en"):
        titles = [measure.title[lang] for measure in catalogue.measures.values()]
        questions = [fact.question[lang] for fact in catalogue.facts.values()]
        assert len(set(titles)) == len(titles)
        assert len(set(questions)) == len(questions)
