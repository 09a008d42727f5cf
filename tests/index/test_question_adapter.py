from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index.adapted_layers import AdaptedLayers
from index.embedding import Vector
from index.model_store import ADAPTER_FILE
from index.onnx_embedder import OnnxEmbedder
from index.question_adapter import QuestionAdapter

# Two questions that ask the same, and one of the same policy that asks something else.
ASKED = [
    ("配偶没有工作怎么办？", "老婆没活干，有补助吗？", "单位要提前多久申请绿卡？"),
    ("八条措施是什么时候发的？", "八条措施哪天印发的？", "八条措施提到了哪些城市？"),
    (
        "Is there anything for a spouse out of work?",
        "Does my jobless wife get something?",
        "How long is the green card valid?",
    ),
    (
        "Who issued the Eight Measures?",
        "Which bodies signed the Eight Measures?",
        "Which cities do the Eight Measures mention?",
    ),
]


@pytest.fixture(scope="module")
def embedder(prepared_model: Path) -> OnnxEmbedder:
    return OnnxEmbedder.open(prepared_model)


def adapted(embedder: OnnxEmbedder, *texts: str) -> Vector:
    vectors = embedder.embed_adapted(texts)
    assert vectors is not None
    return vectors


def test_an_adapter_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = QuestionAdapter.load()
    known.save(tmp_path / "adapter.npz")
    again = QuestionAdapter.load(tmp_path / "adapter.npz")
    assert again.first == known.first > 0
    assert again.down.keys() == again.up.keys() == known.down.keys()
    assert all((again.down[n] == known.down[n]).all() for n in known.down)
    assert all((again.up[n] == known.up[n]).all() for n in known.up)


def test_the_file_is_small_enough_for_the_repository() -> None:
    assert ADAPTER_FILE.stat().st_size < 1_000_000


def test_questions_that_ask_the_same_are_nearer_by_the_adapted_layers(
    embedder: OnnxEmbedder,
) -> None:
    nearer = []
    for texts in ASKED:
        plain = np.stack([embedder.embed_query(text).sentence for text in texts])
        changed = np.concatenate([adapted(embedder, text) for text in texts])
        assert changed.shape == plain.shape == (3, embedder.dim)
        assert np.linalg.norm(changed, axis=1) == pytest.approx(1, abs=1e-5)
        nearer.append([v[0] @ v[1] - v[0] @ v[2] for v in (plain, changed)])
    before, after = np.mean(nearer, axis=0)
    assert after > before + 0.1


def test_a_batch_gives_nearly_what_one_by_one_gives(embedder: OnnxEmbedder) -> None:
    texts = [text for one in ASKED for text in one]
    single = np.concatenate([adapted(embedder, text) for text in texts])
    assert np.sum(single * adapted(embedder, *texts), axis=1).min() > 0.97
    assert adapted(embedder).shape == (0, embedder.dim)


class Bert(torch.nn.Module):
    """Two layers, each of one linear part, applied one after the other."""

    class Layer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.dense = torch.nn.Linear(2, 2, bias=False)

        def forward(self, hidden: torch.Tensor, _mask: torch.Tensor) -> torch.Tensor:
            return torch.as_tensor(self.dense(hidden))

    def __init__(self) -> None:
        super().__init__()
        self.encoder = torch.nn.Module()
        self.encoder.layer = torch.nn.ModuleList([self.Layer(), self.Layer()])
        for layer in self.encoder.layer:
            layer.dense.weight.data = torch.eye(2)


def test_what_an_adapter_holds_is_added_to_a_copy() -> None:
    bert = Bert()
    down, up = np.asarray([[1, 0]], np.float32), np.asarray([[0], [3]], np.float32)
    layers = AdaptedLayers.of(bert, QuestionAdapter(1, {"1.dense": down}, {"1.dense": up}))
    hidden = torch.tensor([[[1.0, 1.0]]])
    with torch.no_grad():
        assert layers(hidden, torch.ones(1, 1)).tolist() == [[[1, 4]]]
    assert bert.encoder.layer[1].dense.weight.tolist() == [[1, 0], [0, 1]]
