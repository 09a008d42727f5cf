"""A run as Markdown that is short enough for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from evals.cases import Case
from evals.compare import Comparison
from evals.compare_markdown import escaped, marked
from evals.gates import GateOutcome
from evals.json_lines import write_bytes
from evals.metrics import Metric
from evals.records import Record
from evals.reports.report import (
    Report,
    asked_of,
    number,
    p_value,
    reason_of,
    signed,
    told,
    verdict_line,
)
from evals.scored_run import ScoredRun
from evals.statistics import Interval
from evals.summary import Summary
from evals.word_diff import Span

MOST_CASES = 10
"""Cases that are told in full; of the rest the ids."""
_MOST_IDS = 50
_MOST_CHARACTERS = 400
# What is left at either end of a long stretch that both answers share.
_CONTEXT = 20
_SIGNS = {"failed": "❌", "unknown": "❔", "passed": "✅"}


def write_markdown(
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
    text = markdown(Report(run, metrics, summary, gates, comparison))
    write_bytes(path, text.encode(errors="replace"))


def markdown(report: Report) -> str:
    """The report as GitHub Markdown.

    With a comparison, the cases that are told are the broken ones; without, the failed ones.

    Args:
        report: What is reported.
    """
    return "\n\n".join(_parts(report)) + "\n"


def _parts(report: Report) -> Iterator[str]:
    counts = report.counts
    yield f"## {_text(report.title)}: {verdict_line(report.gates).lower()}"
    told = [f"{counts['passed']:,} passed", f"{counts['failed']:,} failed"]
    told += [f"{counts['error']:,} errors"] * bool(counts["error"])
    told += [f"{counts['unjudged']:,} not judged"] * bool(counts["unjudged"])
    facts = f"Run {_text(report.run.name)}: {len(report.outcomes):,} cases, {', '.join(told)}."
    if report.comparison:
        facts += f" Compared with {_text(report.comparison.base)}."
    yield facts
    if report.summary.missing:
        missing = f"{report.summary.missing:,} cases are not fully answered yet"
        yield f"> {missing}; finish with `--resume`."
    if report.partial:
        yield "> Only a part of the suite was run, so its gates were not judged."
    if report.comparison and report.comparison.data:
        lines = "".join(f"\n> - {_text(line)}" for line in report.comparison.data)
        yield f"> **The runs are not of the same data**; only what they share is compared.{lines}"
    yield from _gates(report.gates)
    yield _metrics(report)
    if report.comparison:
        yield from _changes(report, report.comparison)
    else:
        yield from _failed(report)


def _gates(gates: Sequence[GateOutcome]) -> Iterator[str]:
    if not gates:
        return
    order = list(_SIGNS)
    lines = ["| | gate | asked | why |", "|---|---|---|---|"]
    for outcome in sorted(gates, key=lambda gate: order.index(gate.outcome)):
        cells = [
            f"{_SIGNS[outcome.outcome]} {outcome.outcome}",
            _text(outcome.gate.place),
            _text(asked_of(outcome.gate)),
            _text(reason_of(outcome)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    yield "\n".join(lines)


def _metrics(report: Report) -> str:
    comparison = report.comparison
    heads, aligned = ["metric", "score", "95 % interval", "cases"], ["---", "--:", "---", "--:"]
    rows = {row.metric: row for row in comparison.overall} if comparison else {}
    if comparison:
        heads += ["change", "95 % interval", "p (Holm)", ""]
        aligned += ["--:", "---", "--:", "---"]
    lines = [f"| {' | '.join(heads)} |", f"|{'|'.join(aligned)}|"]
    for name in report.summary.metrics:
        cell = report.summary.cell(name)
        counted = f"{cell.n:,}" + f" (+{cell.unscored:,} unscored)" * bool(cell.unscored)
        cells = [_text(name), number(cell.value), _range(cell.interval), counted]
        if comparison and (row := rows.get(name)):
            verdict = row.verdict or ""
            cells += [
                signed(row.difference),
                _range(row.interval, sign=True),
                p_value(row.p_holm),
                f"**{verdict}**" if verdict in ("better", "worse") else verdict,
            ]
        elif comparison:
            cells += ["–", "", "–", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _changes(report: Report, comparison: Comparison) -> Iterator[str]:
    broken, fixed = comparison.of_kind("broken"), comparison.of_kind("fixed")
    changed = comparison.of_kind("changed")
    yield (
        f"**{len(broken):,} broken**, {len(fixed):,} fixed, {len(changed):,} changed, of"
        f" {comparison.n:,} cases."
    )
    for change in broken[:MOST_CASES]:
        base, candidate = change.spans
        flips = [f"- {_text(told(flip))}" for flip in change.flips]
        sides = [
            f"- {name}{_status(side.status)}: {_mentions(marked(_short(spans), tag))}"
            for name, side, spans, tag in (
                ("base", change.base, base, "del"),
                ("candidate", change.candidate, candidate, "ins"),
            )
        ]
        if change.base.citations != change.candidate.citations:
            before, after = (
                "; ".join(side.citations) or "nothing" for side in (change.base, change.candidate)
            )
            sides.append(f"- cited: {_text(before)} → {_text(after)}")
        yield _folded(change.case, [*flips, *sides])
    yield from _further("broken", [change.case.id for change in broken[MOST_CASES:]])
    if fixed:
        names = [change.case.id for change in fixed]
        yield f"<details><summary>{len(fixed):,} fixed</summary>\n\n{_ids(names)}\n\n</details>"


def _failed(report: Report) -> Iterator[str]:
    wrong = [name for name, found in report.outcomes.items() if found.kind in ("failed", "error")]
    for name in wrong[:MOST_CASES]:
        case = report.run.cases[name]
        lines = [f"- {_text(why)}" for why in report.outcomes[name].why]
        records = report.run.records_of(name)
        lines += [f"- answer{_answered(record)}" for record in records[:1] if record.answer]
        yield _folded(case, lines)
    yield from _further("failed", wrong[MOST_CASES:])


def _answered(record: Record) -> str:
    answer = record.answer or {}
    text = str(answer.get("text") or answer.get("verdict") or "")
    if not text:
        found = answer.get("results")
        count = len(found) if isinstance(found, list) else 0
        return f": {count} results"
    return f"{_status(str(answer.get('status') or ''))}: {_text(text)}"


def _folded(case: Case, lines: Sequence[str]) -> str:
    """A case behind a line to click on; what stands in `summary` is HTML, not Markdown."""
    question = " ".join(case.turns[-1].split()) if case.turns else ""
    title = _mentions(escape(f"{case.id}: {question}", quote=False))
    body = "\n".join(lines)
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _further(kind: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"… and {len(names):,} more {kind}: {_ids(names)}"


def _ids(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_IDS
    listed = ", ".join(_text(name) for name in names[:_MOST_IDS])
    return listed + (f" and {rest:,} more" if rest > 0 else "")


def _range(interval: Interval | None, *, sign: bool = False) -> str:
    if interval is None:
        return ""
    shown = signed if sign else number
    return f"{shown(interval.low)} to {shown(interval.high)}"


def _short(spans: Sequence[Span]) -> list[Span]:
    """Spans of which the unchanged keep their ends only, up to a bound on all together."""
    found, room = [], _MOST_CHARACTERS
    for index, span in enumerate(spans):
        text = span.text
        if not span.changed and len(text) > 3 * _CONTEXT:
            head = text[:_CONTEXT] if index else ""
            tail = text[-_CONTEXT:] if index < len(spans) - 1 else ""
            text = f"{head} … {tail}"
        found.append(Span(text if len(text) <= room else f"{text[:room]} …", span.changed))
        room -= len(text)
        if room <= 0:
            break
    return found


def _status(status: str) -> str:
    return f" ({_text(status)})" if status else ""


def _text(text: str) -> str:
    """Text on one line that means nothing to Markdown; long text is cut."""
    short = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    return _mentions(escaped(short))


def _mentions(text: str) -> str:
    """A text that notifies nobody."""
    return text.replace("@", "&#64;")
