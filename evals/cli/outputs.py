"""The files that a run leaves for people and for CI."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evals.compare import Comparison, compare
from evals.evaluation import Verdict
from evals.reports.html import write_html
from evals.reports.junit import write_junit
from evals.reports.markdown import write_markdown
from evals.scored_run import ScoredRun, data_differences


def write_reports(path: Path, verdict: Verdict, baseline: ScoredRun | None) -> None:
    """Write report.html, report.md and junit.xml into a run's folder.

    Args:
        path: The folder.
        verdict: What the run comes to.
        baseline: A run to compare with, where it is of the same data.

    Raises:
        RunError: They cannot be written.
    """
    comparison = _comparison(verdict, baseline) if baseline else None
    about = (verdict.run, verdict.summary, verdict.gates, comparison)
    metrics = verdict.suite.metrics
    write_html(path / "report.html", *about, metrics=metrics)
    write_markdown(path / "report.md", *about, metrics=metrics)
    write_junit(path / "junit.xml", *about, metrics=metrics)


def _comparison(verdict: Verdict, baseline: ScoredRun) -> Comparison | None:
    if data_differences(baseline, verdict.run):
        return None
    judged = {score.metric for score in baseline.scores}
    metrics = {name: m for name, m in verdict.suite.metrics.items() if name in judged}
    if not metrics:
        return None
    found = compare(baseline, verdict.run, metrics)
    if any(record.answer for record in baseline.records):
        return found
    # A baseline's file keeps no answers, so that every text would read as changed.
    return replace(found, cases=tuple(case for case in found.cases if case.kind != "changed"))
