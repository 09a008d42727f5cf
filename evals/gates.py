"""Gates: what must hold of a run for it to pass.

A bound on a value is plain. A drop against a baseline must be larger than allowed *and* more than
chance gives, whatever the number of gates; a gate says what drop it could have seen at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from evals.aggregates import is_mean, scored
from evals.errors import SuiteError
from evals.metrics import Metric
from evals.pairs import Pairs, pair
from evals.scored_run import ScoredRun, data_differences
from evals.slices import KINDS, OVERALL
from evals.statistics import holm
from evals.summary import margin

Outcome = Literal["passed", "failed", "unknown"]
_SEVERITY: tuple[Outcome, ...] = ("passed", "unknown", "failed")
_KEYS = {"metric", "min", "max", "drop", "slice", "level"}
_SLACK = 1e-9


@dataclass(frozen=True)
class Gate:
    """What must hold of a metric.

    Attributes:
        metric: The metric's name.
        at_least: Least value.
        at_most: Greatest value.
        max_drop: How much worse than the baseline it may be, in units of the metric.
        slice: Such as `lang=zh`; all cases where not given.
        level: The chance of a false alarm that is accepted, over all gates on drops together.
    """

    metric: str
    at_least: float | None = None
    at_most: float | None = None
    max_drop: float | None = None
    slice: str | None = None
    level: float = 0.05

    @property
    def place(self) -> str:
        """Metric and slice, for messages."""
        return self.metric + (f" ({self.slice})" if self.slice else "")


@dataclass(frozen=True)
class GateOutcome:
    """What came of a gate.

    Attributes:
        gate: The gate.
        outcome: `unknown` where there is nothing to judge: not finished, nothing scored, no
            baseline of the same data.
        reason: One line for people.
        value: The metric's value.
        baseline: Its value in the baseline, over the cases that both runs scored.
        drop: How much worse it is than the baseline.
        p: One-sided p-value of the drop, adjusted for the number of gates.
        detectable: The smallest drop that would have been found four times in five.
    """

    gate: Gate
    outcome: Outcome
    reason: str
    value: float | None = None
    baseline: float | None = None
    drop: float | None = None
    p: float | None = None
    detectable: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The outcome as a JSON object."""
        return asdict(self)


def parse_gate(said: Mapping[str, Any], where: str = "gate") -> Gate:
    """Read a gate from the suite's keys: `metric`, `min`, `max`, `drop`, `slice`, `level`.

    Args:
        said: What the suite says; `None` is as good as nothing.
        where: File and line, for messages.

    Raises:
        SuiteError: Something is missing, unknown or impossible.
    """
    said = {key: value for key, value in said.items() if value is not None}
    if unknown := sorted(said.keys() - _KEYS):
        raise SuiteError(f"{where}: unknown {', '.join(unknown)}; use {', '.join(sorted(_KEYS))}")
    metric = said.get("metric")
    if not isinstance(metric, str) or not metric:
        raise SuiteError(f"{where}: names no metric; add `metric:`")
    bounds: dict[str, float] = {}
    for key in ("min", "max", "drop", "level"):
        value = said.get(key, 0.05 if key == "level" else None)
        if value is None:
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise SuiteError(f"{where}: {key} is {value!r}; it must be a number")
        bounds[key] = float(value)
    level = bounds.pop("level")
    if not bounds:
        raise SuiteError(f"{where}: the gate on {metric} has no bound; add min, max or drop")
    if bounds.get("drop", 0.0) < 0:
        raise SuiteError(f"{where}: drop is {bounds['drop']:g}; say how much worse is allowed, ≥ 0")
    if not 0 < level < 1:
        raise SuiteError(f"{where}: level is {level:g}; it must lie between 0 and 1")
    if bounds.get("min", -math.inf) > bounds.get("max", math.inf):
        raise SuiteError(f"{where}: min is above max, nothing can pass; swap them")
    slice_ = said.get("slice")
    if slice_ is not None and slice_ != OVERALL:
        kind, _, name = str(slice_).partition("=")
        if kind not in KINDS or not name:
            raise SuiteError(f"{where}: slice is {slice_!r}; write {'=…, '.join(KINDS)}=…")
    return Gate(metric, bounds.get("min"), bounds.get("max"), bounds.get("drop"), slice_, level)


