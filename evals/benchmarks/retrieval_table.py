"""The retrieval benchmark's numbers as a Markdown table, row by row as sets are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.benchmarks.measuring import LATENCY, QUALITY, Value

_TITLES = ("R@1", "R@5", "R@10", "success@1", "MRR", "nDCG@10", "median ms", "p95 ms")
_INTERVAL_WIDTH = len("0.123 (0.123–0.123)")
_NUMBER_WIDTH = len("0.123")
_SYSTEM_WIDTH = len("peer ensemble")


@dataclass(frozen=True)
class SetResult:
    """What one set came to.

    Attributes:
        name: The set.
        about: What it is.
        unit: What a result is, `section` or `document`.
        k: How many results a search gives.
        digests: Digests of its cases and its corpus, and the embedder's fingerprint.
        systems: By system, by metric.
        notes: What has to be said of a system on this set.
    """

    name: str
    about: str
    unit: str
    k: int
    digests: Mapping[str, str]
    systems: Mapping[str, Mapping[str, Value]]
    notes: Sequence[str]


def header(names: Sequence[str]) -> str:
    """The first two lines of the table, wide enough for these sets."""
    columns = _columns(names)
    titles = ("set", "system", *_TITLES)
    rule = "|".join(("", *("-" * (width + 2) for width in columns[:2])))
    rule += "|" + "|".join(f"{'-' * (width + 1)}:" for width in columns[2:]) + "|"
    return f"{_line(titles, columns)}\n{rule}"


def rows(result: SetResult, names: Sequence[str]) -> str:
    """The lines of one set.

    Args:
        result: The set.
        names: The sets of the table, as in `header`.
    """
    lines = []
    for system, values in result.systems.items():
        cells = [_quality(values[name]) for name in QUALITY]
        cells += [_milliseconds(values[name]) for name in LATENCY]
        lines.append(_line((result.name, system, *cells), _columns(names)))
    return "\n".join(lines)


def notes(results: Sequence[SetResult], peers: Mapping[str, str]) -> str:
    """What stands below the table: the sets, how intervals and times came about, the peers.

    Args:
        results: The sets.
        peers: What each peer is; empty where none was asked.
    """
    said = [
        "In parentheses: 95 % intervals (bootstrap over clusters of cases). A set's systems are "
        "asked in turn. A search of ours embeds the query and asks both retrievers, whichever of "
        "`lexical`, `dense`, `fused` and `rerank` ranks."
    ]
    said += [f"`{name}`: {what}." for name, what in peers.items()]
    for result in results:
        judged = next(iter(result.systems.values()))[QUALITY[0]].n
        remarks = "; ".join((f"{judged} questions", f"k = {result.k}", *result.notes))
        said.append(f"`{result.name}`: {result.about} {remarks}.")
    return "\n".join(f"- {words}" for words in said)


def _columns(names: Sequence[str]) -> list[int]:
    widths = [max(map(len, ("set", *names))), _SYSTEM_WIDTH]
    for title, metric in zip(_TITLES, (*QUALITY, *LATENCY), strict=True):
        widths.append(_INTERVAL_WIDTH if metric in QUALITY else max(_NUMBER_WIDTH, len(title)))
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True)]
    padded += [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return f"| {' | '.join(padded)} |"


def _quality(value: Value) -> str:
    if value.value is None:
        return "–"
    shown = f"{value.value:.3f}"
    if value.interval:
        shown += f" ({value.interval.low:.3f}–{value.interval.high:.3f})"
    return shown


def _milliseconds(value: Value) -> str:
    return "–" if value.value is None else f"{value.value:.1f}"
