from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.composers import Evidence
from assistant.composers.candidates import Candidate
from assistant.composers.choosing import (
    choose,
    likeliest,
    of_asked_place,
    part,
    states_it,
    tells_of_gap,
)
from assistant.composers.contradictions import contradictions
from assistant.questions import Understanding
from assistant.selection import (
    is_of_one_policy,
    knows_issue,
    shortfall,
    side_by_side,
    unanswered_like,
)
from index.documents import Document, Metadata
from index.likeness import Compared, Likeness
from index.passages import Passage, ScoredPassage
from index.sample_questions import SampleQuestion
from index.search import SearchResult
from index.structure import Unit
from index.text import language


def scored(document: str = "alpha", section: str = "s", score: float = 1.0) -> ScoredPassage:
    passage = Passage(
        f"{document}#{section}", document, "en", section, ("Title", section), "", 0, 0
    )
    return ScoredPassage(passage, score, 1, {"relevance": 0.9})


def candidate(
    text: str,
    score: float,
    at: int = 0,
    *,
    item: bool = False,
    section: str = "s",
    of: str = "alpha",
) -> Candidate:
    document = Document(of, of.title(), text, "en")
    unit = Unit(SimpleNamespace(start=at, end=at + len(text)), at, "item" if item else "paragraph")  # type: ignore[arg-type]
    evidence = Evidence(1, scored(of, section), document)
    return Candidate(evidence, unit, text, np.full(3, score, dtype=np.float32), score)


def texts(found: list[Candidate]) -> list[str]:
    return [one.text for one in found]


LIST = [
    candidate("These bodies take part:", 0.5, 0),
    candidate("The Department of Finance.", 0.48, 30, item=True),
    candidate("The Department of Education.", 0.47, 60, item=True),
    candidate("The Bureau of Commerce.", 0.1, 90, item=True),
    candidate("Parks are built elsewhere.", 0.05, 120),
]


