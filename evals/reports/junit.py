"""A run as JUnit XML for CI: a test case for every gate and for every case.

The form is what Jenkins, GitLab and GitHub's reporters read: `testsuites` of `testsuite` of
`testcase` with `failure`, `error` or `skipped`. Whether a build breaks is told by the exit code of
`eval run`, which asks the gates; a case that fails is a finding, not a broken build.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from evals.compare import Comparison
from evals.gates import GateOutcome
from evals.json_lines import write_bytes
from evals.metrics import Metric
from evals.reports.report import Report, asked_of, reason_of
from evals.scored_run import ScoredRun
from evals.summary import Summary

# All that XML 1.0 (2.2) has no place for, escaped or not.
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(
    path: Path,
    run: ScoredRun,
    summary: Summary,
    gates: Sequence[GateOutcome],
    comparison: Comparison | None = None,
    *,
    metrics: Mapping[str, Metric],
) -> None:
    """Write the report.

    Args:
        path: The file; written whole or not at all.
        run: The run with its scores.
        summary: Its numbers.
        gates: What came of the gates.
        comparison: The run against a base.
        metrics: The metrics, by name.

    Raises:
        RunError: The file cannot be written.
    """
    write_bytes(path, junit(Report(run, metrics, summary, gates, comparison)))


def junit(report: Report) -> bytes:
    """The report as XML in UTF-8.

    A gate that could not be judged, and a case that no metric judges, is skipped.

    Args:
        report: What is reported.
    """
    name = _clean(report.title)
    suites = [_gates(report, f"{name}.gates"), _cases(report, f"{name}.cases")]
    root = ET.Element("testsuites", name=name)
    for suite in suites:
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(kind, str(len(suite.findall(f"testcase/{tag}"))))
        suite.set("tests", str(len(suite.findall("testcase"))))
        root.append(suite)
    for kind in ("tests", "failures", "errors", "skipped"):
        root.set(kind, str(sum(int(suite.get(kind, "0")) for suite in suites)))
    root.set("time", suites[1].get("time", "0"))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _gates(report: Report, name: str) -> ET.Element:
    suite = _suite(report, name)
    for outcome in report.gates:
        title = f"{outcome.gate.place}: {asked_of(outcome.gate)}"
        test = _test(suite, name, title, 0.0)
        reason = reason_of(outcome)
        if outcome.outcome == "failed":
            _say(test, "failure", "gate", reason)
        elif outcome.outcome == "unknown":
            _say(test, "skipped", "", reason)
        else:
            ET.SubElement(test, "system-out").text = _clean(reason)
    suite.set("time", "0")
    return suite


def _cases(report: Report, name: str) -> ET.Element:
    suite = _suite(report, name)
    total = 0.0
    for case_id, outcome in report.outcomes.items():
        case = report.run.cases[case_id]
        seconds = sum(record.ms for record in report.run.records_of(case_id)) / 1000
        total += seconds
        test = _test(suite, name, case_id, seconds)
        if case.where:
            test.set("file", _clean(case.where))
        said = "\n".join([*(f"question: {turn}" for turn in case.turns[-1:]), *outcome.why])
        if outcome.kind == "failed":
            _say(test, "failure", "metric", ", ".join(outcome.failed), said)
        elif outcome.kind == "error":
            _say(test, "error", "target", outcome.why[0] if outcome.why else "", said)
        elif outcome.kind == "unjudged":
            answered = report.run.records_of(case_id)
            _say(test, "skipped", "", "no metric judges it" if answered else "not answered yet")
    suite.set("time", f"{total:.3f}")
    return suite


def _suite(report: Report, name: str) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    started = str(report.run.manifest.get("started_at") or "")
    if started:
        # The schema's dateTime is without a zone; the run's is UTC.
        suite.set("timestamp", _clean(re.sub(r"(Z|[+-]\d\d:\d\d)$", "", started)))
    return suite


def _test(suite: ET.Element, group: str, name: str, seconds: float) -> ET.Element:
    return ET.SubElement(
        suite, "testcase", classname=group, name=_clean(name), time=f"{seconds:.3f}"
    )


def _say(test: ET.Element, tag: str, kind: str, message: str, text: str = "") -> None:
    element = ET.SubElement(test, tag, message=_clean(message))
    if kind:
        element.set("type", kind)
    element.text = _clean(text) or None


def _clean(text: str) -> str:
    """A text that XML can hold; what it cannot hold becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)
