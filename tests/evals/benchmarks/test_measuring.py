from __future__ import annotations

from collections.abc import Callable
from math import log2
from typing import Any

import pytest

from evals.benchmarks.measuring import LATENCY, QUALITY, System, measure
from evals.benchmarks.retrieval_table import SetResult, header, notes, rows
from evals.case_files import ANY_SECTION
from evals.cases import Case, Expectation, SectionRef


def case(name: str, *gold: str) -> Case:
    sections = tuple(SectionRef(document, ANY_SECTION) for document in gold)
    return Case(name, "en", (name,), Expectation(sections=sections))


CASES = (case("a", "d1"), case("b", "d2"), case("c", "d1", "d3"))


def system(name: str, found: dict[str, str], asked: list[tuple[str, str]] | None = None) -> System:
    def search(query: str) -> list[dict[str, Any]]:
        if asked is not None:
            asked.append((name, query))
        return [{"document_id": d, "section": ANY_SECTION} for d in found[query].split()]

    return System(name, search)


def test_the_numbers_are_those_a_person_works_out() -> None:
    found = measure([system("x", {"a": "d1 d2", "b": "d1 d3 d2", "c": "d4 d3 d1"})], CASES)["x"]
    values = {name: found[name].value for name in QUALITY}
    second, third = 1 / log2(3), 1 / 2
    assert values == pytest.approx(
        {
            "recall@1": (1 + 0 + 0) / 3,
            "recall@5": 1,
            "recall@10": 1,
            "success@1": 1 / 3,
            "mrr": (1 + 1 / 3 + 1 / 2) / 3,
            "ndcg@10": (1 + third + (second + third) / (1 + second)) / 3,
        }
    )
    assert {name: found[name].n for name in QUALITY} == dict.fromkeys(QUALITY, 3)
    mrr = found["mrr"].interval
    assert mrr is not None
    assert mrr.method == "bootstrap"
    assert 1 / 3 <= mrr.low < found["mrr"].value < mrr.high <= 1  # type: ignore[operator]


def test_where_all_are_right_the_interval_is_no_point() -> None:
    found = measure([system("x", {"a": "d1", "b": "d2", "c": "d1 d3"})], CASES)["x"]
    sure = found["success@1"].interval
    assert found["success@1"].value == 1
    assert sure is not None
    assert sure.low < 1 == sure.high


def test_cases_of_one_conversation_are_resampled_together() -> None:
    alone = [case(f"q{n}", "d1") for n in range(40)]
    together = [
        Case(c.id, c.lang, c.turns, c.expect, conversation=f"t{n // 10}")
        for n, c in enumerate(alone)
    ]
    found = {c.id: "d1" if n // 10 % 2 else "d2" for n, c in enumerate(alone)}

    def width(cases: list[Case]) -> float:
        interval = measure([system("x", found)], cases)["x"]["recall@1"].interval
        assert interval is not None
        return interval.high - interval.low

    assert width(together) > 2 * width(alone)


def test_systems_are_asked_in_turn_after_a_round_that_is_not_counted() -> None:
    asked: list[tuple[str, str]] = []
    found = dict.fromkeys("abc", "d1")
    done: list[int] = []
    measured = measure([system("x", found, asked), system("y", found, asked)], CASES, done.append)
    order = ["xa", "ya", "xa", "ya", "yb", "xb", "xc", "yc"]
    assert ["".join(pair) for pair in asked] == order
    assert done == [1, 2, 3]
    for values in measured.values():
        assert values["latency_p50:call"].n == 3
        assert 0 < values["latency_p50:call"].value <= values["latency_p95:call"].value  # type: ignore[operator]
        assert all(values[name].interval is None for name in LATENCY)


def test_what_a_system_raises_is_not_taken_for_a_bad_ranking() -> None:
    def broken(query: str) -> list[dict[str, Any]]:
        raise ValueError(query)

    search: Callable[[str], list[dict[str, Any]]] = broken
    with pytest.raises(ValueError, match="a"):
        measure([System("x", search)], CASES)


def test_the_table_is_markdown() -> None:
    values = measure(
        [system(name, {"a": "d1", "b": "d2", "c": "d3 d1"}) for name in ("x", "y")], CASES
    )
    result = SetResult("toy", "A toy.", "document", 10, {}, values, ("of wood",))
    lines = [*header(["toy"]).splitlines(), *rows(result, ["toy"]).splitlines()]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len(set(map(len, lines))) == 1
    assert cells[0][:6] == ["set", "system", "R@1", "R@5", "R@10", "success@1"]
    assert set(map(len, cells)) == {10}
    assert [row[:2] for row in cells[2:]] == [["toy", "x"], ["toy", "y"]]
    # The third question has two gold documents, of which one can stand first.
    assert cells[2][2].startswith("0.833 (0.")
    assert cells[2][3].startswith("1.000 (0.")
    assert notes([result], {"y": "a thing"}).splitlines()[1:] == [
        "- `y`: a thing.",
        "- `toy`: A toy. 3 questions; k = 10; of wood.",
    ]
