"""Status and verdict as classes: accuracy, macro F1 and balanced accuracy.

A case may accept several statuses; the gold class is then the one that was given, where it is
accepted, else the first accepted. A failed record is of a class of its own, `failed`. Classes are
those that occur as gold: one that is only predicted has no F1 of its own, but costs the recall of
the class it was mistaken for. Definitions as in scikit-learn's `f1_score(average="macro")`, over
the gold classes, and `balanced_accuracy_score`; the latter after K. Brodersen et al., "The
Balanced Accuracy and Its Posterior Distribution" (ICPR 2010).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Literal

from evals.answers import status
from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement
from evals.records import Score

Field = Literal["status", "verdict"]


@dataclass(frozen=True)
class Accuracy(CaseMetric):
    """The share of answers with the right class.

    Attributes:
        field: What is judged: the answer's status, or the verdict on eligibility.
    """

    field: Field

    @property
    def name(self) -> str:
        """`status_accuracy` or `verdict_accuracy`."""
        return f"{self.field}_accuracy"

    def applies(self, case: Case) -> bool:
        """Whether the case expects a class."""
        return bool(self._accepted(case))

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement:
        """Judge one answer."""
        given = status(answer) if self.field == "status" else str(answer.get("verdict") or "none")
        accepted = self._accepted(case)
        gold = given if given in accepted else accepted[0]
        why = "" if given in accepted else f"{given}, expected {' or '.join(accepted)}"
        return Judgement(float(given in accepted), why, {"gold": gold, "predicted": given})

    def failed(self, case: Case) -> Judgement:
        """Wrong, and of no class that can be expected."""
        return Judgement(0.0, "", {"gold": self._accepted(case)[0], "predicted": "failed"})

    def _accepted(self, case: Case) -> tuple[str, ...]:
        if self.field == "status":
            return case.expect.status
        return (case.expect.verdict,) if case.expect.verdict else ()


@dataclass(frozen=True)
class MacroF1(Accuracy):
    """The mean over gold classes of `2 TP / (2 TP + FP + FN)`; a case scores as for accuracy."""

    @property
    def name(self) -> str:
        """`status_macro_f1` or `verdict_macro_f1`."""
        return f"{self.field}_macro_f1"

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """Macro F1 from the classes in `detail`."""
        hits, gold, predicted = _counts(scores)
        return _mean([2 * hits[name] / (gold[name] + predicted[name]) for name in gold])


@dataclass(frozen=True)
class BalancedAccuracy(Accuracy):
    """The mean over gold classes of the share of their cases that are right."""

    @property
    def name(self) -> str:
        """`status_balanced_accuracy` or `verdict_balanced_accuracy`."""
        return f"{self.field}_balanced_accuracy"

    def aggregate(self, scores: Sequence[Score]) -> float | None:
        """Balanced accuracy from the classes in `detail`."""
        hits, gold, _ = _counts(scores)
        return _mean([hits[name] / gold[name] for name in gold])


def _counts(scores: Sequence[Score]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    pairs = [(s.detail["gold"], s.detail["predicted"]) for s in scores if s.value is not None]
    hits = Counter(gold for gold, predicted in pairs if gold == predicted)
    return hits, Counter(gold for gold, _ in pairs), Counter(predicted for _, predicted in pairs)


def _mean(values: Sequence[float]) -> float | None:
    return fsum(values) / len(values) if values else None
