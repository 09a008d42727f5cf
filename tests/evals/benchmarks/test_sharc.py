"""Rules, answers and scenarios judged without a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.chat_model import ChatModel
from assistant.errors import ChatModelUnreachableError, ConfigurationError
from assistant.settings import Settings
from assistant.testing import FakeModelServer, ScriptedChatModel, in_pieces
from evals.benchmarks.sharc import Matcher, Thresholds, beside, crossed, main
from evals.benchmarks.sharc_figures import Outcome, macro_accuracy, summed_up, table, token_f1
from evals.benchmarks.sharc_model import SCHEMA, UNREAD, asked, compared, majority, open_model
from index.testing import HashEmbedder

RULE = "You can apply if you have a permit and you own a boat."
OTHER = "You can't apply if you own a truck."


def record(
    verdict: str,
    *history: tuple[str, str],
    scenario: str = "",
    rule: str = RULE,
    followup: str | None = None,
) -> dict[str, Any]:
    turns = [{"follow_up_question": q, "follow_up_answer": a} for q, a in history]
    return {
        "id": f"{verdict}-{len(turns)}-{rule[:8]}",
        "lang": "en",
        "rule": rule,
        "question": "Can I apply?",
        "scenario": scenario,
        "history": turns,
        "verdict": verdict,
        "followup": followup,
    }


@pytest.fixture
def matcher() -> Matcher:
    return Matcher(HashEmbedder())


PERMIT, BOAT = "Do you have a permit?", "Do you own a boat?"


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (record("Yes", (PERMIT, "Yes"), (BOAT, "Yes")), "Yes"),
        (record("No", (PERMIT, "Yes"), (BOAT, "No")), "No"),
        (record("More", (PERMIT, "Yes")), "More"),
        (record("More"), "More"),
        (record("No", scenario="You do not have a permit."), "No"),
        (record("Yes", (PERMIT, "Yes"), scenario="You own a boat."), "Yes"),
        (record("More", scenario="My cat sleeps."), "More"),
        (record("No", ("Do you own a truck?", "Yes"), rule=OTHER), "No"),
        (record("Yes", ("Do you own a truck?", "No"), rule=OTHER), "Yes"),
    ],
)
def test_a_record_is_judged(given: dict[str, Any], verdict: str, matcher: Matcher) -> None:
    assert matcher.judge(given, Thresholds(0.7, 0.7)).verdict == verdict


def test_the_next_question_is_of_what_is_open(matcher: Matcher) -> None:
    found = matcher.judge(record("More", (PERMIT, "Yes"), followup=BOAT), Thresholds(0.7, 0.7))
    assert found.question == BOAT


def test_each_half_is_judged_with_the_thresholds_of_the_other(matcher: Matcher) -> None:
    records = [
        record("Yes", (PERMIT, "Yes"), (BOAT, "Yes")),
        record("More"),
        record("No", ("Do you own a truck?", "Yes"), rule=OTHER),
        record("More", rule=OTHER),
    ]
    found, chosen = crossed(records, matcher)
    assert len(found) == len(records)
    assert len(chosen) == 2
    assert {one.rule for one in found[:2]} == {RULE}


OUTCOMES = [
    Outcome("1", "a", "Yes", "Yes", "", ""),
    Outcome("2", "a", "Yes", "No", "", ""),
    Outcome("3", "a", "More", "More", "Are you a student?", "Are you a refugee?"),
    Outcome("4", "b", "No", "No", "", ""),
]


def test_the_figures() -> None:
    found = summed_up(OUTCOMES)
    assert (found.micro, found.majority, found.rules) == (0.75, 0.5, 2)
    assert found.macro == pytest.approx((0.5 + 1 + 1) / 3) == macro_accuracy(OUTCOMES)
    assert (found.question_f1, found.asked) == (0.75, 1)
    assert "| Yes>No | 1 |" in table(found, None)


def test_nothing_asked_has_no_question_figure() -> None:
    assert summed_up(OUTCOMES[:2]).question_f1 is None
    assert "| – |" in table(summed_up(OUTCOMES[:2]), None)


@pytest.mark.parametrize(
    ("said", "gold", "expected"),
    [("a b", "a b", 1.0), ("a", "b", 0.0), ("", "b", 0.0), ("a a b", "a b b", 2 / 3)],
)
def test_token_f1(said: str, gold: str, expected: float) -> None:
    assert token_f1(said, gold) == pytest.approx(expected)


def test_a_missing_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "sharc_dev_605.jsonl" in capsys.readouterr().err


def scripted(reply: str) -> tuple[ChatModel, ScriptedChatModel]:
    model = ScriptedChatModel(chunks=in_pieces(reply))
    return ChatModel(model, "scripted"), model


def replied(verdict: str, question: str = "") -> str:
    return json.dumps({"verdict": verdict, "question": question})


@pytest.mark.parametrize(
    ("reply", "verdict", "question"),
    [
        (replied("Yes"), "Yes", ""),
        (replied("No"), "No", ""),
        (replied("More", BOAT), "More", BOAT),
        (replied("Yes", BOAT), "Yes", ""),
        (f"```json\n{replied('More', BOAT)}\n```", "More", BOAT),
        ('{"verdict": "No"}', "No", ""),
        (replied("Perhaps"), UNREAD, ""),
        ('{"verdict": ["Yes"], "question": ""}', UNREAD, ""),
        ('{"verdict": "More", "question": 3}', UNREAD, ""),
        ('{"verdict": "More", "quest', UNREAD, ""),
        ("I would say yes.", UNREAD, ""),
        ("[1]", UNREAD, ""),
        ("", UNREAD, ""),
    ],
)
def test_a_reply_of_the_model_is_read(reply: str, verdict: str, question: str) -> None:
    (found,) = asked([record("More", followup=BOAT)], scripted(reply)[0])
    assert (found.gold, found.verdict, found.question) == ("More", verdict, question)
    assert found.followup == BOAT


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_model_is_told_all_but_the_gold(lang: str) -> None:
    chat_model, model = scripted(replied("No"))
    given = record("More", (PERMIT, "Yes"), scenario="I fish {{here}}.", followup=BOAT)
    list(asked([given | {"lang": lang}], chat_model))
    ((messages, options),) = model.calls
    user = str(messages[1].content)
    assert all(text in user for text in (RULE, "Can I apply?", "I fish {{here}}.", PERMIT))
    assert BOAT not in user
    assert '"verdict"' in str(messages[0].content)
    assert options["tools"][0]["function"]["parameters"] == SCHEMA


def test_a_model_that_is_down_ends_the_measurement() -> None:
    with FakeModelServer(behaviour="down") as server:
        chat_model = open_model(Settings(llm="m", llm_base_url=server.base_url, llm_max_retries=0))
        with pytest.raises(ChatModelUnreachableError, match="'m'"):
            list(asked([record("Yes")], chat_model))


def test_a_server_is_held_to_the_schema_and_to_short_replies() -> None:
    with FakeModelServer(replied("More", BOAT)) as server:
        chat_model = open_model(Settings(llm="m", llm_base_url=server.base_url))
        (found,) = asked([record("More", followup=BOAT)], chat_model)
    assert found.question == BOAT
    (request,) = server.requests
    assert request["max_tokens"] == 96
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA


def test_without_a_model_in_the_settings_there_is_none_to_ask() -> None:
    with pytest.raises(ConfigurationError, match="POLICY_LLM"):
        open_model(Settings())


def test_the_model_stands_beside_the_same_records(matcher: Matcher) -> None:
    records = [
        record("Yes", (PERMIT, "Yes"), (BOAT, "Yes")),
        record("More", followup=BOAT),
        record("No", ("Do you own a truck?", "Yes"), rule=OTHER),
    ]
    found = [matcher.judge(one, Thresholds(0.7, 0.7)) for one in records]
    columns = beside(records[::2], found, scripted(replied("Yes"))[0])
    assert list(columns) == ["scripted", "without a model", "majority"]
    assert all([one.gold for one in own] == ["Yes", "No"] for own in columns.values())
    assert [one.verdict for one in columns["scripted"]] == ["Yes", "Yes"]
    assert [one.verdict for one in columns["without a model"]] == ["Yes", "No"]
    shown = compared(columns)
    assert "| micro accuracy | 0.500 | 1.000 | 0.500 |" in shown
    assert "| No>Yes | 1 | 0 | 1 |" in shown


def test_the_comparison_counts_what_cannot_be_read_and_what_is_not_asked() -> None:
    silent = Outcome("5", "b", "More", UNREAD, "", "Do you own a boat?")
    shown = compared({"one": [*OUTCOMES, silent], "all": majority([*OUTCOMES, silent])})
    assert "| cannot be read | 0.200 | 0.000 |" in shown
    assert "| token F1 of the next question, where both ask | 0.750 of 1 | – |" in shown
    assert "| the same, 0 where only gold asks | 0.375 of 2 | 0.000 of 2 |" in shown
    assert f"| More>{UNREAD} | 1 | 0 |" in shown


@pytest.mark.parametrize("options", [["--every", "2"], ["--model", "--every", "0"]])
def test_every_goes_with_the_model(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path), *options])
    assert "--every" in capsys.readouterr().err