def judge_gates(
    gates: Sequence[Gate],
    run: ScoredRun,
    metrics: Mapping[str, Metric],
    baseline: ScoredRun | None = None,
    *,
    permutations: int = 9999,
    seed: int = 0,
) -> tuple[GateOutcome, ...]:
    """Judge a run by its gates.

    Drops are tested one-sided by the paired tests of `evals.pairs` and adjusted by Holm over all
    gates on drops, so that a run that is no worse fails one of them with a chance of `level`.

    Args:
        gates: The gates.
        run: The run to judge.
        metrics: The metrics, by name.
        baseline: The run that drops are measured from.
        permutations: Of the tests.
        seed: Of the tests and intervals.

    Returns:
        An outcome for each gate, in their order.
    """
    differences = data_differences(baseline, run) if baseline else []
    pairs: dict[int, Pairs] = {}
    p_values: dict[int, float] = {}
    for number, gate in enumerate(gates):
        if gate.max_drop is None or baseline is None or differences or gate.metric not in metrics:
            continue
        pairs[number] = pair(metrics[gate.metric], baseline, run, gate.slice or OVERALL)
        p = pairs[number].p_worse(permutations, seed)
        if p is not None:
            p_values[number] = p
    adjusted = dict(zip(p_values, holm(list(p_values.values())), strict=True))
    outcomes = []
    for number, gate in enumerate(gates):
        if gate.metric not in metrics or run.missing:
            reason = "this metric was not run; add it to the suite's metrics"
            if gate.metric in metrics:
                count = f"{len(run.missing)} of {len(run.cases)}"
                reason = f"{count} cases have no answer yet; finish with --resume"
            outcomes.append(GateOutcome(gate, "unknown", f"{gate.place}: {reason}"))
            continue
        parts = [_bounds(gate, run, metrics[gate.metric], seed)]
        if gate.max_drop is not None:
            if number in adjusted:
                parts.append(_drop(gate, pairs[number], adjusted[number], len(adjusted)))
            else:
                parts.append(GateOutcome(gate, "unknown", _no_drop(baseline, differences)))
        outcomes.append(_together(gate, parts))
    return tuple(outcomes)


def _bounds(gate: Gate, run: ScoredRun, metric: Metric, seed: int) -> GateOutcome:
    judged = scored(run.scores_of(gate.metric, gate.slice or OVERALL))
    value = metric.aggregate(judged) if judged else None
    if value is None:
        return GateOutcome(gate, "unknown", "nothing was scored")
    low, high = gate.at_least, gate.at_most
    if low is None and high is None:
        return GateOutcome(gate, "passed", "", value)
    interval = margin(metric, judged, run.cases, is_mean(metric, judged), resamples=999, seed=seed)
    shown = f"{value:.3f}"
    if interval:
        shown += f" ({interval.level:.0%} interval {interval.low:.3f} to {interval.high:.3f})"
    if low is not None and value < low - _SLACK:
        return GateOutcome(gate, "failed", f"{shown} is below {low:g}", value)
    if high is not None and value > high + _SLACK:
        return GateOutcome(gate, "failed", f"{shown} is above {high:g}", value)
    bounds = {"at least": low, "at most": high}
    asked = [f"{side} {bound:g}" for side, bound in bounds.items() if bound is not None]
    return GateOutcome(gate, "passed", f"{shown} is {' and '.join(asked)}", value)


def _drop(gate: Gate, pairs: Pairs, p: float, tests: int) -> GateOutcome:
    before, after = pairs.values
    drop = pairs.drop
    if drop is None or gate.max_drop is None:
        return GateOutcome(gate, "unknown", "nothing was scored in both runs")
    detectable = pairs.detectable(gate.level / tests, allowed=gate.max_drop)
    found = (
        "no possible drop would have been found with so few cases"
        if detectable is None
        else f"a drop of {detectable:.3f} would have been found 4 times in 5"
    )
    moved = f"{before:.3f} → {after:.3f} over {pairs.n} cases"
    if pairs.unpaired:
        moved += f", {pairs.unpaired} more scored in one run only"
    worse = f"{drop:.3f} worse than" if drop > _SLACK else "not worse than"
    outcome: Outcome = "passed"
    if drop <= gate.max_drop + _SLACK:
        verdict = f"{gate.max_drop:g} is allowed; {found}"
    elif p > gate.level:
        verdict = f"more than {gate.max_drop:g}, but chance may do that (p = {p:.2g}); {found}"
    else:
        outcome = "failed"
        verdict = f"more than {gate.max_drop:g} and more than chance (p = {p:.2g})"
    reason = f"{worse} the baseline ({moved}), {verdict}"
    return GateOutcome(gate, outcome, reason, None, before, drop, p, detectable)


def _no_drop(baseline: ScoredRun | None, differences: Sequence[str]) -> str:
    if baseline is None:
        return "no baseline to compare with; set one with `baseline set`"
    if differences:
        return f"the baseline is of other data ({differences[0]}); set a new one"
    return "nothing was scored in both runs"


def _together(gate: Gate, parts: Sequence[GateOutcome]) -> GateOutcome:
    """One outcome of a gate's parts: the worst, with the reasons of all that say something."""
    worst = max((part.outcome for part in parts), key=_SEVERITY.index)
    reasons = dict.fromkeys(part.reason for part in parts if part.reason)
    reason = f"{gate.place}: {'; '.join(reasons)}"
    return replace(parts[-1], outcome=worst, reason=reason, value=parts[0].value)
