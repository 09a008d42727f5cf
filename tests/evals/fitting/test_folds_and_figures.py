from __future__ import annotations

import numpy as np
import pytest

from evals.fitting.figures import MEASURES, auc, ranking_figures, reliability
from evals.fitting.folds import folds_by_group


def test_a_group_is_in_one_fold() -> None:
    rng = np.random.default_rng(1)
    groups = [f"g{n}" for n in rng.integers(0, 40, 300)]
    folds = folds_by_group(groups, 5, seed=7)
    homes: dict[str, set[int]] = {}
    for group, fold in zip(groups, folds.tolist(), strict=True):
        homes.setdefault(group, set()).add(fold)
    assert all(len(own) == 1 for own in homes.values())
    in_fold = [sum(fold in own for own in homes.values()) for fold in range(5)]
    assert sum(in_fold) == len(homes)
    assert max(in_fold) - min(in_fold) <= 1


def test_folds_depend_on_the_seed_alone() -> None:
    groups = [f"g{n}" for n in range(40)]
    first, again, other = (folds_by_group(groups, 5, seed) for seed in (7, 7, 8))
    assert first.tolist() == again.tolist() != other.tolist()
    # The same groups in another order are dealt out alike.
    assert folds_by_group(groups[::-1], 5, 7).tolist() == first.tolist()[::-1]


def test_a_place_counts_at_its_first_passage() -> None:
    places = ["a", "a", "b", "c"]
    rankings = [np.array([0, 1, 2, 3]), np.array([3, 2, 0])]
    gold = [frozenset({"b"}), frozenset({"c", "a"})]
    found = dict(zip(MEASURES, ranking_figures(rankings, places, gold), strict=True))
    # b is the second place of the first ranking; the second ranking begins with one of two.
    assert found == pytest.approx(
        {"S@1": 0.5, "R@1": 0.25, "R@5": 1.0, "R@10": 1.0, "MRR": (1 / 2 + 1) / 2}
    )


def test_probabilities_are_measured_against_what_is_so() -> None:
    found = reliability(np.array([0.05, 0.15, 0.95, 1.0]), np.array([0.0, 1.0, 1.0, 1.0]))
    assert (found.count, found.share) == (4, 0.75)
    assert found.auc == 1.0
    assert found.brier == pytest.approx((0.05**2 + 0.85**2 + 0.05**2) / 4)
    # Bins 0.0–0.1, 0.1–0.2 and 0.9–1.0 are off by .05, .85 and .025; the last has two examples.
    assert found.ece == pytest.approx((0.05 + 0.85 + 2 * 0.025) / 4)
    assert [count for count, _, _ in found.bins] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [([0.9], [0.1], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.9, 0.4], [0.4], 0.75)],
)
def test_auc_counts_ties_half(
    positive: list[float], negative: list[float], expected: float
) -> None:
    assert auc(np.array(positive), np.array(negative)) == expected


def test_auc_of_one_class_is_not_a_number() -> None:
    assert np.isnan(auc(np.array([0.5]), np.array([])))
