"""Baselines: what a suite's scores were when somebody said "not worse than this".

A small file `evals/baselines/SUITE.json`, kept with the code: digests and per-case scores, no
answers. Gates on drops measure from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.aggregates import is_mean, scored
from evals.cases import Case
from evals.digests import case_digest, different
from evals.errors import ComparisonError, RunError
from evals.json_lines import write_bytes
from evals.metrics import Metric
from evals.records import Record, Score
from evals.scored_run import ScoredRun

FORMAT = 1
BASELINES = Path(__file__).parent / "baselines"
_KEPT = ("suite", "kind", "settings", "digests", "repeat", "started_at", "name")


def baseline_path(suite: str) -> Path:
    """Where the baseline of a suite is kept."""
    return BASELINES / f"{suite}.json"


def write_baseline(path: Path, run: ScoredRun, metrics: Mapping[str, Metric]) -> None:
    """Write a run's scores as a baseline; the one that was there is replaced.

    Args:
        path: The file.
        run: A finished run of a whole suite.
        metrics: Its metrics by name. Costs are left out: a baseline from another machine says
            nothing about them.

    Raises:
        ComparisonError: The run is not finished.
        RunError: The file cannot be written.
    """
    if run.missing:
        raise ComparisonError(
            f"run {run.name}: {len(run.missing)} cases have no answer; finish it with --resume"
        )
    values: dict[str, dict[str, list[Any]]] = {}
    for name, metric in metrics.items():
        own = scored(score for score in run.scores if score.metric == name)
        if metric.kind == "cost" or not own:
            continue
        plain = is_mean(metric, own)
        by_case = values.setdefault(name, {})
        for score in own:
            kept = [score.repeat, score.value] + ([] if plain else [dict(score.detail)])
            by_case.setdefault(score.case, []).append(kept)
    said = {
        "format": FORMAT,
        "run": {key: run.manifest[key] for key in _KEPT},
        "failed": [[record.case, record.repeat] for record in run.records if record.failed],
        "cases": {name: case_digest(case)[:12] for name, case in run.cases.items()},
        "scores": values,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"baseline {path}: cannot be written: {error.strerror}") from error
    write_bytes(path, _readable(said).encode())


def read_baseline(path: Path, cases: Mapping[str, Case]) -> ScoredRun:
    """Read a baseline as a run to compare with.

    Args:
        path: The file.
        cases: The cases of the run that is to be compared with it; a case of the baseline that is
            not among them, or that said something else then, is given back without its words.

    Raises:
        RunError: It cannot be read, or another version of this program wrote it.
    """
    said = load_baseline(path)
    known: dict[str, Case] = {}
    for name, digest in said["cases"].items():
        case = cases.get(name)
        same = case is not None and case_digest(case)[:12] == digest
        known[name] = case if case is not None and same else Case(name, "zh", ())
    failed = {(case, repeat) for case, repeat in said["failed"]}
    records = [
        Record(name, repeat, None if (name, repeat) in failed else {}, None)
        for repeat in range(said["run"]["repeat"])
        for name in known
    ]
    scores = [
        Score(metric, case, kept[0], kept[1], detail=kept[2] if len(kept) > 2 else {})
        for metric, by_case in said["scores"].items()
        for case, every in by_case.items()
        for kept in every
    ]
    run = said["run"]
    return ScoredRun({**run, "name": f"baseline ({run['name']})"}, known, records, scores)


def load_baseline(path: Path) -> dict[str, Any]:
    """The content of a baseline's file.

    Raises:
        RunError: It cannot be read, or another version of this program wrote it.
    """
    try:
        said = json.loads(path.read_bytes())
        made_by = said.get("format") if isinstance(said, dict) else None
    except FileNotFoundError:
        raise RunError(
            f"baseline {path}: there is none; make one with `policy-assistant eval baseline set`"
        ) from None
    except (OSError, ValueError) as error:
        raise RunError(f"baseline {path}: cannot be read: {error}") from error
    wanted = {"format", "run", "failed", "cases", "scores"}
    if made_by != FORMAT or different(dict.fromkeys(said), dict.fromkeys(wanted)):
        raise RunError(
            f"baseline {path}: of format {made_by}, this program reads {FORMAT}; set it anew with "
            "`policy-assistant eval baseline set`"
        )
    return dict(said)


def _readable(said: Mapping[str, Any]) -> str:
    """JSON with a line for each case, so that a change of one reads as one in a diff."""
    scores = said["scores"]
    plain = json.dumps({**said, "scores": {}}, ensure_ascii=False, indent=1)
    parts = []
    for metric, by_case in scores.items():
        rows = (
            f"   {json.dumps(case, ensure_ascii=False)}: {json.dumps(every, ensure_ascii=False)}"
            for case, every in by_case.items()
        )
        parts.append(f"  {json.dumps(metric)}: {{\n" + ",\n".join(rows) + "\n  }")
    block = "{\n" + ",\n".join(parts) + "\n }" if parts else "{}"
    head, tail = plain.rsplit('"scores": {}', 1)
    return f'{head}"scores": {block}{tail}\n'
