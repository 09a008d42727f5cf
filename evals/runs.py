"""Run directories: what was asked of what, the answers, and their scores. Never overwritten.

DIR/
run.json        what the run is: suite, settings, digests, versions, what was selected
cases.jsonl     the cases, as they were
answers.jsonl   one record an answer, append-only; of two for one case the last counts
scores.jsonl    made from the answers, and can be made again
run.lock        held by the one process that writes
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.case_files import load_cases, to_json
from evals.cases import Case
from evals.errors import RunError, SuiteError
from evals.json_lines import JsonLinesWriter, read_lines, write_bytes, write_whole
from evals.records import Record, Score
from evals.run_manifest import Manifest, read_manifest, write_manifest

RUNS = Path(__file__).parent / "runs"
_LOCK = "run.lock"


@dataclass(frozen=True)
class RunDirectory:
    """A run's directory."""

    path: Path

    @classmethod
    def create(cls, path: Path, manifest: Manifest, cases: Sequence[Case]) -> RunDirectory:
        """Make one in a folder that is empty or not there yet.

        Raises:
            RunError: Something is in the folder already, or it cannot be written.
        """
        require_free(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"run {path}: cannot be written: {error.strerror}") from error
        rows = (to_json(case, manifest.kind) for case in cases)
        write_whole(path / "cases.jsonl", rows)
        write_manifest(path, manifest)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> RunDirectory:
        """Open a run.

        Raises:
            RunError: There is none, or another version of this program made it.
        """
        run = cls(path)
        run.manifest()
        return run

    def manifest(self) -> Manifest:
        """What the run is.

        Raises:
            RunError: It cannot be read, or another version of this program made it.
        """
        return read_manifest(self.path)

    def cases(self) -> list[Case]:
        """The cases as they were when the run began.

        Raises:
            RunError: They cannot be read.
        """
        try:
            return load_cases([self.path / "cases.jsonl"], self.manifest().kind)
        except SuiteError as error:
            raise RunError(f"run {self.path}: {error}") from error

    def records(self) -> dict[tuple[str, int], Record]:
        """Answers by case and repetition; the last one where a case was asked again.

        Raises:
            RunError: They cannot be read.
        """
        found: dict[tuple[str, int], Record] = {}
        for number, line in enumerate(read_lines(self.path / "answers.jsonl"), start=1):
            try:
                record = Record(**line)
            except TypeError as error:
                raise RunError(f"{self.path}/answers.jsonl:{number}: {error}") from error
            found[record.case, record.repeat] = record
        return found

    def answers(self) -> JsonLinesWriter:
        """A writer of records; hold the lock."""
        return JsonLinesWriter(self.path / "answers.jsonl")

    def scores(self) -> list[Score]:
        """Scores, in the order of cases.

        Raises:
            RunError: They cannot be read.
        """
        try:
            return [Score(**line) for line in read_lines(self.path / "scores.jsonl")]
        except TypeError as error:
            raise RunError(f"{self.path}/scores.jsonl: {error}; score it again") from error

    def scored_by(self) -> dict[str, str]:
        """Digest of the program that scored, and the judge's model; empty before the scoring.

        Raises:
            RunError: It cannot be read.
        """
        try:
            return dict(json.loads((self.path / "scoring.json").read_bytes()))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            raise RunError(f"{self.path}/scoring.json: {error}; score it again") from error

    def write_scores(self, scores: Sequence[Score], scored_by: Mapping[str, str]) -> None:
        """Write all scores in one step; other ones that were there are kept beside them.

        Args:
            scores: The scores, in the order of cases.
            scored_by: Digest of the program that scored, and the judge's model.

        Raises:
            RunError: They cannot be written.
        """
        path = self.path / "scores.jsonl"
        fresh = path.with_suffix(".new")
        write_whole(fresh, (asdict(score) for score in scores))
        if path.exists() and path.read_bytes() != fresh.read_bytes():
            earlier = len(list(self.path.glob("scores.*.jsonl"))) + 1
            path.rename(self.path / f"scores.{earlier}.jsonl")
        fresh.replace(path)
        write_bytes(self.path / "scoring.json", json.dumps(dict(scored_by), indent=2).encode())

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write.

        Raises:
            RunError: Another process holds it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / _LOCK).open("a+")
        except OSError as error:
            raise RunError(f"run {self.path}: cannot be written: {error.strerror}") from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise RunError(
                    f"run {self.path}: process {file.read().strip() or 'another'} is writing it; "
                    "wait for it to end, or name another folder with --out"
                ) from None
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield


def require_free(path: Path) -> None:
    """See that a folder is empty, or not there yet.

    Raises:
        RunError: Something is in it, or it cannot be read.
    """
    try:
        held = sorted(p.name for p in path.iterdir() if p.name != _LOCK)
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(f"run {path}: cannot be read: {error.strerror}") from error
    if held:
        raise RunError(
            f"run {path}: holds {held[0]} already, and no run is overwritten; name another folder "
            "with --out, or go on with the run that is there by --resume"
        )


def new_path(suite: str, runs: Path | None = None) -> Path:
    """A folder for a new run, named after the time and the suite, that nobody else has.

    Raises:
        RunError: It cannot be made.
    """
    runs = runs or RUNS
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{suite}"
    try:
        for number in range(1, 1_000):
            path = runs / (name if number == 1 else f"{name}-{number}")
            with suppress(FileExistsError):
                path.mkdir(parents=True)
                return path
    except OSError as error:
        raise RunError(f"{runs}: cannot be written: {error.strerror}") from error
    raise RunError(f"{runs}: too many runs within one second")


def newest(suite: str, runs: Path | None = None) -> Path:
    """The newest run of a suite.

    Raises:
        RunError: There is none.
    """
    runs = runs or RUNS
    own = []
    for path in runs.glob("*/run.json"):
        with suppress(RunError):  # another version's runs are not meant
            if read_manifest(path.parent).suite == suite:
                own.append(path.parent)
    if not own:
        raise RunError(f"{runs}: holds no run of suite {suite}; name its folder")
    return max(own, key=lambda path: path.name)
