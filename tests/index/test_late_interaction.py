from __future__ import annotations

import math

import numpy as np
import pytest

from index.embedding import Embedding
from index.late_interaction import ALL, LateInteraction, Matches, relevance, token_means

RIGHT, UP, LEFT = [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]
NONE = np.zeros((0, 2), np.float32)


def rows(*vectors: list[float]) -> np.ndarray:
    return np.array(vectors, np.float32).reshape(-1, 2)


def embedding(*tokens: list[float]) -> Embedding:
    found = rows(*tokens)
    return Embedding(rows(RIGHT)[0], found, np.zeros((len(found), 2), np.int32))


def test_token_means_count_every_token_once() -> None:
    means = token_means(
        [("zh", embedding(RIGHT, UP)), ("zh", embedding(RIGHT)), ("en", embedding(LEFT))], 2
    )
    assert means["zh"] == pytest.approx([2 / 3, 1 / 3])
    assert means["en"] == pytest.approx([-1, 0])
    assert means[ALL] == pytest.approx([1 / 4, 1 / 4])


def test_token_means_of_no_tokens_are_zero() -> None:
    assert token_means([("zh", embedding())], 2) == {"zh": [0, 0], ALL: [0, 0]}
    assert token_means([], 2) == {}


def test_centring_takes_the_mean_of_the_language_off() -> None:
    late = LateInteraction({"zh": [1.0, 0.0], ALL: [0.0, -1.0]})
    # (1, 1) - (1, 0) = (0, 1); (4, 4) - (1, 0) = (3, 4), which is 5 long.
    assert late.centred(rows([1, 1], [4, 4]), "zh") == pytest.approx(rows(UP, [0.6, 0.8]))
    # An unknown language has the mean of all: (3, 3) - (0, -1) = (3, 4).
    assert late.centred(rows([3, 3]), "fr") == pytest.approx(rows([0.6, 0.8]))
    assert LateInteraction({}).centred(rows([0, 2]), "zh") == pytest.approx(rows(UP))


def test_a_token_that_is_the_mean_becomes_zero_not_nan() -> None:
    late = LateInteraction({"zh": RIGHT})
    assert late.centred(rows(RIGHT), "zh").tolist() == [[0, 0]]
    assert late.centred(NONE, "zh").shape == (0, 2)


def test_match_takes_the_best_token_of_each_text() -> None:
    late = LateInteraction({})
    query = rows(RIGHT, UP)
    found = late.match(query, [rows(LEFT, [0.6, 0.8]), rows(RIGHT), NONE, rows(LEFT)])
    assert found.values == pytest.approx(np.array([[0.6, 1, 0, -1], [0.8, 0, 0, 0]]))
    assert found.scores() == pytest.approx([0.7, 0.5, 0, -0.5])
    # 3/4 of the weight on the first token: .75 × .6 + .25 × .8 = .65.
    weighted = found.scores(np.array([3, 1], np.float32))
    assert weighted == pytest.approx([0.65, 0.75, 0, -0.75])


def test_match_of_nothing() -> None:
    late = LateInteraction({})
    assert late.match(NONE, [rows(UP)]).values.shape == (0, 1)
    assert late.match(NONE, [rows(UP), NONE]).scores().tolist() == [0, 0]
    assert late.match(rows(UP), []).values.shape == (1, 0)
    assert late.match(rows(UP), [NONE]).scores().tolist() == [0]
    assert Matches(np.zeros((2, 0), np.float32)).scores().shape == (0,)


def test_relevance_is_a_logistic_curve_of_its_own_for_each_case() -> None:
    assert relevance(0.507, same_language=True) == pytest.approx(0.5)
    assert relevance(0.378, same_language=False) == pytest.approx(0.5)
    expected = 1 / (1 + math.exp(-28.8 * 0.1))
    assert relevance(0.607, same_language=True) == pytest.approx(expected)
    rising = [relevance(match / 10, same_language=True) for match in range(11)]
    assert rising == sorted(rising)
    assert relevance(-1, same_language=True) < 0.01
