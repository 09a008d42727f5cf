from __future__ import annotations

import numpy as np
import pytest

from evals.fitting.candidates import Matches, candidates, nearest
from evals.fitting.embedded import EmbeddedTexts
from index.embedding import Vector


def texts(*tokens: list[list[float]]) -> EmbeddedTexts:
    """Texts by their token vectors, of whole numbers."""
    lengths = np.array([len(text) for text in tokens], np.int64)
    codes = np.concatenate([np.array(text, np.int8) for text in tokens])
    return EmbeddedTexts(
        sentences=np.zeros((len(tokens), 2), np.float32),
        starts=np.cumsum([0, *lengths[:-1]]),
        lengths=lengths,
        codes=codes,
        scales=np.full(len(codes), 0.5, np.float32),
    )


NOTHING = np.zeros(2, np.float32)
QUESTIONS = texts([[2, 0], [0, 4]])
PASSAGES = texts([[3, 0]], [[0, 1], [5, 0]], [[-1, 0], [0, -1]])


def test_tokens_have_their_scale_and_their_mean() -> None:
    assert PASSAGES.tokens(1).tolist() == [[0, 0.5], [2.5, 0]]
    assert PASSAGES.mean_token() == pytest.approx(np.array([7, 0]) * 0.5 / 5)


def test_a_match_is_the_mean_of_the_best_cosines() -> None:
    matches = Matches(QUESTIONS, PASSAGES, NOTHING, NOTHING)
    assert matches.of(0, np.array([0, 1, 2])).tolist() == [0.5, 1.0, 0.0]
    assert matches.of(0, np.array([2, 1])).tolist() == [0.0, 1.0]


def test_tokens_are_centred_first() -> None:
    mean = np.array([0.5, 0.5], np.float32)
    matches = Matches(texts([[1, 1], [3, 1]]), texts([[5, 1]], [[1, 3]]), mean, mean)
    # Less the mean the question has a token of no length and (1, 0).
    assert matches.of(0, np.array([0, 1])).tolist() == [0.5, 0.0]


def unit_vectors(*degrees: float) -> Vector:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_the_nearest_come_first_and_ties_by_number() -> None:
    passages = unit_vectors(80, 10, 40, 10)
    assert nearest(unit_vectors(0)[0], passages, 3).tolist() == [1, 3, 2]
    assert nearest(unit_vectors(0)[0], passages, 9).tolist() == [1, 3, 2, 0]


def test_both_rankings_are_joined_and_gold_is_marked() -> None:
    matches = Matches(QUESTIONS, PASSAGES, NOTHING, NOTHING)
    found = candidates(
        0,
        unit_vectors(0)[0],
        unit_vectors(0, 60, 90),
        [(1, 8.0), (2, 2.0)],
        matches,
        np.array([1]),
    )
    # Second and first, first of one alone, third and second.
    assert found.passages.tolist() == [1, 2, 0]
    assert found.gold.tolist() == [True, False, False]
    assert found.lexical.tolist() == [1.0, 0.25, 0.0]
    assert found.dense == pytest.approx([0.5, 0.0, 1.0], abs=1e-6)
    assert found.match.tolist() == [1.0, 0.0, 0.5]


def test_without_gold_all_is_as_if_it_were_not_there() -> None:
    matches = Matches(QUESTIONS, PASSAGES, NOTHING, NOTHING)
    found = candidates(
        0,
        unit_vectors(0)[0],
        unit_vectors(0, 60, 90),
        [(1, 8.0), (2, 2.0)],
        matches,
        np.array([1]),
        with_gold=False,
    )
    assert sorted(found.passages.tolist()) == [0, 2]
    assert not found.gold.any()
    assert found.lexical.max() == 1.0


def test_a_question_without_known_words_has_no_lexical_share() -> None:
    matches = Matches(QUESTIONS, PASSAGES, NOTHING, NOTHING)
    found = candidates(0, unit_vectors(0)[0], unit_vectors(0, 60, 90), [], matches, np.array([1]))
    assert found.passages.tolist() == [0, 1, 2]
    assert found.lexical.tolist() == [0.0, 0.0, 0.0]
