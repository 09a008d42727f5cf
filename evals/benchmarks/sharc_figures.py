"""What the verdicts on ShARC come to: accuracies, their interval, and the words of questions.

It knows verdicts and questions that were given and those that are gold, not who gave them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.statistics import Interval, bootstrap_interval

_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Outcome:
    """What was said of one record.

    Attributes:
        id: The record's id.
        rule: The rule's text, which records share.
        gold: `Yes`, `No` or `More`.
        verdict: The same, as it was judged.
        question: The next question where it is `More`, else empty.
        followup: The gold one, else empty.
    """

    id: str
    rule: str
    gold: str
    verdict: str
    question: str
    followup: str


@dataclass(frozen=True)
class Figures:
    """The outcomes in figures.

    Attributes:
        records: How many.
        rules: Of how many rules.
        micro: Share of right verdicts.
        macro: Mean share over the gold classes.
        majority: Share of the most frequent class.
        question_f1: Mean token F1 of the next question, where gold and verdict are `More`; `None`
            where there is no such record.
        asked: How many those are.
        confusion: Counts by `gold>verdict`.
    """

    records: int
    rules: int
    micro: float
    macro: float
    majority: float
    question_f1: float | None
    asked: int
    confusion: Mapping[str, int]


def summed_up(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of some outcomes."""
    gold = Counter(one.gold for one in outcomes)
    asked = [one for one in outcomes if one.gold == one.verdict == "More" and one.followup]
    scores = [token_f1(one.question, one.followup) for one in asked]
    return Figures(
        len(outcomes),
        len({one.rule for one in outcomes}),
        sum(one.gold == one.verdict for one in outcomes) / max(1, len(outcomes)),
        macro_accuracy(outcomes),
        max(gold.values(), default=0) / max(1, len(outcomes)),
        sum(scores) / len(scores) if scores else None,
        len(asked),
        dict(sorted(Counter(f"{one.gold}>{one.verdict}" for one in outcomes).items())),
    )


def macro_accuracy(outcomes: Iterable[Outcome]) -> float:
    """The mean over gold classes of the share that is right."""
    shares: dict[str, list[bool]] = {}
    for one in outcomes:
        shares.setdefault(one.gold, []).append(one.gold == one.verdict)
    return sum(sum(own) / len(own) for own in shares.values()) / len(shares) if shares else 0.0


def token_f1(said: str, gold: str) -> float:
    """The harmonic mean of precision and recall of the words, each counted as often as it stands.

    >>> token_f1("Are you a student?", "Are you a refugee?")
    0.75
    """
    a, b = (Counter(_WORD.findall(text.lower())) for text in (said, gold))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def interval_of(outcomes: Sequence[Outcome]) -> Interval | None:
    """The interval of the macro accuracy, by rules."""
    clusters: dict[str, list[Outcome]] = {}
    for one in outcomes:
        clusters.setdefault(one.rule, []).append(one)
    statistic: Callable[[Sequence[Outcome]], float | None] = macro_accuracy
    return bootstrap_interval(clusters, statistic)


def table(figures: Figures, interval: Interval | None) -> str:
    """The figures as a Markdown table."""
    bounds = f" ({interval.low:.3f} to {interval.high:.3f})" if interval else ""
    f1 = "–" if figures.question_f1 is None else f"{figures.question_f1:.3f} of {figures.asked}"
    rows = [
        ("records", str(figures.records)),
        ("rules", str(figures.rules)),
        ("micro accuracy", f"{figures.micro:.3f}"),
        ("macro accuracy, 95 % interval", f"{figures.macro:.3f}{bounds}"),
        ("majority", f"{figures.majority:.3f}"),
        ("token F1 of the next question", f1),
        *((pair, str(count)) for pair, count in figures.confusion.items()),
    ]
    return "\n".join(["| figure | value |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)])
