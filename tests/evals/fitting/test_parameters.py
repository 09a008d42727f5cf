"""The file, and that searching reads it as training meant it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.fitting.gate import Gate
from evals.fitting.parameters import MEANINGS, shapes, write_parameters
from evals.fitting.query_map import mapped, unit
from evals.fitting.relevance import probabilities
from index.calibration import FILE, Calibration

DIM = 6


@pytest.fixture
def arrays() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    made: dict[str, Any] = {
        name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes(DIM).items()
    }
    made["query_map"] = made["query_map"].astype(np.float16).astype(np.float32)
    return made


def test_the_file_has_exactly_the_arrays_that_are_wanted(
    tmp_path: Path, arrays: dict[str, Any]
) -> None:
    path = tmp_path / "data" / "parameters.npz"
    write_parameters(arrays, path)
    with np.load(path) as written:
        assert set(written.files) == set(MEANINGS)
        assert {name: written[name].shape for name in written.files} == shapes(DIM)
        types = {name: written[name].dtype for name in written.files}
        for name in written.files:
            assert np.array_equal(written[name], arrays[name])
    assert types.pop("query_map") == np.float16
    assert set(types.values()) == {np.dtype(np.float32)}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_same_arrays_make_the_same_file(tmp_path: Path, arrays: dict[str, Any]) -> None:
    for name in ("one.npz", "other.npz"):
        write_parameters(arrays, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()


@pytest.mark.parametrize("spoil", ["lack", "add", "reshape"])
def test_a_file_of_other_arrays_is_not_written(
    tmp_path: Path, arrays: dict[str, Any], spoil: str
) -> None:
    if spoil == "lack":
        del arrays["gate"]
    elif spoil == "add":
        arrays["gait"] = np.zeros(DIM)
    else:
        arrays["gate"] = np.zeros(DIM + 1)
    with pytest.raises(ValueError, match=r"gate|gait"):
        write_parameters(arrays, tmp_path / "parameters.npz")
    assert list(tmp_path.iterdir()) == []


def test_searching_computes_what_training_computed(tmp_path: Path, arrays: dict[str, Any]) -> None:
    path = tmp_path / "parameters.npz"
    write_parameters(arrays, path)
    searching = Calibration.load(path)
    sentence = np.random.default_rng(1).normal(size=DIM).astype(np.float32)
    question = unit(sentence - arrays["sentence_mean_query_zh"])
    gate = Gate(arrays["gate"], float(arrays["gate_bias"]), float(arrays["lexical_weight"]))
    assert searching.question(sentence, "zh") == pytest.approx(
        mapped(arrays["query_map"], question[None])[0], abs=1e-5
    )
    assert searching.passages(sentence[None], "en")[0] == pytest.approx(
        unit(sentence - arrays["sentence_mean_passage_en"]), abs=1e-6
    )
    assert searching.dense_share(sentence, "zh") == pytest.approx(
        gate.shares(question[None])[0], abs=1e-5
    )
    assert searching.lexical_weight == pytest.approx(gate.lexical_weight)
    for same, name in ((True, "relevance_same"), (False, "relevance_across")):
        expected = probabilities(arrays[name], np.array([[0.4, 0.3, 1.0]]))[0]
        assert searching.relevance(0.4, 0.3, same_language=same) == pytest.approx(expected)


def test_the_project_has_the_file_of_the_default_model() -> None:
    with np.load(FILE) as written:
        assert {name: written[name].shape for name in written.files} == shapes(384)
