"""Conditions out of the writing of a rule."""

from __future__ import annotations

import pytest

from assistant.eligibility.measures import All, Any, Criterion, Not, Tree
from assistant.eligibility.rule_text import as_question, read_rule


def shape(tree: Tree) -> object:
    """A tree as nested lists of the words of its conditions."""
    match tree:
        case Criterion():
            return tree.text["en"]
        case Not():
            return ["not", shape(tree.part)]
        case All():
            return ["all", *(shape(part) for part in tree.parts)]
        case Any():
            return ["any", *(shape(part) for part in tree.parts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You get it if you are 18 or over and you live here.", ["all", "you are 18 or over", "you live here"]),
        ("If you work or you study, you can apply.", ["any", "you work", "you study"]),
        ("You can apply unless you own a car.", ["not", "you own a car"]),
        ("You cannot apply if you own a car.", ["not", "you own a car"]),
        ("Owners must have a permit.", "a permit"),
        (
            "# Help\n\nYou must meet all of these:\n\n* you are 18\n* you live here",
            ["all", "you are 18", "you live here"],
        ),
        ("You need one of:\n* a pass\n* a card", ["any", "a pass", "a card"]),
        ("You get it if you:\n- work; or\n- study", ["any", "work", "study"]),
        ("You can't get it if you:\n- work\n- study", ["not", ["any", "work", "study"]]),
        ("Rules about cars", "Rules about cars"),
        ("# Only a heading", "# Only a heading"),
    ],
)  # fmt: skip
def test_the_writing_shows_the_conditions(text: str, expected: object) -> None:
    assert shape(read_rule(text).tree) == expected


def test_each_condition_is_a_fact_with_a_question() -> None:
    rule = read_rule("You get it if you are a student and you live here.", "who")
    assert [(fact.id, fact.kind, fact.question["en"]) for fact in rule.facts] == [
        ("c1", "yes_no", "Are you a student?"),
        ("c2", "yes_no", "Do you live here?"),
    ]
    assert isinstance(rule.tree, All)
    first = rule.tree.parts[0]
    assert isinstance(first, Criterion)
    assert (first.fact, first.ground.section) == ("c1", "who")


@pytest.mark.parametrize(
    ("condition", "question"),
    [
        ("you’re a refugee", "Are you a refugee?"),
        ("you have a permit", "Do you have a permit?"),
        ("your baby was born early.", "Was your baby born early?"),
        ("a man born in 1950", "Are you a man born in 1950?"),
        ("be located here", "Are you located here?"),
        ("ambulances", "Is this so: ambulances?"),
    ],
)
def test_a_condition_is_asked(condition: str, question: str) -> None:
    assert as_question(condition) == question
