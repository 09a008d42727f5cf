from __future__ import annotations

import pytest

from assistant.service import Assistant
from evals.benchmarks.answer_latency import PEER, Times, main, measure, spread, summary
from evals.cases import Case

CASES = [
    Case("a", "en", ("What does the green card give?", "And for my children?")),
    Case("b", "zh", ("绿卡有哪些待遇？",)),
]


def test_percentiles_are_of_all_questions() -> None:
    assert Times.of([1.0, 2.0, 3.0]) == Times(2.0, 2.9, 3.0)


@pytest.mark.parametrize(
    ("count", "expected"), [(1, ["c0"]), (3, ["c0", "c3", "c6"]), (99, [f"c{n}" for n in range(9)])]
)
def test_few_questions_are_spread_over_the_suite(count: int, expected: list[str]) -> None:
    cases = [Case(f"c{n}", "en", ("?",)) for n in range(9)]
    assert [case.id for case in spread(cases, count)] == expected


def test_the_ratio_is_of_medians_and_of_percentiles() -> None:
    found = summary([10.0, 20.0, 30.0], [20.0, 40.0, 60.0])
    assert found["questions"] == 3
    assert found["ratio"] == {"median": 0.5, "p95": 0.5}
    assert set(found) == {"questions", "quotes", PEER, "ratio"}


def test_both_are_asked_every_last_turn_and_once_before(assistant: Assistant) -> None:
    asked: list[str] = []
    ours, peer = measure(assistant, asked.append, CASES)
    assert len(ours) == len(peer) == 2
    assert asked == ["And for my children?", "And for my children?", "绿卡有哪些待遇？"]


@pytest.mark.parametrize("arguments", [["0"], ["many"], ["3", "4"], ["-1"]])
def test_bad_arguments_are_bad_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "how many questions" in capsys.readouterr().err
