"""The upper layers of the default model with its question adapter added: a second end of the model.

Imports torch, so only preparation and training import this module.
"""

from __future__ import annotations

import copy
from typing import Any

import torch

from index.question_adapter import QuestionAdapter


class AdaptedLayers(torch.nn.Module):
    """Layers that go on from the hidden states of the layer below the lowest of them."""

    def __init__(self, layers: torch.nn.ModuleList) -> None:
        super().__init__()
        self.layers = layers

    @classmethod
    def of(cls, bert: Any, adapter: QuestionAdapter) -> AdaptedLayers:
        """Copy a model's layers from the adapter's first on, and add what the adapter holds."""
        layers = copy.deepcopy(bert.encoder.layer[adapter.first :])
        for name, down in adapter.down.items():
            number, _, inside = name.partition(".")
            weight = layers[int(number) - adapter.first].get_submodule(inside).weight
            added = torch.from_numpy(adapter.up[name] @ down)
            weight.data += added.to(weight.dtype)
        return cls(layers)

    def forward(self, hidden: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Hidden states, `(batch, sequence, dim)`, of the last layer; the mask is 1 or 0."""
        away = (1 - attention_mask[:, None, None, :].to(hidden.dtype)) * -1e9
        for layer in self.layers:
            hidden = layer(hidden, away)
        return hidden
