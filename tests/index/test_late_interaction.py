from __future__ import annotations

import numpy as np
import pytest

from index.embedding import Embedding, TokenVectors
from index.late_interaction import ALL, LateInteraction, Matches, centred, similarities, token_means

RIGHT, UP, LEFT = [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]
NONE = np.zeros((0, 2), np.float32)


def rows(*vectors: list[float]) -> np.ndarray:
    return np.array(vectors, np.float32).reshape(-1, 2)


def tokens(*vectors: list[float]) -> TokenVectors:
    found = rows(*vectors)
    offsets = np.zeros((len(found), 2), np.int32)
    return TokenVectors.of(Embedding(rows(RIGHT)[0], found, offsets))


def test_token_means_count_every_token_once() -> None:
    means = token_means([("zh", tokens(RIGHT, UP)), ("zh", tokens(RIGHT)), ("en", tokens(LEFT))], 2)
    assert means["zh"] == pytest.approx([2 / 3, 1 / 3])
    assert means["en"] == pytest.approx([-1, 0])
    assert means[ALL] == pytest.approx([1 / 4, 1 / 4])


def test_token_means_of_no_tokens_are_zero() -> None:
    assert token_means([("zh", tokens())], 2) == {"zh": [0, 0], ALL: [0, 0]}
    assert token_means([], 2) == {}


def test_centring_takes_the_mean_off() -> None:
    # (1, 1) - (1, 0) = (0, 1); (4, 4) - (1, 0) = (3, 4), which is 5 long.
    assert centred(rows([1, 1], [4, 4]), rows(RIGHT)[0]) == pytest.approx(rows(UP, [0.6, 0.8]))
    assert centred(rows([0, 2]), None) == pytest.approx(rows(UP))
    # A token that is the mean becomes zero, not NaN.
    assert centred(rows(RIGHT), rows(RIGHT)[0]).tolist() == [[0, 0]]
    assert centred(NONE, rows(RIGHT)[0]).shape == (0, 2)


def test_queries_and_passages_have_means_of_their_own() -> None:
    late = LateInteraction({"zh": rows(RIGHT)[0]}, {ALL: rows([0.0, 0.5])[0]})
    assert late.query(rows([1, 1]), "zh") == pytest.approx(rows(UP))
    # An unknown language has the mean of all: (1, 0) - (0, .5) is (1, -.5), 1.118 long.
    found = late.similarities(rows(RIGHT), tokens(RIGHT), "fr")
    assert found == pytest.approx(np.array([[0.8944]]), abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_centring_in_the_products_is_centring(seed: int) -> None:
    """Against the plain way: vectors less the mean, normalised, then cosines."""
    chance = np.random.default_rng(seed)
    mean = chance.normal(size=16).astype(np.float32)
    mean *= 0.8 / np.linalg.norm(mean)
    raw = chance.normal(size=(40, 16)).astype(np.float32) + 2 * mean
    raw /= np.linalg.norm(raw, axis=1, keepdims=True)
    text = TokenVectors.of(Embedding(raw[0], raw, np.zeros((40, 2), np.int32)))
    query = centred(chance.normal(size=(7, 16)).astype(np.float32), None)
    expected = query @ centred(text.vectors(), mean).T
    assert similarities(query, text, mean) == pytest.approx(expected, abs=1e-4)


def test_match_takes_the_best_token_of_each_text() -> None:
    late = LateInteraction({}, {})
    query = rows(RIGHT, UP)
    texts = [tokens(LEFT, [0.6, 0.8]), tokens(RIGHT), tokens(), tokens(LEFT)]
    found = late.match(query, texts, "zh")
    assert found.values == pytest.approx(np.array([[0.6, 1, 0, 0 - 1], [0.8, 0, 0, 0]]), abs=0.01)
    assert found.scores() == pytest.approx([0.7, 0.5, 0, -0.5], abs=0.01)


def test_match_of_nothing() -> None:
    late = LateInteraction({}, {})
    assert late.match(NONE, [tokens(UP)], "zh").values.shape == (0, 1)
    assert late.match(NONE, [tokens(UP), tokens()], "zh").scores().tolist() == [0, 0]
    assert late.match(rows(UP), [], "zh").values.shape == (1, 0)
    assert late.match(rows(UP), [tokens()], "zh").scores().tolist() == [0]
    assert Matches(np.zeros((2, 0), np.float32)).scores().shape == (0,)
