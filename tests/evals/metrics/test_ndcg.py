from __future__ import annotations

from math import log2

import pytest

from evals.metrics.ndcg import Ndcg
from evals.metrics.testing import case, ranking, refs, score

GOLD = case(sections=refs("山西#配偶", "山西#子女"))
IDEAL = 1 + 1 / log2(3)


@pytest.mark.parametrize(
    ("k", "ranked", "value"),
    [
        (10, ["山西#子女", "山西#配偶"], 1.0),
        (10, ["山西#配偶", "山西#住房", "山西#子女"], (1 + 1 / log2(4)) / IDEAL),
        (10, ["山西#住房", "山西#配偶"], (1 / log2(3)) / IDEAL),
        (1, ["山西#配偶"], 1.0),  # the ideal ranking is cut at k, too
        (1, ["山西#住房", "山西#配偶"], 0.0),
        # A section in both languages: counted by passage the gain would pass the ideal's (> 1).
        (10, ["山西#配偶", "山西#配偶", "山西#子女", "山西#子女"], 1.0),
    ],
)
def test_discounted_gain_over_the_ideal(k: int, ranked: list[str], value: float) -> None:
    assert score(Ndcg(k), GOLD, ranking(*ranked)).value == pytest.approx(value)


def test_a_failed_search_scores_zero() -> None:
    assert score(Ndcg(10), GOLD, None).value == 0.0
