"""Whether a suite's gates notice an assistant broken on purpose, and by the right metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.case_files import Kind
from evals.evaluation import Verdict
from evals.gates import GateOutcome
from evals.suites import Spoil

# What a spoiled part ought to be caught by; other metrics may fall with it.
OUGHT: Mapping[Kind, Mapping[Spoil, tuple[str, ...]]] = {
    "retrieval": {"no_rerank": ("recall", "success", "mrr", "ndcg")},
    "answer": {
        "shuffled_citations": ("citation_precision", "citation_recall"),
        "changed_figure": ("figure_precision", "figure_recall"),
        "no_abstention": ("false_answer", "abstention_f1"),
    },
}


@dataclass(frozen=True)
class Catch:
    """What the gates said of one spoiled assistant.

    Attributes:
        spoil: How it was spoiled.
        ought: Metrics, by the beginning of their names, that ought to notice.
        failed: The gates that failed.
    """

    spoil: Spoil
    ought: tuple[str, ...]
    failed: tuple[GateOutcome, ...]

    @property
    def caught(self) -> bool:
        """Whether a gate on a metric that ought to notice failed."""
        return any(outcome.gate.metric.startswith(self.ought) for outcome in self.failed)

    @property
    def words(self) -> str:
        """One line for people."""
        places = ", ".join(dict.fromkeys(outcome.gate.place for outcome in self.failed))
        if self.caught:
            return f"{self.spoil}: caught by {places}"
        found = f"only {places}" if places else "no gate"
        wanted = " or ".join(self.ought)
        return f"{self.spoil}: NOT caught by a gate on {wanted} ({found} failed)"


def spoils_of(kind: Kind) -> tuple[Spoil, ...]:
    """The ways of spoiling that a kind of suite can notice."""
    return tuple(OUGHT[kind])


def catch(kind: Kind, spoil: Spoil, verdict: Verdict) -> Catch:
    """Sum up what the gates said."""
    failed = tuple(outcome for outcome in verdict.gates if outcome.outcome == "failed")
    return Catch(spoil, OUGHT[kind][spoil], failed)


def all_caught(catches: Sequence[Catch]) -> bool:
    """Whether the gates noticed everything."""
    return all(one.caught for one in catches)
