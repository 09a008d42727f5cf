from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.eligibility import satisfiability
from assistant.eligibility.checking import (
    check_catalogue,
    check_facts,
    check_grounds,
    check_languages,
    check_places,
    check_trees,
)
from assistant.eligibility.facts import Choice, Fact
from assistant.eligibility.measures import (
    All,
    Any,
    Benefit,
    Catalogue,
    Compare,
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
from assistant.eligibility.satisfiability import TooManyAnswersError, can_be
from assistant.errors import MeasureError
from index.documents import Document
from index.passages import Passage

BOTH = {"zh": "字", "en": "text"}
GROUND = Ground("card", {"zh": "发放补贴", "en": "an allowance"})
FACTS = {
    fact.id: fact
    for fact in (
        Fact("a", "yes_no", BOTH, BOTH),
        Fact("n", "number", BOTH, BOTH, least=Decimal(0), most=Decimal(100)),
        Fact("m", "number", BOTH, BOTH, least=Decimal(1)),
        Fact("kind", "choice", BOTH, BOTH, (Choice("x", BOTH), Choice("y", BOTH))),
        Fact("kinds", "choice", BOTH, BOTH, (Choice("x", BOTH), Choice("y", BOTH)), many=True),
        Fact("place", "place", BOTH, BOTH),
    )
}


def leaf(identity: str, fact: str | None = None, test: Test | None = None) -> Criterion:
    return Criterion(identity, BOTH, GROUND, fact, test)


def number(identity: str, how: str, limit: int) -> Criterion:
    return leaf(identity, "n", Compare(how, Decimal(limit)))  # type: ignore[arg-type]


def one_of(identity: str, fact: str, *choices: str) -> Criterion:
    return leaf(identity, fact, OneOf(frozenset(choices)))


def inside(identity: str, *places: str) -> Criterion:
    return leaf(identity, "place", Within(frozenset(places)))


def measure(tree: Tree, **changed: object) -> Measure:
    given: dict[str, object] = {
        "id": "reform/card",
        "policy": "reform",
        "title": BOTH,
        "summary": BOTH,
        "audience": ("talent",),
        "jurisdiction": "CN-SC",
        "given": BOTH,
        "acts": BOTH,
        "section": "card",
        "benefits": (Benefit(BOTH, GROUND),),
        "criteria": tree,
    }
    return Measure(**(given | changed))  # type: ignore[arg-type]


def catalogue(tree: Tree, **changed: object) -> Catalogue:
    return Catalogue(FACTS, {"reform/card": measure(tree, **changed)})


A = leaf("a", "a", Is(True))
NOT_A = leaf("not-a", "a", Is(False))
SCALE = Scale("m", {1: Decimal(10)}, Decimal(5))


@pytest.mark.parametrize(
    ("tree", "met", "not_met"),
    [
        (A, True, True),
        (All((A, NOT_A)), False, True),
        (Any((A, NOT_A)), True, False),
        (Not(Any((A, NOT_A))), False, True),
        (All(()), True, False),
        (Any(()), False, True),
        (leaf("rules"), True, True),
        (All((leaf("rules"), A)), True, True),
        (All((number("1", "at_least", 18), number("2", "less_than", 18))), False, True),
        (All((number("1", "at_least", 18), number("2", "at_most", 18))), True, True),
        (All((number("1", "more_than", 18), number("2", "at_most", 18))), False, True),
        (Any((number("1", "at_least", 18), number("2", "at_most", 18))), True, False),
        (number("1", "at_least", 0), True, False),
        (number("1", "more_than", 100), False, True),
        (All((one_of("1", "kind", "x"), one_of("2", "kind", "y"))), False, True),
        (All((one_of("1", "kinds", "x"), one_of("2", "kinds", "y"))), True, True),
        (All((inside("1", "遂宁"), inside("2", "山西"))), False, True),
        (All((inside("1", "遂宁"), inside("2", "四川"))), True, True),
        (All((inside("1", "遂宁"), Not(inside("2", "四川")))), False, True),
        (leaf("s", "n", Compare("at_most", SCALE)), True, True),
        (Any((A, All((NOT_A, number("1", "at_least", 18))))), True, True),
    ],
)
def test_what_a_tree_can_be(tree: Tree, met: bool, not_met: bool) -> None:
    assert can_be(tree, True, FACTS) is met
    assert can_be(tree, False, FACTS) is not_met


def test_a_tree_that_is_too_large_to_try_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = All((A, one_of("1", "kind", "x"), number("2", "at_least", 18)))
    assert check_trees(catalogue(tree)) == []
    monkeypatch.setattr(satisfiability, "MOST_TRIALS", 2)
    with pytest.raises(TooManyAnswersError):
        can_be(tree, True, FACTS)
    (fault,) = check_trees(catalogue(tree))
    assert "has too many answers to try" in str(fault)


@pytest.mark.parametrize(
    ("tree", "told"),
    [
        (All((A, leaf("rules"))), []),
        (All(()), []),
        (All((A, NOT_A)), ["the tree of criteria (a, not-a) can never be met"]),
        (Any((A, NOT_A)), ["the tree of criteria (a, not-a) is always met"]),
        (
            Any((leaf("rules"), All((A, NOT_A)))),
            ["the part of criteria (a, not-a) can never be met"],
        ),
        (
            All((leaf("rules"), number("long", "at_least", 0))),
            ["the part of criteria (long) is always met"],
        ),
    ],
)
def test_trees_that_decide_nothing(tree: Tree, told: list[str]) -> None:
    faults = check_trees(catalogue(tree), {"reform/card": "reform.yaml:3"})
    assert len(faults) == len(told)
    for fault, words in zip(faults, told, strict=True):
        assert str(fault).startswith("reform.yaml:3: reform/card: ")
        assert words in str(fault)


def test_places_outside_of_the_jurisdiction() -> None:
    assert check_places(catalogue(A, places=("遂宁",))) == []
    assert check_places(catalogue(A, jurisdiction="GB", places=("遂宁",))) == []
    (outside,) = check_places(catalogue(A, places=("太原",)))
    assert "place 太原 does not lie in CN-SC" in str(outside)
    (unknown,) = check_places(catalogue(A, jurisdiction="CN-QQ"))
    assert "jurisdiction CN-QQ is not known" in str(unknown)


def test_facts_that_nothing_asks_for() -> None:
    scaled = leaf("s", "n", Compare("at_most", SCALE))
    told = [str(fault) for fault in check_facts(catalogue(All((A, scaled))))]
    assert [one.split(": ")[1] for one in told] == ["kind", "kinds", "place"]


def test_texts_that_one_language_lacks() -> None:
    assert check_languages(catalogue(A)) == []
    (fault,) = check_languages(catalogue(A, title={"zh": "字"}))
    assert str(fault) == "reform/card: title is missing in 'en'; add it"
    quote = Criterion("q", BOTH, Ground("card", {"en": "an allowance"}), "a", Is(True))
    (fault,) = check_languages(catalogue(quote), {"reform/card#q": "f.yaml:9"})
    assert str(fault) == "f.yaml:9: reform/card#q: quote is missing in 'zh'; add it"


def test_a_catalogue_in_one_language_lacks_nothing() -> None:
    english = {"en": "text"}
    fact = Fact("a", "yes_no", english, english)
    one = Criterion("q", english, Ground("card", english), "a", Is(True))
    texts = dict.fromkeys(("title", "summary", "given", "acts"), english)
    given = measure(one, benefits=(), **texts)
    assert check_languages(Catalogue({"a": fact}, {given.id: given})) == []


# -- grounds --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    loaded: list[Document]
    cut: list[Passage]

    def documents(self) -> list[Document]:
        return self.loaded

    def passages(self) -> list[Passage]:
        return self.cut


def shelf(**sections: str) -> Shelf:
    """The policy in English: its sections one behind the other, each in passages by `|`."""
    text, cut = "", []
    for section, words in sections.items():
        for number, part in enumerate(words.split("|")):
            name = f"reform/en#{section}~{number}"
            ends = (len(text), len(text) + len(part))
            cut.append(Passage(name, "reform", "en", section, (), part, *ends))
            text += part
    return Shelf([Document("reform", "Reform", text, "en")], cut)


QUOTE = Ground("card", {"en": "an allowance"})


def resting_on(ground: Ground) -> Catalogue:
    criterion = Criterion("q", BOTH, ground, "a", Is(True))
    return catalogue(criterion, benefits=(Benefit(BOTH, ground),))


def test_words_that_stand_where_they_are_said_to() -> None:
    assert check_grounds(resting_on(QUOTE), shelf(card="You get an allowance.")) == []
    assert check_grounds(resting_on(QUOTE), shelf(card="You get an| allowance.")) == []


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({"card": "You get an Allowance."}, "quote is no longer there: #card of reform (en) lacks"),
        ({"card": "Nothing.", "other": "You get an allowance."}, "they stand in #other now"),
        ({"other": "You get an allowance."}, "anchor is gone: reform (en) has no section #card"),
    ],
)
def test_words_that_are_gone(held: dict[str, str], told: str) -> None:
    lines = {"reform/card#q": "r.yaml:8", "reform/card#benefit-1": "r.yaml:5"}
    faults = [str(fault) for fault in check_grounds(resting_on(QUOTE), shelf(**held), lines)]
    found = [one for one in faults if told in one]
    assert any(one.startswith("r.yaml:5: reform/card#benefit-1: ") for one in found)
    assert any(one.startswith("r.yaml:8: reform/card#q: ") for one in found)


