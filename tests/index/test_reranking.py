from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import build
from index.calibration import Calibration
from index.reranking import Reranking
from index.search import Index
from index.store import Store
from index.testing import HashEmbedder
from index.truth import Truth
from index.update import InProcessBuilder, update

QUERY = "持卡人的配偶没有工作怎么办？"


@pytest.fixture(scope="module")
def truth(built: Store) -> Iterator[Truth]:
    opened = Truth.open(built.current().truth)
    yield opened
    opened.close()


def reranking(truth: Truth, calibration: Calibration) -> Reranking:
    return Reranking(truth, HashEmbedder(), calibration, truth.manifest()["background"])


def test_the_score_mixes_match_and_cosine_as_the_question_asks(truth: Truth) -> None:
    every = dict.fromkeys(range(truth.count("passages")), 0.0)
    dim = HashEmbedder().dim
    by_share = {}
    for bias in (-60.0, 60.0):
        gate = np.append(np.zeros(dim), bias).astype(np.float32)
        one = reranking(truth, replace(Calibration(), gate=gate))
        asked = one.asked(HashEmbedder().embed_query(QUERY), "zh")
        found = one.scores(asked, every, one.usual(asked))
        langs = truth.langs(list(every))
        own = [n for n in every if langs[n] == "zh"]
        key = "dense" if bias > 0 else "match"
        by_score = sorted(own, key=lambda n: -found[n].score)
        by_key = sorted(own, key=lambda n: -getattr(found[n], key))
        assert [getattr(found[n], key) for n in by_score] == [
            getattr(found[n], key) for n in by_key
        ]
        by_share[bias] = asked.share
    assert by_share[-60.0] < 1e-9
    assert by_share[60.0] > 1 - 1e-9


def test_bm25_adds_its_share_of_the_best(truth: Truth) -> None:
    plain = reranking(truth, Calibration())
    asked = plain.asked(HashEmbedder().embed_query(QUERY), "zh")
    weighted = reranking(truth, replace(Calibration(), lexical_weight=0.5))
    usual = plain.usual(asked)
    lexical = {0: 8.0, 1: 4.0, 2: 0.0}
    before = plain.scores(asked, lexical, usual)
    after = weighted.scores(asked, lexical, usual)
    langs = truth.langs(list(lexical))
    for ordinal, added in ((0, 0.5), (1, 0.25), (2, 0.0)):
        spread = usual[langs[ordinal]].score_spread
        gained = (after[ordinal].score - before[ordinal].score) * spread
        assert gained == pytest.approx(added, abs=1e-3)


def test_token_vectors_are_computed_where_the_disk_is_short(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_BACKGROUND", 2)
    opened = {}
    for share, kind in ((0.5, "stored"), (0.0, "computed")):
        monkeypatch.setattr(build, "_DISK_SHARE", share)
        store = Store(tmp_path / kind)
        update(store, corpus, InProcessBuilder(HashEmbedder()), HashEmbedder().fingerprint)
        opened[kind] = Index.open(store, HashEmbedder())
        assert opened[kind].manifest["token_vectors"] == kind
        assert opened[kind].manifest["token_vectors_bytes"] > 0
    truth = Truth.open(opened["computed"].version.truth)
    every = list(range(truth.count("passages")))
    assert 0 < len(truth.token_vectors(every, HashEmbedder().dim)) < len(every)
    truth.close()
    for query in (QUERY, "Which voucher do apprentice welders get?"):
        rankings = [one.search(query, 3).results for one in opened.values()]
        assert [s.passage for s in rankings[0]] == [s.passage for s in rankings[1]]
        # Of a model without calibration the means are those of the tokens that were stored.
        scores = [[found.score for found in ranking] for ranking in rankings]
        assert scores[0] == pytest.approx(scores[1], abs=0.2)
    spans = [(found.passage.start, found.passage.end) for found in rankings[0]]
    for found, span in zip(rankings[0], spans, strict=True):
        met = [one.match(one.embed_query(QUERY), found, [span]) for one in opened.values()]
        assert met[0] == pytest.approx(met[1], abs=0.05)
    for one in opened.values():
        one.close()
