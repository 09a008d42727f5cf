"""The report of a fit of the least support; written by the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evals.fitting.support_thresholds import (
    KEPT,
    Kind,
    Supports,
    auc,
    by_pair,
    held_out,
    kind_of,
    thresholds,
)

_MARGINS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1)
_SHOWN = (0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.54, 0.58, 0.62)
HEAD = """# Least support of a sentence

Written by `python -m evals.fitting.support`. Support is what `assistant.verify` computes: the mean
over a sentence's tokens of the best centred cosine with the passage's tokens, headings included.

"""


def report(sets: Sequence[Supports]) -> str:
    """What the sets say, in Markdown."""
    least = thresholds(sets)
    chosen = " and ".join(
        f"**{at:.2f}** {kind}" for kind, at in sorted(least.items(), reverse=True)
    )
    parts = [
        f"Chosen: {chosen}; the highest that keep {KEPT:.0%} of the faithful sentences in every "
        "language pair.",
        _sets(sets),
        _thresholds(sets, least),
        _held_out(held_out(sets)),
        _margins(sets),
    ]
    return "\n\n".join(parts)


def _sets(sets: Sequence[Supports]) -> str:
    lines = [
        ["set", "languages", "n", "AUC, nearest other", "AUC, chance", "5 %", "25 %", "median"]
    ]
    lines[0] += ["nearest, median", "nearest, 95 %"]
    for one in sets:
        five, quarter, half = np.quantile(one.own, (0.05, 0.25, 0.5)).tolist()
        near, high = np.quantile(one.near, (0.5, 0.95)).tolist()
        values = (auc(one.own, one.near), auc(one.own, one.far), five, quarter, half, near, high)
        shown = [f"{value:.3f}" for value in values]
        lines.append([one.name, one.pair, str(len(one.own)), *shown])
    return "Support of faithful sentences by quantile, and of the same with other passages:\n\n" + (
        _table(lines)
    )


def _thresholds(sets: Sequence[Supports], least: Mapping[Kind, float]) -> str:
    own, near, far = (by_pair(sets, kind) for kind in ("own", "near", "far"))
    lines = [["threshold", *(f"{pair}: {what}" for pair in own for what in ("kept", "let", "P"))]]
    for at in sorted({*_SHOWN, *(round(at, 2) for at in least.values())}):
        row = [f"{at:.2f}"]
        for pair in own:
            kept, let = float((own[pair] >= at).mean()), float((near[pair] >= at).mean())
            precision = kept / (kept + let) if kept + let else 1.0
            row += [f"{kept:.3f}", f"{let:.3f}", f"{precision:.3f}"]
        lines.append(row)
    by_chance = "; ".join(
        f"{pair}: {float((values >= least[kind_of(pair)]).mean()):.3f}"
        for pair, values in far.items()
    )
    return (
        "`kept`: faithful sentences at or above the threshold (recall). `let`: the same sentences "
        "with the nearest other passage. `P`: precision where both are equally frequent.\n\n"
        f"{_table(lines)}\n\nLet through with a passage by chance, by the threshold chosen: "
        f"{by_chance}."
    )


def _margins(sets: Sequence[Supports]) -> str:
    own, near = (by_pair(sets, kind) for kind in ("own", "near"))
    lines = [["margin", *(f"{pair}: {what}" for pair in own for what in ("lost", "let"))]]
    for margin in _MARGINS:
        row = [f"{margin:.2f}"]
        for pair in own:
            lost = float((near[pair] > own[pair] + margin).mean())
            let = float((near[pair] >= own[pair] - margin).mean())
            row += [f"{lost:.3f}", f"{let:.3f}"]
        lines.append(row)
    return (
        "The second rule: a sentence falls where another passage of the evidence meets it better "
        "than the cited one by more than a margin. `lost`: faithful sentences that fall, the "
        "nearest other passage being among the evidence. `let`: sentences that cite the nearest "
        f"other passage and stand, their own being among the evidence.\n\n{_table(lines)}"
    )


def _held_out(found: Mapping[str, tuple[float, float]]) -> str:
    said = "; ".join(
        f"{pair}: {kept:.3f} kept, {let:.3f} let" for pair, (kept, let) in found.items()
    )
    return f"With thresholds fitted on four fifths, on the fifth held out: {said}."


def _table(lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in lines[0][1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))
