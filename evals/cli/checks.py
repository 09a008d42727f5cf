"""`policy-assistant eval selftest` and `eval calibrate`: whether the judges can be trusted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say, say_json
from assistant.cli.progress import build_progress
from evals.answer_cache import AnswerCache
from evals.cli.common import DataOption
from evals.cli.run import SuiteArgument
from evals.evaluation import Verdict, answer, judge, manifest_of
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


def calibrate() -> None:
    """Hold the judge model's verdicts against people's labels."""
