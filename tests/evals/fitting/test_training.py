"""The whole of it on toy sets: words are hashed, and a question shares words with its passage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.fitting.embedded import EmbeddedSet, embed_set
from evals.fitting.gate import GateOptions
from evals.fitting.parameters import shapes, write_parameters
from evals.fitting.query_map import MapOptions
from evals.fitting.report import Run, report
from evals.fitting.search import PAIRS
from evals.fitting.sets import Collection
from evals.fitting.training import SEED, Outcome, train
from index.testing import HashEmbedder

NAMES = (
    "xquad-en",
    "xquad-zh",
    "orsharc",
    "lecoqa",
    "conditionalqa",
    "mtrag",
    "own-zh",
    "own-en",
)
COUNT = 12


def toy(name: str) -> Collection:
    rng = np.random.default_rng(len(name))
    words = [f"{name}{n}" for n in range(40)]
    passages = [" ".join(rng.permutation(words)[:12]) for _ in range(COUNT)]
    # Every third question is on the passage before, so that some are found and some are not.
    questions = [" ".join(passages[n - (n % 3 == 0)].split()[:4]) for n in range(COUNT)]
    return Collection(
        name=name,
        lang="zh" if name.endswith("zh") or name == "lecoqa" else "en",
        passages=tuple(passages),
        places=tuple(f"d{n}" for n in range(COUNT)),
        questions=tuple(questions),
        gold=tuple(frozenset({f"d{n}"}) for n in range(COUNT)),
        groups=tuple(f"g{n // 2}" for n in range(COUNT)),
    )


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EmbeddedSet]:
    work = tmp_path_factory.mktemp("work")
    return {name: embed_set(toy(name), HashEmbedder(), work) for name in NAMES}


@pytest.fixture(scope="module")
def outcome(sets: dict[str, EmbeddedSet]) -> Outcome:
    return train(sets, 2, MapOptions(steps=3), GateOptions(steps=3))


def test_training_gives_every_array_and_every_figure(outcome: Outcome, tmp_path: Path) -> None:
    assert {name: np.shape(array) for name, array in outcome.arrays.items()} == shapes(256)
    write_parameters(outcome.arrays, tmp_path / "parameters.npz")
    names = [pair.name for pair in PAIRS]
    # Each question's gold is its own, so no question has gold that another fold taught.
    assert [*outcome.held_out] == [*names, f"lecoqa, {COUNT} on articles new to the fold"]
    assert [*outcome.relevance] == names
    assert [*outcome.in_sample] == names[:6]
    for figures in (*outcome.held_out.values(), *outcome.in_sample.values()):
        assert [*figures] == ["raw", "centred", "mapped", "match", "fused"]
        assert all(((row >= 0) & (row <= 1)).all() for row in figures.values())
    for found in outcome.relevance.values():
        assert found.count == 2 * COUNT


def test_training_again_gives_the_same(sets: dict[str, EmbeddedSet], outcome: Outcome) -> None:
    again = train(sets, 2, MapOptions(steps=3), GateOptions(steps=3))
    for name, array in outcome.arrays.items():
        assert np.array_equal(again.arrays[name], array)


def test_the_report_has_every_set_and_array(sets: dict[str, EmbeddedSet], outcome: Outcome) -> None:
    text = report(Run("toy", "0" * 64, 2, sets), outcome)
    assert text == report(Run("toy", "0" * 64, 2, sets), outcome)
    assert f"Seed {SEED}, 2 folds" in text
    for name in (*NAMES, *(pair.name for pair in PAIRS)):
        assert f"\n| {name} |" in text
    for name in outcome.arrays:
        assert f"`{name}`" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)
