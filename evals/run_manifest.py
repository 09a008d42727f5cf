"""What a run is: its suite, settings, digests and the part of the suite that was selected."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evals.case_files import Kind
from evals.cases import Case
from evals.errors import RunError, SuiteError
from evals.json_lines import write_bytes

FORMAT = 1


@dataclass(frozen=True)
class Selection:
    """Which part of a suite was run; everything where nothing is named."""

    cases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def whole(self) -> bool:
        """Whether every case of the suite is in."""
        return self == Selection()

    def of(self, cases: Sequence[Case]) -> list[Case]:
        """The selected cases.

        Raises:
            SuiteError: A named case is not there, or nothing is left.
        """
        missing = sorted(set(self.cases) - {case.id for case in cases})
        if missing:
            raise SuiteError(f"--case {missing[0]}: the suite has no such case")
        chosen = [
            case
            for case in cases
            if (not self.cases or case.id in self.cases)
            and (not self.tags or set(self.tags) & set(case.tags))
        ][: self.limit]
        if not chosen:
            raise SuiteError("no case is left of the suite: name other --tag or --limit")
        return chosen


@dataclass(frozen=True)
class Manifest:
    """What a run is; written before the first answer.

    Attributes:
        suite: Its name.
        kind: What is asked: for answers, or for rankings.
        form: The suite's file, as JSON.
        settings: How the target was set up.
        digests: SHA-256 of all that scores depend on: `suite`, `data`, `corpus`, `index`,
            `embedder`, `chat_model` (its name), `reranker`, `prompts`, `code`.
        versions: Versions of Python and packages.
        cases: How many cases were selected.
        repeat: How often each is asked.
        selection: Which part of the suite was selected.
        started_at: ISO time, UTC.
        format: The form of run directories.
    """

    suite: str
    kind: Kind
    form: Mapping[str, Any]
    settings: Mapping[str, Any]
    digests: Mapping[str, str]
    versions: Mapping[str, str]
    cases: int
    repeat: int = 1
    selection: Selection = field(default_factory=Selection)
    started_at: str = ""
    format: int = FORMAT


def write_manifest(run: Path, manifest: Manifest) -> None:
    """Write `run.json` into a run's folder.

    Raises:
        RunError: It cannot be written.
    """
    data = json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n"
    write_bytes(run / "run.json", data.encode())


def read_manifest(run: Path) -> Manifest:
    """Read `run.json` of a run's folder.

    Raises:
        RunError: It cannot be read, or another version of this program made it.
    """
    path = run / "run.json"
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise RunError(f"run {run}: holds no run.json; name a run's folder") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RunError(f"run {run}: run.json cannot be read: {error}") from error
    made_by = data.get("format") if isinstance(data, dict) else None
    if made_by != FORMAT:
        raise RunError(
            f"run {run}: made by format {made_by} of run directories, this program reads format "
            f"{FORMAT}; use the version that made it, or run the suite anew"
        )
    try:
        chosen = data.pop("selection")
        selection = Selection(tuple(chosen["cases"]), tuple(chosen["tags"]), chosen["limit"])
        return Manifest(**data, selection=selection)
    except (KeyError, TypeError) as error:
        raise RunError(f"run {run}: run.json was changed by hand: {error}") from error
