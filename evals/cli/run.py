"""`policy-assistant eval run` and `eval score`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption
from assistant.cli.progress import build_progress
from evals.answer_cache import AnswerCache
from evals.cases import Case
from evals.cli.common import (
    BaselineOption,
    DataOption,
    RunArgument,
    baseline_of,
    exit_code,
    require_run,
    run_at,
    show,
)
from evals.cli.outputs import write_reports
from evals.errors import SuiteError
from evals.evaluation import answer, judge, manifest_of, suite_of_run
from evals.evaluation import score as score_run
from evals.judge_settings import configured_judge
from evals.progress import run_progress
from evals.run_manifest import Selection
from evals.runs import RunDirectory, new_path, newest
from evals.suite_cases import prepare
from evals.suites import Suite, find_suite, load_suite
from evals.targets import open_target

SuiteArgument = Annotated[
    str, typer.Argument(metavar="SUITE", help="A suite's name, or its .yaml file.")
]


def run(
    suite: SuiteArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the run into this folder.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out, or the suite's newest.")
    ] = False,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="As --resume, and ask failed cases again.")
    ] = False,
    case: Annotated[
        list[str] | None, typer.Option("--case", metavar="ID", help="Only these cases.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only cases with one of these tags.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first so many cases.")
    ] = None,
    repeat: Annotated[
        int | None, typer.Option("--repeat", min=1, max=100, help="Ask every case so often.")
    ] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, max=64, help="Threads.")] = 1,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Ask even what was answered before.")
    ] = False,
    data: DataOption = None,
    baseline: BaselineOption = None,
    json: JsonOption = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Put a suite's cases to the assistant, score the answers and judge them by the gates."""
    settings = console.settings(corpus, store)
    loaded = load_suite(find_suite(suite), configured_judge())
    prepared = prepare(loaded, settings, data=data, own_corpus=corpus is not None)
    selection = Selection(tuple(case or ()), tuple(tag or ()), limit)
    cases = selection.of(prepared.cases)
    resume = resume or retry_errors
    path = out
    if resume:
        path = require_run(out or newest(loaded.name))
    with build_progress(keep=False) as building:
        target = open_target(loaded.kind, loaded.form.target, prepared.settings, building)
    manifest = manifest_of(loaded, cases, target, repeat or loaded.form.repeat, selection)
    path = path or new_path(loaded.name)
    kept = None if no_cache else settings.cache / "evals" / "answers.sqlite"
    try:
        with AnswerCache(kept) as cache, run_progress(loaded.metrics) as watcher:
            tally = answer(
                path,
                manifest,
                cases,
                target,
                cache=cache,
                watcher=watcher,
                jobs=jobs,
                resume=resume,
                retry_errors=retry_errors,
            )
    except KeyboardInterrupt:
        words = f"interrupted; go on with: policy-assistant eval run {suite} --resume --out {path}"
        print(words, file=sys.stderr)
        raise
    print(
        f"{tally.asked} asked, {tally.cached} from the cache, {tally.failed} failed, "
        f"{tally.seconds:.1f} s",
        file=sys.stderr,
    )
    raise typer.Exit(_finish(RunDirectory(path), loaded, baseline, json=json))


def score(
    run: RunArgument,
    suite: Annotated[
        str | None,
        typer.Option("--suite", help="Score by this suite's metrics and gates as they are now."),
    ] = None,
    baseline: BaselineOption = None,
    json: JsonOption = False,
) -> None:
    """Score a run's stored answers again, asking nothing, and judge it by the gates."""
    found = run_at(run)
    judge = configured_judge()
    chosen = load_suite(find_suite(suite), judge) if suite else suite_of_run(found, judge)
    if chosen.kind != found.manifest().kind:
        raise SuiteError(
            f"suite {chosen.name}: asks for {chosen.kind} records, run {found.path} holds others"
        )
    raise typer.Exit(_finish(found, chosen, baseline, json=json))


def _finish(run: RunDirectory, suite: Suite, given: Path | None, *, json: bool) -> int:
    scored = score_run(run, suite)
    cases: dict[str, Case] = dict(scored.cases)
    baseline = baseline_of(suite.name, given, cases)
    verdict = judge(suite, scored, baseline)
    write_reports(run.path, verdict, baseline)
    show(verdict, run.path, json=json)
    return exit_code(verdict, baseline)
