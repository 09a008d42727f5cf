from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.answer import Citation
from assistant.composers import Brief, Draft, Evidence
from assistant.composers.candidates import Candidate
from assistant.composers.comparison import asks_policies, is_table, rows, table
from assistant.questions import Question, Understanding
from assistant.verify import Proof
from assistant.written import Written
from index.documents import Document
from index.passages import Passage, ScoredPassage
from index.search import SearchResult
from index.sentences import Span
from index.structure import Unit
from index.text import language


def candidate(text: str, score: float, of: str = "alpha", at: int = 0, label: int = 1) -> Candidate:
    lang = language(text)
    passage = Passage(f"{of}#s", of, lang, "s", ("Title",), text, 0, at + len(text))
    title = f"The {of.title()} Plan"
    evidence = Evidence(label, ScoredPassage(passage, 1.0, 1, {}), Document(of, title, text, lang))
    unit = Unit(Span(at, at + len(text)), at, "paragraph")
    return Candidate(evidence, unit, text, np.full(3, score, dtype=np.float32), score)


def asked(question: str, wants: str = "count") -> Understanding:
    return Understanding(question, language(question), wants=wants, task="comparison")  # type: ignore[arg-type]


def said(found: list[Candidate], understanding: Understanding) -> dict[str, list[str]]:
    return {row.name: [c.text for c in row.candidates] for row in rows(found, understanding)}


ALPHA = candidate("Alpha was issued by 7 bodies.", 0.5)
BETA = candidate("Beta was issued by 5 bodies.", 0.4, of="beta", label=2)
FOUND = [
    ALPHA,
    candidate("Alpha has 8 parts.", 0.49, at=40),
    BETA,
    candidate("Gamma was issued by 3 bodies.", 0.2, of="gamma"),
]


def test_policies_are_compared_by_their_best_sentences():
    found = said(FOUND, asked("How many bodies each?"))
    assert found == {"The Alpha Plan": [ALPHA.text], "The Beta Plan": [BETA.text]}


def test_of_a_named_policy_the_section_on_the_matter_proves_the_number():
    mention = replace(BETA, text="Beta, of 5 bodies, is long.", score=0.45, answering=0.6)
    question = replace(asked("How many bodies issued Beta?"), policies=("beta",))
    found = said([mention, replace(BETA, answering=1.0)], question)
    assert found == {"The Beta Plan": [BETA.text]}


def test_policies_that_are_named_are_compared_however_far_behind():
    question = asked("How many bodies has Beta, and how many Gamma?")
    found = said(FOUND, replace(question, policies=("gamma", "beta")))
    assert list(found) == ["The Gamma Plan", "The Beta Plan"]


def test_a_policy_without_the_kind_of_thing_asked_for_is_left_out():
    found = [*FOUND, candidate("Delta is a plan.", 0.6, of="delta")]
    question = replace(asked("How many bodies each?"), policies=("delta", "beta"))
    assert said(found, question) == {"The Beta Plan": [BETA.text]}


def test_what_a_policy_does_not_state_is_no_row_of_figures():
    silent = candidate("Gamma sets no date before 2025.", 0.5, of="gamma")
    dated = candidate("Gamma was issued on 3 May 2023.", 0.45, of="gamma", at=60)
    question = replace(asked("When was Gamma issued?", "date"), policies=("gamma",))
    assert said([silent, dated], question) == {"The Gamma Plan": [dated.text]}


def test_a_number_in_the_name_of_a_policy_can_be_the_answer_too():
    question = asked("How many bodies issued Alpha and the Opinions of the 5 bodies each?")
    found = said(FOUND, replace(question, policies=("alpha", "beta")))
    assert found["The Beta Plan"] == [BETA.text]


def test_places_that_are_named_are_compared():
    found = [
        candidate("China and Sichuan had 5 agencies.", 0.5),
        candidate("Sichuan had 16 agencies.", 0.49, at=50),
        candidate("China had 69 agencies.", 0.45, of="beta"),
    ]
    question = asked("How many agencies had China and Sichuan each?")
    assert said(found, question) == {"China": [found[2].text], "Sichuan": [found[1].text]}
    assert len(said(found[:2], question)) == 1


def test_seven_bodies_are_not_set_against_firms():
    found = [candidate("Beta counts 16,000 firms.", 0.55, of="beta"), ALPHA]
    compared = rows(found, asked("How many signatories each?"))
    assert [row.candidates for row in compared] == [(ALPHA,)]
    assert not is_table(compared)


def test_words_that_would_break_a_table_are_no_table():
    compared = rows(FOUND, asked("How many bodies each?"))
    assert is_table(compared)
    broken = replace(compared[0], candidates=(replace(ALPHA, text="7 | 8 bodies"),))
    assert not is_table([broken, *compared[1:]])


def test_a_table_has_a_column_of_figures_where_each_row_has_one():
    question = asked("How many bodies each?")
    head, *drafts = table(rows(FOUND, question), question)
    assert head == Draft("|  |  |  |\n| --- | --- | --- |", form="lead")
    assert [(draft.head, draft.text) for draft in drafts] == [
        ("The Alpha Plan", f"7 bodies | {ALPHA.text}"),
        ("The Beta Plan", f"5 bodies | {BETA.text}"),
    ]
    plain = asked("What do they say?", "text")
    head, *drafts = table(rows(FOUND, plain), plain)
    assert head.text.startswith("|  |  |\n")
    assert [draft.text for draft in drafts[:2]] == [ALPHA.text, FOUND[1].text]


def test_rows_are_written_with_their_marks():
    question = asked("How many bodies each?")
    brief = Brief(
        Question(question.query),
        question,
        (ALPHA.evidence, BETA.evidence),
        SearchResult((), None, "en", {}),  # type: ignore[arg-type]
    )
    page = Written(brief)
    head, first, second = table(rows(FOUND, question), question)
    page.add(head, ())
    for draft in (first, second):
        page.add(draft, tuple(Proof(s.label, s.start or 0, s.end or 0) for s in draft.supports))
    page.add(Draft("After.", form="lead"), ())
    assert page.text == (
        "|  |  |  |\n| --- | --- | --- |\n"
        f"| The Alpha Plan | 7 bodies | {ALPHA.text} [1] |\n"
        f"| The Beta Plan | 5 bodies | {BETA.text} [2] |\n\nAfter."
    )
    assert [type(one) for one in page.citations] == [Citation, Citation]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("哪些政策是全国首个？", True),
        ("Which Sichuan policies are firsts?", True),
        ("Which cities are named?", False),
        ("这项政策讲什么？", False),
    ],
)
def test_whether_policies_are_asked_for(question, asks):
    assert asks_policies(question) is asks
