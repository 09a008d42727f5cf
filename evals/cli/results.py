"""`policy-assistant eval compare`, `eval report` and `eval baseline`."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.console import JsonOption, say, say_json
from evals.baselines import baseline_path, load_baseline, write_baseline
from evals.cli.common import BaselineOption, RunArgument, baseline_of, run_at, scored_at, show
from evals.cli.outputs import write_reports
from evals.compare import compare as compare_runs
from evals.errors import ComparisonError
from evals.evaluation import judge, read_scored, suite_of_run
from evals.run_manifest import Selection

baseline = typer.Typer(
    help="What a suite's scores must not drop from.", no_args_is_help=True, rich_markup_mode=None
)


def compare(
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="A run, a baseline's file, or `baseline`.")
    ],
    candidate: RunArgument,
    allow_different: Annotated[
        bool, typer.Option("--allow-different", help="Compare what runs of other data share.")
    ] = False,
    cases: Annotated[
        int, typer.Option("--cases", min=0, help="Show so many cases of a kind.")
    ] = 20,
    json: JsonOption = False,
) -> None:
    """Compare two runs: metrics with margins and p-values, cases fixed, broken and changed."""
    run = run_at(candidate)
    suite = suite_of_run(run)
    ours = read_scored(run)
    theirs = scored_at(base, dict(ours.cases), suite.name)
    judged = {score.metric for score in theirs.scores} & {score.metric for score in ours.scores}
    metrics = {name: metric for name, metric in suite.metrics.items() if name in judged}
    if not metrics:
        raise ComparisonError("the runs have no metric in common; score both by one suite")
    found = compare_runs(theirs, ours, metrics, allow_different=allow_different)
    if json:
        say_json(found.to_dict())
    else:
        say(found.to_markdown(cases).rstrip())


def report(run: RunArgument, baseline: BaselineOption = None, json: JsonOption = False) -> None:
    """Write a run's report.html, report.md and junit.xml again, from its scores."""
    found = run_at(run)
    suite = suite_of_run(found)
    scored = read_scored(found)
    measured = baseline_of(suite.name, baseline, dict(scored.cases))
    verdict = judge(suite, scored, measured)
    write_reports(found.path, verdict, measured)
    show(verdict, found.path, json=json)


@baseline.command("set")
def set_baseline(run: RunArgument) -> None:
    """Make a run the baseline of its suite; the file is to be committed."""
    found = run_at(run)
    suite = suite_of_run(found)
    if found.manifest().selection != Selection():
        raise ComparisonError(
            f"run {found.path}: only a part of suite {suite.name} was run; run it whole"
        )
    path = baseline_path(suite.name)
    write_baseline(path, read_scored(found), suite.metrics)
    say(str(path))


@baseline.command("show")
def show_baseline(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="A suite's name.")],
    json: JsonOption = False,
) -> None:
    """Say what a suite's baseline is."""
    said = load_baseline(baseline_path(suite))
    if json:
        say_json(said)
        return
    run = said["run"]
    say(f"{run['name']}, begun {run['started_at']}, {len(said['cases'])} cases")
    for name, digest in sorted(run["digests"].items()):
        say(f"  {name:12}{digest[:12] or '-'}")
    for metric, by_case in said["scores"].items():
        values = [kept[1] for every in by_case.values() for kept in every]
        say(f"  {metric}: mean {sum(values) / len(values):.3f} of {len(values)}")
