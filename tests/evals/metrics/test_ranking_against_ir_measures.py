"""ir-measures, which wraps trec_eval, is the oracle of our own measures."""

from __future__ import annotations

from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from evals.cases import Case, Expectation
from evals.metrics.registry import metric
from evals.metrics.testing import ranking, refs, score

MEASURES: dict[str, Any] = {
    "recall@1": R @ 1,
    "recall@3": R @ 3,
    "recall@10": R @ 10,
    "success@1": Success @ 1,
    "success@5": Success @ 5,
    "mrr": RR,
    "mrr@3": RR @ 3,
    "ndcg@3": nDCG @ 3,
    "ndcg@10": nDCG @ 10,
}
PLACES = [f"政策{d}#第{s}条" for d in "甲乙丙" for s in "一二三四五"]


@pytest.mark.parametrize("name", MEASURES)
@given(gold=st.sets(st.sampled_from(PLACES), min_size=1), ranked=st.lists(st.sampled_from(PLACES)))
def test_ours_is_theirs_over_distinct_sections(
    name: str, gold: set[str], ranked: list[str]
) -> None:
    case = Case("问", "zh", ("…",), Expectation(sections=refs(*sorted(gold))))
    distinct = list(dict.fromkeys(ranked))
    # Scores fall with the rank: trec_eval would break ties by document id.
    run = [ir_measures.ScoredDoc("问", place, -i) for i, place in enumerate(distinct)]
    qrels = [ir_measures.Qrel("问", place, 1) for place in gold]
    theirs = ir_measures.calc_aggregate([MEASURES[name]], qrels, run)[MEASURES[name]]
    assert score(metric(name), case, ranking(*ranked)).value == pytest.approx(theirs)
