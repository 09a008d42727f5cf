"""The comparison on the HTML page: each metric against the base, and the cases that moved."""

from __future__ import annotations

from html import escape

from evals.case_changes import CaseChange, Kind
from evals.compare import Comparison, Row
from evals.reports.markup import (
    INTERVAL,
    breakable,
    case_link,
    cell,
    difference_chart,
    interval_range,
    lang_of,
    row_head,
    small_line,
    table,
)
from evals.reports.report import Report, number, p_value, signed

MOST_OF_A_KIND = 100
"""Cases of a kind that are listed; the page's filter shows them all."""
_TITLES: tuple[tuple[Kind, str], ...] = (
    ("broken", "Broken"),
    ("fixed", "Fixed"),
    ("changed", "Changed, but no more right or wrong"),
)
_HEADS = ("Metric", "Base", "Candidate", "Change", INTERVAL, "p (Holm)", "Verdict")
_LEAD = (
    "A verdict needs p ≤ 0.05 after Holm's correction for the number of metrics. “No clear"
    " difference” does not mean equal: “could see” is the smallest drop that would have been found"
    " four times in five."
)


def comparison_section(report: Report) -> str:
    """The section; empty where there is no comparison."""
    comparison = report.comparison
    if comparison is None:
        return ""
    setup = "; ".join(comparison.setup) or "nothing"
    intro = (
        f'<p class="lead">Base {escape(comparison.base)}, candidate {escape(comparison.candidate)};'
        f" {comparison.n:,} cases in both. What differs in the setup: {escape(setup)}.</p>"
    )
    if comparison.data:
        lines = "".join(f"<li>{escape(line)}</li>" for line in comparison.data)
        intro += (
            '<div class="note warn">The runs are not of the same data; only what they share is'
            f" compared.<ul>{lines}</ul></div>"
        )
    overall = comparison.overall
    reach = max((_reach(row) for row in overall if not report.is_cost(row.metric)), default=1.0)
    rows = [_row(report, row, reach) for row in overall]
    return f'{intro}{table(_HEADS, rows)}<p class="lead below">{_LEAD}</p>{_changes(comparison)}'


def _row(report: Report, row: Row, reach: float) -> str:
    colour = {"better": "good", "worse": "bad"}.get(row.verdict or "", "")
    chart = ""
    if row.difference is not None and not report.is_cost(row.metric):
        chart = difference_chart(row.metric, row.difference, row.interval, reach=reach, kind=colour)
    seen = small_line("" if row.detectable is None else f"could see {number(row.detectable)}")
    unpaired = f"{row.unpaired:,} cases in one run only" if row.unpaired else ""
    change = f"<b>{signed(row.difference)}</b>{interval_range(row.interval, sign=True)}"
    return (
        row_head(breakable(row.metric), unpaired)
        + cell(number(row.base), "n", "base")
        + cell(number(row.candidate), "n", "candidate")
        + cell(change, "n", "change")
        + cell(chart, "chart")
        + cell(p_value(row.p_holm), "n", "p")
        + cell(f'<span class="status {colour}">{row.verdict or ""}</span>{seen}')
    )


def _reach(row: Row) -> float:
    ends = [row.difference or 0.0]
    if row.interval:
        ends += [row.interval.low, row.interval.high]
    return max(abs(end) for end in ends) * 1.05


def _changes(comparison: Comparison) -> str:
    parts = []
    for kind, title in _TITLES:
        changes = comparison.of_kind(kind)
        if not changes:
            continue
        items = "".join(_change(change) for change in changes[:MOST_OF_A_KIND])
        if len(changes) > MOST_OF_A_KIND:
            more = len(changes) - MOST_OF_A_KIND
            items += f'<li class="quiet">… and {more:,} more: filter the cases below.</li>'
        body = f'<ul class="moves">{items}</ul>'
        heading = f"{title} ({len(changes):,})"
        if kind == "changed":
            parts.append(f'<details class="fold"><summary>{heading}</summary>{body}</details>')
        else:
            parts.append(f"<div><h3>{heading}</h3>{body}</div>")
    return "".join(parts) or '<p class="note good">Both runs answered every case alike.</p>'


def _change(change: CaseChange) -> str:
    fixed = change.kind == "fixed"
    metrics = ", ".join(flip.metric for flip in change.flips if flip.fixed == fixed)
    turned = f'<span class="quiet">{escape(metrics)}</span>' if metrics else ""
    return (
        f"<li>{case_link(change.case.id)}"
        f'<span lang="{lang_of(change.case.lang)}">{escape(change.case.turns[-1])}</span>'
        f"{turned}</li>"
    )
