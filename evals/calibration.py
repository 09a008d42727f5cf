"""Whether a judge model agrees with people. Until it does, its metrics advise and gate nothing.

Agreement is told as Cohen's kappa (J. Cohen, "A Coefficient of Agreement for Nominal Scales",
1960), which takes off what chance gives; 0.6 is where J. Landis and G. Koch (1977) let
"substantial" begin. A judge is calibrated by a metric, a model and the prompts it was asked with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.digests import prompt_digest
from evals.errors import RunError, SuiteError
from evals.faults import Faults
from evals.json_lines import write_bytes
from evals.records import Score
from evals.scored_run import ScoredRun
from evals.tables import read_table, write_table

CALIBRATIONS = Path(__file__).parent / "calibrations"
LABELS_MIN = 50
KAPPA_MIN = 0.6
# With fewer of either kind, kappa says little.
EITHER_MIN = 5
CUT = 0.75
_COLUMNS = ("case", "metric", "question", "answer", "label")
_LABELS = {"yes": True, "1": True, "是": True, "no": False, "0": False, "否": False}


@dataclass(frozen=True)
class Calibration:
    """How a judge's metric agrees with people's labels.

    Attributes:
        metric: The metric.
        judge: The judge's model.
        prompts: Digest of the prompts.
        labels: Labels that were compared.
        unscored: Labels of answers that the judge left unscored.
        yes: How many of the labels say that the answer is good.
        agreement: Share of labels that the judge agrees with.
        kappa: Cohen's kappa; `None` where it is not defined.
        cut: The score from which the judge counts as saying yes.
    """

    metric: str
    judge: str
    prompts: str
    labels: int
    unscored: int
    yes: int
    agreement: float
    kappa: float | None
    cut: float = CUT

    @property
    def lacking(self) -> str:
        """Why the metric is not calibrated; empty where it is."""
        if self.labels < LABELS_MIN:
            return f"{self.labels} labels; {LABELS_MIN} are needed"
        if min(self.yes, self.labels - self.yes) < EITHER_MIN:
            return f"{self.yes} of {self.labels} labels say yes; label at least 5 of either kind"
        if self.kappa is None or self.kappa < KAPPA_MIN:
            shown = "undefined" if self.kappa is None else f"{self.kappa:.2f}"
            return f"kappa {shown} is below {KAPPA_MIN}; mend the judge's prompt or take another"
        return ""


def calibrate(
    metric: str, judge: str, labels: Mapping[str, bool], scores: Sequence[Score], cut: float = CUT
) -> Calibration:
    """Compare a judge's scores with labels.

    Args:
        metric: The metric.
        judge: The judge's model.
        labels: By case, whether a person finds the answer good.
        scores: The scores of a run's first repetition.
        cut: The score from which the judge counts as saying yes.
    """
    given = {s.case: s.value for s in scores if s.metric == metric and s.repeat == 0}
    pairs = [
        (labels[case], value >= cut)
        for case, value in given.items()
        if value is not None and case in labels
    ]
    n = len(pairs)
    agreed = sum(person == model for person, model in pairs) / n if n else 0.0
    person_yes = sum(person for person, _ in pairs)
    model_yes = sum(model for _, model in pairs)
    chance = (person_yes * model_yes + (n - person_yes) * (n - model_yes)) / n**2 if n else 1.0
    kappa = (agreed - chance) / (1 - chance) if chance < 1 else None
    unscored = sum(case in labels and value is None for case, value in given.items())
    return Calibration(metric, judge, prompt_digest(), n, unscored, person_yes, agreed, kappa, cut)


def write_sheet(path: Path, run: ScoredRun, metrics: Sequence[str]) -> int:
    """Write a sheet for people to label, without the judge's opinion; returns its rows.

    Raises:
        SuiteError: It exists already, or cannot be written.
    """
    rows: list[Sequence[str]] = [_COLUMNS]
    for record in run.records:
        if record.answer is not None and record.repeat == 0:
            question = "\n".join(run.cases[record.case].turns)
            text = str(record.answer.get("text", ""))
            rows.extend((record.case, metric, question, text, "") for metric in metrics)
    write_table(path, rows)
    return len(rows) - 1


def read_labels(path: Path) -> dict[str, dict[str, bool]]:
    """Labels by metric and case; rows without one are passed over.

    Raises:
        SuiteError: With every fault, one a line.
    """
    table = read_table(path)
    faults = Faults()
    names = [name.strip().lower() for name in table[0][1]] if table else []
    missing = [name for name in ("case", "metric", "label") if name not in names]
    if missing:
        raise SuiteError(f"{path}:1: column {missing[0]!r} is missing; add it")
    found: dict[str, dict[str, bool]] = {}
    for number, cells in table[1:]:
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        if not row.get("label"):
            continue
        label = _LABELS.get(row["label"].lower())
        own = found.setdefault(row.get("metric", ""), {})
        if label is None:
            faults.add(f"{path}:{number}: label {row['label']!r} is not known; write yes or no")
        elif row["case"] in own:
            faults.add(f"{path}:{number}: case {row['case']!r} has a label already; keep one")
        else:
            own[row["case"]] = label
    faults.raise_any()
    if not found:
        raise SuiteError(f"{path}: holds no label; write yes or no into the column `label`")
    return found


def write_calibration(found: Calibration) -> Path:
    """Keep a calibration; the file is to be committed.

    Raises:
        RunError: It cannot be written.
    """
    path = CALIBRATIONS / f"{found.metric}.json"
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror}") from error
    write_bytes(path, (json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n").encode())
    return path


def not_calibrated(metric: str, judge: str | None) -> str:
    """Why a gate may not rest on a judge's metric; empty where it may.

    Args:
        metric: The metric.
        judge: The judge's model; `None` where none is configured, which is no reason by itself.
    """
    mend = "label answers and run `policy-assistant eval calibrate`"
    try:
        said = json.loads((CALIBRATIONS / f"{metric}.json").read_bytes())
        known = Calibration(**said)
    except FileNotFoundError:
        return f"the judge's {metric} was never calibrated; {mend}"
    except (OSError, ValueError, TypeError) as error:
        return f"the calibration of {metric} cannot be read ({error}); {mend}"
    if known.lacking:
        return f"the judge's {metric}: {known.lacking}"
    if known.prompts != prompt_digest() or (judge is not None and known.judge != judge):
        return f"{metric} was calibrated with another model ({known.judge}) or prompts; {mend}"
    return ""
