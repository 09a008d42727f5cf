from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.fitting.candidates import Candidates
from evals.fitting.gate import Gate, GateOptions, Judged, fit_gate
from evals.fitting.query_map import (
    Lesson,
    MapOptions,
    Preserved,
    fit_query_map,
    mapped,
    unit,
)
from evals.fitting.relevance import (
    Examples,
    cross_validated,
    fit_relevance,
    probabilities,
)
from index.embedding import Vector

DIM = 8


def vectors(rng: np.random.Generator, count: int) -> Vector:
    return unit(rng.normal(size=(count, DIM)).astype(np.float32))


def turned_lesson(rng: np.random.Generator) -> Lesson:
    """Each question's passage lies at the question with its components the other way round."""
    questions = vectors(rng, 60)
    passages = np.concatenate([questions[:, ::-1], vectors(rng, 60)])
    return Lesson(questions, passages, [np.array([n]) for n in range(60)])


def found_first(matrix: Vector, lesson: Lesson) -> float:
    best = (mapped(matrix, lesson.questions) @ lesson.passages.T).argmax(axis=1)
    return float(np.mean(best == np.arange(len(best))))


# -- the map ---------------------------------------------------------------------------------


def test_a_map_of_no_steps_leaves_rankings_as_they_are() -> None:
    rng = np.random.default_rng(0)
    lesson = turned_lesson(rng)
    kept = Preserved(vectors(rng, 30), vectors(rng, 50))
    matrix = fit_query_map([lesson], [kept], MapOptions(steps=0), seed=1)
    assert np.array_equal(matrix, np.eye(DIM))
    before = np.argsort(kept.questions @ kept.passages.T, axis=1)
    after = np.argsort(mapped(matrix, kept.questions) @ kept.passages.T, axis=1)
    assert np.array_equal(before, after)


def test_a_map_learns_where_passages_lie() -> None:
    lesson = turned_lesson(np.random.default_rng(0))
    options = MapOptions(steps=150, rate=0.03, preserve=0.0, batch=20)
    matrix = fit_query_map([lesson], [], options, seed=1)
    assert found_first(np.eye(DIM, dtype=np.float32), lesson) < 0.2
    assert found_first(matrix, lesson) > 0.9
    assert np.array_equal(matrix, matrix.astype(np.float16))


def test_what_is_preserved_holds_a_map_back() -> None:
    rng = np.random.default_rng(0)
    lesson = turned_lesson(rng)
    kept = Preserved(vectors(rng, 60), vectors(rng, 60))

    def drift(preserve: float) -> float:
        options = MapOptions(steps=60, rate=0.03, preserve=preserve, batch=20)
        matrix = fit_query_map([lesson], [kept], options, seed=1)
        moved = mapped(matrix, kept.questions) @ kept.passages.T
        return float(np.abs(moved - kept.questions @ kept.passages.T).mean())

    assert drift(100.0) < drift(0.0) / 2


