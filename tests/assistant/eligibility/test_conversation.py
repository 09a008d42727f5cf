"""Talks about eligibility over the project's own corpus, with the real embedding model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.api_models import AnswerModel
from assistant.cli.trace_lines import trace_lines
from assistant.errors import InputError
from assistant.events import Piece
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.settings import PROJECT
from assistant.trace import Trace
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
        assert last.suggestions == ("哪些措施适合我？",)
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
            # the name of the policy tells none of its measures from the others
            (
                "Do I qualify for the spouse support of the Shanxi green card?",
                "spouse-support",
            ),
            ("我符合山西人才绿卡里配偶保障的条件吗？", "spouse-support"),
            (
                "Am I eligible for the residence permit under the Shanxi green card?",
                "residence-permit",
            ),
            ("山西人才绿卡的五年居留许可我够格吗", "residence-permit"),
            (
                "Can I get the transitional housing of the Shanxi green card?",
                "transitional-housing",
            ),
            ("山西人才绿卡的子女入学，我符合条件吗", "children-schooling"),
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

    @pytest.mark.parametrize(
        ("messages", "measure"),
        [
            (("What does the Shanxi green card give my spouse?", "Do I qualify?"), "spouse"),
            (("山西人才绿卡给我配偶什么待遇？", "我符合条件吗？"), "配偶"),
        ],
    )
    def test_one_of_several_is_chosen_in_words(
        self, counsel: Assistant, messages: tuple[str, str], measure: str
    ) -> None:
        zh = measure == "配偶"
        which = talk(counsel, *messages)[-1]
        listed = [line[2:] for line in which.text.splitlines() if line.startswith("- ")]
        place = next(n for n, title in enumerate(listed) if measure in title)
        ordinals = ("第一个", "第二个") if zh else ("the first", "the second")
        for reply in (ordinals[place], str(place + 1), "配偶那个" if zh else "the spouse one"):
            assert judged(talk(counsel, *messages, reply)[-1])[0] == SPOUSE
        ranking = talk(counsel, *messages, "都不是" if zh else "neither")[-1]
        assert ranking.text.startswith("**您可以用的" if zh else "**Support measures for you**")
        detour = talk(
            counsel,
            *messages,
            "居留许可多长时间有效？" if zh else "How long is the residence permit valid?",
        )[-1]
        assert detour.eligibility is None
        assert not detour.text.startswith(("您问的是", "Which measure"))
        again = talk(counsel, *messages, "嗯" if zh else "hm")[-1]
        assert again.suggestions == which.suggestions
        assert "没有看懂" in again.text if zh else "could not read" in again.text

    @pytest.mark.parametrize(
        ("question", "pointing", "lang"),
        [
            ("我们是遂宁的锂电材料企业，有什么支持？", "第一个我们符合条件吗", "zh"),
            (
                "What can a lithium-battery maker in Suining get?",
                "Do we qualify for the first one?",
                "en",
            ),
        ],
    )
    def test_a_measure_of_a_ranking_is_pointed_at(
        self, counsel: Assistant, question: str, pointing: str, lang: str
    ) -> None:
        *_, last = talk(counsel, question, pointing)
        assert judged(last)[0].endswith("/suining-lithium-hub")
        assert last.lang == lang

    def test_one_measure_after_another_and_back(self, counsel: Assistant) -> None:
        *_, permit, detour, wrong, back = talk(
            counsel,
            "I am German and work in Taiyuan. Do I qualify for “Support for a spouse without work”?",
            "Do I qualify for the residence permit?",
            "How long is it valid?",
            "My wife has a job",
            "back to the residence permit",
        )
        assert judged(permit)[0].endswith("/residence-permit")
        assert detour.eligibility is None
        assert judged(wrong)[0].endswith("/residence-permit")
        assert judged(back)[0].endswith("/residence-permit")

    @pytest.mark.parametrize(
        ("messages", "place"),
        [
            (("我们在绵阳，符合“遂宁：锂电新材料人力资源枢纽”的条件吗？", "换成遂宁呢？"), "遂宁"),
            (
                (
                    "We are in Mianyang. Do we qualify for “Suining: HR hub for lithium-battery "
                    "materials”?",
                    "What if we were located in Suining?",
                ),
                "Suining",
            ),
        ],
    )
    def test_another_place_is_supposed_for_one_turn(
        self, counsel: Assistant, messages: tuple[str, str], place: str
    ) -> None:
        first, supposed, again = talk(
            counsel, *messages, "是" if place == "遂宁" else "ok, continue"
        )
        assert criteria(first)["location"] == "not_met"
        assert criteria(supposed)["location"] == "met"
        assert place in supposed.text
        assert criteria(again)["location"] == "not_met"

    @pytest.mark.parametrize(
        ("question", "reply", "said"),
        [
            ("我是德国人，要去山西工作。我能优先申请永久居留吗？", "不清楚", "没有要再问您的了"),
            (
                "I am German and will work in Shanxi. Do I qualify for “Priority for permanent "
                "residence”?",
                "not sure",
                "nothing more to ask",
            ),
        ],
    )
    def test_where_nothing_is_asked_a_mere_reply_is_told_so(
        self, counsel: Assistant, question: str, reply: str, said: str
    ) -> None:
        *_, last = talk(counsel, question, "是" if said[0] == "没" else "yes", reply, reply)
        assert judged(last)[0].endswith("/permanent-residence")
        assert said in last.text

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


class TestFacts:
    @pytest.mark.parametrize(
        "statement", ["我们是遂宁的锂电材料企业", "We are a lithium-battery maker in Suining."]
    )
    def test_a_plain_statement_gets_a_ranking(self, counsel: Assistant, statement: str) -> None:
        [answer] = talk(counsel, statement)
        assert HUB[answer.lang] in answer.text

    @pytest.mark.parametrize(
        "question",
        [
            "I am an engineer with a PhD and I am moving to Taiyuan for work. What can I get?",
            "我是工程师，要去太原工作，我能申请什么？",
        ],
    )
    def test_what_is_told_beside_is_no_subject(self, counsel: Assistant, question: str) -> None:
        [answer] = talk(counsel, question)
        assert answer.text.startswith(("**Support measures for you**", "**您可以用的支持措施**"))

    @pytest.mark.parametrize(
        ("question", "denial"),
        [
            ("我们是自贡的无人机企业，有什么支持？", "我们不做无人机"),
            ("What can a drone maker in Zigong get?", "We do not make drones"),
        ],
    )
    def test_what_is_denied_is_known_no_more(
        self, counsel: Assistant, question: str, denial: str
    ) -> None:
        first, second = talk(counsel, question, denial)
        assert "无人机" in first.text or "drones" in first.text
        known = second.text.split("\n\n")[1]
        assert known.startswith(("已知", "What I know"))
        assert "无人机" not in known and "drones" not in known

    @pytest.mark.parametrize(
        ("question", "statement"),
        [
            ("我符合“配偶暂时没有工作时的保障”的条件吗？", "我同事的配偶没有工作"),
            (
                "Do I qualify for “Support for a spouse without work”?",
                "The spouse of my colleague has no job",
            ),
        ],
    )
    def test_what_is_told_of_others_is_not_the_persons(
        self, counsel: Assistant, question: str, statement: str
    ) -> None:
        *_, last = talk(counsel, question, statement, "继续" if "我" in question else "continue")
        assert criteria(last)["spouse_without_work"] == "unknown"


class TestTraditional:
    def test_a_talk_follows_the_persons_characters(self, counsel: Assistant) -> None:
        first, second, third = talk(
            counsel,
            "我的配偶隨我來了，還沒有工作。我符合配偶保障的條件嗎？",
            "是",
            "是",
        )
        assert judged(first) == (SPOUSE, "more_information_needed")
        assert first.text.startswith("**配偶暫時沒有工作時的保障**：還不能下結論")
        assert "您說的是“配偶隨我來了，還沒有工作”" in first.text
        assert first.eligibility is not None
        assert first.eligibility["criteria"][0]["text"] == "被認定為高層次人才"
        assert criteria(second)["high_level_talent"] == "met"
        assert judged(third) == (SPOUSE, "eligible")
        assert "符合文件寫明的條件" in third.text

    def test_buttons_are_read_back(self, counsel: Assistant) -> None:
        asked = "我們是遂寧的鋰電材料企業，有什麼支持？"
        [finding] = talk(counsel, asked)
        assert finding.text.startswith("**您可以用的支持措施**：已載入")
        for choice in finding.suggestions:
            *_, answer = talk(counsel, asked, choice)
            assert answer.text.startswith("**您可以用的支持措施**：已載入"), choice
            assert "沒有看懂" not in answer.text, choice
        which = talk(counsel, "山西人才綠卡給我的配偶什麼待遇？", "我符合條件嗎？")[-1]
        assert which.text.startswith("您問的是哪一項措施？")
        for choice in which.suggestions:
            [answer] = talk(counsel, choice)
            assert judged(answer)[0].startswith("shanxi-talent-reform/")

    def test_simplified_characters_stay(self, counsel: Assistant) -> None:
        [answer] = talk(counsel, "我符合山西人才绿卡的条件吗？")
        assert answer.text.startswith("**山西人才“绿卡”**：还不能下结论")


class TestTrace:
    def traced(self, counsel: Assistant, question: Question) -> Trace:
        answer = counsel.ask(replace(question, trace=True))
        assert answer.trace is not None
        data = json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))
        assert AnswerModel.model_validate(data).model_dump(mode="json", exclude_unset=True) == data
        assert answer.trace.timings_ms == answer.timings_ms
        return answer.trace

    def test_a_verdict(self, counsel: Assistant) -> None:
        asked = "My wife has no job. Do I qualify for “Support for a spouse without work”?"
        trace = self.traced(counsel, Question(asked, facts={"works_in_shanxi": True}))
        step = trace.eligibility
        assert step is not None
        assert (step.matter, step.measures) == ("verdict", (SPOUSE,))
        known = {one.fact: (one.value, one.words, one.origin, one.now) for one in step.facts}
        assert known["works_in_shanxi"] == (True, "", "api", False)
        assert known["spouse_without_work"] == (True, "wife has no job", "conversation", True)
        [judged_one] = step.judged
        assert (judged_one.measure, judged_one.verdict) == (SPOUSE, "more_information_needed")
        assert "high-level-talent" in judged_one.deciding
        assert step.asked == "high_level_talent"
        assert set(step.timings_ms) == {"read", "judge"}
        assert (trace.select, trace.compose, trace.verify) == (None, (), None)
        lines = "\n".join(trace_lines(trace))
        assert "known spouse_without_work = True from “wife has no job”" in lines
        assert "asked next: high_level_talent" in lines

    def test_a_ranking_and_what_is_not_known(self, counsel: Assistant) -> None:
        first = "我们是遂宁的锂电材料企业，有什么支持？"
        turn = counsel.ask(Question(first))
        question = Question("不清楚", (Turn("user", first), Turn("assistant", turn.text)))
        step = self.traced(counsel, question).eligibility
        assert step is not None
        assert (step.matter, step.measures) == ("finding", ())
        assert len(step.judged) == len(counsel.eligibility.offered)
        assert step.judged[0].verdict == "eligible"
        assert len(step.declined) == 1
        assert step.asked not in step.declined

    def test_a_question_for_the_documents_has_none(self, counsel: Assistant) -> None:
        question = Question("What does the Shanxi green card give my spouse?")
        trace = self.traced(counsel, question)
        assert trace.eligibility is None
        assert trace.to_dict()["eligibility"] is None


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
