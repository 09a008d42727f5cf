"""Suites: which cases are put to which target, by what they are judged, and what must hold.

A suite is a YAML file. Reads and checks one; does not read its cases (`evals.suite_cases`) and
runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from evals.calibration import not_calibrated
from evals.case_files import Kind
from evals.digests import digest_of
from evals.errors import EvaluationError, SuiteError
from evals.faults import Faults, one_fault
from evals.gates import Gate, parse_gate
from evals.judge_settings import NamedJudge
from evals.metrics import Metric
from evals.metrics.registry import metric as metric_of
from index.yaml_files import Yaml, read_yaml

SUITES = Path(__file__).parent / "suites"
Spoil = Literal["none", "no_rerank", "shuffled_citations", "changed_figure", "no_abstention"]
SPOILS: tuple[Spoil, ...] = (
    "no_rerank",
    "shuffled_citations",
    "changed_figure",
    "no_abstention",
)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TargetForm(_Form):
    """What is asked: the assistant, or its search, and how it is set up."""

    corpus: str | None = Field(
        None, description="Folder of documents, from the suite's file; the project's by default."
    )
    composer: Literal["quotes", "auto", "llm"] = Field("quotes", description="Who writes answers.")
    rerank: bool = Field(True, description="Whether late interaction reranks what was found.")
    evidence_tokens: int = Field(2_400, ge=200, description="Tokens of evidence for an answer.")
    k: int = Field(10, ge=1, le=100, description="How many results a search gives.")
    unit: Literal["section", "document"] = Field(
        "section", description="What a result is: a section, or (best passage first) a document."
    )
    as_of: date | None = Field(None, description="Judge validity on this day; today by default.")
    spoil: Spoil = Field("none", description="Break the target on purpose: a test of the gates.")


class SetForm(_Form):
    """An external set, read by an adapter from the folder given with `--data`."""

    adapter: Name = Field(description="Which adapter reads it.")
    options: dict[str, str | int | bool] = Field(
        default_factory=dict, description="What the adapter can be told."
    )


class GateForm(_Form):
    """A bound that must hold; at least one of `min`, `max` and `drop`."""

    metric: str = Field(description="One of the suite's metrics.")
    min: float | None = Field(None, description="Least value.")
    max: float | None = Field(None, description="Greatest value.")
    drop: float | None = Field(
        None, ge=0, description="Fails where it got worse than the baseline by more, significantly."
    )
    slice: str | None = Field(None, description="Such as `lang=zh`; all cases by default.")
    level: float = Field(
        0.05, gt=0, lt=1, description="Accepted chance of a false alarm, over all drops together."
    )


class SuiteForm(_Form):
    """A suite of evaluation cases (policy-assistant eval)."""

    name: Name
    kind: Kind
    about: str = Field("", description="What the suite is for, in a sentence.")
    cases: list[str] = Field(default_factory=list, description="Case files, from this file.")
    set: SetForm | None = Field(None, description="An external set in place of `cases`.")
    target: TargetForm = TargetForm()
    metrics: Annotated[list[str], Field(min_length=1)]
    gates: list[GateForm] = Field(default_factory=list)
    repeat: int = Field(1, ge=1, le=100, description="How often every case is asked.")


@dataclass(frozen=True)
class Suite:
    """A suite that was read and checked.

    Attributes:
        form: What the file says.
        path: The file.
        metrics: The metrics by name, in the file's order.
        gates: What must hold.
        judge: The model that judges, where one is configured.
    """

    form: SuiteForm
    path: Path
    metrics: Mapping[str, Metric]
    gates: tuple[Gate, ...]
    judge: str | None = None

    @property
    def name(self) -> str:
        """The suite's name."""
        return self.form.name

    @property
    def kind(self) -> Kind:
        """What it asks: for answers, or for rankings."""
        return self.form.kind

    @property
    def case_paths(self) -> list[Path]:
        """The case files."""
        return [self.path.parent / name for name in self.form.cases]

    @property
    def digest(self) -> str:
        """SHA-256 of all that the suite says but for its name and description."""
        return digest_of(self.form.model_dump(mode="json", exclude={"name", "about"}))


def find_suite(name: str) -> Path:
    """The file of a suite, given its path or the name of one of the project's own.

    Raises:
        SuiteError: There is none.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    own = SUITES / f"{name}.yaml"
    if not own.is_file():
        known = ", ".join(sorted(path.stem for path in SUITES.glob("*.yaml"))) or "none"
        raise SuiteError(f"suite {name}: not found; name a .yaml file, or one of: {known}")
    return own


def load_suite(path: Path, judge: NamedJudge | None = None) -> Suite:
    """Read and check a suite.

    Args:
        path: Its file.
        judge: Whom metrics of kind `judge` ask; without one they leave cases unscored.

    Raises:
        SuiteError: With every fault, one a line: file, line, what is wrong, mend.
    """
    yaml = read_yaml(path, SuiteError, "`policy-assistant eval schema`")
    if not isinstance(yaml.value, dict):
        raise SuiteError(f"{path}:1: `key: value` lines are needed; see `eval schema`")
    faults = Faults()
    try:
        form = SuiteForm.model_validate(yaml.value)
    except ValidationError as error:
        for item in error.errors():
            faults.add(f"{yaml.where(item['loc'])}: {one_fault(item)}")
        faults.raise_any()
        raise
    found = suite_of(form, yaml, faults, judge)
    faults.raise_any()
    return found


def suite_of(form: SuiteForm, yaml: Yaml, faults: Faults, judge: NamedJudge | None = None) -> Suite:
    """Check what a suite says beyond its form, adding what is wrong to `faults`."""
    metrics = _metrics(form, yaml, faults, judge)
    if bool(form.cases) == bool(form.set):
        faults.add(f"{yaml.where()}: give either `cases`, a list of files, or `set`")
    if form.set and form.target.corpus:
        where = yaml.where(("target", "corpus"))
        faults.add(f"{where}: a `set` brings its own corpus; remove this line")
    gates = []
    for number, gate in enumerate(form.gates):
        where = yaml.where(("gates", number))
        if gate.metric not in metrics:
            known = ", ".join(metrics) or "none"
            faults.add(f"{where}: no metric {gate.metric!r} in the suite; use one of: {known}")
        elif metrics[gate.metric].kind == "judge":
            advisory = not_calibrated(gate.metric, judge.name if judge else None)
            if advisory:
                faults.add(f"{where}: {advisory}")
        try:
            gates.append(parse_gate(gate.model_dump(), where))
        except SuiteError as error:
            faults.add(str(error))
    return Suite(form, yaml.path, metrics, tuple(gates), judge.name if judge else None)


def _metrics(
    form: SuiteForm, yaml: Yaml, faults: Faults, judge: NamedJudge | None
) -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    for number, spec in enumerate(form.metrics):
        where = yaml.where(("metrics", number))
        try:
            made = metric_of(spec, judge.ask if judge else None)
        except EvaluationError as error:
            faults.add(f"{where}: {error}")
            continue
        if made.name in found:
            faults.add(f"{where}: metric {spec!r} stands twice; keep one")
        wrong = "answer" if form.kind == "retrieval" else "retrieval"
        if made.kind == wrong:
            faults.add(f"{where}: {spec!r} reads {wrong} records, the suite's kind is {form.kind}")
        found[made.name] = made
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of a suite's file."""
    found = SuiteForm.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
