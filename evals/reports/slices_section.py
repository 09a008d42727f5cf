"""The slices of the HTML page: each metric by language, tag and policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from evals.compare import Comparison, Row
from evals.reports.markup import (
    INTERVAL,
    breakable,
    cell,
    interval_range,
    row_head,
    table,
    value_cells,
)
from evals.reports.report import Report, signed
from evals.slices import KINDS, OVERALL
from evals.summary import Cell

MOST_OF_A_KIND = 40
"""Slices of a kind that are shown: an external set has as many policies as documents."""
_KIND_NAMES = {"lang": "language", "tag": "tag", "policy": "policy"}
_LANGUAGES = {"zh": "Chinese", "en": "English"}


def slices(report: Report) -> str:
    """The section; empty where the run has no slices."""
    summary = report.summary
    by_metric: dict[str, list[Cell]] = {}
    for found in summary.cells:
        if found.slice != OVERALL and (found.n or found.unscored):
            by_metric.setdefault(found.metric, []).append(found)
    if not by_metric:
        return ""
    heads = ["Slice", "Score", INTERVAL, "Cases", *(["Change"] if report.comparison else [])]
    panels = []
    for metric, cells in by_metric.items():
        overall = summary.cell(metric)
        rows = list(_rows(report, overall, cells))
        panels.append(
            f'<div data-slices="{escape(metric)}"><h3>{breakable(metric)}</h3>'
            f"{table(heads, rows)}</div>"
        )
    options = "".join(f"<option>{escape(metric)}</option>" for metric in by_metric)
    return (
        '<div class="field" hidden><label for="slice-metric">Metric</label>'
        f'<select id="slice-metric">{options}</select></div>{"".join(panels)}'
    )


def _rows(report: Report, overall: Cell, cells: Sequence[Cell]) -> Iterator[str]:
    top = 1.0
    if report.is_cost(overall.metric):
        top = max(c.interval.high if c.interval else c.value or 0.0 for c in (overall, *cells))
    yield _row(report, overall, top)
    for kind in KINDS:
        of_kind = [found for found in cells if found.slice.startswith(f"{kind}=")]
        largest = sorted(of_kind, key=lambda found: -found.n)[:MOST_OF_A_KIND]
        shown = {found.slice for found in largest}
        yield from (_row(report, found, top) for found in of_kind if found.slice in shown)
        if len(of_kind) > len(shown):
            left = len(of_kind) - len(shown)
            yield (
                f'<td role="cell" colspan="5" class="all quiet">{left:,} smaller slices by'
                f" {_KIND_NAMES[kind]} are not shown.</td>"
            )


def _row(report: Report, of: Cell, top: float) -> str:
    kind, _, name = of.slice.partition("=")
    if of.slice == OVERALL:
        label = "All cases"
    else:
        said = _LANGUAGES.get(name, name) if kind == "lang" else name
        label = f'{breakable(said)} <span class="quiet">{_KIND_NAMES.get(kind, kind)}</span>'
    change = ""
    if report.comparison:
        row = _compared(report.comparison, of)
        shown = f"{signed(row.difference)}{interval_range(row.interval, sign=True)}" if row else "–"
        change = cell(shown, "n", "change")
    return row_head(label) + value_cells(report, of, top=top) + change


def _compared(comparison: Comparison, of: Cell) -> Row | None:
    try:
        return comparison.row(of.metric, of.slice)
    except KeyError:
        return None
