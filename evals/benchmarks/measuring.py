"""Several searches over the same cases, in turn, and what their rankings come to.

It knows neither our index nor the peers: a system is a name and a function. What is right is for
the harness's metrics to say.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.aggregates import by_cluster, scored, values_of
from evals.cases import Case
from evals.metrics.registry import metric
from evals.records import Record, Score
from evals.scoring import score_answers
from evals.statistics import Interval, bootstrap_interval, clustered_wilson, mean

QUALITY = ("recall@1", "recall@5", "recall@10", "success@1", "mrr", "ndcg@10")
LATENCY = ("latency_p50:call", "latency_p95:call")


@dataclass(frozen=True)
class System:
    """Something that is searched.

    Attributes:
        name: What the table calls it.
        search: Gives what it found for a query, best first, with `document_id` and `section`.
    """

    name: str
    search: Callable[[str], list[dict[str, Any]]]


@dataclass(frozen=True)
class Value:
    """A metric over all cases.

    Attributes:
        value: The aggregate; `None` where no case could be judged.
        interval: Its 95 % interval; none of latencies, nor of fewer than two clusters.
        n: The cases that were judged.
    """

    value: float | None
    interval: Interval | None
    n: int


def measure(
    systems: Sequence[System], cases: Sequence[Case], told: Callable[[int], None] = lambda _: None
) -> dict[str, dict[str, Value]]:
    """Put each case to every system in turn, so that what slows the machine slows all alike.

    The order turns with every case, and a first round that is not counted warms up. A query is
    the last turn of its case.

    Args:
        systems: What is searched.
        cases: What is asked.
        told: Told how many cases are done.

    Returns:
        By system, by metric of `QUALITY` and `LATENCY` (milliseconds), what it comes to.
    """
    records: dict[str, list[Record]] = {system.name: [] for system in systems}
    for system in systems:
        system.search(cases[0].turns[-1])
    for done, case in enumerate(cases):
        first = done % len(systems)
        for system in (*systems[first:], *systems[:first]):
            began = time.perf_counter()
            results = system.search(case.turns[-1])
            ms = 1000 * (time.perf_counter() - began)
            records[system.name].append(Record(case.id, answer={"results": results}, ms=ms))
        told(done + 1)
    return {name: _values(own, cases) for name, own in records.items()}


def _values(records: Sequence[Record], cases: Sequence[Case]) -> dict[str, Value]:
    metrics = [metric(name) for name in (*QUALITY, *LATENCY)]
    answers = {(record.case, record.repeat): record for record in records}
    by_id = {case.id: case for case in cases}
    scores = score_answers(cases, 1, answers, metrics)
    found = {}
    for one in metrics:
        own = scored(score for score in scores if score.metric == one.name)
        interval = _interval(own, by_id) if one.name in QUALITY else None
        found[one.name] = Value(one.aggregate(own), interval, len(own))
    return found


def _interval(scores: Sequence[Score], cases: Mapping[str, Case]) -> Interval | None:
    """The bootstrap's; where all cases are right, or none, it would claim certainty."""
    grouped = by_cluster(scores, cases)
    values = {name: values_of(members) for name, members in grouped.items()}
    found = bootstrap_interval(values, mean)
    if found and found.low == found.high and found.low in (0.0, 1.0):
        return clustered_wilson(values)
    return found
