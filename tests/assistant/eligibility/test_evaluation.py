from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any as Anything

import pytest

from assistant.eligibility.evaluation import evaluate, verdict_of
from assistant.eligibility.facts import Choice, Fact, FactValue, KnownFact
from assistant.eligibility.kleene import (
    criteria_of,
    criterion_truth,
    limit_of,
    residual,
    tree_truth,
)
from assistant.eligibility.measures import (
    All,
    Any,
    Catalogue,
    Compare,
    CompareDate,
    Criterion,
    Ground,
    Is,
    Measure,
    Not,
    OneOf,
    Scale,
    Test,
    Tree,
    Within,
)
from assistant.errors import InputError

TEXT = {"en": "text"}
GROUND = Ground("section", TEXT)
FACTS = {
    fact.id: fact
    for fact in (
        Fact("a", "yes_no", TEXT, TEXT),
        Fact("b", "yes_no", TEXT, TEXT),
        Fact("c", "yes_no", TEXT, TEXT),
        Fact("n", "number", TEXT, TEXT),
        Fact("m", "number", TEXT, TEXT),
        Fact("day", "date", TEXT, TEXT),
        Fact("place", "place", TEXT, TEXT),
        Fact("kind", "choice", TEXT, TEXT, (Choice("x", TEXT), Choice("y", TEXT)), many=True),
    )
}
CATALOGUE = Catalogue(FACTS, {})
WORDS = {1: "met", 0: "unknown", -1: "not_met"}


def leaf(identity: str, fact: str | None = None, test: Test | None = None) -> Criterion:
    return Criterion(identity, TEXT, GROUND, fact, test)


def yes(fact: str, identity: str = "") -> Criterion:
    return leaf(identity or fact, fact, Is(True))


def measure(tree: Tree) -> Measure:
    return Measure(
        "p/m", "p", TEXT, TEXT, ("talent",), "CN", TEXT, TEXT, "section", (), tree
    )  # fmt: skip


def known(**values: FactValue) -> dict[str, KnownFact]:
    return {name: KnownFact(name, value) for name, value in values.items()}


TRUTHS = {True: 1, False: -1, None: 0}
BOTH = [(1, 1, 1), (1, 0, 0), (1, -1, -1), (0, 1, 0), (0, 0, 0), (0, -1, -1)]
BOTH += [(-1, 1, -1), (-1, 0, -1), (-1, -1, -1)]


@pytest.mark.parametrize(("one", "other", "both"), BOTH)
def test_kleenes_tables(one: int, other: int, both: int) -> None:
    truths = {"a": one, "b": other}
    a, b = yes("a"), yes("b")
    assert tree_truth(All((a, b)), truths) == both
    assert tree_truth(Any((a, b)), {"a": -one, "b": -other}) == -both
    assert tree_truth(Not(a), truths) == -one


def test_nothing_of_all_is_met_and_nothing_of_any_is_not() -> None:
    assert tree_truth(All(()), {}) == 1
    assert tree_truth(Any(()), {}) == -1
    assert verdict_of(measure(All(())), {}) == "eligible"


BOUNDS: list[tuple[Test, list[tuple[Anything, str]]]] = [
    (Compare("at_least", Decimal(18)), [("17.99", "not_met"), ("18", "met"), ("18.01", "met")]),
    (
        Compare("more_than", Decimal(18)),
        [("17.99", "not_met"), ("18", "not_met"), ("18.01", "met")],
    ),
    (Compare("at_most", Decimal("0.3")), [("0.2", "met"), ("0.3", "met"), ("0.30001", "not_met")]),
    (
        Compare("less_than", Decimal("0.3")),
        [("0.2", "met"), ("0.3", "not_met"), ("0.4", "not_met")],
    ),
]
DAY = date(2024, 2, 29)
DAYS: list[tuple[Test, list[str]]] = [
    (CompareDate("on_or_after", DAY), ["not_met", "met", "met"]),
    (CompareDate("after", DAY), ["not_met", "not_met", "met"]),
    (CompareDate("on_or_before", DAY), ["met", "met", "not_met"]),
    (CompareDate("before", DAY), ["met", "not_met", "not_met"]),
]


@pytest.mark.parametrize(("test", "cases"), BOUNDS)
def test_numbers_below_at_and_above(test: Test, cases: list[tuple[str, str]]) -> None:
    for number, verdict in cases:
        found = criterion_truth(leaf("x", "n", test), known(n=Decimal(number)))
        assert WORDS[found] == verdict, number


def test_a_sum_of_tenths_is_exact() -> None:
    total = sum([Decimal("0.1")] * 3, Decimal(0))
    assert criterion_truth(leaf("x", "n", Compare("at_most", Decimal("0.3"))), known(n=total)) == 1


@pytest.mark.parametrize(("test", "verdicts"), DAYS)
def test_days_before_on_and_after(test: Test, verdicts: list[str]) -> None:
    days = (date(2024, 2, 28), DAY, date(2024, 3, 1))
    found = [criterion_truth(leaf("x", "day", test), known(day=day)) for day in days]
    assert [WORDS[one] for one in found] == verdicts


SCALE = Scale("m", {1: Decimal(100), 2: Decimal(150)}, Decimal(30))
ENDING = Scale("m", {1: Decimal(100), 2: Decimal(150)})