def ranked(found: list[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda one: -one.score)


@pytest.mark.parametrize("wants", ["list", "who"])
def test_a_list_is_whole_with_the_sentence_that_opens_it(wants):
    long = [*LIST, *(candidate(f"Other matter {n}.", 0.04, 200 + 20 * n) for n in range(6))]
    found = choose(ranked(long), Understanding("Which bodies take part?", "en", wants=wants))
    assert texts(found) == texts(LIST[:4])


def test_a_list_of_which_most_is_chosen_is_completed():
    items = [candidate(f"Right number {n}.", 0.5 - n / 100, 20 * n, item=True) for n in range(7)]
    found = choose(items, Understanding("Tell me of the rights.", "en"))
    assert sorted(texts(found)) == sorted(texts(items))


def test_a_fact_is_one_sentence_that_holds_its_kind():
    found = [
        candidate("The allowance is generous.", 0.5),
        candidate("The allowance is 500 yuan a month.", 0.45),
        candidate("Nothing of that.", 0.1),
    ]
    asked = Understanding("How much is the allowance?", "en", wants="amount")
    assert texts(choose(found, asked)) == ["The allowance is 500 yuan a month."]


def test_asked_who_the_section_that_names_bodies_answers():
    counts = candidate("Five bodies issued the notice.", 0.5, section="overview")
    named = [
        candidate("The Department of Finance is an issuer.", 0.45, 0, item=True, section="issuers"),
        candidate("The Bureau of Commerce is an issuer.", 0.44, 50, item=True, section="issuers"),
    ]
    other = candidate("The Department of Finance will report.", 0.49, section="work")
    asked = Understanding("Who issued the notice?", "en", wants="who")
    assert texts(choose(ranked([counts, other, *named]), asked)) == texts(named)


def test_of_two_counts_that_of_the_very_thing_and_day_is_likelier():
    found = [
        candidate("There are 8 parts.", 0.5),
        candidate("By 2023 there were 12 firms.", 0.49),
        candidate("By 2022 there were 9 firms.", 0.495),
    ]
    asked = Understanding("How many firms were there by 2023?", "en", wants="count")
    assert likeliest(found, asked)[0] == found[1]


NUMBERED = [
    candidate("The plan has three aspects.", 0.5, section="overview"),
    candidate("The plan has four authors.", 0.49, 40, section="overview"),
    candidate("The plan has three aspects:", 0.1, 100, section="aspects"),
    *(candidate(f"Aspect {n}.", 0.05, 130 + n, item=True, section="aspects") for n in range(3)),
]


@pytest.mark.parametrize("asked", ["Which three aspects has it?", "它有哪三个方面？"])
def test_a_section_that_counts_gives_way_to_the_one_that_lists_as_many(asked):
    chosen = choose(NUMBERED, Understanding(asked, language(asked), wants="list"))
    assert texts(chosen) == texts(NUMBERED[2:])


@pytest.mark.parametrize("asked", ["Which aspects has it?", "Which four authors has it?"])
def test_not_where_as_many_are_not_asked_for_or_not_listed(asked):
    chosen = choose(NUMBERED, Understanding(asked, "en", wants="list"))
    assert texts(chosen) == texts(NUMBERED[:2])


def test_a_list_in_the_best_section_stays():
    best = [replace(c, score=c.score + 0.5) for c in NUMBERED[2:]]
    asked = Understanding("Which three aspects has it?", "en", wants="list")
    assert texts(choose(ranked([*best, *NUMBERED[:2]]), asked)) == texts(best)


def test_a_correction_is_proved_by_a_sentence_that_stands_alone():
    found = [
        candidate("The plan has 8 measures:", 0.5),
        candidate("The plan sets out 8 measures.", 0.4, 60),
    ]
    claimed = Understanding("The plan has 12 measures, right?", "en", wants="yes_no")
    assert contradictions(claimed, found[0], found)[0].candidate == found[1]


def test_a_short_list_whose_opening_is_shown_is_shown_whole():
    opening = candidate("The card has these benefits:", 0.5, 0)
    items = [candidate(f"Benefit {n}.", 0.45 - n / 10, 30 * n, item=True) for n in range(1, 5)]
    asked = Understanding("The card", "en", wants="text")
    assert set(texts(choose([opening, *items], asked))) == set(texts([opening, *items]))


def test_another_day_than_that_of_issue_is_no_correction():
    found = [candidate("Its figures are of the end of 2023.", 0.5)]
    claimed = Understanding("It was issued in March 2024, right?", "en", wants="yes_no")
    assert contradictions(claimed, found[0], found) == []
    issued = [candidate("It was issued in May 2023.", 0.4), *found]
    assert contradictions(claimed, issued[0], issued)[0].candidate == issued[0]


def test_a_day_of_issue_is_likelier_where_it_says_that_something_was_issued():
    found = [
        candidate("The notice of 2023 has three parts.", 0.5),
        candidate("The notice was issued on 20 September 2023.", 0.49),
    ]
    issue = Understanding("When was the notice issued?", "en", wants="date")
    assert likeliest(found, issue) == found[::-1]
    other = Understanding("What year is the notice of?", "en", wants="date")
    assert likeliest(found, other) == found


def test_a_day_is_shown_beside_what_tells_that_the_year_is_not_stated():
    gap = candidate("The article does not state the year of issue.", 0.5)
    day = candidate("The notice was issued on 12 July.", 0.43)
    asked = Understanding("On which day was it issued?", "en", wants="date")
    assert part([gap, day], asked) == ([gap], [day])
    assert tells_of_gap([gap], [day])
    both = candidate("The notice is of 12 July and does not state the year.", 0.5)
    assert part([both], asked) == ([], [both])
    assert part([gap, candidate("It is long.", 0.39)], asked) == ([gap], [])


def test_what_is_clearly_stated_is_not_taken_for_unstated():
    asked = Understanding("How many countries?", "en", wants="count")
    stated = candidate("Workers went to 17 countries.", 0.5)
    assert states_it([stated, candidate("They are many.", 0.4)], asked)
    assert not states_it([stated, candidate("They are many.", 0.49)], asked)
    assert not states_it([candidate("There are 8 parks.", 0.5)], asked)


def test_where_no_figure_is_stated_what_is_near_stands_beside_what_says_so():
    gap = candidate("The document does not state the amount.", 0.5)
    other = candidate("The allowance is paid monthly.", 0.45)
    asked = Understanding("How much is it?", "en", wants="amount")
    assert part([gap, other], asked) == ([gap], [other])
    assert part([gap, other], replace(asked, wants="text")) == ([gap], [])
    figure = candidate("The allowance is 500 yuan.", 0.49)
    assert part([gap, figure], asked) == ([gap], [figure])


def test_the_city_that_is_asked_about_comes_first():
    found = [
        candidate("Panzhihua builds a base for vanadium.", 0.5, section="panzhihua"),
        candidate("Meishan trains people for electronics.", 0.35, section="meishan"),
        candidate("Both Meishan and Ziyang do.", 0.36, section="others"),
    ]
    kept = of_asked_place(found, "Meishan is the vanadium base, correct?")
    assert texts(kept) == [found[1].text, found[2].text]
    assert of_asked_place(found, "Which city is the base?") == found
    assert of_asked_place(found[:1], "Is it Meishan?") == found[:1]


def test_every_wrong_figure_is_told():
    found = [
        candidate("The plan has seven chapters.", 0.5),
        candidate("The plan sets 12 tasks.", 0.45),
    ]
    asked = Understanding("The plan has nine chapters and 15 tasks, right?", "en", wants="yes_no")
    wrong = contradictions(asked, found[0], found)
    assert [(one.claimed.text, one.stated.text) for one in wrong] == [
        ("nine chapters", "seven chapters"),
        ("15 tasks", "12 tasks"),
    ]
    titled = replace(asked, query="“Nine Chapters” has seven chapters, right?")
    assert contradictions(titled, found[0], found) == []


def test_a_comparison_begins_with_the_best_of_each_policy():
    first, second = scored("alpha", "a", 5.0), scored("alpha", "b", 4.5)
    other, far = scored("beta", "c", 3.5), scored("gamma", "d", 0.5)
    assert side_by_side([first, second, other, far]) == [first, other, second, far]


@pytest.mark.parametrize(
    ("unanswered", "section", "declines"),
    [(0.9, 0.2, True), (0.5, 0.2, True), (0.9, 0.8, False), (0.3, 0.2, False)],
)
def test_a_question_that_samples_clearly_say_is_answered_nowhere_is_like_one_of_them(
    unanswered, section, declines
):
    sample = SampleQuestion("Are there tax breaks?", "en", "not_stated", "alpha")
    like = (
        Likeness(SampleQuestion("Who drives?", "en", "answered", "alpha", "s"), 0.8),
        Likeness(sample, 0.7),
        Likeness(SampleQuestion("Make up a limerick", "en", "off_topic"), 0.6),
    )
    found = unanswered_like(compared(like, unanswered, section))
    assert found == (sample if declines else None)


@pytest.mark.parametrize(
    ("first", "second", "plain"),
    [(0.5, 0.05, True), (0.5, 0.2, False), (0.4, 0.0, False), (0.45, 0.09, True)],
)
def test_samples_may_say_plainly_which_policy_is_meant(first, second, plain):
    said = Compared(sections={("a", "s"): first, ("a", "t"): 0.3, ("b", "s"): second})
    assert is_of_one_policy(SimpleNamespace(compared=said)) is plain  # type: ignore[arg-type]
    assert not is_of_one_policy(SimpleNamespace(compared=Compared()))  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["通知是哪天印发的？", "What date does the notice carry?"])
