"""What all reports are written from: a scored run with its numbers, gates and comparison."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evals.case_changes import Flip
from evals.compare import Comparison
from evals.gates import Gate, GateOutcome
from evals.metrics import Metric
from evals.reports.outcomes import KINDS, CaseOutcome, Kind, case_outcomes
from evals.scored_run import ScoredRun
from evals.summary import Summary


@dataclass(frozen=True)
class Report:
    """A run as its reports see it.

    Attributes:
        run: The run with its scores.
        metrics: The metrics, by name.
        summary: The run's numbers.
        gates: What came of the gates.
        comparison: The run against a base, the run being the candidate.
    """

    run: ScoredRun
    metrics: Mapping[str, Metric]
    summary: Summary
    gates: Sequence[GateOutcome] = ()
    comparison: Comparison | None = None

    @property
    def title(self) -> str:
        """The suite's name, or the run's."""
        return str(self.run.manifest.get("suite") or self.run.name)

    @property
    def partial(self) -> bool:
        """Whether only a part of the suite was run."""
        selection = self.run.manifest.get("selection")
        return isinstance(selection, Mapping) and any(selection.values())

    @cached_property
    def outcomes(self) -> Mapping[str, CaseOutcome]:
        """What came of each case."""
        return case_outcomes(self.run, self.metrics)

    @cached_property
    def counts(self) -> Mapping[Kind, int]:
        """How many cases came out how."""
        kinds = [outcome.kind for outcome in self.outcomes.values()]
        return {kind: kinds.count(kind) for kind in KINDS}

    def is_cost(self, metric: str) -> bool:
        """Whether a metric's values are amounts, such as milliseconds, rather than shares."""
        known = self.metrics.get(metric)
        return known is not None and known.kind == "cost" and known.passes_at is None

    def about(self, metric: str) -> str:
        """A metric's definition: the first paragraph of its docstring."""
        known = self.metrics.get(metric)
        found = type(known).__doc__ if known else None
        first = inspect.cleandoc(found).split("\n\n")[0] if found else ""
        return " ".join(first.replace("`", "").split())


def verdict_line(gates: Sequence[GateOutcome]) -> str:
    """What the gates come to, in a sentence.

    >>> verdict_line(())
    'No gate was judged'
    """
    if not gates:
        return "No gate was judged"
    failed = sum(outcome.outcome == "failed" for outcome in gates)
    unknown = sum(outcome.outcome == "unknown" for outcome in gates)
    total = f"{len(gates)} gate{'s' if len(gates) > 1 else ''}"
    if failed:
        return f"{failed} of {total} failed"
    if unknown:
        return f"{unknown} of {total} could not be judged"
    return f"All {total} hold" if len(gates) > 1 else "The gate holds"


def asked_of(gate: Gate) -> str:
    """What a gate asks.

    >>> asked_of(Gate("recall@10", at_least=0.9, max_drop=0.02))
    'at least 0.9; no more than 0.02 worse than the baseline'
    """
    parts = []
    if gate.at_least is not None:
        parts.append(f"at least {gate.at_least:g}")
    if gate.at_most is not None:
        parts.append(f"at most {gate.at_most:g}")
    if gate.max_drop is not None:
        parts.append(f"no more than {gate.max_drop:g} worse than the baseline")
    return "; ".join(parts)


def reason_of(outcome: GateOutcome) -> str:
    """Why a gate came out so, without its name in front."""
    return outcome.reason.removeprefix(f"{outcome.gate.place}: ")


def number(value: float | None) -> str:
    """A value for people: three decimals; fewer for large amounts.

    >>> number(0.87349), number(94.821), number(1234.5), number(None)
    ('0.873', '94.8', '1,234', '–')
    """
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f}"


def signed(value: float | None) -> str:
    """A difference for people, with its sign (U+2212 for minus).

    >>> signed(-0.25), signed(0.0)
    ('−0.250', '0.000')
    """
    if value is None:
        return "–"
    shown = number(abs(value))
    if shown == number(0.0):
        return shown
    return f"{'+' if value > 0 else '−'}{shown}"


def told(flip: Flip) -> str:
    """How a metric's verdict on a case turned.

    >>> told(Flip("errors", 0.0, 1.0, fixed=False, why="failed: timeout"))
    'broken: errors 0.000 → 1.000; now failed: timeout'
    """
    when = "before" if flip.fixed else "now"
    why = f"; {when} {flip.why}" if flip.why else ""
    moved = f"{number(flip.base)} → {number(flip.candidate)}"
    return f"{'fixed' if flip.fixed else 'broken'}: {flip.metric} {moved}{why}"


def p_value(value: float | None) -> str:
    """A p-value for people.

    >>> p_value(0.00004), p_value(0.5)
    ('< 0.001', '0.500')
    """
    if value is None:
        return "–"
    return f"{value:.3f}" if value >= 0.001 else "< 0.001"
