"""What came of each case: passed, failed, error or not judged. All reports show the same.

A metric finds a case right where it passes in more than half of the repetitions, as in
`evals.case_changes`; a failed answer makes an error of the case, whatever the others are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evals.aggregates import passes
from evals.metrics import Metric
from evals.records import Score
from evals.scored_run import ScoredRun

Kind = Literal["passed", "failed", "error", "unjudged"]
State = Literal["pass", "fail", "shown", "unscored"]
KINDS: tuple[Kind, ...] = ("passed", "failed", "error", "unjudged")


@dataclass(frozen=True)
class CaseOutcome:
    """What came of a case.

    Attributes:
        kind: `error` where the target gave nothing at least once, else `failed` where a metric
            finds the case wrong, `unjudged` where none can say, or where there is no answer yet.
        failed: The metrics that find it wrong.
        why: What they, or the error, say; one line each.
    """

    kind: Kind
    failed: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


def state_of(metric: Metric | None, score: Score) -> State:
    """Whether a score counts as right; `shown` where its metric calls no case right or wrong."""
    if score.value is None:
        return "unscored"
    passed = passes(metric, score.value) if metric else None
    return "shown" if passed is None else "pass" if passed else "fail"


def case_outcomes(run: ScoredRun, metrics: Mapping[str, Metric]) -> dict[str, CaseOutcome]:
    """The outcome of every case of a run, by id and in the run's order.

    Args:
        run: The run.
        metrics: The metrics, by name; scores of others are not judged.
    """
    scores: dict[str, dict[str, list[Score]]] = {name: {} for name in run.cases}
    for score in run.scores:
        if score.metric in metrics:
            scores[score.case].setdefault(score.metric, []).append(score)
    return {name: _outcome(run, name, metrics, scores[name]) for name in run.cases}


def _outcome(
    run: ScoredRun,
    case: str,
    metrics: Mapping[str, Metric],
    scores: Mapping[str, list[Score]],
) -> CaseOutcome:
    errors = [
        f"error: {record.error or 'no message'}" for record in run.records_of(case) if record.failed
    ]
    failed, why, judged = [], list(dict.fromkeys(errors)), False
    for name, of_metric in scores.items():
        states = [
            "fail" if run.failed(case, score.repeat) else state_of(metrics[name], score)
            for score in of_metric
            if metrics[name].passes_at is not None
        ]
        verdicts = [state for state in states if state in ("pass", "fail")]
        judged = judged or bool(verdicts)
        if verdicts and 2 * verdicts.count("pass") <= len(verdicts):
            failed.append(name)
            if not errors:
                said = next((score.why for score in of_metric if score.why), "")
                why.append(f"{name}: {said or _values(of_metric)}")
    kind: Kind = "error" if errors else "failed" if failed else "passed" if judged else "unjudged"
    return CaseOutcome(kind, tuple(failed), tuple(why))


def _values(scores: list[Score]) -> str:
    return ", ".join(f"{score.value:.3g}" for score in scores if score.value is not None)
