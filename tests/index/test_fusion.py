from __future__ import annotations

import pytest

from index.fusion import reciprocal_rank_fusion


def test_by_hand() -> None:
    fused = reciprocal_rank_fusion({"dense": [7, 8, 9], "lexical": [8, 5]})
    assert fused == pytest.approx(
        {
            8: 1 / 62 + 1 / 61,
            7: 1 / 61,
            5: 1 / 62,
            9: 1 / 63,
        }
    )
    assert list(fused) == [8, 7, 5, 9]


def test_agreement_outweighs_one_first_place() -> None:
    # 2/62 = .0323 against 1/61 = .0164.
    fused = reciprocal_rank_fusion({"dense": [1, 2], "lexical": [3, 2]})
    assert next(iter(fused)) == 2


def test_weights_and_k() -> None:
    fused = reciprocal_rank_fusion({"dense": [1, 2], "lexical": [2]}, {"dense": 3.0}, k=1)
    assert fused == pytest.approx({1: 3 / 2, 2: 3 / 3 + 1 / 2})


def test_ties_go_to_the_lower_number() -> None:
    assert list(reciprocal_rank_fusion({"dense": [9], "lexical": [4]})) == [4, 9]


def test_nothing_to_fuse() -> None:
    assert reciprocal_rank_fusion({}) == {}
    assert reciprocal_rank_fusion({"dense": [], "lexical": []}) == {}
