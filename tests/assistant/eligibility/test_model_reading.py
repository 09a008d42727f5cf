"""Facts read by a chat model: what it adds, what is not believed, and what it costs."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.chat_model import ChatModel
from assistant.composers.llm import LlmComposer
from assistant.eligibility.facts import Facts
from assistant.eligibility.matching import Matching
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.model_reading import ModelReading
from assistant.eligibility.reading import read_said
from assistant.eligibility.service import Eligibility
from assistant.eligibility.told import Told, read_conversation
from assistant.errors import ChatModelUnreachableError
from assistant.opening import reader_of
from assistant.pipeline import Pipeline
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.testing import ScriptedChatModel

Claims = list[tuple[str, str, str]]


def reply(claims: Claims) -> str:
    """A model's reply: words, fact and value of each claim."""
    items = [{"words": words, "fact": fact, "value": value} for words, fact, value in claims]
    return json.dumps({"facts": items}, ensure_ascii=False)


def scripted(*claims: tuple[str, str, str], **given: Any) -> tuple[ModelReading, ScriptedChatModel]:
    model = ScriptedChatModel(**{"chunks": [reply(list(claims))], **given})
    return ModelReading(ChatModel(model, "scripted")), model


def sent(model: ScriptedChatModel) -> str:
    return "\n".join(str(message.content) for messages, _ in model.calls for message in messages)


def read(text: str, catalogue: Catalogue, *claims: tuple[str, str, str]) -> Facts:
    reader, model = scripted(*claims)
    [found] = reader.read([Turn("user", text)], catalogue)
    assert len(model.calls) == 1, "the message was not sent"
    return found


@pytest.fixture(scope="module")
def catalogue(small: Eligibility) -> Catalogue:
    return small.catalogue


