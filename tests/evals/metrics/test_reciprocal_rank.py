from __future__ import annotations

import pytest

from evals.metrics.reciprocal_rank import ReciprocalRank
from evals.metrics.testing import case, ranking, refs, score

GOLD = case(sections=refs("山西#配偶", "山西#子女"))


@pytest.mark.parametrize(
    ("k", "ranked", "value"),
    [
        (None, ["山西#配偶"], 1.0),
        (None, ["山西#住房", "山西#概览", "山西#子女", "山西#配偶"], 1 / 3),
        (2, ["山西#住房", "山西#概览", "山西#子女"], 0.0),
        (None, [], 0.0),
        # The zh and the en passage of one wrong section take one rank, not two.
        (None, ["山西#住房", "山西#住房", "山西#配偶"], 1 / 2),
    ],
)
def test_one_over_the_rank_of_the_first(k: int | None, ranked: list[str], value: float) -> None:
    assert score(ReciprocalRank(k), GOLD, ranking(*ranked)).value == pytest.approx(value)


def test_the_mean_over_cases_counts_failures() -> None:
    metric = ReciprocalRank()
    scores = [score(metric, GOLD, given) for given in (ranking("山西#住房", "山西#配偶"), None)]
    assert metric.aggregate(scores) == pytest.approx(1 / 4)
    assert metric.aggregate([]) is None
