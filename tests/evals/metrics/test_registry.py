from __future__ import annotations

import pytest

from evals.errors import SuiteError
from evals.metrics.judge import JudgeMetric
from evals.metrics.registry import all_names, metric

CONCRETE = [name.replace("@k", "@10") for name in all_names()]


@pytest.mark.parametrize("spec", [*CONCRETE, "mrr@3", "recall@1000", "latency_p99:call"])
def test_every_metric_is_made_by_its_name(spec: str) -> None:
    made = metric(spec)
    assert made.name == spec
    assert type(made).__doc__
    assert made.aggregate([]) is None


def test_kinds() -> None:
    kinds = {
        kind: [m for m in CONCRETE if metric(m).kind == kind] for kind in ("retrieval", "judge")
    }
    assert kinds["retrieval"] == ["recall@10", "success@10", "mrr@10", "ndcg@10", "mrr"]
    assert kinds["judge"] == ["faithfulness", "factual_precision", "factual_recall", "coherence"]


def test_lower_is_better_for_errors_and_costs_only() -> None:
    lower = {name for name in CONCRETE if not metric(name).higher_is_better}
    assert {name for name in lower if not name.startswith("latency")} == {
        "false_answer",
        "false_refusal",
        "errors",
        "prompt_tokens",
        "completion_tokens",
    }


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "recal@10",
        "recall",
        "recall@0",
        "recall@k",
        "recall@１０",
        "ndcg@-1",
        "mrr@",
        "引用有效性",
        "latency_p50",
        "latency_p0:total",
        "latency_p100:total",
        "latency_p50:retreive",
        "Citation_Validity",
        "x@10",
    ],
)
def test_an_unknown_name_is_an_error_that_lists_the_known(spec: str) -> None:
    with pytest.raises(SuiteError, match=r"use one of: recall@k, .*latency_p50:total"):
        metric(spec)


def test_a_judge_is_handed_to_the_metrics_that_ask_one() -> None:
    def judge(_system: str, _user: str) -> str:
        return "{}"

    made = metric("faithfulness", judge)
    assert isinstance(made, JudgeMetric)
    assert made.ask is judge
    assert metric("fully_right", judge) is metric("fully_right")