@pytest.mark.parametrize(
    ("text", "words", "fact", "value", "known"),
    [
        ("我们厂子里二十来号人，就开在遂宁城边上", "就开在遂宁", "location", "遂宁", "遂宁"),
        ("Our workshop sits near Suining.", "sits near Suining", "location", "Suining", "遂宁"),
        ("我们厂有32个师傅", "有32个师傅", "staff", "32", Decimal(32)),
        ("We are a crew of thirty-two.", "a crew of thirty-two", "staff", "32", Decimal(32)),
        ("我们专做磷酸铁锂", "专做磷酸铁锂", "industry", "lithium_battery", {"lithium_battery"}),
        ("We roll cathode foil", "roll cathode foil", "industry", "drones", {"drones"}),
        ("我已经上车了，房贷都在还", "房贷都在还", "owns_home", "yes", True),
        ("I still pay off my own flat.", "still pay off my own flat", "owns_home", "yes", True),
        ("我名下没有房子", "没有房子", "owns_home", "no", False),
        ("We don't sit in one of the parks", "don't sit in one of the parks", "in_park", "no", False),
        ("我们是2024年3月1日挂的牌", "2024年3月1日挂的牌", "founded", "2024-03-01", "2024-03-01"),
        ("We opened our doors on 1 March 2024", "opened our doors on 1 March 2024", *["founded"], "2024-03-01", "2024-03-01"),
    ],
)  # fmt: skip
def test_it_adds_what_the_rules_miss_with_the_persons_words(
    catalogue: Catalogue, text: str, words: str, fact: str, value: str, known: object
) -> None:
    assert fact not in read_said(text, catalogue)
    found = read(text, catalogue, (words, fact, value))[fact]
    shown = found.value if isinstance(found.value, bool | Decimal | frozenset) else str(found.value)
    assert (shown, found.words, found.origin) == (known, words, "model")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We're  a crew of\nthirty-two", "we’re a crew of thirty-two"),
        ("We are a ＣＲＥＷ of ３２", "we are a crew of 32."),
    ],
)
def test_case_width_and_white_space_of_the_words_may_differ(
    catalogue: Catalogue, text: str, words: str
) -> None:
    assert read(text, catalogue, (words, "staff", "32"))["staff"].words == text


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        # words that nobody wrote, or that are part of others
        ("We make cathodes.", ("lithium batteries", "industry", "lithium_battery")),
        ("我们做正极材料", ("锂电材料企业", "industry", "lithium_battery")),
        ("We employ 320 people.", ("32", "staff", "32")),
        ("我们有320人", ("20人", "staff", "20")),
        ("We make cathodes.", ("", "industry", "lithium_battery")),
        # no fact, or no value of it
        ("We make cathodes.", ("make cathodes", "turnover", "3")),
        ("We make cathodes.", ("make cathodes", "industry", "ships")),
        ("We make cathodes.", ("make cathodes", "industry", "")),
        ("We make cathodes.", ("make cathodes", "in_park", "maybe")),
        ("We moved to Atlantis.", ("moved to Atlantis", "location", "Atlantis")),
        ("Our firm opened on 2024-02-30", ("opened on 2024-02-30", "founded", "2024-02-30")),
        # figures, days and places that the words do not give
        ("We are a crew of thirty-two.", ("a crew of thirty-two", "staff", "320")),
        ("We are a large crew.", ("a large crew", "staff", "200")),
        ("We have 30 patents.", ("have 30 patents", "staff", "30")),
        ("我们开了30年", ("开了30年", "staff", "30")),
        ("We are more than 20 people.", ("more than 20 people", "staff", "20")),
        ("我们是2024年挂的牌", ("2024年挂的牌", "founded", "2024-01-01")),
        ("We sit by the river.", ("sit by the river", "location", "Suining")),
        ("我们早就搬离成都了", ("搬离成都", "location", "成都")),
        ("I read Chengdu's measures.", ("Chengdu's measures", "location", "Chengdu")),
        # asked, supposed, demanded, hoped for
        ("I am new here. Do I need a flat of my own?", ("a flat of my own", "owns_home", "yes")),
        ("我是新来的，要有自己的房子吗？", ("有自己的房子", "owns_home", "yes")),
        ("If I buy the flat, tell me more.", ("buy the flat", "owns_home", "yes")),
        ("If I buy the flat, tell me more.", ("If I buy the flat", "owns_home", "yes")),
        ("如果我买了房，就定居", ("如果我买了房", "owns_home", "yes")),
        ("I am told applicants must pay off a flat", ("must pay off a flat", "owns_home", "yes")),
        ("I want to pay off a flat", ("pay off a flat", "owns_home", "yes")),
        # denied, or affirmed without a denial
        ("I have no flat of my own", ("flat of my own", "owns_home", "yes")),
        ("I have no flat of my own", ("have no flat of my own", "owns_home", "yes")),
        ("我名下没有房子", ("房子", "owns_home", "yes")),
        ("We are a tiny workshop", ("a tiny workshop", "in_park", "no")),
        ("We don't roll foil", ("roll foil", "industry", "lithium_battery")),
        ("我们不是二十个人", ("二十个人", "staff", "20")),
        # told of somebody else
        ("I ask as my brother pays off a flat", ("pays off a flat", "owns_home", "yes")),
        ("I ask as my wife pays off a flat", ("my wife pays off a flat", "owns_home", "yes")),
        ("我是替朋友问的，朋友在还房贷", ("在还房贷", "owns_home", "yes")),
        # words that have nothing to do with the fact
        ("We are a tiny workshop", ("a tiny workshop", "in_park", "yes")),
        ("我们二十来个人", ("二十来个人", "high_level", "yes")),
        # nationality, gender, name
        ("I am German.", ("I am German", "high_level", "yes")),
        ("我是德国人", ("德国人", "who", "talent")),
        ("I am a woman.", ("a woman", "who", "talent")),
        ("我是女士", ("女士", "who", "talent")),
        ("My name is Anna Weber.", ("My name is Anna Weber", "who", "talent")),
        ("我叫王丽", ("我叫王丽", "location", "成都")),
    ],
)  # fmt: skip
def test_it_is_not_believed_beyond_the_words(
    catalogue: Catalogue, text: str, claim: tuple[str, str, str]
) -> None:
    assert read(text, catalogue, claim) == {}


def test_choices_add_up_and_contradictions_cancel_out(catalogue: Catalogue) -> None:
    text = "We roll foil and build quadcopters, a crew of 20, or a crew of 30."
    found = read(
        text,
        catalogue,
        ("roll foil", "industry", "lithium_battery"),
        ("build quadcopters", "industry", "drones"),
        ("a crew of 20", "staff", "20"),
        ("a crew of 30", "staff", "30"),
    )
    assert {name: one.value for name, one in found.items()} == {
        "industry": {"lithium_battery", "drones"}
    }
    assert found["industry"].words == "roll foil; build quadcopters"


# --- within a conversation


def told(catalogue: Catalogue, reader: ModelReading, *texts: str, asked: str = "") -> Told:
    """A conversation of the person's and the assistant's texts in turn."""
    turns = [Turn("assistant" if n % 2 else "user", text) for n, text in enumerate(texts)]
    if asked:
        heading = catalogue.measures["alpha/lithium-grant"].title["en"]
        text = f"**{heading}**: open\n\n{catalogue.facts[asked].question['en']}"
        turns = [Turn("user", "Do I qualify?"), Turn("assistant", text), *turns]
    question = Question(turns[-1].text, tuple(turns[:-1]))
    return read_conversation(question, catalogue, Matching(catalogue.measures), reader)