def test_a_policy_or_language_that_is_gone() -> None:
    (fault,) = check_grounds(resting_on(QUOTE), Shelf([], []))
    assert "policy 'reform' is not in the corpus" in str(fault)
    both = Ground("card", {"en": "an allowance", "zh": "补贴"})
    faults = check_grounds(resting_on(both), shelf(card="You get an allowance."))
    assert {fault.what for fault in faults} == {"policy 'reform' has no document in 'zh'"}


FACTS_YAML = """facts:
  - {id: a, kind: yes_no, label: {en: A}, question: {en: A?}}
"""
MEASURES_YAML = """policy: reform
measures:
  - id: card
    title: {en: Card}
    summary: {en: Summary.}
    audience: [talent]
    jurisdiction: CN-SC
    given: {en: money}
    acts: {en: the city}
    section: card
    benefits:
      - text: {en: allowance}
        ground: {section: card, quote: {en: an allowance}}
    criteria:
      id: q
      text: {en: q}
      fact: a
      is: true
      ground: {section: card, quote: {en: if a}}
"""
DOCUMENT = """---
id: reform
lang: en
title: Reform
---
# Reform
## Card {#card}
You get an allowance if a holds.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "facts.yaml").write_text(FACTS_YAML, encoding="utf-8")
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "reform.yaml").write_text(MEASURES_YAML, encoding="utf-8")
    (tmp_path / "reform.md").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def test_a_corpus_that_is_sound(corpus: Path) -> None:
    assert check_catalogue(corpus) == []


def test_a_document_that_changed(corpus: Path) -> None:
    (corpus / "reform.md").write_text(DOCUMENT.replace("an allow", "no allow"), encoding="utf-8")
    (line,) = check_catalogue(corpus)
    assert line.startswith(f"{corpus / 'measures' / 'reform.yaml'}:12: reform/card#benefit-1: ")
    assert "“an allowance”" in line


def test_files_that_cannot_be_read_are_raised(corpus: Path) -> None:
    (corpus / "facts.yaml").write_text("facts: 3", encoding="utf-8")
    with pytest.raises(MeasureError):
        check_catalogue(corpus)


def test_a_corpus_without_measures_is_sound(tmp_path: Path) -> None:
    assert check_catalogue(tmp_path) == []
