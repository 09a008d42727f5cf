"""A run with its scores: all that summaries, gates, comparisons and reports look at.

It knows no files; `evals.runs` reads it from a run directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from evals.cases import Case
from evals.errors import RunError
from evals.records import Record, Score
from evals.slices import slices_of

DATA_DIGESTS = ("data", "corpus")
_SHOWN = 5


@dataclass(frozen=True)
class ScoredRun:
    """A run with its scores.

    Attributes:
        manifest: What `run.json` says, as `evals.run_manifest` writes it. Of its `digests` those
            in `DATA_DIGESTS` must agree for two runs to be comparable; any other (the suite with
            its target, index, model, prompts, code) may be what is being compared.
        cases: The cases that the run was to answer, by id.
        records: What the target gave, one record a case and repetition.
        scores: What the metrics say of the records.
    """

    manifest: Mapping[str, Any]
    cases: Mapping[str, Case]
    records: Sequence[Record]
    scores: Sequence[Score]

    def __post_init__(self) -> None:
        """Check that everything is about the run's own cases."""
        named = {record.case: "an answer" for record in self.records}
        named |= {score.case: f"a score of {score.metric}" for score in self.scores}
        for case, what in named.items():
            if case not in self.cases:
                raise RunError(
                    f"run {self.name}: {what} is of case {case!r}, which is not among its cases;"
                    " score the run again with the cases it was made with"
                )

    @property
    def name(self) -> str:
        """What messages and tables call the run: its suite and when it began."""
        said = (self.manifest.get(key) for key in ("suite", "started_at"))
        return " ".join(str(part) for part in said if part) or "without a name"

    @property
    def digests(self) -> Mapping[str, Any]:
        """Digests of what the run depended on, by name."""
        return self._mapping("digests")

    @property
    def settings(self) -> Mapping[str, Any]:
        """How the target was set up."""
        return self._mapping("settings")

    @cached_property
    def record(self) -> Mapping[tuple[str, int], Record]:
        """The records by case and repetition."""
        return {(record.case, record.repeat): record for record in self.records}

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Cases that lack a record, or one of their repetitions: the run is not finished."""
        repeats = range(int(self.manifest.get("repeat", 1)))
        return tuple(
            name for name in self.cases if any((name, n) not in self.record for n in repeats)
        )

    def records_of(self, case: str) -> Sequence[Record]:
        """The records of a case, by repetition."""
        return self._by_case.get(case, ())

    def failed(self, case: str, repeat: int) -> bool:
        """Whether the target gave nothing for a repetition of a case."""
        record = self.record.get((case, repeat))
        return record is not None and record.failed

    def scores_of(self, metric: str, slice_: str) -> Sequence[Score]:
        """The scores of a metric on a slice."""
        return self._by_slice.get((metric, slice_), ())

    def _mapping(self, key: str) -> Mapping[str, Any]:
        found = self.manifest.get(key)
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def _by_case(self) -> Mapping[str, Sequence[Record]]:
        found: dict[str, list[Record]] = {}
        for record in sorted(self.records, key=lambda record: record.repeat):
            found.setdefault(record.case, []).append(record)
        return found

    @cached_property
    def _by_slice(self) -> Mapping[tuple[str, str], Sequence[Score]]:
        found: dict[tuple[str, str], list[Score]] = {}
        slices = {name: slices_of(case) for name, case in self.cases.items()}
        # Answers arrive in any order, and nothing may depend on it.
        for score in sorted(self.scores, key=lambda score: (score.case, score.repeat)):
            for slice_ in slices[score.case]:
                found.setdefault((score.metric, slice_), []).append(score)
        return found


def data_differences(base: ScoredRun, candidate: ScoredRun) -> list[str]:
    """Why two runs cannot be compared: what differs in their data, one line a difference."""
    sides = {"base": base, "candidate": candidate}
    found = []
    for name in DATA_DIGESTS:
        ours, theirs = base.digests.get(name), candidate.digests.get(name)
        if ours is None or theirs is None:
            silent = [side for side, run in sides.items() if run.digests.get(name) is None]
            found.append(f"{name}: no digest in the run.json of {' and '.join(silent)}")
        elif ours != theirs:
            found.append(f"{name}: {_short(ours)} in base, {_short(theirs)} in candidate")
    for side, run, other in (("base", base, candidate), ("candidate", candidate, base)):
        only = [name for name in run.cases if name not in other.cases]
        if only:
            found.append(f"cases: only in {side}: {_listed(only)}")
    both = [name for name in base.cases if name in candidate.cases]
    edited = [name for name in both if _told(base.cases[name]) != _told(candidate.cases[name])]
    if edited:
        found.append(f"cases: question or expectation differs: {_listed(edited)}")
    found.extend(
        f"answers: {side} is not finished, it lacks: {_listed(run.missing)}"
        for side, run in sides.items()
        if run.missing
    )
    return found


def setup_differences(base: ScoredRun, candidate: ScoredRun) -> list[str]:
    """What else two runs differ in: what the comparison is of, one line a difference."""
    found = []
    for ours, theirs in (
        (base.settings, candidate.settings),
        (base.digests, candidate.digests),
    ):
        for name in sorted({*ours, *theirs} - set(DATA_DIGESTS)):
            if ours.get(name) != theirs.get(name):
                found.append(f"{name}: {_short(ours.get(name))} → {_short(theirs.get(name))}")
    return found


def _told(case: Case) -> Case:
    """A case without the place it stands at."""
    return replace(case, where="")


def _short(digest: object) -> str:
    return "none" if digest is None else str(digest)[:12]


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
