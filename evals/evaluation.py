"""A run from start to end: open or make its directory, answer, score, judge by the gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.answer_cache import AnswerCache
from evals.cases import Case
from evals.digests import data_digest, different, scoring_digest, versions
from evals.errors import RunError
from evals.faults import Faults
from evals.gates import GateOutcome, judge_gates
from evals.judge_settings import NamedJudge
from evals.metrics import Metric
from evals.records import Record, Score
from evals.run_manifest import Manifest, Selection
from evals.runner import Tally, Watcher, answer_missing
from evals.runs import RunDirectory, require_free
from evals.scored_run import ScoredRun
from evals.scoring import require_all, score_answers
from evals.suites import Suite, SuiteForm, suite_of
from evals.summary import Summary, summarise
from evals.target import Target
from index.yaml_files import Yaml


@dataclass(frozen=True)
class Verdict:
    """What a scored run comes to.

    Attributes:
        suite: The suite it is a run of.
        run: The run with its scores.
        summary: Its numbers.
        gates: What came of the gates; none where only a part of the suite was run.
        partial: Whether only a part of the suite was run.
    """

    suite: Suite
    run: ScoredRun
    summary: Summary
    gates: tuple[GateOutcome, ...]
    partial: bool

    @property
    def failed(self) -> bool:
        """Whether a gate failed."""
        return any(outcome.outcome == "failed" for outcome in self.gates)


def manifest_of(
    suite: Suite, cases: Sequence[Case], target: Target, repeat: int, selection: Selection
) -> Manifest:
    """What a run of a suite's cases against a target is."""
    digests = {**target.digests, "suite": suite.digest, "data": data_digest(cases)}
    return Manifest(
        suite=suite.name,
        kind=suite.kind,
        form=suite.form.model_dump(mode="json"),
        settings=dict(target.settings),
        digests=digests,
        versions=versions(),
        cases=len(cases),
        repeat=repeat,
        selection=selection,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def answer(
    path: Path,
    manifest: Manifest,
    cases: Sequence[Case],
    target: Target,
    *,
    cache: AnswerCache,
    watcher: Watcher,
    jobs: int = 1,
    resume: bool = False,
    retry_errors: bool = False,
) -> Tally:
    """Answer the cases into a run's directory.

    Args:
        path: The directory; new or empty, or with `resume` that of a run which was begun.
        manifest: What the run is.
        cases: Its cases.
        target: What is asked.
        cache: Answers of earlier runs.
        watcher: Is told how it goes.
        jobs: Threads.
        resume: Go on with a run, which must have been begun with the same manifest.
        retry_errors: Ask again where the last answer failed.

    Raises:
        RunError: The directory cannot be used: it holds a run already, the run that was begun is
            another, or another process is writing it.
    """
    if resume:
        _check_same(RunDirectory.open(path), manifest)
    else:
        require_free(path)  # before a lock file is put there
    with RunDirectory(path).lock():
        run = RunDirectory(path) if resume else RunDirectory.create(path, manifest, cases)
        return answer_missing(
            run,
            cases,
            manifest.repeat,
            target,
            cache=cache,
            watcher=watcher,
            jobs=jobs,
            retry_errors=retry_errors,
        )


def _check_same(run: RunDirectory, manifest: Manifest) -> None:
    begun = run.manifest()
    changed = different(begun.digests, manifest.digests)
    for name in ("suite", "repeat", "selection", "settings"):
        if getattr(begun, name) != getattr(manifest, name):
            changed.append(name)
    if changed:
        raise RunError(
            f"run {run.path}: was begun with other {', '.join(dict.fromkeys(changed))}; answers "
            "of both would not be one run: put them back as they were, or start a new run"
        )


def score(run: RunDirectory, suite: Suite, *, unfinished: bool = False) -> ScoredRun:
    """Score a run's answers and write the scores.

    Args:
        run: The run.
        suite: Whose metrics are used.
        unfinished: Whether a run that lacks answers may be scored.

    Raises:
        IncompleteRunError: Answers are missing.
        RunError: The run cannot be read or written.
    """
    manifest, cases, records = run.manifest(), run.cases(), run.records()
    if not unfinished:
        require_all(cases, manifest.repeat, records, run.path)
    scores = score_answers(cases, manifest.repeat, records, tuple(suite.metrics.values()))
    with run.lock():
        run.write_scores(scores, {"scoring": scoring_digest(), "judge": suite.judge or ""})
    return _scored(run, manifest, cases, records, scores)


def read_scored(run: RunDirectory) -> ScoredRun:
    """A run with the scores it was given last.

    Raises:
        RunError: It has none, or cannot be read.
    """
    scores = run.scores()
    if not scores:
        raise RunError(f"run {run.path}: is not scored; run `policy-assistant eval score` on it")
    return _scored(run, run.manifest(), run.cases(), run.records(), scores)


def _scored(
    run: RunDirectory,
    manifest: Manifest,
    cases: Sequence[Case],
    records: Mapping[tuple[str, int], Record],
    scores: Sequence[Score],
) -> ScoredRun:
    by_id = {case.id: case for case in cases}
    order = {name: number for number, name in enumerate(by_id)}
    known = [record for key, record in records.items() if key[0] in by_id]
    known.sort(key=lambda record: (record.repeat, order[record.case]))
    digests = {**manifest.digests, **run.scored_by()}
    told = {**asdict(manifest), "digests": digests, "name": run.path.name}
    return ScoredRun(told, by_id, known, scores)


def suite_of_run(run: RunDirectory, judge: NamedJudge | None = None) -> Suite:
    """The suite as it was when a run was made.

    Args:
        run: The run.
        judge: Whom metrics of kind `judge` ask.

    Raises:
        RunError: This program does not know it any more.
    """
    manifest = run.manifest()
    faults = Faults()
    form = SuiteForm.model_validate(manifest.form)
    suite = suite_of(form, Yaml(run.path / "run.json", {}, {}), faults, judge)
    if faults.lines:
        raise RunError("\n".join(faults.lines))
    return suite


def judge(suite: Suite, run: ScoredRun, baseline: ScoredRun | None = None) -> Verdict:
    """Sum a run up and judge it by the suite's gates, if the whole suite was run."""
    metrics: Mapping[str, Metric] = suite.metrics
    partial = run.manifest["selection"] != asdict(Selection())
    gates = () if partial else judge_gates(suite.gates, run, metrics, baseline)
    return Verdict(suite, run, summarise(run, metrics), gates, partial)
