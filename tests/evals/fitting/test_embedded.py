from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from evals.fitting.embedded import embed_set
from evals.fitting.sets import Collection
from index.embedding import Embedding
from index.testing import HashEmbedder

SET = Collection(
    name="toy",
    lang="en",
    passages=("A longer passage than the other.", "Short one."),
    places=("a", "b"),
    questions=("Which?",),
    gold=(frozenset({"b"}),),
    groups=("g",),
)


class Counting(HashEmbedder):
    """Counts what it embeds."""

    embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        self.embedded += len(texts)
        return super().embed_passages(texts)


def test_vectors_are_kept_until_the_texts_change(tmp_path: Path) -> None:
    model = Counting()
    first = embed_set(SET, model, tmp_path)
    assert model.embedded == 2
    again = embed_set(SET, model, tmp_path)
    assert model.embedded == 2
    assert np.array_equal(first.passages.sentences, again.passages.sentences)
    changed = Collection(**{**vars(SET), "passages": ("Another.", "Short one.")})
    embed_set(changed, model, tmp_path)
    assert model.embedded == 4


def test_tokens_are_those_of_the_text_to_eight_bits(tmp_path: Path) -> None:
    model = HashEmbedder()
    found = embed_set(SET, model, tmp_path).passages
    for number, embedding in enumerate(model.embed_passages(SET.passages)):
        assert found.sentences[number] == pytest.approx(embedding.sentence)
        assert found.tokens(number) == pytest.approx(embedding.tokens, abs=0.01)


def test_gold_passages_are_those_of_the_gold_places() -> None:
    several = Collection(
        **{**vars(SET), "places": ("b", "a", "b"), "gold": (frozenset({"b", "not there"}),)}
    )
    assert [numbers.tolist() for numbers in several.gold_passages()] == [[0, 2]]
