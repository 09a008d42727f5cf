"""Cases that two runs answered differently: fixed, broken, or only worded otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from evals.aggregates import passes
from evals.cases import Case
from evals.metrics import Metric
from evals.records import Record, Score
from evals.scored_run import ScoredRun
from evals.slices import OVERALL
from evals.word_diff import Span, word_diff

Kind = Literal["broken", "fixed", "changed"]
KINDS: tuple[Kind, ...] = ("broken", "fixed", "changed")


@dataclass(frozen=True)
class Side:
    """What one run gave for a case.

    Attributes:
        text: The answer; of a search, its results, one a line; what failed, where it failed.
        status: The answer's status; `error` where it failed; empty for a search.
        citations: What the answer cites, by label.
    """

    text: str
    status: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flip:
    """A metric whose verdict on a case turned round.

    Attributes:
        metric: The metric's name.
        base: The case's mean score in the base; `None` where it has none.
        candidate: The same in the candidate.
        fixed: Whether the candidate is the one that is right.
        why: What the metric says of the one that is wrong.
    """

    metric: str
    base: float | None
    candidate: float | None
    fixed: bool
    why: str = ""


@dataclass(frozen=True)
class CaseChange:
    """A case that two runs answered differently.

    Attributes:
        case: The case.
        kind: `broken` where at least one metric turned from right to wrong, `fixed` where metrics
            turned the other way only, `changed` where none did but the answer reads otherwise.
        flips: The metrics that turned.
        base: What the base gave.
        candidate: What the candidate gave.
    """

    case: Case
    kind: Kind
    flips: tuple[Flip, ...]
    base: Side
    candidate: Side

    @cached_property
    def spans(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The texts side by side, with the words that differ marked."""
        return word_diff(self.base.text, self.candidate.text)

    def to_dict(self) -> dict[str, Any]:
        """The change as a JSON object; spans are `[text, changed]`."""
        sides = {}
        for name, side, spans in zip(
            ("base", "candidate"), (self.base, self.candidate), self.spans, strict=True
        ):
            sides[name] = asdict(side) | {"spans": [[span.text, span.changed] for span in spans]}
        return {
            "case": self.case.id,
            "lang": self.case.lang,
            "question": self.case.turns[-1],
            "kind": self.kind,
            "flips": [asdict(flip) for flip in self.flips],
            **sides,
        }


def case_changes(
    base: ScoredRun, candidate: ScoredRun, metrics: Mapping[str, Metric]
) -> tuple[CaseChange, ...]:
    """Find the cases that both runs have and answered differently.

    A metric finds a case right where it passes in more than half of the repetitions; a failed
    answer is wrong by every metric. The first repetition in which the answers differ is shown.

    Args:
        base: The run to compare with.
        candidate: The run to judge.
        metrics: The metrics whose verdicts count: those with a bound for passing.

    Returns:
        Broken cases, then fixed, then changed, each in the base's order.
    """
    judges = [metric for metric in metrics.values() if metric.passes_at is not None]
    ours, theirs = _scores(base), _scores(candidate)
    found: list[CaseChange] = []
    for name, case in base.cases.items():
        shown = _shown(base, candidate, name)
        if shown is None:
            continue
        flips = []
        for metric in judges:
            key = (metric.name, name)
            flip = _flip(metric, name, base, candidate, ours.get(key, ()), theirs.get(key, ()))
            if flip:
                flips.append(flip)
        first, second = shown
        if flips:
            kind: Kind = "fixed" if all(flip.fixed for flip in flips) else "broken"
        elif first != second:
            kind = "changed"
        else:
            continue
        found.append(CaseChange(case, kind, tuple(flips), first, second))
    return tuple(sorted(found, key=lambda change: KINDS.index(change.kind)))


def _scores(run: ScoredRun) -> dict[tuple[str, str], list[Score]]:
    found: dict[tuple[str, str], list[Score]] = {}
    for metric in dict.fromkeys(score.metric for score in run.scores):
        for score in run.scores_of(metric, OVERALL):
            found.setdefault((metric, score.case), []).append(score)
    return found


def _flip(
    metric: Metric,
    case: str,
    base: ScoredRun,
    candidate: ScoredRun,
    ours: Sequence[Score],
    theirs: Sequence[Score],
) -> Flip | None:
    before, after = _verdict(metric, base, case, ours), _verdict(metric, candidate, case, theirs)
    if before is None or after is None or before == after:
        return None
    wrong = ours if after else theirs
    why = next((score.why for score in wrong if score.why), "")
    return Flip(metric.name, _average(ours), _average(theirs), after, why)


def _verdict(metric: Metric, run: ScoredRun, case: str, scores: Sequence[Score]) -> bool | None:
    """Whether the case is right by the metric; `None` where it was not judged."""
    verdicts = [
        False if run.failed(score.case, score.repeat) else passes(metric, score.value)
        for score in scores
    ]
    judged = [verdict for verdict in verdicts if verdict is not None]
    if judged:
        return 2 * sum(judged) > len(judged)
    records = run.records_of(case)
    return False if records and all(record.failed for record in records) else None


def _average(scores: Sequence[Score]) -> float | None:
    values = [score.value for score in scores if score.value is not None]
    return sum(values) / len(values) if values else None


def _shown(base: ScoredRun, candidate: ScoredRun, case: str) -> tuple[Side, Side] | None:
    """Both sides of the first repetition that differs, or of the first that both runs have."""
    repeats = sorted(record.repeat for record in base.records_of(case))
    pairs = []
    for repeat in repeats:
        ours, theirs = base.record.get((case, repeat)), candidate.record.get((case, repeat))
        if ours and theirs:
            pairs.append((_side(ours), _side(theirs)))
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0]) if pairs else None


def _side(record: Record) -> Side:
    if record.answer is None:
        return Side(record.error or "no answer", "error")
    if "results" in record.answer:
        results = enumerate(record.answer["results"], start=1)
        return Side("\n".join(f"{rank}. {_place(result)}" for rank, result in results), "")
    citations = tuple(
        f"[{citation.get('label', '?')}] {_place(citation)}"
        for citation in record.answer.get("citations") or ()
    )
    text, status = record.answer.get("text", ""), record.answer.get("status", "")
    return Side(str(text), str(status), citations)


def _place(source: Mapping[str, Any]) -> str:
    return " · ".join(str(source[key]) for key in ("document_id", "section") if source.get(key))
