"""The file of retrieval parameters: which arrays it has, and of what shapes.

`index.calibration` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LANGS = ("zh", "en")
SIDES = ("query", "passage")

MEANINGS: dict[str, str] = {
    **{
        f"sentence_mean_{side}_{lang}": f"mean sentence vector of XQuAD's {lang} "
        + ("questions" if side == "query" else "passages")
        for side in SIDES
        for lang in LANGS
    },
    **{
        f"token_mean_{side}_{lang}": f"mean of all token vectors of XQuAD's {lang} "
        + ("questions" if side == "query" else "passages")
        for side in SIDES
        for lang in LANGS
    },
    "query_map": "W: a question q searches with unit(W · unit(q − sentence_mean_query)); a passage "
    "p is found as unit(p − sentence_mean_passage)",
    "gate": "g = logistic(gate · unit(q − sentence_mean_query) + gate_bias)",
    "gate_bias": "its bias",
    "lexical_weight": "h: a candidate's score is (1 − g) · match + g · dense + h · BM25 / best BM25"
    ", and g = 0 across languages",
    "relevance_same": "probability that a passage answers, one language: "
    "logistic(w₁ · match + w₂ · dense + w₃)",
    "relevance_across": "the same across languages",
}


def shapes(dim: int) -> dict[str, tuple[int, ...]]:
    """The shape of every array for vectors of a length."""
    found: dict[str, tuple[int, ...]] = dict.fromkeys(MEANINGS, (dim,))
    own: dict[str, tuple[int, ...]] = {
        "query_map": (dim, dim),
        "gate_bias": (),
        "lexical_weight": (),
        "relevance_same": (3,),
        "relevance_across": (3,),
    }
    return found | own


def write_parameters(arrays: Mapping[str, NDArray[Any] | float], path: Path) -> None:
    """Write the file, whole or not at all: the map in 16 bits, all else in 32.

    Args:
        arrays: By the names of `MEANINGS`.
        path: Where to.

    Raises:
        ValueError: An array lacks, is not known, or has another shape.
    """
    made = {
        name: np.asarray(array, np.float16 if name == "query_map" else np.float32)
        for name, array in arrays.items()
    }
    wanted = shapes(len(made["query_map"])) if "query_map" in made else shapes(0)
    found = {name: array.shape for name, array in made.items()}
    if found != wanted:
        wrong = sorted(dict(found.items() ^ wanted.items()))
        raise ValueError(
            f"{path}: not written; arrays lacking, unknown or of a wrong shape: {wrong}"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    with fresh.open("wb") as file:
        np.savez(file, allow_pickle=False, **made)
    fresh.replace(path)
