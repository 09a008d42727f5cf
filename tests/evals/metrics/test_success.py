from __future__ import annotations

import pytest

from evals.metrics.success import Success
from evals.metrics.testing import case, ranking, refs, score

GOLD = case(sections=refs("四川八条#第一条", "四川八条#第二条"))


@pytest.mark.parametrize(
    ("k", "ranked", "value"),
    [
        (1, ["四川八条#第二条"], 1.0),
        (1, ["四川八条#第三条", "四川八条#第二条"], 0.0),
        (2, ["四川八条#第三条", "四川八条#第二条"], 1.0),
        # 第十一条 ends in 第一条's words: anchors are compared whole.
        (1, ["四川八条#第十一条"], 0.0),
        # Several passages of 第三条 are one rank.
        (2, ["四川八条#第三条", "四川八条#第三条", "四川八条#第一条"], 1.0),
    ],
)
def test_whether_a_gold_section_is_in_the_first_k(k: int, ranked: list[str], value: float) -> None:
    assert score(Success(k), GOLD, ranking(*ranked)).value == value


def test_a_failed_search_scores_zero() -> None:
    assert score(Success(1), GOLD, None).value == 0.0