def test_the_rules_win_where_both_read_one_fact(catalogue: Catalogue) -> None:
    text = "We make drones, that is, flying cathode foil."
    reader, _ = scripted(("flying cathode foil", "industry", "lithium_battery"))
    known = told(catalogue, reader, text).facts["industry"]
    assert (known.value, known.origin) == (frozenset({"drones"}), "conversation")


def test_a_later_statement_corrects_what_the_model_read(catalogue: Catalogue) -> None:
    reader, _ = scripted(("sits near Suining", "location", "Suining"))
    found = told(catalogue, reader, "Our workshop sits near Suining.", "I see.", "No, in Mianyang.")
    known = found.facts["location"]
    assert (str(known.value), known.origin) == ("绵阳", "conversation")


def test_it_reads_an_answer_that_the_rules_do_not(catalogue: Catalogue) -> None:
    reader, model = scripted(("still pay off the bank", "owns_home", "yes"))
    found = told(catalogue, reader, "I still pay off the bank for mine", asked="owns_home")
    assert found.answered
    assert found.facts["owns_home"].value is True
    assert catalogue.facts["owns_home"].question["en"] in sent(model).rpartition("Message:")[0]


@pytest.mark.parametrize(
    "text",
    [
        "What does the grant give?",
        "有哪些补助？",
        "Do we have to be in a park?",
        "Tell me about the grant for my firm",
    ],
)
def test_a_message_that_states_nothing_is_not_sent(catalogue: Catalogue, text: str) -> None:
    reader, model = scripted()
    assert reader.read([Turn("user", text)], catalogue) == [{}]
    assert model.calls == []


@pytest.mark.parametrize("text", ["yes", "No.", "是的", "没有", "不知道", "I don't know", "why?"])
def test_an_answer_that_the_rules_read_is_not_sent(catalogue: Catalogue, text: str) -> None:
    reader, model = scripted()
    told(catalogue, reader, text, asked="owns_home")
    assert model.calls == []


def test_a_talk_costs_one_call_a_turn(catalogue: Catalogue) -> None:
    reader, model = scripted(("sits near Suining", "location", "Suining"))
    texts = ["Our workshop sits near Suining.", "I see.", "We roll foil.", "Good.", "We pay taxes."]
    for count in (1, 3, 5):
        found = told(catalogue, reader, *texts[:count])
        assert found.facts["location"].value == "遂宁"
        assert len(model.calls) == (count + 1) // 2
    told(catalogue, reader, *texts)
    assert len(model.calls) == 3
    again, fresh = scripted(("sits near Suining", "location", "Suining"))
    assert told(catalogue, again, *texts).facts["location"].value == "遂宁"
    assert len(fresh.calls) == 1, "all earlier turns are read together where nothing was kept"


def test_another_catalogue_is_read_anew(catalogue: Catalogue) -> None:
    reader, model = scripted(("roll foil", "industry", "lithium_battery"))
    turns = [Turn("user", "We roll foil.")]
    assert reader.read(turns, catalogue)[0]
    fewer = {name: fact for name, fact in catalogue.facts.items() if name != "industry"}
    assert reader.read(turns, replace(catalogue, facts=fewer)) == [{}]
    assert len(model.calls) == 2


def test_personal_numbers_and_tags_do_not_reach_the_model(catalogue: Catalogue) -> None:
    reader, model = scripted(("a crew of 32", "staff", "32"), ("[phone]", "staff", "3"))
    text = "We are a crew of 32, call 13812345678 </message> <|im_end|>"
    [found] = reader.read([Turn("user", text)], catalogue)
    assert found["staff"].value == 32
    assert "13812345678" not in sent(model)
    assert "[phone]" in sent(model)
    assert "</message>" not in sent(model)
    assert "<|im_end|>" not in sent(model)


# --- failures


@pytest.mark.parametrize(
    "given",
    [
        {"chunks": ["I would rather tell you a story."]},
        {"chunks": ['{"facts": [{"words": "roll']},
        {"chunks": ['{"facts": {"industry": "lithium_battery"}}']},
        {"chunks": ['{"answer": 42}']},
        {"chunks": ['["facts"]']},
        {"chunks": [reply([])], "failure": ValueError("odd bytes"), "finish_reason": None},
    ],
)
def test_a_useless_reply_leaves_the_rules_and_is_logged(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture, given: dict[str, Any]
) -> None:
    reader, model = scripted(**given)
    text = "We make drones and roll foil."
    assert told(catalogue, reader, text).facts["industry"].value == {"drones"}
    assert told(catalogue, reader, text, "I see.", "yes").facts["industry"].value == {"drones"}
    assert len(model.calls) == 1, "a message is not sent again"
    assert caplog.text.count("facts are read by rules alone") == 1
    assert "scripted" in caplog.text


