"""Rules, answers and scenarios judged without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.benchmarks.sharc import (
    Matcher,
    Outcome,
    Thresholds,
    crossed,
    macro_accuracy,
    main,
    summed_up,
    table,
    token_f1,
)
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
    Outcome("a", "Yes", "Yes", "", ""),
    Outcome("a", "Yes", "No", "", ""),
    Outcome("a", "More", "More", "Are you a student?", "Are you a refugee?"),
    Outcome("b", "No", "No", "", ""),
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
