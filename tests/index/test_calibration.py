from __future__ import annotations

import math

import numpy as np
import pytest

from index.calibration import Calibration

RIGHT, UP = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def test_what_is_shipped_fits_the_default_model() -> None:
    shipped = Calibration.load()
    for means in (
        shipped.query_sentence_means,
        shipped.passage_sentence_means,
        shipped.query_token_means,
        shipped.passage_token_means,
    ):
        assert {lang: mean.shape for lang, mean in means.items()} == {"zh": (384,), "en": (384,)}
    assert shipped.query_map is not None
    assert shipped.query_map.shape == (384, 384)
    assert shipped.gate is not None
    assert shipped.gate.shape == (385,)
    # A better match, and a nearer sentence, never speak against a passage.
    for weights in (shipped.relevance_same, shipped.relevance_across):
        assert weights[0] > 0
        assert weights[1] >= 0


def test_passages_are_centred_by_their_language() -> None:
    one = Calibration(passage_sentence_means={"zh": RIGHT})
    # (4, 4) - (1, 0) = (3, 4), which is 5 long.
    assert one.passages(np.array([[4, 4]], np.float32), "zh") == pytest.approx(
        np.array([[0.6, 0.8]])
    )
    assert one.passages(np.array([[4, 0]], np.float32), "en") == pytest.approx(RIGHT[np.newaxis])


def test_a_question_is_centred_then_mapped() -> None:
    swap = np.array([[0, 1], [1, 0]], np.float32)
    one = Calibration(query_sentence_means={"zh": RIGHT}, query_map=swap)
    assert one.question(np.array([4, 4], np.float32), "zh") == pytest.approx([0.8, 0.6])
    assert one.question(RIGHT, "en") == pytest.approx(UP)
    assert Calibration().question(2 * RIGHT, "zh") == pytest.approx(RIGHT)


def test_the_gate_reads_the_centred_question() -> None:
    one = Calibration(query_sentence_means={"zh": UP}, gate=np.array([2, 0, 1], np.float32))
    # (1, 1) - (0, 1) = (1, 0), so the gate is at 2 + 1.
    share = one.dense_share(np.array([1, 1], np.float32), "zh")
    assert share == pytest.approx(1 / (1 + math.exp(-3)))
    assert Calibration().dense_share(UP, "zh") == 0


def test_relevance_is_a_logistic_curve_of_its_own_for_each_case() -> None:
    one = Calibration(relevance_same=(10, 5, -6), relevance_across=(20, 0, -6))
    assert one.relevance(0.4, 0.4, same_language=True) == pytest.approx(0.5)
    assert one.relevance(0.3, 0.9, same_language=False) == pytest.approx(0.5)
    assert one.relevance(0.5, 0.4, same_language=True) == pytest.approx(1 / (1 + math.exp(-1)))
    assert one.relevance(-1e9, 0, same_language=True) < 1e-9


def test_a_model_of_which_nothing_is_known_has_the_means_of_the_corpus() -> None:
    one = Calibration.of_corpus({"zh": RIGHT})
    assert one.query_token_means == one.passage_token_means == {"zh": RIGHT}
    assert one.query_map is None
    assert one.lexical_weight == 0
