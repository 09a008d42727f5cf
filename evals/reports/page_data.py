"""The cases of a report as JSON for the page's script: what is searched, filtered and opened."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from evals.case_changes import CaseChange, Side
from evals.cases import Case, SectionRef
from evals.records import Record, Score
from evals.reports.outcomes import state_of
from evals.reports.report import Report, told
from evals.word_diff import Span

RESULTS_SHOWN = 20
"""Results of a search that the page keeps; further ones are counted."""


def page_data(report: Report) -> dict[str, Any]:
    """All that the page's script needs.

    Args:
        report: What is reported.
    """
    changes = {}
    compared = None
    if report.comparison:
        changes = {change.case.id: change for change in report.comparison.cases}
        compared = {"base": report.comparison.base, "candidate": report.comparison.candidate}
    scores: dict[tuple[str, int], list[Score]] = {}
    for score in report.run.scores:
        scores.setdefault((score.case, score.repeat), []).append(score)
    return {
        "comparison": compared,
        "metrics": {name: {"about": report.about(name)} for name in report.metrics},
        "cases": [
            _case(report, case, changes.get(name), scores)
            for name, case in report.run.cases.items()
        ],
    }


def embedded(value: Any) -> str:
    """A value as JSON that may stand in an HTML `<script>`: no `<`, and no NaN.

    >>> embedded({"text": "补贴", "ms": float("nan")})
    '{"text":"补贴","ms":null}'
    """
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _case(
    report: Report,
    case: Case,
    change: CaseChange | None,
    scores: Mapping[tuple[str, int], Sequence[Score]],
) -> dict[str, Any]:
    outcome = report.outcomes[case.id]
    expect = case.expect
    gold = [_place(ref) for ref in expect.sections]
    return {
        "id": case.id,
        "lang": case.lang,
        "tags": case.tags,
        "documents": list(dict.fromkeys(ref.document_id for ref in expect.sections)),
        "pair": case.pair,
        "conversation": case.conversation or None,
        "where": case.where or None,
        "turns": case.turns,
        "outcome": outcome.kind,
        "failed": outcome.failed,
        "expect": {
            "answerable": expect.answerable,
            "status": expect.status,
            "verdict": expect.verdict,
            "sections": gold,
            "nuggets": [{"any": nugget.any, "vital": nugget.vital} for nugget in expect.nuggets],
            "figures": expect.figures,
            "forbidden": expect.forbidden,
        },
        "runs": [
            _run(report, record, scores.get((case.id, record.repeat), ()))
            for record in report.run.records_of(case.id)
        ],
        "change": _change(change) if change else None,
    }


def _run(report: Report, record: Record, scores: Sequence[Score]) -> dict[str, Any]:
    return {
        "repeat": record.repeat,
        "ms": record.ms,
        "error": record.error,
        "answer": None if record.answer is None else _answer(record.answer),
        "scores": [
            {
                "metric": score.metric,
                "value": score.value,
                "state": state_of(report.metrics.get(score.metric), score),
                "why": score.why,
            }
            for score in scores
        ],
    }


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer without the results of a long search."""
    kept = dict(answer)
    results = kept.get("results")
    if isinstance(results, list) and len(results) > RESULTS_SHOWN:
        kept["results"] = results[:RESULTS_SHOWN]
        kept["left_off"] = len(results) - RESULTS_SHOWN
    return kept


def _change(change: CaseChange) -> dict[str, Any]:
    base, candidate = change.spans
    return {
        "kind": change.kind,
        "flips": [told(flip) for flip in change.flips],
        "base": _side(change.base, base),
        "candidate": _side(change.candidate, candidate),
    }


def _side(side: Side, spans: Sequence[Span]) -> dict[str, Any]:
    return {
        "status": side.status,
        "citations": side.citations,
        "spans": [[span.text, span.changed] for span in spans],
    }


def _place(ref: SectionRef) -> str:
    return f"{ref.document_id}#{ref.section}"
