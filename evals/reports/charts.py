"""Charts as inline SVG: bars with whiskers, differences around zero, a histogram.

Colours come from the page's style sheet; what a chart shows is also said in words (`aria-label`).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from evals.statistics import Interval

_WIDTH, _HEIGHT = 200.0, 18.0
_EDGE = 2.0
_BINS = 30


def bar(
    value: float,
    interval: Interval | None = None,
    *,
    top: float = 1.0,
    limit: float | None = None,
    label: str = "",
) -> str:
    """A bar from zero with the whisker of its interval.

    Args:
        value: Where the bar ends.
        interval: Where the whisker reaches.
        top: The value at the right edge.
        limit: A bound to mark, such as a gate's.
        label: What the chart says, in words.
    """
    scale = (_WIDTH - 2 * _EDGE) / (top or 1.0)

    def at(x: float) -> float:
        return _EDGE + min(max(x, 0.0), top) * scale

    parts = [
        f'<rect class="track" x="{_EDGE:g}" y="4" width="{_WIDTH - 2 * _EDGE:g}" height="10"/>',
        f'<rect class="value" x="{_EDGE:g}" y="4" width="{at(value) - _EDGE:.1f}" height="10"/>',
    ]
    if interval:
        parts.append(_whisker(at(interval.low), at(interval.high)))
    if limit is not None and 0 <= limit <= top:
        parts.append(f'<path class="limit" d="M{at(limit):.1f} 0V{_HEIGHT:g}"/>')
    return _svg(_WIDTH, _HEIGHT, label, parts)


def difference(
    value: float, interval: Interval | None, *, reach: float, kind: str = "", label: str = ""
) -> str:
    """A dot with its whisker on a line whose middle is zero.

    Args:
        value: The difference.
        interval: Its margin.
        reach: The difference at either edge.
        kind: `good`, `bad` or nothing, for the dot's colour.
        label: What the chart says, in words.
    """
    middle = _WIDTH / 2
    scale = (middle - 5) / (reach or 1.0)

    def at(x: float) -> float:
        return middle + min(max(x, -reach), reach) * scale

    line = f'<path class="zero" d="M{middle:g} 0V{_HEIGHT:g}"/>'
    track = f'<rect class="track" x="0" y="8" width="{_WIDTH:g}" height="2"/>'
    parts = [track, line]
    if interval:
        parts.append(_whisker(at(interval.low), at(interval.high)))
    dot = f"dot {kind}".strip()
    parts.append(f'<circle class="{dot}" cx="{at(value):.1f}" cy="9" r="4"/>')
    return _svg(_WIDTH, _HEIGHT, label, parts)


def histogram(values: Sequence[float], marks: Sequence[tuple[str, float]], label: str) -> str:
    """How values are spread, with some of them marked; what lies far out shares the last bar.

    Args:
        values: At least one, in milliseconds.
        marks: Names and values to mark, in order of value.
        label: What the chart says, in words.
    """
    width, height, top, foot = 640.0, 170.0, 34.0, 20.0
    data = np.asarray(values, dtype=np.float64)
    last = float(np.percentile(data, 99)) * 1.05 or 1.0
    counts, _ = np.histogram(np.minimum(data, last), bins=_BINS, range=(0.0, last))
    step = width / _BINS
    room = height - top - foot
    parts = []
    for index, count in enumerate(counts.tolist()):
        if not count:
            continue
        tall = max(1.5, room * count / int(counts.max()))
        begin, end = index * last / _BINS, (index + 1) * last / _BINS
        more = " and more" if index == _BINS - 1 and float(data.max()) > last else ""
        tip = escape(f"{begin:,.0f} to {end:,.0f} ms{more}: {count}")
        parts.append(
            f'<rect class="value" x="{index * step + 1:.1f}" y="{height - foot - tall:.1f}"'
            f' width="{step - 2:.1f}" height="{tall:.1f}"><title>{tip}</title></rect>'
        )
    parts.append(f'<path class="zero" d="M0 {height - foot:g}H{width:g}"/>')
    for row, (name, value) in enumerate(marks):
        x = min(value, last) / last * width
        right = x > width * 0.75
        anchor, shift = ("end", -4) if right else ("start", 4)
        parts.append(f'<path class="limit" d="M{x:.1f} {row * 15:g}V{height - foot:g}"/>')
        parts.append(
            f'<text x="{x + shift:.1f}" y="{row * 15 + 11:g}" text-anchor="{anchor}">'
            f"{escape(name)} {value:,.0f} ms</text>"
        )
    parts.append(f'<text x="0" y="{height - 5:g}">0</text>')
    edge = f"{last:,.0f} ms" + (" and more" if float(data.max()) > last else "")
    parts.append(f'<text x="{width:g}" y="{height - 5:g}" text-anchor="end">{edge}</text>')
    return _svg(width, height, label, parts)


def _whisker(low: float, high: float) -> str:
    return f'<path class="whisker" d="M{low:.1f} 5V13M{low:.1f} 9H{high:.1f}M{high:.1f} 5V13"/>'


def _svg(width: float, height: float, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
