"""Learns the question adapter from sample questions: `python -m evals.fitting.adapting`.

The upper layers of the default model, with a low rank change each (E. Hu et al., "LoRA", arXiv
:2106.09685), learn which section a sample question is answered by, or which policy is asked for
what it does not state, in both languages at once. What lies below stays as it is, so its outcome is
computed once. Kept are the changes; the classes and their weights are not, since every index learns
its own (`index/classifier.py`). Reads the corpus and nothing else: no case of an evaluation.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from assistant.settings import PROJECT
from index.adapted_layers import AdaptedLayers
from index.embedding import Vector
from index.errors import IndexingError
from index.loaders import load_corpus
from index.model_store import ADAPTER_FILE, DEFAULT_MODEL
from index.question_adapter import QuestionAdapter
from index.reference_model import load_reference

_FIRST_LAYER = 6
_RANK = 8
_SCALE = 2.0
_EPOCHS = 6
_BATCH = 64
_LENGTH = 160
_RATE, _HEAD_RATE = 1e-3, 3e-3
_DECAY = 0.02
_SMOOTHING = 0.1
# A class of many questions outweighs the others by the root of their ratio only.
_BALANCE = 0.5
# Tokens left out of a question in training, so that none of its words has to be there.
_LEFT_OUT = 0.1
_MIXED = 32

States = list[NDArray[np.float16]]


class LowRank(torch.nn.Module):
    """A linear layer that stays as it is, and a low rank change that learns."""

    def __init__(self, layer: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        inward = torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features)
        self.down = torch.nn.Parameter(inward)
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """What the layer gives, and the change."""
        change = functional.linear(functional.linear(values, self.down), self.up)
        return torch.add(self.layer(values), change, alpha=_SCALE)


class Head(torch.nn.Module):
    """Scores of classes: scaled cosines to a vector of each, and how usual each is."""

    def __init__(self, classes: int, dim: int) -> None:
        super().__init__()
        self.vectors = torch.nn.Parameter(torch.randn(classes, dim) * 0.05)
        self.scale = torch.nn.Parameter(torch.tensor(3.0))
        self.usual = torch.nn.Parameter(torch.zeros(classes))

    def forward(self, questions: torch.Tensor) -> torch.Tensor:
        """Logits, `(n, classes)`, of questions, `(n, dim)`."""
        own = functional.normalize(questions, dim=-1)
        cosines = functional.linear(own, functional.normalize(self.vectors, dim=-1))
        return cosines * self.scale.exp() + self.usual


def learn(
    bert: Any, states: States, classes: Sequence[int], epochs: int = _EPOCHS, seed: int = 0
) -> QuestionAdapter:
    """Learn an adapter.

    Args:
        bert: The model; its layers are changed.
        states: Of each question, `(n_tokens, dim)`: what goes into layer `_FIRST_LAYER`.
        classes: `(n,)`, the class of each question, from 0.
        epochs: How often each question is seen.
        seed: Of all that is drawn.
    """
    torch.manual_seed(seed)
    drawn = np.random.default_rng(seed)
    layers = AdaptedLayers(bert.encoder.layer[_FIRST_LAYER:].requires_grad_(False))
    changed = _with_low_rank(layers.layers)
    head = Head(max(classes) + 1, states[0].shape[1])
    own = [weight for one in changed.values() for weight in (one.down, one.up)]
    groups = [
        {"params": own, "lr": _RATE},
        {"params": list(head.parameters()), "lr": _HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=_DECAY)
    counts = np.bincount(classes).astype(np.float32)
    weights = torch.from_numpy(np.maximum(counts, 1) ** -_BALANCE)
    weights /= weights[list(classes)].mean()
    expected = torch.tensor(classes)
    steps = epochs * math.ceil(len(classes) / _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [_RATE, _HEAD_RATE], total_steps=steps, pct_start=0.1
    )
    layers.train()
    began = time.monotonic()
    for epoch in range(epochs):
        right = 0.0
        for batch in _batches([len(one) for one in states], drawn):
            cut = [_thinned(states[n], drawn) for n in batch]
            logits = head(_questions(layers, cut))
            loss = functional.cross_entropy(
                logits, expected[batch], weight=weights, label_smoothing=_SMOOTHING
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(own, 1.0)
            optimizer.step()
            schedule.step()
            right += float((logits.argmax(1) == expected[batch]).sum())
        said = f"epoch {epoch + 1} of {epochs}: {right / len(classes):.3f} right in training"
        print(f"{said}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return QuestionAdapter(
        _FIRST_LAYER,
        {name: one.down.detach().numpy() for name, one in changed.items()},
        {name: (_SCALE * one.up.detach()).numpy() for name, one in changed.items()},
    )


def hidden_states(model: Any, texts: Sequence[str]) -> States:
    """What goes into layer `_FIRST_LAYER` of each text, `(n_tokens, dim)`, specials counted."""
    encoded = model.tokenizer(list(texts), truncation=True, max_length=_LENGTH)["input_ids"]
    bert = model[0].auto_model.eval()
    found: dict[int, NDArray[np.float16]] = {}
    order = sorted(range(len(texts)), key=lambda n: len(encoded[n]))
    with torch.no_grad():
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            ids = [torch.tensor(encoded[n]) for n in batch]
            padded = torch.nn.utils.rnn.pad_sequence(
                ids, batch_first=True, padding_value=model.tokenizer.pad_token_id
            )
            mask = _mask([len(one) for one in ids])
            output = bert(input_ids=padded, attention_mask=mask, output_hidden_states=True)
            for row, n in enumerate(batch):
                own = output.hidden_states[_FIRST_LAYER][row, : len(ids[row])]
                found[n] = own.numpy().astype(np.float16)
    return [found[n] for n in range(len(texts))]


def _with_low_rank(layers: torch.nn.Module) -> Mapping[str, LowRank]:
    """Put a change beside every linear layer; by name, numbered as in the whole model."""
    changed = {}
    linear = [(n, m) for n, m in layers.named_modules() if isinstance(m, torch.nn.Linear)]
    for name, layer in linear:
        above, _, last = name.rpartition(".")
        number, _, inside = name.partition(".")
        one = changed[f"{int(number) + _FIRST_LAYER}.{inside}"] = LowRank(layer, _RANK)
        setattr(layers.get_submodule(above), last, one)
    return changed


def _questions(layers: AdaptedLayers, states: Sequence[NDArray[np.float16]]) -> torch.Tensor:
    """Mean vectors of questions, `(n, dim)`, as the adapted layers give them."""
    tensors = [torch.from_numpy(one.astype(np.float32)) for one in states]
    mask = _mask([len(one) for one in states])
    hidden = layers(torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True), mask)
    return torch.as_tensor((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))


def _mask(lengths: Sequence[int]) -> torch.Tensor:
    return (torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]).long()


def _thinned(states: NDArray[np.float16], drawn: np.random.Generator) -> NDArray[np.float16]:
    """A question without some of its tokens; the first two and the last are the model's own."""
    kept = drawn.random(len(states)) >= _LEFT_OUT
    kept[:2] = kept[-1:] = True
    return states[kept]


