"""The upper part of the HTML page: verdict, scores and gates, then the other sections in order.

Plain HTML that needs no script. The cases below it are drawn by the page's script.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from evals.reports.comparison_section import comparison_section
from evals.reports.markup import INTERVAL, breakable, cell, row_head, table, value_cells
from evals.reports.report import Report, asked_of, reason_of, verdict_line
from evals.reports.run_section import latency, setup
from evals.reports.slices_section import slices
from evals.slices import OVERALL

_LOOKS = {
    "failed": ("bad", "✗", "failed"),
    "unknown": ("warn", "?", "unknown"),
    "passed": ("good", "✓", "holds"),
}
_ORDER = tuple(_LOOKS)
_SCORES_LEAD = (
    "The interval says where the score may lie, given how few cases there are; cases of one pair or"
    " conversation are not taken for independent. A dashed line is the bound of a gate."
)


def overview(report: Report) -> tuple[str, str]:
    """The sections above the cases.

    Args:
        report: What is reported.

    Returns:
        The links of the page's navigation, and the sections.
    """
    found = {
        "scores": ("Scores", _scores(report)),
        "gates": ("Gates", _gates(report)),
        "comparison": ("Against the base", comparison_section(report)),
        "slices": ("Slices", slices(report)),
        "latency": ("Latency", latency(report)),
        "setup": ("Setup", setup(report)),
    }
    sections = {name: section for name, section in found.items() if section[1]}
    links = [(name, title) for name, (title, _) in sections.items()]
    navigation = "".join(
        f'<a href="#{name}">{title}</a>' for name, title in (*links, ("cases", "Cases"))
    )
    drawn = "\n".join(
        f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{title}</h2>'
        f"{body}</section>"
        for name, (title, body) in sections.items()
    )
    return navigation, f"{_head(report)}\n{drawn}"


def _head(report: Report) -> str:
    run, summary = report.run, report.summary
    repeated = f", {summary.records:,} answers" if summary.records != summary.cases else ""
    facts = [f"Run {run.name}", f"{summary.cases:,} cases{repeated}"]
    started = str(run.manifest.get("started_at") or "")
    if started and started not in run.name:
        facts.append(f"started {started}")
    form = run.manifest.get("form")
    about = str(form.get("about") or "") if isinstance(form, Mapping) else ""
    tiles = "".join(
        f'<div class="tile {kind}"><b>{value}</b><span>{what}</span></div>'
        for kind, value, what in _tiles(report)
    )
    return (
        f"<h1>{escape(report.title)}</h1><p>{escape(' · '.join(facts))}</p>"
        + (f'<p class="about">{escape(about)}</p>' if about else "")
        + f'<div class="tiles">{tiles}</div>{_warnings(report)}'
    )


def _tiles(report: Report) -> list[tuple[str, str, str]]:
    """Colour, number and words of each."""
    counts, gates = report.counts, report.gates
    outcomes = {gate.outcome for gate in gates}
    worst = next((outcome for outcome in _ORDER if outcome in outcomes), None)
    holding = sum(gate.outcome == "passed" for gate in gates)
    judged = f"{holding} of {len(gates)}" if gates else "None"
    tiles = [
        (_LOOKS[worst][0] if worst else "", judged, "gates hold" if gates else "no gate judged"),
        ("good" if counts["passed"] else "", f"{counts['passed']:,}", "cases pass every metric"),
        ("bad" if counts["failed"] else "", f"{counts['failed']:,}", "cases fail a metric"),
        ("warn" if counts["error"] else "", f"{counts['error']:,}", "errors"),
    ]
    if counts["unjudged"]:
        tiles.append(("", f"{counts['unjudged']:,}", "not judged"))
    if report.comparison:
        broken = len(report.comparison.of_kind("broken"))
        fixed = len(report.comparison.of_kind("fixed"))
        tiles.append(("bad" if broken else "", f"{broken:,}", "broken against the base"))
        tiles.append(("good" if fixed else "", f"{fixed:,}", "fixed against the base"))
    return tiles


def _warnings(report: Report) -> str:
    found = []
    if report.summary.missing:
        found.append(
            f"{report.summary.missing:,} of {report.summary.cases:,} cases are not fully answered"
            " yet: finish the run with --resume."
        )
    if report.partial:
        found.append("Only a part of the suite was run, so its gates were not judged.")
    return "".join(f'<p class="note warn">{escape(line)}</p>' for line in found)


def _scores(report: Report) -> str:
    rows = []
    for name in report.summary.metrics:
        known = report.metrics.get(name)
        about = [escape(report.about(name))]
        if known and known.kind == "judge":
            about.append("<b>Judged by a model: advisory.</b>")
        if known and not known.higher_is_better:
            about.append("Lower is better.")
        rows.append(
            row_head(breakable(name), " ".join(filter(None, about)))
            + value_cells(
                report,
                report.summary.cell(name),
                top=0.0 if report.is_cost(name) else 1.0,
                limit=_limit(report, name),
            )
        )
    heads = ("Metric", "Score", INTERVAL, "Cases")
    return f'<p class="lead">{_SCORES_LEAD}</p>{table(heads, rows)}'


def _limit(report: Report, metric: str) -> float | None:
    """The bound of the metric's gate over all cases."""
    for gate in (outcome.gate for outcome in report.gates):
        if gate.metric == metric and gate.slice in (None, OVERALL):
            return gate.at_least if gate.at_least is not None else gate.at_most
    return None


def _gates(report: Report) -> str:
    if not report.gates:
        return f'<p class="quiet">{verdict_line(())}.</p>'
    rows = []
    for outcome in sorted(report.gates, key=lambda gate: _ORDER.index(gate.outcome)):
        colour, sign, word = _LOOKS[outcome.outcome]
        said = f'<span aria-hidden="true">{sign}</span> {word}'
        rows.append(
            cell(f'<span class="status {colour}">{said}</span>', "all")
            + row_head(breakable(outcome.gate.place), escape(asked_of(outcome.gate)))
            + cell(escape(reason_of(outcome)), "all")
        )
    lead = f'<p class="lead">{verdict_line(report.gates)}.</p>'
    return lead + table(("Outcome", "Gate", "Why"), rows)
