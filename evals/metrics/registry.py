"""The metrics by the names that suites use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from evals.errors import SuiteError
from evals.judge import Judge
from evals.metrics import Metric
from evals.metrics.abstention import AbstentionF1, FalseAnswer, FalseRefusal
from evals.metrics.citation_coverage import CitationCoverage
from evals.metrics.citation_gold import CitationPrecision, CitationRecall
from evals.metrics.citation_validity import CitationValidity
from evals.metrics.classification import Accuracy, BalancedAccuracy, MacroF1
from evals.metrics.errors import Errors
from evals.metrics.figure_fidelity import FigurePrecision, FigureRecall
from evals.metrics.forbidden import Forbidden
from evals.metrics.fully_right import FullyRight
from evals.metrics.judge import (
    Coherence,
    FactualPrecision,
    FactualRecall,
    Faithfulness,
    JudgeMetric,
)
from evals.metrics.language_match import LanguageMatch
from evals.metrics.latency import MEASURED, Latency
from evals.metrics.ndcg import Ndcg
from evals.metrics.nugget_recall import NuggetRecallLenient, NuggetRecallStrict
from evals.metrics.pair_agreement import PairAgreement
from evals.metrics.recall import Recall
from evals.metrics.reciprocal_rank import ReciprocalRank
from evals.metrics.success import Success
from evals.metrics.tokens import Tokens

__all__ = ["all_names", "metric"]

_NAMED: tuple[Metric, ...] = (
    ReciprocalRank(),
    FullyRight(),
    CitationValidity(),
    CitationCoverage(),
    CitationPrecision(),
    CitationRecall(),
    NuggetRecallStrict(),
    NuggetRecallLenient(),
    FigurePrecision(),
    FigureRecall(),
    FalseAnswer(),
    FalseRefusal(),
    AbstentionF1(),
    Accuracy("status"),
    MacroF1("status"),
    BalancedAccuracy("status"),
    Accuracy("verdict"),
    MacroF1("verdict"),
    BalancedAccuracy("verdict"),
    PairAgreement(),
    LanguageMatch(),
    Forbidden(),
    Errors(),
    Tokens("prompt"),
    Tokens("completion"),
    Faithfulness(),
    FactualPrecision(),
    FactualRecall(),
    Coherence(),
)
_BY_NAME: Mapping[str, Metric] = {known.name: known for known in _NAMED}
_AT_DEPTH: Mapping[str, Callable[[int], Metric]] = {
    "recall": Recall,
    "success": Success,
    "mrr": ReciprocalRank,
    "ndcg": Ndcg,
}


def all_names() -> tuple[str, ...]:
    """What may stand in a suite; `k` stands for a number from 1, `p50` for any percentile."""
    depths = [f"{name}@k" for name in _AT_DEPTH]
    latencies = [f"latency_p50:{step}" for step in MEASURED]
    return (*depths, *_BY_NAME, *latencies)


def metric(spec: str, judge: Judge | None = None) -> Metric:
    """Make the metric that a suite names.

    Args:
        spec: Such as `recall@10`, `nugget_recall_strict` or `latency_p95:total`.
        judge: Whom metrics of kind `judge` ask; without one they leave cases unscored.

    Returns:
        The metric; its `name` is the spec.

    Raises:
        SuiteError: There is no such metric; the message lists the known.
    """
    if at_depth := re.fullmatch(r"([a-z]+)@([1-9][0-9]{0,3})", spec):
        if make := _AT_DEPTH.get(at_depth[1]):
            return make(int(at_depth[2]))
    elif latency := re.fullmatch(r"latency_p([1-9][0-9]?):([a-z]+)", spec):
        if latency[2] in MEASURED:
            return Latency(int(latency[1]), latency[2])
    elif known := _BY_NAME.get(spec):
        return replace(known, ask=judge) if isinstance(known, JudgeMetric) else known
    raise SuiteError(f"no metric {spec!r}; use one of: {', '.join(all_names())}")
