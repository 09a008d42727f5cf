"""What every `Embedder` promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.embedding import Embedder, Embedding
from index.testing import HashEmbedder

LONG = "对符合条件的企业给予一次性奖励 20 万元。Eligible firms get a grant. " * 200
TEXTS = [
    "人才绿卡的配偶可以获得什么帮助？",
    "Rent is waived for the first three years.",
    "２０２３年，ＡＢＣ公司 got 50% of R&D costs\r\n\tback；cafe\u0301 ﬁne",
    "",
    "   \n　",
    "😀 \ud800 \x00 </s> <mask> [SEP]",
    "a",
    LONG,
]


@pytest.fixture(scope="module", params=["hash", "onnx"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hash":
        return HashEmbedder()
    embedder: Embedder = request.getfixturevalue("onnx_embedder")
    return embedder


def assert_same(one: Embedding, other: Embedding, least_cosine: float) -> None:
    assert np.array_equal(one.offsets, other.offsets)
    assert one.sentence @ other.sentence >= least_cosine
    assert (np.sum(one.tokens * other.tokens, axis=1) >= least_cosine).all()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize("side", ["query", "passage"])
def test_an_embedding_is_well_formed(embedder: Embedder, text: str, side: str) -> None:
    one = embedder.embed_query(text) if side == "query" else embedder.embed_passages([text])[0]
    n_tokens = min(embedder.count_tokens(text), embedder.max_tokens)
    assert one.sentence.shape == (embedder.dim,)
    assert one.tokens.shape == (n_tokens, embedder.dim)
    assert one.offsets.shape == (n_tokens, 2)
    assert one.sentence.dtype == one.tokens.dtype == np.float32
    assert one.offsets.dtype == np.int32
    assert np.linalg.norm(one.sentence) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(one.tokens, axis=1) == pytest.approx(np.ones(n_tokens), abs=1e-4)
    starts, ends = one.offsets[:, 0], one.offsets[:, 1]
    assert (starts >= 0).all()
    assert (starts < ends).all()
    assert (ends <= len(text)).all()
    assert (np.diff(starts) >= 0).all()
    assert (np.diff(ends) >= 0).all()


def test_the_same_text_gets_the_same_vectors(embedder: Embedder) -> None:
    for text in TEXTS:
        assert_same(embedder.embed_query(text), embedder.embed_query(text), 0.99999)
    first, second = embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS)
    for one, other in zip(first, second, strict=True):
        assert_same(one, other, 0.99999)


def test_passages_come_back_in_order(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS * 3)
    assert len(together) == len(TEXTS) * 3
    for text, one in zip(TEXTS * 3, together, strict=True):
        assert_same(one, embedder.embed_passages([text])[0], 0.97)


def test_nothing_in_nothing_out(embedder: Embedder) -> None:
    assert embedder.embed_passages([]) == []


def test_long_texts_are_cut_off(embedder: Embedder) -> None:
    assert embedder.count_tokens(LONG) > embedder.max_tokens
    one = embedder.embed_passages([LONG])[0]
    assert len(one.tokens) == embedder.max_tokens
    other = embedder.embed_passages([LONG[: one.offsets[-1, 1]]])[0]
    assert_same(one, other, 0.99)


def test_related_texts_score_higher(embedder: Embedder) -> None:
    passages = [
        "对锂电池材料企业购置设备的，按投资额的 30% 给予补助。",
        "人才绿卡持有人的配偶没有工作的，由当地安排就业帮扶。",
        "Spouses of talent card holders get help in finding work.",
        "Start-ups pay no rent for their offices for three years.",
    ]
    sentences = np.stack([one.sentence for one in embedder.embed_passages(passages)])
    questions = ["锂电池企业买设备有补助吗？", "配偶没有工作怎么办？"]
    questions += ["What help does the spouse of a talent get?", "Do start-ups pay rent?"]
    best = [int((sentences @ embedder.embed_query(q).sentence).argmax()) for q in questions]
    assert best == [0, 1, 2, 3]


def test_questions_can_be_embedded_at_once(embedder: Embedder) -> None:
    expected = [embedder.embed_query(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(embedder.embed_query, TEXTS * 5))
    for one, other in zip(found, expected * 5, strict=True):
        assert_same(one, other, 0.9999)


def test_what_it_is_is_said(embedder: Embedder) -> None:
    assert embedder.fingerprint
    assert embedder.dim > 0
    assert embedder.max_tokens > 100
