from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.settings import Settings
from evals.benchmarks.peer_sets import Peers, Text, cut, wholes
from evals.benchmarks.peers import (
    ABOUT,
    TOKENS,
    Bm25,
    Chroma,
    Ensemble,
    Peer,
    TorchEmbeddings,
)
from evals.suites import TargetForm
from index.langchain import PolicyEmbeddings
from index.search import Index
from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update

DOCUMENTS = TargetForm(k=10, unit="document")
SECTIONS = TargetForm(k=10, unit="section")
TEXTS = ("Green card for spouses.", "绿卡持有人的配偶补贴。", "Lithium plants in Suining.")


class Fixed:
    """A peer whose ranking is given."""

    def __init__(self, *ranking: int) -> None:
        self._ranking = list(ranking)

    def search(self, query: str, k: int) -> list[int]:
        return self._ranking[:k]


def tokens(text: str) -> list[str]:
    return re.findall(TOKENS, text.lower())


# -- BM25 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["It's the U.S. policy: 1,234 café_x!", "a b cd", ""])
def test_english_words_are_those_of_bm25s(text: str) -> None:
    assert tokens(text) == re.findall(r"(?u)\b\w\w+\b", text.lower())


def test_chinese_is_taken_as_pairs_of_characters() -> None:
    assert tokens("人才绿卡。") == ["人才", "才绿", "绿卡"]
    assert tokens("2023年的ABC补贴x") == ["2023", "年的", "abc", "补贴"]


def test_bm25_ranks_what_shares_words_and_leaves_out_the_rest() -> None:
    peer = Bm25(TEXTS)
    assert peer.search("the spouses of a green card", 10) == [0]
    assert peer.search("配偶有绿卡吗", 10) == [1]
    assert sorted(peer.search("lithium card", 10)) == [0, 2]
    assert len(peer.search("lithium card", 1)) == 1
    assert peer.search("绿灯", 10) == peer.search("", 10) == []


# -- vectors -----------------------------------------------------------------------------------


def test_chroma_gives_the_nearest(tmp_path: Path) -> None:
    embeddings = PolicyEmbeddings(HashEmbedder())
    vectors = np.array(embeddings.embed_documents(list(TEXTS)), dtype=np.float32)
    peer = Chroma(tmp_path, TEXTS, vectors, embeddings)
    assert peer.search("Suining lithium", 2)[0] == 2
    assert len(peer.search("Suining lithium", 2)) == 2
    assert sorted(peer.search("配偶", 10)) == [0, 1, 2]


def test_torch_embeddings_put_the_models_words_before() -> None:
    seen: list[tuple[Any, ...]] = []

    class Model:
        def encode(self, texts: Sequence[str], *, prompt: str, **options: Any) -> Any:
            seen.append((list(texts), prompt, options["normalize_embeddings"]))
            return np.ones((len(texts), 2))

    made: Embeddings = TorchEmbeddings(Model(), "q: ", "p: ")
    assert made.embed_query("x") == [1, 1]
    assert made.embed_documents(["y", "z"]) == [[1, 1], [1, 1]]
    assert seen == [(["x"], "q: ", True), (["y", "z"], "p: ", True)]


# -- both --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "fused"),
    [
        # 1/61 + 1/62 beats 1/61 alone; of equals the one that the first ranking names.
        ((1, 2), (2, 3), [2, 1, 3]),
        ((1,), (2,), [1, 2]),
        ((2,), (1,), [2, 1]),
        ((), (4, 5), [4, 5]),
        ((), (), []),
    ],
)
def test_rankings_are_fused_as_langchain_does(
    one: tuple[int, ...], other: tuple[int, ...], fused: list[int]
) -> None:
    assert Ensemble(Fixed(*one), Fixed(*other)).search("", 3) == fused


def test_the_ensemble_gives_no_more_than_asked() -> None:
    peers: tuple[Peer, ...] = (Fixed(1, 2, 3), Fixed(4, 5, 6))
    assert Ensemble(*peers).search("", 2) == [1, 4]


# -- over an index -----------------------------------------------------------------------------


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "card.md").write_text(
        "---\nid: card\nlang: en\ntitle: Green card\n---\n# Green card\n\n"
        "## Spouse {#spouse}\n\nA spouse is found a job.\n\n"
        "## Housing {#housing}\n\nA flat is let at half the rent.\n",
        encoding="utf-8",
    )
    (corpus / "plain.jsonl").write_text(
        '{"id": "p1", "title": "p1", "text": "Lithium plants.", "lang": "en"}\n', encoding="utf-8"
    )
    store = Store(tmp_path / "store")
    embedder = HashEmbedder()
    update(store, corpus, InProcessBuilder(embedder), embedder.fingerprint)
    opened = Index.open(store, embedder)
    yield opened
    opened.close()


def test_peers_read_documents_or_sections_with_their_headings(index: Index) -> None:
    found = {text.document_id: text for text in wholes(index, DOCUMENTS)}
    assert found["p1"] == Text("p1", "", "Lithium plants.")
    assert found["card"].text.startswith("Green card\n")
    assert "half the rent" in found["card"].text
    sections = {(t.document_id, t.section): t.text for t in wholes(index, SECTIONS)}
    assert sections["card", "spouse"] == "Spouse\nA spouse is found a job."
    assert sections["card", "housing"] == "Housing\nA flat is let at half the rent."


def test_without_langchains_splitters_a_text_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_text_splitters", None)
    text = Text("d", "s", "word " * 1_000)
    assert cut(text) == [text]


def test_with_langchains_splitters_a_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    class Splitter:
        def __init__(self, *, chunk_size: int, chunk_overlap: int) -> None:
            assert (chunk_size, chunk_overlap) == (1_000, 200)

        def split_text(self, text: str) -> list[str]:
            return text.split()

    module = ModuleType("langchain_text_splitters")
    module.RecursiveCharacterTextSplitter = Splitter  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert cut(Text("d", "s", "one two")) == [Text("d", "s", "one"), Text("d", "s", "two")]


@pytest.mark.parametrize("form", [DOCUMENTS, SECTIONS])
def test_peers_search_what_the_suite_calls_a_result(
    index: Index, tmp_path: Path, form: TargetForm
) -> None:
    with Peers(Settings(cache=tmp_path), torch_most=0) as peers:
        systems, notes = peers.over("toy", index, form)
        assert [system.name for system in systems] == list(ABOUT)
        section = "housing" if form is SECTIONS else "*"
        for system in systems:
            first = system.search("the rent of a flat")[0]
            assert (first["document_id"], first["section"]) == ("card", section)
    assert any("ONNX Runtime" in note for note in notes)


def test_vectors_are_kept_for_the_next_run(index: Index, tmp_path: Path) -> None:
    def told(form: TargetForm) -> list[tuple[int, int]]:
        steps: list[tuple[int, int]] = []
        with Peers(Settings(cache=tmp_path), torch_most=0) as peers:
            peers.over("toy", index, form, lambda done, total: steps.append((done, total)))
        return steps

    assert told(DOCUMENTS) == [(2, 2)]
    assert told(DOCUMENTS) == []
    assert len(told(SECTIONS)) == 1
    assert len(list((tmp_path / "evals" / "peers" / "toy").iterdir())) == 1
