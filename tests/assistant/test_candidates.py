from __future__ import annotations

import numpy as np
import pytest

from assistant.composers import Brief, Evidence
from assistant.composers.candidates import candidates
from assistant.questions import Question, Understanding
from index.documents import Document
from index.likeness import Compared
from index.passages import Passage, ScoredPassage
from index.reranking import Asked, Usual
from index.search import SearchResult

TEXTS = {"pay": "An allowance is paid. Premiums are paid too.", "rooms": "Rooms are let to them."}
# How well the question's two words are met by each sentence.
MET = {"An": (0.9, 0.1), "Pr": (0.4, 0.1), "Ro": (0.8, 0.2)}
USUAL = Usual(np.zeros(2, dtype=np.float32), 0.0, 1.0, 0.0, 1.0)


def match(search, scored, spans):
    text = TEXTS[scored.passage.section]
    columns = [MET.get(text[max(0, start) : max(0, start) + 2], (0, 0)) for start, _ in spans]
    columns[0] = (0, 0)  # The headings.
    return np.asarray(columns, dtype=np.float32).T


def brief(sections: dict[str, float], **scores: float) -> Brief:
    evidence = []
    for label, (section, text) in enumerate(TEXTS.items(), start=1):
        passage = Passage(section, "alpha", "en", section, ("Alpha",), text, 0, len(text))
        scored = ScoredPassage(passage, scores.get(section, 5.0), label, {})
        evidence.append(Evidence(label, scored, Document("alpha", "Alpha", text, "en")))
    vector = np.zeros(2, dtype=np.float32)
    said = Compared(sections={("alpha", name): score for name, score in sections.items()})
    asked = Asked("en", vector, vector, 0.0)
    found = SearchResult((), asked, "en", {}, {"en": USUAL}, said)
    return Brief(Question("Paid?"), Understanding("Paid?", "en"), tuple(evidence), found)


def texts(asked: Brief) -> dict[str, float]:
    return {one.text: one.score for one in candidates(asked, match)}


def test_sentences_are_scored_by_the_words_that_tell_them_apart():
    found = texts(brief({}))
    assert list(found) == [
        "An allowance is paid.",
        "Rooms are let to them.",
        "Premiums are paid too.",
    ]


def test_a_passage_that_ranks_lower_takes_its_sentences_down():
    assert next(iter(texts(brief({}, pay=1.0)))) == "Rooms are let to them."


def test_the_section_that_answers_the_sample_questions_gains():
    plain, helped = texts(brief({})), texts(brief({"rooms": 0.6, "pay": 0.1}))
    gains = {text: helped[text] - plain[text] for text in plain}
    assert gains["Rooms are let to them."] == pytest.approx(0.1, abs=0.01)
    assert gains["An allowance is paid."] < 0.01
    assert next(iter(helped)) == "Rooms are let to them."


def test_the_sentences_of_an_answering_section_draw_nearer_to_its_best():
    def gap(asked: Brief) -> float:
        found = texts(asked)
        return found["An allowance is paid."] - found["Premiums are paid too."]

    assert gap(brief({"pay": 0.6})) < 0.5 * gap(brief({}))


def test_what_the_samples_say_of_a_section_is_a_share_of_the_best():
    shares = {
        one.evidence.scored.passage.section: one.answering
        for one in candidates(brief({"rooms": 0.2, "pay": 0.4}), match)
    }
    assert shares == {"pay": 1.0, "rooms": pytest.approx(0.5)}
