"""Pieces of HTML that the sections of the page share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from evals.reports import charts
from evals.reports.report import Report, number, signed
from evals.statistics import Interval
from evals.summary import Cell

INTERVAL = "With its 95 % interval"
_NUMERIC = {"Score", "Cases", "Base", "Candidate", "Change", "p (Holm)", "p50", "p95", "Answers"}


def table(heads: Sequence[str], rows: Sequence[str]) -> str:
    """A table that a narrow window shows as a list; the roles survive that.

    Args:
        heads: Names of the columns.
        rows: The cells of each row, as HTML.
    """
    head = "".join(
        f'<th scope="col" role="columnheader"{" class=n" * (name in _NUMERIC)}>{escape(name)}</th>'
        for name in heads
    )
    body = "".join(f'<tr role="row">{row}</tr>' for row in rows)
    return (
        f'<table class="stack" role="table"><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def row_head(label: str, small: str = "") -> str:
    """The cell that names a row; both are HTML."""
    below = f"<small>{small}</small>" if small else ""
    return f'<th scope="row" role="rowheader">{label}{below}</th>'


def cell(content: str, kind: str = "", name: str = "") -> str:
    """A cell.

    Args:
        content: As HTML.
        kind: Classes: `n` numbers, `chart`, `all` the whole width of a narrow window.
        name: What stands before it in a narrow window, which shows no column heads.
    """
    classes = f' class="{kind}"' if kind else ""
    data = f' data-name="{escape(name)}"' if name else ""
    return f'<td role="cell"{classes}{data}>{content}</td>'


def value_cells(report: Report, of: Cell, *, top: float, limit: float | None = None) -> str:
    """Score, chart and number of cases of a metric on a slice.

    Args:
        report: What is reported.
        of: The metric on the slice.
        top: The value at the right edge of the chart; 0 for no chart.
        limit: A bound to mark.
    """
    extra = [f"{of.unscored:,} unscored"] * bool(of.unscored)
    extra += [f"{of.errors:,} without answer"] * bool(of.errors)
    chart = ""
    if of.value is not None and top:
        said = f"{of.metric} {number(of.value)}{_said(of.interval)}"
        chart = charts.bar(of.value, of.interval, top=top, limit=limit, label=said)
    return (
        cell(f"<b>{number(of.value)}</b>{interval_range(of.interval)}", "n")
        + cell(chart, "chart")
        + cell(f"{of.n:,}{small_line(', '.join(extra))}", "n", "cases")
    )


def difference_chart(
    name: str, value: float, interval: Interval | None, *, reach: float, kind: str
) -> str:
    """A difference drawn around zero; see `charts.difference`."""
    label = f"{name} {signed(value)}{_said(interval)}"
    return charts.difference(value, interval, reach=reach, kind=kind, label=label)


def interval_range(interval: Interval | None, *, sign: bool = False) -> str:
    """An interval as a small line below its value; nothing where there is none."""
    if interval is None:
        return ""
    shown = signed if sign else number
    return small_line(f"{shown(interval.low)} to {shown(interval.high)}")


def small_line(text: str) -> str:
    """A small line below a value; nothing where it is empty."""
    return f'<span class="range">{escape(text)}</span>' if text else ""


def breakable(name: str) -> str:
    """A long name that may break behind `_`."""
    return escape(name).replace("_", "_<wbr>")


def case_link(case: str) -> str:
    """A link to a case of the page."""
    return f'<a href="#case-{escape(quote(case, safe=""))}">{escape(case)}</a>'


def lang_of(lang: str) -> str:
    """A case's language as HTML's `lang`."""
    return escape("zh-Hans" if lang == "zh" else lang)


def _said(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f", {interval.level:.0%} interval {number(interval.low)} to {number(interval.high)}"