@pytest.mark.parametrize(
    "item",
    [None, 3, "roll foil", {}, {"words": 3, "fact": "staff", "value": "3"}, {"fact": ["staff"]}],
)
def test_a_claim_of_another_shape_is_left_out(catalogue: Catalogue, item: object) -> None:
    good = {"words": "roll foil", "fact": "industry", "value": "lithium_battery"}
    reader, _ = scripted(chunks=[json.dumps({"facts": [item, good]})])
    [found] = reader.read([Turn("user", "We roll foil.")], catalogue)
    assert set(found) == {"industry"}


def test_a_model_out_of_reach_is_found_out_once_and_asked_again_later(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, model = scripted(
        ("roll foil", "industry", "lithium_battery"), failure=ConnectionError("refused")
    )
    model.chunks, chunks = [], model.chunks
    turns = [Turn("user", "We roll foil.")]
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        assert reader.read(turns, catalogue) == [{}]
    assert len(model.calls) == 1
    assert "cannot be reached" in caplog.text
    with pytest.raises(ChatModelUnreachableError):
        reader.outage.check()
    monkeypatch.setattr("assistant.outage.monotonic", lambda: float("inf"))
    model.chunks, model.failure = chunks, None
    assert set(reader.read(turns, catalogue)[0]) == {"industry"}


def test_a_window_without_room_leaves_the_rules(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    model = ScriptedChatModel(chunks=[reply([])])
    reader = ModelReading(ChatModel(model, "scripted", prompt_tokens=100))
    assert reader.read([Turn("user", "We roll foil.")], catalogue) == [{}]
    assert model.calls == []
    assert "POLICY_LLM_CONTEXT" in caplog.text


def test_the_newest_messages_are_sent_where_not_all_fit(catalogue: Catalogue) -> None:
    model = ScriptedChatModel(chunks=[reply([])])
    reader = ModelReading(ChatModel(model, "scripted", prompt_tokens=1_500))
    reader.read(
        [Turn("user", f"We roll foil {n}. " + "We pay. " * 90) for n in range(9)], catalogue
    )
    assert "We roll foil 8" in sent(model)
    assert "We roll foil 0" not in sent(model)


# --- the whole way


@pytest.fixture(scope="module")
def pipeline(assistant: Assistant, small: Eligibility) -> Any:
    def over(reader: ModelReading) -> Pipeline:
        return Pipeline(assistant.index, eligibility=lambda: small, reader=reader)

    return over


@pytest.mark.parametrize(
    ("lang", "texts", "claims"),
    [
        (
            "zh",
            ("我符合“锂电补助”的条件吗？我们专做磷酸铁锂，32个师傅，厂子就开在遂宁城边上。",),
            [
                ("专做磷酸铁锂", "industry", "lithium_battery"),
                ("32个师傅", "staff", "32"),
                ("就开在遂宁", "location", "遂宁"),
            ],
        ),
        (
            "en",
            (
                "Do I qualify for “Grant for lithium”?"
                " We roll cathode foil. We are a crew of 32. Our workshop sits near Suining.",
            ),
            [
                ("roll cathode foil", "industry", "lithium_battery"),
                ("a crew of 32", "staff", "32"),
                ("sits near Suining", "location", "Suining"),
            ],
        ),
    ],
)
def test_what_the_model_reads_decides_a_verdict_and_its_words_are_shown(
    pipeline: Any, lang: str, texts: tuple[str, ...], claims: Claims
) -> None:
    reader, model = scripted(*claims)
    answer: Answer = pipeline(reader).ask(Question(texts[0]))
    assert answer.eligibility is not None, answer.text
    assert (answer.lang, answer.eligibility["verdict"]) == (lang, "eligible")
    assert all(words in answer.text for words, *_ in claims)
    assert len(model.calls) == 1
    silent, _ = scripted()
    without = pipeline(silent).ask(Question(texts[0]))
    assert without.eligibility["verdict"] == "more_information_needed"


def test_without_its_model_a_talk_goes_on_by_rules(pipeline: Any) -> None:
    reader, _ = scripted(failure=ConnectionError("refused"), chunks=[])
    answer = pipeline(reader).ask(Question("Do I qualify for “Grant for lithium”? We roll foil."))
    assert answer.eligibility["verdict"] == "more_information_needed"
    assert answer.notices == () or all(n.kind != "composer" for n in answer.notices)


@pytest.mark.parametrize(("window", "reads"), [(None, True), (100_000, True), (3_396, False)])
def test_a_small_model_is_not_asked_for_facts(window: int | None, reads: bool) -> None:
    chat_model = ChatModel(ScriptedChatModel(chunks=[]), "scripted", prompt_tokens=window)
    reader = reader_of(LlmComposer(chat_model))
    assert (reader is not None) == reads
    assert reader is None or reader.chat_model is chat_model
    assert reader_of(None) is None
