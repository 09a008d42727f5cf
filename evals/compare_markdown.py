"""A comparison as Markdown, for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from evals.case_changes import KINDS, CaseChange
from evals.slices import OVERALL
from evals.word_diff import Span

if TYPE_CHECKING:
    from evals.compare import Comparison, Row

_SPECIAL = re.compile(r"([\\`*_~\[\]|#])")
_CHANCE = 0.05


def markdown(comparison: Comparison, most: int = 20) -> str:
    """Write a comparison as GitHub Markdown.

    Args:
        comparison: The comparison.
        most: How many cases of a kind to show.
    """
    parts = [
        "## Comparison",
        f"Base: {escaped(comparison.base)}  \nCandidate: {escaped(comparison.candidate)}",
    ]
    if comparison.data:
        lines = "".join(f"\n> - {escaped(line)}" for line in comparison.data)
        parts.append(f"> **The runs are not of the same data**; only shared cases count.{lines}")
    if comparison.setup:
        lines = "".join(f"\n- {escaped(line)}" for line in comparison.setup)
        parts.append(f"What differs:{lines}")
    elif not comparison.data:
        parts.append("Nothing differs in how the runs were set up.")
    parts.append(_overall(comparison.overall))
    parts.append(_slices([row for row in comparison.rows if row.slice != OVERALL]))
    counts = ", ".join(f"{len(comparison.of_kind(kind))} {kind}" for kind in KINDS)
    parts.append(f"### Cases: {counts}, of {comparison.n}")
    for kind in KINDS:
        changes = comparison.of_kind(kind)
        parts.extend(_case(change) for change in changes[:most])
        if len(changes) > most:
            parts.append(f"… and {len(changes) - most} more {kind}.")
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown and HTML leave as it is, on one line."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain).replace("\n", "<br>")


def marked(spans: Iterable[Span], tag: str) -> str:
    """Spans as Markdown on one line, changed ones within an HTML element.

    `**` would not do: between Chinese characters and punctuation it opens no emphasis
    (CommonMark 6.2).
    """
    return "".join(
        f"<{tag}>{escaped(span.text)}</{tag}>" if span.changed else escaped(span.text)
        for span in spans
    )


def _overall(rows: Sequence[Row]) -> str:
    lines = [
        "| metric | base | candidate | difference | p (Holm) | | detectable drop | cases |",
        "|---|--:|--:|--:|--:|---|--:|--:|",
    ]
    for row in rows:
        cells = [
            escaped(row.metric),
            *_values(row),
            _number(row.p_holm),
            row.verdict or "",
            _number(row.detectable),
            f"{row.n}" + (f" (+{row.unpaired} in one run only)" if row.unpaired else ""),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _slices(rows: Sequence[Row]) -> str:
    """Slices that differ; the raw p-values are hints, so the number due to chance is told."""
    tested = [row for row in rows if row.p is not None]
    shown = [row for row in tested if row.p is not None and row.p <= _CHANCE]
    if not tested:
        return ""
    if not shown:
        return f"None of {len(tested)} slices of metrics differs with p ≤ {_CHANCE:g}."
    intro = (
        f"{len(shown)} of {len(tested)} slices of metrics differ with p ≤ {_CHANCE:g}, where chance"
        f" alone gives up to {_CHANCE * len(tested):.0f}: a hint where to look, not a finding."
    )
    lines = ["| metric | slice | base | candidate | difference | p | cases |"]
    lines.append("|---|---|--:|--:|--:|--:|--:|")
    for row in shown:
        cells = [escaped(row.metric), escaped(row.slice), *_values(row), _number(row.p), f"{row.n}"]
        lines.append(f"| {' | '.join(cells)} |")
    return intro + "\n\n" + "\n".join(lines)


def _values(row: Row) -> list[str]:
    difference = "–" if row.difference is None else f"{row.difference:+.3f}"
    if row.interval:
        difference += f" [{row.interval.low:+.3f}, {row.interval.high:+.3f}]"
    return [_number(row.base), _number(row.candidate), difference]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value >= 0.001 or value == 0 else "< 0.001"


def _case(change: CaseChange) -> str:
    flips = "; ".join(
        f"{escaped(flip.metric)} {_number(flip.base)} → {_number(flip.candidate)}"
        + (f" ({escaped(flip.why)})" if flip.why else "")
        for flip in change.flips
    )
    base, candidate = change.spans
    lines = [
        f"**{change.kind}** {escaped(change.case.id)}" + (f": {flips}" if flips else ""),
        f"> {escaped(change.case.turns[-1])}",
        f"- base{_status(change.base.status)}: {marked(base, 'del')}\n"
        f"- candidate{_status(change.candidate.status)}: {marked(candidate, 'ins')}",
    ]
    if change.base.citations != change.candidate.citations:
        before, after = (
            escaped("; ".join(side.citations)) or "nothing"
            for side in (change.base, change.candidate)
        )
        lines[-1] += f"\n- cited: {before} → {after}"
    return "\n\n".join(lines)


def _status(status: str) -> str:
    return f" ({escaped(status)})" if status else ""
