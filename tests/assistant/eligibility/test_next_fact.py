"""Which fact is asked for next: examples by hand, and the rule against trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.eligibility.answers import possible_answers
from assistant.eligibility.evaluation import evaluate
from assistant.eligibility.facts import Choice, Fact, Facts, FactValue, KnownFact
from assistant.eligibility.kleene import criteria_of, criterion_truth, tree_truth
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
from assistant.eligibility.next_fact import next_fact

TEXT = {"en": "text"}
CHOICES = tuple(Choice(name, TEXT) for name in "xyz")
FACTS = {
    fact.id: fact
    for fact in (
        Fact("a", "yes_no", TEXT, TEXT),
        Fact("b", "yes_no", TEXT, TEXT),
        Fact("c", "yes_no", TEXT, TEXT),
        Fact("kind", "choice", TEXT, TEXT, CHOICES),
        Fact("kinds", "choice", TEXT, TEXT, CHOICES, many=True),
        Fact("n", "number", TEXT, TEXT, least=Decimal(0)),
        Fact("m", "number", TEXT, TEXT, least=Decimal(1)),
        Fact("day", "date", TEXT, TEXT),
        Fact("place", "place", TEXT, TEXT),
    )
}
SCALE = Scale("m", {1: Decimal(100), 2: Decimal(150)}, Decimal(30))


def leaf(identity: str, fact: str | None = None, test: Test | None = None) -> Criterion:
    return Criterion(identity, TEXT, Ground("s", TEXT), fact, test)


def yes(fact: str, identity: str = "") -> Criterion:
    return leaf(identity or fact, fact, Is(True))


def number(identity: str, how: str, limit: int | Scale, fact: str = "n") -> Criterion:
    given_limit = limit if isinstance(limit, Scale) else Decimal(limit)
    return leaf(identity, fact, Compare(how, given_limit))  # type: ignore[arg-type]


def inside(identity: str, *places: str) -> Criterion:
    return leaf(identity, "place", Within(frozenset(places)))


def known(**values: FactValue) -> dict[str, KnownFact]:
    return {name: KnownFact(name, value) for name, value in values.items()}


UNDEFINED = leaf("rules")


@pytest.mark.parametrize(
    ("why", "tree", "facts", "asked"),
    [
        ("the only one", yes("b"), {}, "b"),
        ("either decides as often: the catalogue's first", All((yes("b"), yes("a"))), {}, "a"),
        ("b decides alone, a only with c", Any((All((yes("a"), yes("c"))), yes("b"))), {}, "b"),
        ("a is known", All((yes("a"), yes("c"))), known(a=True), "c"),
        ("it is decided", All((yes("a"), yes("b"))), known(a=False), None),
        ("nobody can say", UNDEFINED, {}, None),
        ("one can still fail", All((UNDEFINED, yes("b"))), {}, "b"),
        ("one can no longer change it", All((UNDEFINED, yes("b"))), known(b=True), None),
        ("it cannot decide any of them", All((UNDEFINED, Any((leaf("x"), yes("a"))))), {}, None),
        ("behind a not", Not(All((yes("a"), UNDEFINED))), {}, "a"),
        (
            "one answer for two criteria",
            Any((All((yes("a"), yes("b"))), All((Not(yes("a", "a2")), yes("b", "b2"))))),
            {},
            "b",
        ),
        (
            "no first answer decides: the one that leaves the fewest open",
            Any((All((yes("a"), yes("b"))), All((yes("c"), number("n", "at_least", 5))))),
            {},
            "a",
        ),
        (
            "contradicting limits of one number",
            Any((All((number("low", "less_than", 5), number("high", "at_least", 5))), yes("c"))),
            {},
            "c",
        ),
        ("a place known too widely", inside("p", "遂宁"), known(place="四川"), "place"),
        ("a place known well enough", inside("p", "遂宁"), known(place="绵阳"), None),
        ("both of a scale", number("s", "at_most", SCALE), {}, "n"),
        ("the scale's own number", number("s", "at_most", SCALE), known(n=Decimal(500)), "m"),
        ("the scaled number", number("s", "at_most", SCALE), known(m=Decimal(2)), "n"),
        (
            "a scale that ends leaves nothing to ask",
            number("s", "at_most", Scale("m", {1: Decimal(100)})),
            known(n=Decimal(5), m=Decimal(3)),
            None,
        ),
    ],
)
def test_what_is_asked(
    why: str, tree: Tree, facts: dict[str, KnownFact], asked: str | None
) -> None:
    assert next_fact(tree, facts, FACTS) == asked, why


@pytest.mark.parametrize(
    ("fact", "criteria", "answers"),
    [
        ("a", [yes("a")], [True, False]),
        (
            "kind",
            [leaf("1", "kind", OneOf(frozenset("xy"))), leaf("2", "kind", OneOf(frozenset("y")))],
            [{"x"}, {"y"}, set()],
        ),
        (
            "kinds",
            [leaf("1", "kinds", OneOf(frozenset("x"))), leaf("2", "kinds", OneOf(frozenset("y")))],
            [{"x"}, {"y"}, {"x", "y"}, set()],
        ),
        ("n", [number("1", "at_least", 18)], [17, 18]),
        ("n", [number("1", "more_than", 18)], [17, 19]),
        ("n", [number("1", "at_least", 18), number("2", "at_most", 18)], [17, 18, 19]),
        ("n", [number("1", "more_than", 18), number("2", "less_than", 20)], [17, 19, 20]),
        ("n", [number("1", "at_least", 0)], [0]),
        ("m", [number("1", "at_least", 2, "m")], [1, 2]),
        ("n", [number("1", "at_most", SCALE)], [99, 100, 125, 150, 165, 180, 195, 210, 211]),
        ("m", [number("1", "at_most", SCALE)], [1, 2, 3]),
        (
            "day",
            [leaf("1", "day", CompareDate("on_or_after", date(2024, 3, 1)))],
            [date(2024, 2, 29), date(2024, 3, 1)],
        ),
        ("day", [leaf("1", "day", CompareDate("on_or_after", date.min))], [date.min]),
    ],
)
def test_answers_that_criteria_tell_apart(
    fact: str, criteria: list[Criterion], answers: list[FactValue]
) -> None:
    assert list(possible_answers(FACTS[fact], criteria, {})) == answers


def test_places_inside_and_outside() -> None:
    criteria = [inside("1", "遂宁"), inside("2", "四川")]
    found = possible_answers(FACTS["place"], criteria, {})
    truths = {
        tuple(criterion_truth(one, known(place=place)) for one in criteria) for place in found
    }
    assert truths == {(1, 1), (-1, 1), (-1, -1)}
    nearer = possible_answers(FACTS["place"], criteria[:1], known(place="四川"))
    assert {criterion_truth(criteria[0], known(place=place)) for place in nearer} == {1, -1}


def test_the_size_at_which_a_scale_lets_an_income_pass() -> None:
    """500 is at most 150 + 30 × (m − 2) from m = 14 on."""
    test = number("s", "at_most", SCALE)
    answers = possible_answers(FACTS["m"], [test], known(n=Decimal(500)))
    found = {
        answer: criterion_truth(test, known(n=Decimal(500)) | known(m=answer)) for answer in answers
    }
    assert set(found.values()) == {1, -1}
    assert criterion_truth(test, known(n=Decimal(500), m=Decimal(13))) == -1
    assert criterion_truth(test, known(n=Decimal(500), m=Decimal(14))) == 1


# -- against trying everything ------------------------------------------------------------------

TESTS = st.sampled_from(
    [
        ("a", Is(True)),
        ("b", Is(True)),
        ("c", Is(False)),
        ("n", Compare("at_least", Decimal(18))),
        ("n", Compare("less_than", Decimal(60))),
        ("n", Compare("at_most", SCALE)),
        ("m", Compare("more_than", Decimal(1))),
        ("kind", OneOf(frozenset("xy"))),
        ("kind", OneOf(frozenset("y"))),
        ("place", Within(frozenset({"四川"}))),
        ("place", Within(frozenset({"遂宁", "太原"}))),
        (None, None),
    ]
)
VALUES: dict[str, list[FactValue]] = {
    "a": [True, False],
    "b": [True, False],
    "c": [True, False],
    "n": [Decimal(value) for value in (17, 18, 59, 60, 100, 101, 150, 151, 180, 181, 500)],
    "m": [Decimal(value) for value in (1, 2, 3, 13, 14)],
    "kind": [frozenset("x"), frozenset("y"), frozenset("z"), frozenset()],
    "place": ["遂宁", "绵阳", "太原", "北京"],
}
COARSE = VALUES | {"place": [*VALUES["place"], "四川", "中国"]}


def named(tree: Tree) -> Tree:
    """The tree with an id of its own for every criterion."""
    count = iter(range(1_000))

    def renamed(part: Tree) -> Tree:
        match part:
            case Criterion(fact=fact, test=test):
                return leaf(f"c{next(count)}", fact, test)
            case Not(inner):
                return Not(renamed(inner))
            case All(parts):
                return All(tuple(map(renamed, parts)))
            case Any(parts):
                return Any(tuple(map(renamed, parts)))

    return renamed(tree)


def parts(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(trees, min_size=1, max_size=3).map(tuple)
    return st.one_of(several.map(All), several.map(Any), trees.map(Not))


LEAVES: st.SearchStrategy[Tree] = TESTS.map(lambda made: leaf("x", made[0], made[1]))
TREES = st.recursive(LEAVES, parts, max_leaves=6).map(named)
KNOWN = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in COARSE.items()}
).map(lambda values: known(**values))


def truth_of(tree: Tree, facts: Facts) -> int:
    return tree_truth(tree, {one.id: criterion_truth(one, facts) for one in criteria_of(tree)})


def asked_in(tree: Tree, facts: Facts) -> list[str]:
    """The facts of a tree that are not known, or a place that is known too widely."""
    found: dict[str, None] = {}
    for one in criteria_of(tree):
        names = [one.fact] if one.fact else []
        if isinstance(one.test, Compare) and isinstance(one.test.limit, Scale):
            names.append(one.test.limit.by)
        wide = isinstance(one.test, Within) and criterion_truth(one, facts) == 0
        found.update(dict.fromkeys(n for n in names if n not in facts or (wide and n == one.fact)))
    return list(found)


def completions(names: list[str], facts: Facts, some: bool) -> Iterator[dict[str, KnownFact]]:
    """Every way to answer the facts; with `some`, to leave some of them unanswered too."""
    options: list[list[FactValue | None]] = []
    for name in names:
        values: list[FactValue | None] = list(VALUES[name])
        if name == "place" and name in facts:
            around = facts[name].value
            values = [one for one in values if around == "中国" or one in ("遂宁", "绵阳")]
        options.append([None, *values] if some else values)
    for chosen in product(*options):
        answered = {n: v for n, v in zip(names, chosen, strict=True) if v is not None}
        yield {**facts, **known(**answered)}


@settings(max_examples=300, deadline=None)
@given(TREES, KNOWN, KNOWN)
def test_a_verdict_stands_whatever_becomes_known(
    tree: Tree, facts: dict[str, KnownFact], more: dict[str, KnownFact]
) -> None:
    before = truth_of(tree, facts)
    after = truth_of(tree, {**more, **facts})
    assert before in (0, after)


@settings(max_examples=300, deadline=None)
@given(TREES, KNOWN)
def test_nothing_is_asked_just_where_no_answers_decide(
    tree: Tree, facts: dict[str, KnownFact]
) -> None:
    asked = next_fact(tree, facts, FACTS)
    names = asked_in(tree, facts)
    if truth_of(tree, facts) != 0:
        assert asked is None
        return
    decided = any(truth_of(tree, one) for one in completions(names, facts, some=False))
    assert (asked is not None) == decided
    assert asked is None or asked in names


@settings(max_examples=150, deadline=None)
@given(TREES, KNOWN)
def test_what_is_asked_can_settle_the_verdict(tree: Tree, facts: dict[str, KnownFact]) -> None:
    """With some of the others answered it is open without this fact, and not with it."""
    asked = next_fact(tree, facts, FACTS)
    if asked is None:
        return
    others = [name for name in asked_in(tree, facts) if name != asked]
    assert any(
        truth_of(tree, one) == 0
        and any(truth_of(tree, then) for then in completions([asked], one, some=False))
        for one in completions(others, facts, some=True)
    )


@settings(max_examples=100, deadline=None)
@given(TREES, st.data())
def test_answering_what_is_asked_comes_to_an_end(tree: Tree, data: st.DataObject) -> None:
    facts: dict[str, KnownFact] = {}
    truth = {name: data.draw(st.sampled_from(values)) for name, values in VALUES.items()}
    catalogue = Catalogue(FACTS, {})
    one = Measure("p/m", "p", TEXT, TEXT, ("talent",), "CN", TEXT, TEXT, "s", (), tree)
    for _ in range(len(FACTS) + 1):
        found = evaluate(one, facts, catalogue)
        if found.next_fact is None:
            break
        assert found.next_fact not in facts
        facts[found.next_fact] = KnownFact(found.next_fact, truth[found.next_fact])
    full = evaluate(one, known(**truth), catalogue)
    assert found.next_fact is None
    assert found.verdict == full.verdict


def test_the_order_of_facts_makes_no_difference() -> None:
    tree = Any((All((yes("a"), yes("b"))), All((yes("b", "b2"), yes("c")))))
    orders: list[Mapping[str, KnownFact]] = [known(), dict(reversed(known(n=Decimal(1)).items()))]
    assert {next_fact(tree, facts, FACTS) for facts in orders} == {"b"}
