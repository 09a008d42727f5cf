"""One self-contained HTML page of a run: it opens from a file and fetches nothing.

`report.html`, `report.css`, `case.js` and `report.js` stand beside this module and are put into the
page as it is written. The page's policy (CSP) forbids every load and every script but its own, so
that nothing an answer holds can run, whatever a browser makes of it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from evals.compare import Comparison
from evals.gates import GateOutcome
from evals.json_lines import write_bytes
from evals.metrics import Metric
from evals.reports.overview import overview
from evals.reports.page_data import embedded, page_data
from evals.reports.report import Report
from evals.scored_run import ScoredRun
from evals.summary import Summary

_HERE = Path(__file__).parent


def write_html(
    path: Path,
    run: ScoredRun,
    summary: Summary,
    gates: Sequence[GateOutcome],
    comparison: Comparison | None = None,
    *,
    metrics: Mapping[str, Metric],
) -> None:
    """Write the page.

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
    page = html(Report(run, metrics, summary, gates, comparison))
    write_bytes(path, page.encode(errors="replace"))


def html(report: Report) -> str:
    """The page.

    Args:
        report: What is reported.
    """
    style = _read("report.css")
    script = _read("case.js") + _read("report.js")
    navigation, sections = overview(report)
    policy = (
        f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)};"
        " base-uri 'none'; form-action 'none'"
    )
    return Template(_read("report.html")).substitute(
        policy=policy,
        title=escape(f"{report.title} · evaluation report"),
        style=style,
        navigation=navigation,
        overview=sections,
        data=embedded(page_data(report)),
        script=script,
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """A text as a source that the page's policy allows (CSP level 2, `sha256-…`)."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