def test_a_day_of_issue_that_is_known_is_not_taken_for_unstated(asked):
    lang = language(asked)
    understood = Understanding(asked, lang, wants="date")
    known = Metadata(issued_on=date(2024, 5, 6))
    evidence = Evidence(1, scored(), Document("alpha", "Alpha", "", "en", known))
    undated = Evidence(1, scored(), Document("alpha", "Alpha", "", "en"))
    sample = Likeness(SampleQuestion("When does it start?", "en", "not_stated", "alpha"), 0.7)
    found = compared((sample,), unanswered=0.9, section=0.1)
    found.results = (evidence.scored,)  # type: ignore[misc]
    assert knows_issue(understood, [evidence])
    assert shortfall(understood, found, [evidence]) is None
    assert not knows_issue(understood, [undated])
    assert shortfall(understood, found, [undated]) is not None
    assert not knows_issue(replace(understood, query="When does it start?"), [evidence])
    assert not knows_issue(replace(understood, wants="who"), [evidence])


def compared(like: tuple[Likeness, ...], unanswered: float, section: float) -> SearchResult:
    """A search of which the sample questions say so much for one section and for none."""
    said = Compared(like, {("alpha", "s"): section}, unanswered)
    return SimpleNamespace(compared=said)  # type: ignore[return-value]
