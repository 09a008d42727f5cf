"""The map of questions: takes a question's sentence vector to where its passages lie.

A square matrix, started from the identity and held near it, so that what few sets teach does not
cost other questions: besides the sets' gold it is fitted to leave the rankings of general questions
as they are. Passages are not mapped, so that an index need not be made anew for another map.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.embedding import Vector


@dataclass(frozen=True)
class Lesson:
    """Questions that a map should bring to their passages.

    Attributes:
        questions: `(n, dim)`, centred, of length 1.
        passages: `(m, dim)`, the same; every one is an alternative to the gold.
        gold: The numbers of each question's passages.
    """

    questions: Vector
    passages: Vector
    gold: Sequence[NDArray[np.int64]]


@dataclass(frozen=True)
class Preserved:
    """Questions whose similarities with passages a map should leave as they are."""

    questions: Vector
    passages: Vector


@dataclass(frozen=True)
class MapOptions:
    """How a map is fitted; chosen by cross-validation on the open sets.

    Attributes:
        steps: Of Adam.
        rate: Its highest learning rate; it rises over ten steps and falls in a line.
        pull: Weight of the squared distance from the identity.
        preserve: Weight of the mean divergence (Kullback and Leibler) from unmapped similarities.
        sharpness: The similarities preserved are a softmax of so many times the cosine.
        dropout: Share of a question's components left out at each step.
        batch: Questions of each lesson at each step.
        preserved_batch: Questions of each preserved pair at each step.
    """

    steps: int = 300
    rate: float = 1e-3
    pull: float = 0.003
    preserve: float = 5.0
    sharpness: float = 30.0
    dropout: float = 0.1
    batch: int = 48
    preserved_batch: int = 24


def fit_query_map(
    lessons: Sequence[Lesson], preserved: Sequence[Preserved], options: MapOptions, seed: int
) -> Vector:
    """Fit a map.

    The loss of a question is the mean of `-log softmax` of its gold over all passages of its set.

    Args:
        lessons: What is learned.
        preserved: What is kept.
        options: How.
        seed: Of the batches and of dropout.

    Returns:
        `(dim, dim) float32`, rounded to what 16 bits hold; see `mapped`.
    """
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    identity = torch.eye(lessons[0].questions.shape[1])
    matrix = torch.nn.Parameter(identity.clone())
    log_scale = torch.nn.Parameter(torch.tensor(math.log(25.0)))
    rates = (options.rate, 0.01)
    optimiser = torch.optim.Adam(
        [{"params": [parameter]} for parameter in (matrix, log_scale)], lr=options.rate
    )

    def encode(questions: Vector) -> torch.Tensor:
        kept = torch.rand(questions.shape, generator=generator) >= options.dropout
        thinned = torch.from_numpy(questions) * kept / (1 - options.dropout)
        return functional.normalize(thinned @ matrix.T, dim=1)

    for step in range(options.steps):
        share = min(1.0, (step + 1) / 10) * max(0.05, 1 - step / options.steps)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share
        loss = options.pull * ((matrix - identity) ** 2).sum()
        for lesson in lessons:
            chosen = _sample(rng, len(lesson.questions), options.batch)
            scores = encode(lesson.questions[chosen]) @ torch.from_numpy(lesson.passages).T
            logs = torch.log_softmax(scores * log_scale.exp(), dim=1)
            gold = [logs[row, lesson.gold[n]].mean() for row, n in enumerate(chosen)]
            loss = loss - torch.stack(gold).mean()
        for pair in preserved:
            questions = pair.questions[_sample(rng, len(pair.questions), options.preserved_batch)]
            passages = torch.from_numpy(pair.passages).T * options.sharpness
            kept = torch.log_softmax(torch.from_numpy(questions) @ passages, dim=1)
            found = torch.log_softmax(encode(questions) @ passages, dim=1)
            divergence = functional.kl_div(found, kept, log_target=True, reduction="batchmean")
            loss = loss + options.preserve / len(preserved) * divergence
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return matrix.detach().numpy().astype(np.float16).astype(np.float32)


def mapped(matrix: Vector, questions: Vector) -> Vector:
    """Map questions, `(n, dim)`, and bring them to length 1."""
    return unit(questions @ matrix.T)


def unit(vectors: Vector) -> Vector:
    """Scale the last axis to length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _sample(rng: np.random.Generator, count: int, most: int) -> NDArray[np.int64]:
    return rng.choice(count, min(count, most), replace=False)
