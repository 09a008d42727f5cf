"""How the features of a candidate make its score.

In one language the score is `(1 - g) · match + g · dense + h · lexical`, where g, between 0 and 1,
is read off the question: questions of fact are found by their words, lay questions about the law by
what they mean. Across languages g is 0: matches are the better guide there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from evals.fitting.candidates import RERANKED, Candidates
from index.embedding import Vector

_NEVER = -1e9
# A direction of length 1 should be able to take g from one end to the other.
_STEEPNESS = 5.0


@dataclass(frozen=True)
class Gate:
    """Weights of the features.

    Attributes:
        direction: `(dim,)`; g is the logistic function of its product with the question's centred,
            unmapped sentence vector, plus the bias.
        bias: The bias.
        lexical_weight: h.
    """

    direction: Vector
    bias: float
    lexical_weight: float

    def shares(self, questions: Vector) -> Vector:
        """The g of each question, `(n,)`."""
        logits = questions @ self.direction + self.bias
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def score(self, found: Candidates, share: float) -> Vector:
        """The scores of a question's candidates.

        Args:
            found: The candidates.
            share: The question's g, or 0 across languages.
        """
        mixed = (1 - share) * found.match + share * found.dense
        return np.asarray(mixed + self.lexical_weight * found.lexical, np.float32)


@dataclass(frozen=True)
class Judged:
    """Candidates of one set's questions, to fit a gate to.

    Attributes:
        questions: `(n, dim)`, centred, of length 1, unmapped.
        found: The candidates of each.
        weight: How much the set counts.
    """

    questions: Vector
    found: Sequence[Candidates]
    weight: float


@dataclass(frozen=True)
class GateOptions:
    """How a gate is fitted; chosen by cross-validation on the open sets.

    Attributes:
        steps: Of Adam, over all questions at once.
        pull: Weight of the squared length of the direction (before the steepness of 5).
        bias: Where the bias starts (likewise).
        direction_rate: Learning rate of the direction.
        rate: Learning rate of the rest.
    """

    steps: int = 300
    pull: float = 0.005
    bias: float = -0.3
    direction_rate: float = 0.02
    rate: float = 0.01


def fit_gate(sets: Sequence[Judged], options: GateOptions) -> Gate:
    """Fit a gate.

    The loss of a question is logistic in the margin between its gold and its other candidates,
    both joined by `logsumexp`; questions without a gold candidate are left out. Scores are
    sharpened by a factor that each set has of its own.

    Args:
        sets: One language each; all in the language of their questions.
        options: How.
    """
    packed = [_Packed.of(judged) for judged in sets]
    direction = torch.nn.Parameter(torch.zeros(packed[0].questions.shape[1]))
    bias = torch.nn.Parameter(torch.tensor(options.bias))
    lexical = torch.nn.Parameter(torch.tensor(-3.0))
    sharpness = torch.nn.Parameter(torch.full((len(packed),), math.log(30.0)))
    groups: list[dict[str, Any]] = [
        {"params": [direction], "lr": options.direction_rate},
        {"params": [bias, lexical, sharpness], "lr": options.rate},
    ]
    optimiser = torch.optim.Adam(groups)
    for _ in range(options.steps):
        loss = options.pull * (direction**2).sum()
        for row, judged in enumerate(packed):
            share = torch.sigmoid(_STEEPNESS * (judged.questions @ direction + bias))[:, None]
            mixed = (1 - share) * judged.match + share * judged.dense
            scores = mixed + functional.softplus(lexical) * judged.lexical
            loss = loss + judged.loss(scores * sharpness[row].exp())
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return Gate(
        direction=(_STEEPNESS * direction).detach().numpy(),
        bias=_STEEPNESS * bias.item(),
        lexical_weight=functional.softplus(lexical).item(),
    )


@dataclass(frozen=True)
class _Packed:
    """The same as tensors `(n, RERANKED)`, filled up with candidates that are neither."""

    questions: torch.Tensor
    match: torch.Tensor
    dense: torch.Tensor
    lexical: torch.Tensor
    gold: torch.Tensor
    other: torch.Tensor
    weight: float

    @classmethod
    def of(cls, judged: Judged) -> _Packed:
        rows = [n for n, found in enumerate(judged.found) if found.gold.any()]
        kept = [judged.found[n] for n in rows]
        return cls(
            questions=torch.from_numpy(judged.questions[rows]),
            match=_table([found.match for found in kept]),
            dense=_table([found.dense for found in kept]),
            lexical=_table([found.lexical for found in kept]),
            gold=_table([found.gold for found in kept]) > 0,
            other=_table([~found.gold for found in kept]) > 0,
            weight=judged.weight,
        )

    def loss(self, scores: torch.Tensor) -> torch.Tensor:
        gold = torch.logsumexp(scores.masked_fill(~self.gold, _NEVER), dim=1)
        other = torch.logsumexp(scores.masked_fill(~self.other, _NEVER), dim=1)
        return self.weight * functional.softplus(other - gold).mean()


def _table(rows: Sequence[NDArray[Any]]) -> torch.Tensor:
    table = np.zeros((len(rows), RERANKED), np.float32)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return torch.from_numpy(table)