def test_a_map_depends_on_the_seed_alone() -> None:
    rng = np.random.default_rng(0)
    lesson, kept = turned_lesson(rng), Preserved(vectors(rng, 30), vectors(rng, 50))
    first, again, other = (
        fit_query_map([lesson], [kept], MapOptions(steps=5), seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


# -- the gate --------------------------------------------------------------------------------


def judged(rng: np.random.Generator) -> Judged:
    """The gold is told by dense where a question's first component is above 0, else by match."""
    questions = vectors(rng, 200)
    found = []
    for question in questions:
        gold = np.zeros(10, bool)
        gold[rng.integers(10)] = True
        told = gold + 0.3 * rng.random(10)
        noise = rng.random(10)
        dense, match = (told, noise) if question[0] > 0 else (noise, told)
        found.append(
            Candidates(
                passages=np.arange(10),
                match=match.astype(np.float32),
                dense=dense.astype(np.float32),
                lexical=np.zeros(10, np.float32),
                gold=gold,
            )
        )
    return Judged(questions, found, 1.0)


def right(gate: Gate, data: Judged) -> float:
    scores = [
        gate.score(found, share)
        for found, share in zip(data.found, gate.shares(data.questions).tolist(), strict=True)
    ]
    hits = [f.gold[int(s.argmax())] for f, s in zip(data.found, scores, strict=True)]
    return float(np.mean(hits))


def test_a_gate_reads_off_the_question_which_feature_tells() -> None:
    rng = np.random.default_rng(0)
    data, unseen = judged(rng), judged(rng)
    gate = fit_gate([data], GateOptions(pull=0.0))
    assert gate.direction[0] == pytest.approx(gate.direction.max())
    shares = gate.shares(unseen.questions)
    assert shares[unseen.questions[:, 0] > 0.3].min() > 0.5
    assert shares[unseen.questions[:, 0] < -0.3].max() < 0.5
    always = Gate(np.zeros(DIM, np.float32), 0.0, 0.0)
    assert right(gate, unseen) > right(always, unseen)


def test_a_score_is_its_features_weighed() -> None:
    found = Candidates(
        passages=np.array([4, 2]),
        match=np.array([0.5, 0.1], np.float32),
        dense=np.array([0.2, 0.6], np.float32),
        lexical=np.array([1.0, 0.5], np.float32),
        gold=np.array([True, False]),
    )
    gate = Gate(np.zeros(DIM, np.float32), 0.0, 0.1)
    assert gate.shares(np.ones((1, DIM), np.float32)).tolist() == [0.5]
    assert gate.score(found, 0.25).tolist() == pytest.approx([0.425 + 0.1, 0.225 + 0.05])
    assert gate.score(found, 0.0).tolist() == pytest.approx([0.6, 0.15])


def test_questions_without_a_gold_candidate_teach_nothing() -> None:
    data = judged(np.random.default_rng(0))
    lost = [
        Candidates(f.passages, f.dense, f.match, f.lexical, np.zeros(10, bool)) for f in data.found
    ]
    both = Judged(np.concatenate([data.questions] * 2), [*data.found, *lost], 1.0)
    options = GateOptions(steps=20)
    assert np.array_equal(fit_gate([both], options).direction, fit_gate([data], options).direction)


# -- relevance -------------------------------------------------------------------------------

TRUE = np.array([6.0, 3.0, -4.0])


def drawn(count: int, seed: int, weights: NDArray[np.float64] = TRUE) -> Examples:
    rng = np.random.default_rng(seed)
    features = np.column_stack([rng.random(count), rng.random(count), np.ones(count)])
    answers = (rng.random(count) < probabilities(weights, features)).astype(float)
    return Examples(features, answers, rng.integers(0, 5, count))


def test_relevance_finds_the_logistic_that_made_the_examples() -> None:
    assert fit_relevance([drawn(60_000, 0)]) == pytest.approx(TRUE, abs=0.15)


def test_every_set_counts_the_same() -> None:
    one, two = drawn(4_000, 0), drawn(4_000, 1, -TRUE)
    often = Examples(
        *(np.concatenate([part] * 9) for part in (two.features, two.answers, two.folds))
    )
    assert fit_relevance([one, often]) == pytest.approx(fit_relevance([one, two]), abs=1e-6)


def test_cross_validation_does_not_see_the_fold() -> None:
    examples = drawn(500, 0)
    (found,) = cross_validated([examples], 5)
    turned = Examples(
        examples.features,
        np.where(examples.folds == 3, 1 - examples.answers, examples.answers),
        examples.folds,
    )
    (other,) = cross_validated([turned], 5)
    own = examples.folds == 3
    assert np.array_equal(found[own], other[own])
    assert not np.array_equal(found[~own], other[~own])


def test_an_example_is_the_best_passage_of_its_ranking() -> None:
    found = Candidates(
        passages=np.array([4, 2]),
        match=np.array([0.5, 0.25], np.float32),
        dense=np.array([0.125, 0.75], np.float32),
        lexical=np.zeros(2, np.float32),
        gold=np.array([False, True]),
    )
    nothing = Candidates(
        np.zeros(0, np.int64), *(np.zeros(0, np.float32),) * 3, gold=np.zeros(0, bool)
    )
    best = [(found, np.array([0.1, 0.9])), (nothing, np.zeros(0)), (found, np.array([0.9, 0.1]))]
    examples = Examples.of(best, [2, 0, 1])
    assert examples.features.tolist() == [[0.25, 0.75, 1.0], [0.5, 0.125, 1.0]]
    assert examples.answers.tolist() == [1.0, 0.0]
    assert examples.folds.tolist() == [2, 1]
