"""What the eval commands share: options, where runs and baselines are, how a verdict is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.console import say, say_json
from evals import runs
from evals.baselines import baseline_path, read_baseline
from evals.cases import Case
from evals.errors import RunError
from evals.evaluation import Verdict, read_scored
from evals.runs import RunDirectory, newest
from evals.scored_run import ScoredRun
from evals.slices import OVERALL

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of the open sets, for suites that need it."),
]
BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline", metavar="RUN|FILE", help="Measure drops from this; the suite's by default."
    ),
]
RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's folder or name, or a suite: its newest run.")
]


def run_at(place: str) -> RunDirectory:
    """A run by its folder, its name under `evals/runs/`, or its suite.

    Raises:
        RunError: There is none.
    """
    for path in (Path(place), runs.RUNS / place):
        if path.is_dir():
            return RunDirectory.open(path)
    return RunDirectory(newest(place))


def scored_at(place: str, cases: dict[str, Case], suite: str) -> ScoredRun:
    """A scored run, or a baseline where a file or the word `baseline` is given.

    Raises:
        RunError: There is none.
    """
    if place == "baseline":
        return read_baseline(baseline_path(suite), cases)
    if Path(place).is_file():
        return read_baseline(Path(place), cases)
    return read_scored(run_at(place))


def baseline_of(suite: str, given: Path | None, cases: dict[str, Case]) -> ScoredRun | None:
    """The run to measure drops from; `None` where none was set.

    Raises:
        RunError: The one that was named cannot be read.
    """
    if given is not None:
        return scored_at(str(given), cases, suite)
    path = baseline_path(suite)
    return read_baseline(path, cases) if path.is_file() else None


def show(verdict: Verdict, path: Path, *, json: bool) -> None:
    """Print what a run comes to."""
    if json:
        say_json(verdict_json(verdict, path))
        return
    summary = verdict.summary
    rows = [("metric", "value", "95% interval", "cases", "")]
    for name in summary.metrics:
        cell = summary.cell(name, OVERALL)
        margin = f"{cell.interval.low:.3f} to {cell.interval.high:.3f}" if cell.interval else ""
        value = "-" if cell.value is None else f"{cell.value:.3f}"
        notes = [f"{cell.unscored} unscored"] if cell.unscored else []
        notes += [f"{cell.errors} failed"] if cell.errors else []
        rows.append((name, value, margin, str(cell.n), ", ".join(notes)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, value, margin, n, note in rows:
        cells = (name.ljust(widths[0]), value.rjust(widths[1]), margin.rjust(widths[2]))
        say("  ".join((*cells, n.rjust(widths[3]), note)).rstrip())
    if verdict.gates:
        say()
    for outcome in verdict.gates:
        say(f"{outcome.outcome:8}{outcome.reason}")
    if verdict.partial and verdict.suite.gates:
        say("\nOnly a part of the suite was run: the gates are not judged.")
    say(f"\n{path}")


def verdict_json(verdict: Verdict, path: Path) -> dict[str, Any]:
    """What a run comes to, as a JSON object."""
    return {
        "run": str(path),
        "suite": verdict.suite.name,
        "partial": verdict.partial,
        "passed": not verdict.failed,
        "summary": verdict.summary.to_dict(),
        "gates": [outcome.to_dict() for outcome in verdict.gates],
    }


def exit_code(verdict: Verdict, baseline: ScoredRun | None) -> int:
    """0 where the gates hold, 1 where one failed, 3 where one could not be judged.

    A gate on a drop alone cannot be judged before there is a baseline, which is no fault.
    """
    if verdict.failed:
        return 1
    open_ = [
        outcome
        for outcome in verdict.gates
        if outcome.outcome == "unknown"
        and (baseline is not None or outcome.gate.max_drop is None or outcome.value is None)
    ]
    return 3 if open_ else 0


def require_run(path: Path) -> Path:
    """A folder that holds a run.

    Raises:
        RunError: It holds none.
    """
    if not (path / "run.json").is_file():
        raise RunError(f"run {path}: holds no run to resume; leave --resume out to start one")
    return path
