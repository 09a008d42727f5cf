"""What is added to the upper layers of the default model so that it tells questions apart.

The model was trained to bring a question near its passages; whether two questions ask for the same
thing it was not asked. A low rank change of its upper layers (E. Hu et al., "LoRA", arXiv
:2106.09685) was learnt from the sample questions of the project's corpus; the file beside this
module holds it, and `python -m evals.fitting.adapting` makes it. The model itself stays as it is:
the changed layers are a second end of it. Knows nothing of how a model is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding import Vector
from index.model_store import ADAPTER_FILE

_FIRST = "first_layer"


@dataclass(frozen=True)
class QuestionAdapter:
    """Low rank changes of weights.

    Attributes:
        first: The lowest layer that is changed, from 0.
        down: By name of a weight within a layer, such as `6.output.dense`: `(rank, in)`.
        up: By the same names, `(out, rank)`; what is added to the weight is `up @ down`.
    """

    first: int
    down: Mapping[str, Vector]
    up: Mapping[str, Vector]

    @classmethod
    @cache
    def load(cls, path: Path = ADAPTER_FILE) -> QuestionAdapter:
        """Read what was learnt."""
        with np.load(path) as data:
            halves: dict[str, dict[str, Vector]] = {"down": {}, "up": {}}
            for name in data.files:
                weight, _, half = name.rpartition(".")
                if weight:
                    halves[half][weight] = np.asarray(data[name], dtype=np.float32)
            return cls(int(data[_FIRST]), halves["down"], halves["up"])

    def save(self, path: Path = ADAPTER_FILE) -> None:
        """Write it in 16 bits."""
        named = {f"{name}.down": values for name, values in self.down.items()}
        named |= {f"{name}.up": values for name, values in self.up.items()}
        arrays: dict[str, Any] = {n: values.astype(np.float16) for n, values in named.items()}
        arrays[_FIRST] = np.asarray(self.first)
        np.savez_compressed(path, **arrays)
