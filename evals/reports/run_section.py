"""How long the answers took, and what the run was: the ends of the HTML page's overview."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

from evals.reports import charts
from evals.reports.markup import cell, row_head, table
from evals.reports.report import Report
from evals.scored_run import ScoredRun


def latency(report: Report) -> str:
    """How long answers took; empty where nothing was answered."""
    calls = [record.ms for record in report.run.records if not record.failed]
    if not calls:
        return ""
    median, slow = np.percentile(calls, (50, 95))
    label = f"Milliseconds of {len(calls)} calls: median {median:.0f}, 95th percentile {slow:.0f}"
    chart = charts.histogram(calls, (("median", float(median)), ("p95", float(slow))), label)
    rows = [
        row_head(escape(step))
        + cell(_ms(values, 50), "n", "p50")
        + cell(_ms(values, 95), "n", "p95")
        + cell(f"{len(values):,}", "n", "answers")
        for step, values in _steps(report.run).items()
    ]
    steps = table(("Step", "p50", "p95", "Answers"), rows) if rows else ""
    return (
        '<p class="lead">Whole calls as the harness saw them; failed ones are left out. An answer'
        " from the cache counts with the time it took when it was made.</p>"
        f'<figure class="wide">{chart}</figure>'
        f'<details class="fold"><summary>By step</summary>{steps}</details>'
    )


def _steps(run: ScoredRun) -> Mapping[str, list[float]]:
    """Milliseconds of every step that the answers tell of, and of the call."""
    found: dict[str, list[float]] = {}
    for record in run.records:
        if record.answer is None:
            continue
        timings = record.answer.get("timings_ms")
        for step, ms in timings.items() if isinstance(timings, Mapping) else ():
            if isinstance(ms, int | float) and math.isfinite(ms):
                found.setdefault(str(step), []).append(float(ms))
        found.setdefault("call", []).append(record.ms)
    return found


def _ms(values: list[float], percentile: int) -> str:
    value = float(np.percentile(values, percentile))
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def setup(report: Report) -> str:
    """What the run was: its digests, settings and versions; empty where it does not say."""
    manifest = report.run.manifest
    rows = "".join(
        f"<dt>{escape(str(name))}</dt><dd><code>{escape(str(value))}</code></dd>"
        for name, value in report.run.digests.items()
    )
    digests = f"<h3>Digests</h3><dl>{rows}</dl>" if rows else ""
    folds = "".join(
        f'<details class="fold"><summary>{title}</summary><pre tabindex="0">{_json(said)}</pre>'
        "</details>"
        for key, title in (
            ("form", "Suite"),
            ("settings", "Settings"),
            ("selection", "Selection"),
            ("versions", "Versions"),
        )
        if (said := manifest.get(key))
    )
    return digests + folds


def _json(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False, indent=2, default=str))
