"""`policy-assistant eval selftest` and `eval calibrate`: whether the judges can be trusted."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say, say_json
from assistant.cli.progress import build_progress
from evals.answer_cache import AnswerCache
from evals.calibration import CUT, read_labels, write_calibration, write_sheet
from evals.calibration import calibrate as compare_labels
from evals.cli.common import DataOption, RunArgument, run_at
from evals.cli.run import SuiteArgument
from evals.errors import SuiteError
from evals.evaluation import Verdict, answer, judge, manifest_of, read_scored, suite_of_run
from evals.evaluation import score as score_run
from evals.progress import run_progress
from evals.run_manifest import Selection
from evals.runs import RunDirectory, new_path
from evals.selftest import all_caught, catch, spoils_of
from evals.suite_cases import Prepared, prepare
from evals.suites import Spoil, find_suite, load_suite
from evals.targets import open_target


def selftest(
    suite: SuiteArgument,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, max=64, help="Threads.")] = 1,
    data: DataOption = None,
    json: JsonOption = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Break the assistant on purpose, in each way that there is, and see that the gates notice."""
    settings = console.settings(corpus, store)
    loaded = load_suite(find_suite(suite))
    prepared = prepare(loaded, settings, data=data, own_corpus=corpus is not None)
    folder = new_path(f"{loaded.name}-selftest")
    sound = _run(prepared, "none", folder, jobs, None)
    sound_failed = [o.reason for o in sound.gates if o.outcome == "failed"]
    catches = []
    for spoil in spoils_of(loaded.kind):
        verdict = _run(prepared, spoil, folder, jobs, sound)
        catches.append(catch(loaded.kind, spoil, verdict))
    if json:
        told = {
            c.spoil: {"caught": c.caught, "by": [o.to_dict() for o in c.failed]} for c in catches
        }
        say_json({"runs": str(folder), "sound_failed": sound_failed, "spoiled": told})
    else:
        for line in [*(f"unspoiled: {why}" for why in sound_failed), *(c.words for c in catches)]:
            say(line)
        say(f"\n{folder}")
    raise typer.Exit(0 if all_caught(catches) and not sound_failed else 1)


def _run(
    prepared: Prepared, spoil: Spoil, folder: Path, jobs: int, sound: Verdict | None
) -> Verdict:
    suite = prepared.suite
    form = suite.form.target.model_copy(update={"spoil": spoil})
    print(f"{spoil}:", file=sys.stderr)
    with build_progress(keep=False) as building:
        target = open_target(suite.kind, form, prepared.settings, building)
    manifest = manifest_of(suite, prepared.cases, target, suite.form.repeat, Selection())
    kept = prepared.settings.cache / "evals" / "answers.sqlite"
    with AnswerCache(kept) as cache, run_progress(suite.metrics) as watcher:
        answer(
            folder / spoil,
            manifest,
            prepared.cases,
            target,
            cache=cache,
            watcher=watcher,
            jobs=jobs,
        )
    scored = score_run(RunDirectory(folder / spoil), suite)
    return judge(suite, scored, sound.run if sound else None)


def calibrate(
    run: RunArgument,
    labels: Annotated[
        Path, typer.Argument(metavar="SHEET", help="A .csv or .xlsx file with people's labels.")
    ],
    write: Annotated[
        bool, typer.Option("--write", help="Write the sheet to be filled in, and compare nothing.")
    ] = False,
    cut: Annotated[
        float, typer.Option("--cut", min=0, max=1, help="From this score on the judge says yes.")
    ] = CUT,
    json: JsonOption = False,
) -> None:
    """Hold the judge model's verdicts against people's labels, at least 50 for each metric.

    A person answers yes or no for an answer and a metric: whether it is faithful, precise,
    complete, coherent. A metric that agrees with them (Cohen's kappa 0.6 or more) may carry gates.
    """
    found = run_at(run)
    suite = suite_of_run(found)
    judged = [name for name, metric in suite.metrics.items() if metric.kind == "judge"]
    if not judged:
        raise SuiteError(f"suite {suite.name}: has no metric that asks a judge; add faithfulness")
    scored = read_scored(found)
    if write:
        say(f"{write_sheet(labels, scored, judged)} rows: {labels}")
        return
    judge = str(scored.digests.get("judge") or "")
    if not judge:
        raise SuiteError(f"run {found.path}: no judge scored it; set POLICY_JUDGE and score it")
    results = []
    for metric, own in read_labels(labels).items():
        if metric not in judged:
            raise SuiteError(f"{labels}: metric {metric!r} is none of: {', '.join(judged)}")
        results.append(compare_labels(metric, judge, own, scored.scores, cut))
    for result in results:
        write_calibration(result)
    if json:
        say_json([asdict(result) | {"lacking": result.lacking} for result in results])
    else:
        for result in results:
            kappa = "-" if result.kappa is None else f"{result.kappa:.2f}"
            told = f"agreement {result.agreement:.2f}, kappa {kappa}, {result.labels} labels"
            say(f"{result.metric}: {result.lacking or 'calibrated'} ({told})")
    raise typer.Exit(1 if any(result.lacking for result in results) else 0)
