from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from evals.fitting import adapting
from evals.fitting.adapting import States, learn, vectors

DIM = 16


def small() -> BertModel:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=10,
        hidden_size=DIM,
        num_hidden_layers=8,
        num_attention_heads=2,
        intermediate_size=32,
        attn_implementation="eager",
    )
    return BertModel(config, add_pooling_layer=False).eval()


def questions(count: int, seed: int) -> tuple[States, list[int]]:
    """Questions of two classes, told by a direction that is a small part of their tokens."""
    drawn = np.random.default_rng(seed)
    told = np.random.default_rng(0).normal(size=DIM)
    classes = [n % 2 for n in range(count)]
    tokens = [drawn.normal(size=(int(drawn.integers(4, 9)), DIM)) for _ in classes]
    shifted = [
        own + told * (1 if one else -1) * 0.15 for own, one in zip(tokens, classes, strict=True)
    ]
    return [own.astype(np.float16) for own in shifted], classes


def apart(found: np.ndarray, classes: list[int]) -> float:
    """By how much questions of one class are nearer to each other than to the other's."""
    centred = found - found.mean(axis=0)
    own = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    cosines = own @ own.T
    same = np.equal.outer(classes, classes)
    return float(cosines[same].mean() - cosines[~same].mean())


def test_what_is_learnt_tells_questions_apart_that_were_not_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adapting, "_BATCH", 16)
    bert, plain = small(), small()
    adapter = learn(bert, *questions(160, seed=1), epochs=30)
    assert adapter.first == 6
    assert {name.partition(".")[0] for name in adapter.down} == {"6", "7"}
    unseen, classes = questions(60, seed=2)
    nothing = {name: 0 * up for name, up in adapter.up.items()}
    before = vectors(type(adapter)(adapter.first, adapter.down, nothing), plain, unseen)
    after = vectors(adapter, plain, unseen)
    assert apart(after, classes) > apart(before, classes) + 0.02


def test_the_layers_below_and_the_weights_stay_as_they_are() -> None:
    bert, plain = small(), small()
    learn(bert, *questions(20, seed=1), epochs=1)
    changed = dict(bert.named_parameters())
    for name, weight in plain.named_parameters():
        now = changed.get(name)
        if now is None:  # beside a change that learnt
            now = changed[name.replace(".weight", ".layer.weight").replace(".bias", ".layer.bias")]
        assert torch.equal(now, weight)
