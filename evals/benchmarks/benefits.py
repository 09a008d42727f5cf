"""Eligibility beyond our corpus: the verdicts of other people's scenarios, from their words.

`python -m evals.benchmarks.benefits --data DIR [--json FILE] [--wrong]` reads the scenarios of the
MyFriendBen benefits-api (`mfb_cases.jsonl`, MPL-2.0) for the specifications that
`evals/examples/benefits` holds as measures. The facts of a scenario are read from its text by
`read_said`, as a person's words are in the chat; the evaluator judges them. Rules are those that a
specification states and calls evaluable; where it calls a rule a data gap and tells to assume
that it is met, or leaves it to the application, the measure has no criterion for it.

Two readings are told: `as read`, where what a scenario does not mention is not known; and `form`,
where a yes-or-no that it does not mention is no: scenarios list what is ticked in a form. A verdict
that more information is needed is wrong in both. Of each specification: balanced accuracy (the
mean of the shares of eligible and ineligible scenarios that are right, a guess has .50), how many
could not be told, and the accuracy among the others. Rows of several specifications
tell apart those whose scenarios were seen while their measures and facts were written or mended,
and those of which no scenario was ever looked at.

Exit codes: 0 the goal is reached by the `form` reading, 1 not so, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.eligibility.loading import load_catalogue
from assistant.errors import AssistantError
from assistant.settings import PROJECT
from evals.adapters.reading import read_set
from evals.benchmarks.benefit_scenarios import (
    CASES,
    SPECIFICATIONS,
    Outcome,
    Reading,
    Specification,
    check_quotes,
    outcomes,
)
from evals.errors import EvaluationError
from evals.statistics import Interval, bootstrap_interval

READINGS: tuple[Reading, ...] = ("as read", "form")
CATALOGUE = PROJECT / "evals" / "examples" / "benefits"
GOAL = 0.90


@dataclass(frozen=True)
class Row:
    """The outcomes of one specification, or of several.

    Attributes:
        name: Which.
        cases: How many scenarios.
        eligible: Of these, how many are eligible.
        balanced_accuracy: Mean share of right verdicts over both classes.
        cannot_tell: Share of scenarios for which more information was needed.
        accuracy_decided: Share of right verdicts among the others; `None` where there are none.
        confusion: Counts by gold and given verdict, `eligible>not_eligible`.
    """

    name: str
    cases: int
    eligible: int
    balanced_accuracy: float | None
    cannot_tell: float
    accuracy_decided: float | None
    confusion: Mapping[str, int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.benefits")
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--wrong", action="store_true", help="list the scenarios that are wrong")
    given = parser.parse_args(arguments)
    try:
        catalogue = load_catalogue(CATALOGUE)
        check_quotes(catalogue, given.data)
        records = list(read_set(given.data, CASES))
        found = {
            reading: outcomes(records, catalogue, SPECIFICATIONS, reading) for reading in READINGS
        }
    except (AssistantError, EvaluationError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    figures: dict[str, Any] = {}
    for reading, own in found.items():
        rows = [*by_specification(own), *summaries(own, SPECIFICATIONS)]
        interval = interval_of(own)
        print(f"\n{reading}\n\n{table(rows)}\n\noverall, 95 % interval: {_shown(interval)}")
        if given.wrong:
            for one in own:
                if one.verdict != one.gold:
                    print(f"  {one.policy}: {one.title}: {one.verdict}, expected {one.gold}")
        figures[reading] = {
            "rows": [asdict(row) for row in rows],
            "interval": asdict(interval) if interval else None,
        }
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    reached = balanced_accuracy(found["form"]) or 0.0
    if reached < GOAL:
        print(f"missed: balanced accuracy {reached:.3f}, goal {GOAL:.2f}", file=sys.stderr)
        return 1
    return 0


def balanced_accuracy(outcomes: Sequence[Outcome]) -> float | None:
    """The mean of the shares of each class that are right; `None` where one has no case."""
    shares = []
    for gold in ("eligible", "not_eligible"):
        own = [outcome.verdict == gold for outcome in outcomes if outcome.gold == gold]
        if not own:
            return None
        shares.append(sum(own) / len(own))
    return sum(shares) / len(shares)


def row(name: str, outcomes: Sequence[Outcome]) -> Row:
    """Sum some outcomes up."""
    decided = [one for one in outcomes if one.verdict != "more_information_needed"]
    right = sum(one.verdict == one.gold for one in decided)
    counts = Counter(f"{one.gold}>{one.verdict}" for one in outcomes)
    return Row(
        name,
        len(outcomes),
        sum(one.gold == "eligible" for one in outcomes),
        balanced_accuracy(outcomes),
        1 - len(decided) / len(outcomes) if outcomes else 0.0,
        right / len(decided) if decided else None,
        dict(sorted(counts.items())),
    )


def by_specification(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row for each specification, in the order of the scenarios."""
    policies = dict.fromkeys(one.policy for one in outcomes)
    return [row(policy, [o for o in outcomes if o.policy == policy]) for policy in policies]


def summaries(outcomes: Sequence[Outcome], specifications: Sequence[Specification]) -> list[Row]:
    """Rows over all specifications, and over those seen and not seen while writing."""
    seen = {one.policy for one in specifications if one.seen}
    parts: list[tuple[str, Callable[[Outcome], bool]]] = [
        ("seen", lambda one: one.policy in seen),
        ("not seen", lambda one: one.policy not in seen),
        ("all", lambda one: True),
    ]
    return [row(name, [one for one in outcomes if chosen(one)]) for name, chosen in parts]


def interval_of(outcomes: Sequence[Outcome]) -> Interval | None:
    """The interval of the balanced accuracy; scenarios of a specification are no independents."""
    clusters: dict[str, list[Outcome]] = {}
    for one in outcomes:
        clusters.setdefault(one.policy, []).append(one)
    return bootstrap_interval(clusters, balanced_accuracy)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| specification | cases | eligible | balanced accuracy | cannot tell | right if decided |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in rows:
        cells = (
            one.name,
            one.cases,
            one.eligible,
            _rate(one.balanced_accuracy),
            _rate(one.cannot_tell),
            _rate(one.accuracy_decided),
        )
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines)


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _shown(interval: Interval | None) -> str:
    return f"{interval.low:.3f} to {interval.high:.3f}" if interval else "–"


if __name__ == "__main__":
    sys.exit(main())
