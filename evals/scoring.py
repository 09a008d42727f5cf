"""Scoring stored answers. Never asks the assistant: a metric is changed and run again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.aggregates import passes
from evals.cases import Case
from evals.errors import IncompleteRunError
from evals.metrics import Metric
from evals.records import Record, Score

Answers = Mapping[tuple[str, int], Record]


def missing(cases: Sequence[Case], repeat: int, answers: Answers) -> list[tuple[Case, int]]:
    """What has not been answered yet, in the order of cases."""
    wanted = ((case, number) for number in range(repeat) for case in cases)
    return [(case, number) for case, number in wanted if (case.id, number) not in answers]


def require_all(cases: Sequence[Case], repeat: int, answers: Answers, run: object) -> None:
    """See that every case has its answers.

    Raises:
        IncompleteRunError: Some are missing.
    """
    left = missing(cases, repeat, answers)
    if left:
        total = repeat * len(cases)
        raise IncompleteRunError(
            f"run {run}: {len(left)} of {total} answers are missing; finish it with --resume"
        )


def score_answers(
    cases: Sequence[Case], repeat: int, answers: Answers, metrics: Sequence[Metric]
) -> list[Score]:
    """Score records with every metric.

    Args:
        cases: The cases.
        repeat: How often each was asked.
        answers: The records there are; a case without one gets no score.
        metrics: The metrics.

    Returns:
        Scores by repetition, case and metric, whatever the order of the records: the same records
        give the same scores.
    """
    found: list[Score] = []
    for number in range(repeat):
        others = {
            case.id: answers[case.id, number] for case in cases if (case.id, number) in answers
        }
        for case in cases:
            record = others.get(case.id)
            if record is not None:
                found.extend(score_record(case, record, others, metrics))
    return found


def score_record(
    case: Case, record: Record, others: Mapping[str, Record], metrics: Sequence[Metric]
) -> list[Score]:
    """Score one record with every metric that applies to its case."""
    scores = (metric.score(case, record, others) for metric in metrics)
    return [score for score in scores if score is not None]


def fully_right(scores: Sequence[Score], metrics: Mapping[str, Metric]) -> bool | None:
    """Whether a case is right by every metric that can say so; `None` where none can."""
    verdicts = [passes(metrics[score.metric], score.value) for score in scores]
    known = [verdict for verdict in verdicts if verdict is not None]
    return all(known) if known else None