@pytest.mark.parametrize(
    ("scale", "number", "limit"),
    [
        (SCALE, 0, 100),
        (SCALE, 1, 100),
        (SCALE, 2, 150),
        (SCALE, 3, 180),
        (SCALE, 12, 450),
        (ENDING, 2, 150),
        (ENDING, 3, None),
        (SCALE, None, None),
    ],
)
def test_a_scale(scale: Scale, number: int | None, limit: int | None) -> None:
    facts = {} if number is None else known(m=Decimal(number))
    assert limit_of(scale, facts) == limit
    for income, met in ((-1, 1), (0, 1), (1, -1)):
        at = known(n=Decimal((limit or 0) + income)) | facts
        truth = criterion_truth(leaf("x", "n", Compare("at_most", scale)), at)
        assert truth == (0 if limit is None else met)


@pytest.mark.parametrize(
    ("test", "facts", "verdict"),
    [
        (Is(False), known(a=False), "met"),
        (Is(False), known(a=True), "not_met"),
        (OneOf(frozenset({"x"})), known(kind=frozenset({"x", "y"})), "met"),
        (OneOf(frozenset({"x"})), known(kind=frozenset({"y"})), "not_met"),
        (OneOf(frozenset({"x"})), known(kind=frozenset()), "not_met"),
        (Within(frozenset({"遂宁", "绵阳"})), known(place="绵阳"), "met"),
        (Within(frozenset({"四川"})), known(place="绵阳"), "met"),
        (Within(frozenset({"遂宁"})), known(place="太原"), "not_met"),
        (Within(frozenset({"遂宁"})), known(place="四川"), "unknown"),
        (Within(frozenset({"遂宁", "四川"})), known(place="四川"), "met"),
        (Is(True), {}, "unknown"),
    ],
)
def test_each_kind_of_criterion(test: Test, facts: Mapping[str, KnownFact], verdict: str) -> None:
    name = next(iter(facts), "a")
    assert WORDS[criterion_truth(leaf("x", name, test), facts)] == verdict


@pytest.mark.parametrize(
    ("name", "test", "value"),
    [
        ("a", Is(True), "yes"),
        ("n", Compare("at_most", Decimal(3)), "3"),
        ("n", Compare("at_most", Decimal(3)), True),
        ("day", CompareDate("after", DAY), Decimal(3)),
        ("kind", OneOf(frozenset({"x"})), "x"),
        ("place", Within(frozenset({"遂宁"})), True),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, test: Test, value: FactValue) -> None:
    with pytest.raises(InputError, match=f"fact '{name}'"):
        criterion_truth(leaf("x", name, test), known(**{name: value}))


def test_a_condition_that_is_not_defined_stays_unknown() -> None:
    found = evaluate(measure(All((yes("a"), leaf("rules")))), known(a=True), CATALOGUE)
    assert found.verdict == "more_information_needed"
    assert [one.verdict for one in found.criteria] == ["met", "unknown"]
    assert found.deciding == ("rules",)
    assert found.next_fact is None


TREE = All((yes("a"), Any((yes("b"), Not(yes("c"))))))


@pytest.mark.parametrize(
    ("facts", "verdict", "deciding"),
    [
        ({}, "more_information_needed", ("a", "b", "c")),
        ({"a": False}, "not_eligible", ("a",)),
        ({"a": False, "b": False, "c": True}, "not_eligible", ("a", "b", "c")),
        ({"a": True, "b": True}, "eligible", ("a", "b")),
        ({"a": True, "b": True, "c": False}, "eligible", ("a", "b", "c")),
        ({"a": True, "b": True, "c": True}, "eligible", ("a", "b")),
        ({"a": True, "c": False}, "eligible", ("a", "c")),
        ({"a": True, "b": False, "c": True}, "not_eligible", ("b", "c")),
        ({"b": False, "c": True}, "not_eligible", ("b", "c")),
        ({"a": True, "b": False}, "more_information_needed", ("c",)),
        ({"b": True}, "more_information_needed", ("a",)),
    ],
)
def test_the_verdict_names_what_decides_it(
    facts: dict[str, bool], verdict: str, deciding: tuple[str, ...]
) -> None:
    found = evaluate(measure(TREE), known(**facts), CATALOGUE)
    assert (found.verdict, found.deciding) == (verdict, deciding)


@pytest.mark.parametrize("values", list(product((True, False, None), repeat=3)))
def test_the_verdict_alone_is_the_same(values: tuple[bool | None, ...]) -> None:
    given = zip("abc", values, strict=True)
    facts = known(**{name: value for name, value in given if value is not None})
    found = evaluate(measure(TREE), facts, CATALOGUE)
    assert verdict_of(measure(TREE), facts) == found.verdict
    by_hand = {
        one.criterion.id: TRUTHS.get(values["abc".index(one.criterion.id)])
        for one in found.criteria
    }
    assert {one.criterion.id: one.verdict for one in found.criteria} == {
        name: WORDS[truth or 0] for name, truth in by_hand.items()
    }


def test_every_criterion_keeps_what_is_known_of_it() -> None:
    facts = {"a": KnownFact("a", True, "随迁", "conversation")}
    found = evaluate(measure(TREE), facts, CATALOGUE)
    assert [one.known for one in found.criteria] == [facts["a"], None, None]
    assert criteria_of(TREE) == [one.criterion for one in found.criteria]


def test_what_is_open_holds_no_decided_part() -> None:
    assert residual(TREE, {"a": 1, "b": -1, "c": 0}) == Not(yes("c"))
    assert residual(TREE, {"a": 0, "b": 1, "c": 0}) == yes("a")
    assert residual(TREE, {"a": -1, "b": 0, "c": 0}) is None


def test_asking_can_be_left_out() -> None:
    assert evaluate(measure(TREE), {}, CATALOGUE, ask=False).next_fact is None
    assert evaluate(measure(TREE), {}, CATALOGUE).next_fact == "a"