def _batches(lengths: Sequence[int], drawn: np.random.Generator) -> Iterator[list[int]]:
    """All numbers in batches of like length, in an order that is drawn."""
    order = drawn.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), _MIXED * _BATCH):
        near = sorted(order[start : start + _MIXED * _BATCH].tolist(), key=lengths.__getitem__)
        batches += [near[first : first + _BATCH] for first in range(0, len(near), _BATCH)]
    yield from (batches[n] for n in drawn.permutation(len(batches)))


def vectors(adapter: QuestionAdapter, bert: Any, states: States) -> Vector:
    """Vectors of questions, `(n, dim)`, by an adapter: to measure one without preparing it."""
    layers = AdaptedLayers.of(bert, adapter).eval()
    with torch.no_grad():
        parts = [
            _questions(layers, states[start : start + _BATCH]).numpy()
            for start in range(0, len(states), _BATCH)
        ]
    return np.asarray(np.concatenate(parts), dtype=np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn the adapter of the default model from the project's own corpus."""
    parser = argparse.ArgumentParser(prog="python -m evals.fitting.adapting", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=PROJECT / "docs_corpus")
    parser.add_argument("--out", type=Path, default=ADAPTER_FILE)
    parser.add_argument("--epochs", type=int, default=_EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.epochs < 1:
        parser.error(f"--epochs: {given.epochs}; give 1 or more")
    if not os.access(given.out.parent, os.W_OK):
        parser.error(f"--out: {given.out.parent} cannot be written to; name a folder that can")
    try:
        samples = load_corpus(given.corpus).questions
    except IndexingError as error:
        parser.error(f"--corpus: {error}")
    if not samples:
        parser.error(f"--corpus: {given.corpus} holds no sample questions; name one that does")
    places = [(sample.document_id or sample.kind, sample.section or "") for sample in samples]
    number = {place: n for n, place in enumerate(sorted(set(places)))}
    with tempfile.TemporaryDirectory() as work:
        reference = load_reference(DEFAULT_MODEL, Path(work))
    texts = [reference.recipe.query_prefix + sample.text for sample in samples]
    states = hidden_states(reference.model, texts)
    bert: Any = reference.model[0].auto_model
    classes = [number[place] for place in places]
    learn(bert, states, classes, given.epochs, given.seed).save(given.out)
    print(f"wrote {given.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
