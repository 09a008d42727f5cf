from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import PROJECT
from evals.answer_cache import AnswerCache
from evals.cases import Case, Expectation, Nugget
from evals.errors import IncompleteRunError, RunError
from evals.evaluation import answer, manifest_of, score
from evals.faults import Faults
from evals.run_manifest import Manifest, Selection
from evals.runner import Tally
from evals.runs import RunDirectory
from evals.suites import Suite, SuiteForm, suite_of
from evals.testing import FakeTarget, Silence
from index.yaml_files import Yaml

FORM = SuiteForm(
    name="fast",
    kind="answer",
    cases=["none.jsonl"],
    metrics=[
        "nugget_recall_strict",
        "nugget_recall_lenient",
        "fully_right",
        "language_match",
        "errors",
    ],
)
# Run by the killed process, and by the tests.
HUNDREDS = """
from evals.cases import Case, Expectation, Nugget
CASES = [
    Case(f"c{n}", "zh", (f"第{n}个问题？",), Expectation(nuggets=(Nugget((f"补贴{n}元",)), Nugget(("社保",)))))
    for n in range(1000)
]
"""
SCRIPT = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(PROJECT)!r})
{HUNDREDS}
from evals.answer_cache import AnswerCache
from evals.evaluation import answer, manifest_of
from evals.run_manifest import Selection
from evals.testing import FakeTarget, Silence
from evals.suites import Suite, SuiteForm, suite_of
from evals.faults import Faults
from index.yaml_files import Yaml
form = SuiteForm.model_validate_json(sys.argv[2])
suite = suite_of(form, Yaml(Path("x"), {{}}, {{}}), Faults())
target = FakeTarget(seconds=0.002)
manifest = manifest_of(suite, CASES, target, 1, Selection())
answer(Path(sys.argv[1]), manifest, CASES, target, cache=AnswerCache(None), watcher=Silence(), jobs=3)
"""


def suite() -> Suite:
    return suite_of(FORM, Yaml(Path("fast.yaml"), {}, {}), Faults())


def cases(n: int) -> list[Case]:
    expect = Expectation(nuggets=(Nugget(("补贴",)),))
    return [Case(f"c{i}", "zh", (f"问题{i}？",), expect) for i in range(n)]


def run(
    path: Path,
    target: FakeTarget,
    asked: list[Case],
    *,
    repeat: int = 1,
    cache: Path | None = None,
    resume: bool = False,
    retry_errors: bool = False,
    jobs: int = 2,
    changed: Manifest | None = None,
) -> Tally:
    manifest = changed or manifest_of(suite(), asked, target, repeat, Selection())
    with AnswerCache(cache) as kept:
        return answer(
            path,
            manifest,
            asked,
            target,
            cache=kept,
            watcher=Silence(),
            jobs=jobs,
            resume=resume,
            retry_errors=retry_errors,
        )


@pytest.mark.parametrize("jobs", [1, 7])
def test_every_case_is_answered_and_scored(tmp_path: Path, jobs: int) -> None:
    tally = run(tmp_path / "run", FakeTarget(), cases(20), repeat=2, jobs=jobs)
    assert (tally.asked, tally.cached, tally.failed) == (40, 0, 0)
    scored = score(RunDirectory(tmp_path / "run"), suite())
    assert len(scored.scores) == 40 * len(suite().metrics)
    assert {s.value for s in scored.scores if s.metric == "nugget_recall_strict"} == {1.0}


def test_scores_do_not_depend_on_the_order_of_answers(tmp_path: Path) -> None:
    target = FakeTarget(seconds=0.001)
    run(tmp_path / "one", target, cases(30), jobs=8)
    run(tmp_path / "two", target, cases(30), jobs=1)
    lines = (tmp_path / "one" / "answers.jsonl").read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    (tmp_path / "one" / "answers.jsonl").write_bytes(b"".join(lines))
    for name in ("one", "two"):
        score(RunDirectory(tmp_path / name), suite())
    assert (tmp_path / "one/scores.jsonl").read_bytes() == (
        tmp_path / "two/scores.jsonl"
    ).read_bytes()


@pytest.mark.parametrize("error", [InputError("too long"), KeyError("relevance")])
def test_an_error_is_recorded_and_counts_as_failed(
    tmp_path: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    tally = run(tmp_path / "run", FakeTarget(broken={"c1": error}), cases(3))
    assert tally.failed == 1
    scored = score(RunDirectory(tmp_path / "run"), suite())
    record = scored.record["c1", 0]
    assert record.failed
    assert type(error).__name__ in (record.error or "")
    values = {s.metric: s.value for s in scored.scores if s.case == "c1"}
    assert values == {
        **dict.fromkeys(suite().metrics, 0.0),
        "errors": 1.0,
    }
    caplog.clear()


def test_failed_cases_are_asked_again_only_when_told(tmp_path: Path) -> None:
    broken = FakeTarget(broken={"c1": InputError("down")})
    run(tmp_path / "run", broken, cases(3))
    mended = FakeTarget()
    assert run(tmp_path / "run", mended, cases(3), resume=True).asked == 0
    tally = run(tmp_path / "run", mended, cases(3), resume=True, retry_errors=True)
    assert (tally.asked, mended.asked) == (1, ["c1"])
    assert not RunDirectory(tmp_path / "run").records()["c1", 0].failed


def test_a_run_with_nothing_changed_asks_nothing(tmp_path: Path) -> None:
    cache = tmp_path / "answers.sqlite"
    run(tmp_path / "one", FakeTarget(), cases(10), cache=cache)
    again = FakeTarget()
    tally = run(tmp_path / "two", again, cases(10), cache=cache)
    assert (tally.asked, tally.cached, again.asked) == (0, 10, [])
    assert RunDirectory(tmp_path / "one").records() == RunDirectory(tmp_path / "two").records()


def test_a_changed_digest_or_question_is_asked_anew(tmp_path: Path) -> None:
    cache = tmp_path / "answers.sqlite"
    run(tmp_path / "one", FakeTarget(), cases(5), cache=cache)
    other = FakeTarget(marks={"corpus": "c1", "code": "v2"})
    assert run(tmp_path / "two", other, cases(5), cache=cache).asked == 5
    asked = [replace(case, turns=("别的？",)) if case.id == "c2" else case for case in cases(5)]
    assert run(tmp_path / "three", FakeTarget(), asked, cache=cache).asked == 1
    assert run(tmp_path / "four", FakeTarget(), cases(5), cache=cache, repeat=2).asked == 5


def test_errors_are_not_cached(tmp_path: Path) -> None:
    cache = tmp_path / "answers.sqlite"
    run(tmp_path / "one", FakeTarget(broken={"c0": InputError("down")}), cases(2), cache=cache)
    assert run(tmp_path / "two", FakeTarget(), cases(2), cache=cache).asked == 1


def test_a_broken_cache_is_a_miss(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = tmp_path / "answers.sqlite"
    cache.write_bytes(b"no database" * 100)
    assert run(tmp_path / "run", FakeTarget(), cases(2), cache=cache).asked == 2
    assert "not used" in caplog.text


def test_resuming_needs_the_run_that_was_begun(tmp_path: Path) -> None:
    run(tmp_path / "run", FakeTarget(), cases(3))
    with pytest.raises(RunError, match=r"was begun with other code; .* start a new run"):
        run(
            tmp_path / "run",
            FakeTarget(marks={"corpus": "c1", "code": "v2"}),
            cases(3),
            resume=True,
        )
    with pytest.raises(RunError, match="was begun with other data; "):
        run(tmp_path / "run", FakeTarget(), cases(4), resume=True)
    with pytest.raises(RunError, match="already, and no run is overwritten"):
        run(tmp_path / "run", FakeTarget(), cases(3))


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(RunError, match=r"holds notes\.txt already"):
        run(tmp_path, FakeTarget(), cases(1))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_unfinished_run_is_not_scored(tmp_path: Path) -> None:
    run(tmp_path / "run", FakeTarget(), cases(3))
    path = tmp_path / "run" / "answers.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    with pytest.raises(IncompleteRunError, match=r"1 of 3 answers are missing; .*--resume"):
        score(RunDirectory(tmp_path / "run"), suite())


def test_an_interruption_leaves_a_run_to_go_on_with(tmp_path: Path) -> None:
    class Interrupted(Silence):
        def __init__(self) -> None:
            self.told = 0

        def tell(self, case: Case, record: object) -> None:
            self.told += 1
            if self.told == 5:
                raise KeyboardInterrupt

    target = FakeTarget(seconds=0.001)
    asked = cases(50)
    manifest = manifest_of(suite(), asked, target, 1, Selection())
    with pytest.raises(KeyboardInterrupt):
        answer(
            tmp_path / "run",
            manifest,
            asked,
            target,
            cache=AnswerCache(None),
            watcher=Interrupted(),
            jobs=2,
        )
    assert len(RunDirectory(tmp_path / "run").records()) == 5
    assert len(target.asked) < 25
    assert run(tmp_path / "run", target, asked, resume=True).asked == 45


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_run_goes_on_and_scores_the_same(tmp_path: Path, seed: int) -> None:
    space: dict[str, list[Case]] = {}
    exec(HUNDREDS, space)
    asked = space["CASES"]
    path = tmp_path / "killed"
    command = [sys.executable, "-c", SCRIPT, str(path), FORM.model_dump_json()]
    until = random.Random(seed).randrange(50, 900)
    with subprocess.Popen(command, cwd=PROJECT) as process:
        deadline = time.monotonic() + 60
        while _lines(path / "answers.jsonl") < until:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    # What a kill in mid-write would leave.
    with (path / "answers.jsonl").open("ab") as file:
        file.write(b'{"case":"c7","repe')
    assert until <= len(RunDirectory(path).records()) < 1000
    target = FakeTarget()
    tally = run(path, target, asked, resume=True)
    assert 0 < tally.asked <= 1000 - until
    run(tmp_path / "whole", FakeTarget(), asked)
    for name in ("killed", "whole"):
        score(RunDirectory(tmp_path / name), suite())
    killed, whole = (tmp_path / name / "scores.jsonl" for name in ("killed", "whole"))
    assert killed.read_bytes() == whole.read_bytes()
    assert len(killed.read_bytes().splitlines()) == 1000 * len(suite().metrics)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
