"""The ranking itself is measured with the real model elsewhere; here texts match by their words."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreError, StoreMismatchError, StoreMissingError
from index.search import By, Index, SearchResult
from index.store import Store
from index.testing import HashEmbedder
from index.tokens import count_tokens
from index.update import InProcessBuilder, update

SPOUSE = "green-card/zh#spouse"
WELDERS = "training/en#welders"


@pytest.fixture(scope="module")
def index(built: Store) -> Iterator[Index]:
    opened = Index.open(built, HashEmbedder())
    yield opened
    opened.close()


def ids(found: SearchResult) -> list[str]:
    return [scored.passage.id for scored in found.results]


# -- the ranking -------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["rerank", "fused"])
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("持卡人的配偶没有工作怎么办？", SPOUSE),
        ("遂宁的锂电新材料枢纽", "lithium-plan/zh#layout"),
        ("新建生产线有多少补助", "lithium-plan/zh#money"),
        ("Which voucher do apprentice welders get?", WELDERS),
        ("hub of lithium materials in Suining", "lithium-plan/en#layout"),
        ("𠮷先生是谁", "green-card/zh#names"),
    ],
)
def test_what_shares_the_most_words_comes_first(
    index: Index, query: str, first: str, by: By
) -> None:
    assert ids(index.search(query, by=by))[0] == first


@pytest.mark.parametrize("by", ["rerank", "fused"])
def test_a_ranking_is_in_order(index: Index, by: By) -> None:
    found = index.search("锂电企业补助", 20, by=by)
    assert [scored.rank for scored in found.results] == list(range(1, len(found.results) + 1))
    scores = [scored.score for scored in found.results]
    assert scores == sorted(scores, reverse=True)
    assert len(set(ids(found))) == len(found.results)


@pytest.mark.parametrize("k", [1, 2, 3, 50])
def test_k(index: Index, k: int) -> None:
    everything = ids(index.search("锂电企业补助", 50))
    assert ids(index.search("锂电企业补助", k)) == everything[:k]


def test_components_say_how_a_score_came_about(index: Index) -> None:
    found = index.search("持卡人的配偶没有工作怎么办？")
    first = found.results[0]
    assert set(first.components) == {
        *("dense", "lexical", "fused", "rerank", "match", "relevance"),
    }
    assert first.score == first.components["rerank"]
    assert first.components["lexical"] > 0
    assert 0 < first.components["dense"] <= 1
    assert 0 <= first.components["relevance"] <= 1
    assert first.components["match"] == max(s.components["match"] for s in found.results)
    # Ranked first by both.
    assert first.components["fused"] == pytest.approx(2 / 61)
    plain = index.search("持卡人的配偶没有工作怎么办？", by="fused").results[0]
    assert set(plain.components) == {"dense", "lexical", "fused"}
    assert plain.score == plain.components["fused"]
    # Nothing in it matches these words, so BM25 does not speak of it.
    other = next(s for s in found.results if s.passage.id == WELDERS)
    assert "lexical" not in other.components


def test_timings(index: Index) -> None:
    timings = index.search("配偶").timings_ms
    assert set(timings) == {"embed", "retrieve", "rerank", "total"}
    parts = timings["embed"] + timings["retrieve"] + timings["rerank"]
    assert timings["total"] == pytest.approx(parts, abs=0.05)
    assert timings["total"] > 0


@pytest.mark.parametrize("query", ["", "   ", "？", "\u200b\x00\x07", "的", "x" * 100_000, "😀"])
def test_queries_with_nothing_in_them_do_no_harm(index: Index, query: str) -> None:
    found = index.search(query, 3)
    assert len(found.results) == 3
    assert all(np.isfinite(scored.score) for scored in found.results)


def test_what_cannot_be_seen_does_not_count(index: Index) -> None:
    plain = index.search("配偶没有工作")
    hidden = index.search("配\u200b偶\u202e没有\x07工作")
    assert [(s.passage, s.score) for s in hidden.results] == [
        (s.passage, s.score) for s in plain.results
    ]


def test_only_the_first_2000_characters_are_read(index: Index) -> None:
    filler = "持卡人的配偶没有工作。" * 200
    assert ids(index.search(filler + "apprentice welders voucher"))[0] == SPOUSE


# -- two languages -----------------------------------------------------------------------------


def of_lithium(found: SearchResult) -> set[tuple[str, str]]:
    results = (scored.passage for scored in found.results)
    return {(p.section, p.lang) for p in results if p.document_id == "lithium-plan"}


@pytest.mark.parametrize("by", ["rerank", "fused"])
@pytest.mark.parametrize("query", ["遂宁的锂电新材料", "Suining lithium materials hub"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_policy_with_two_briefs_speaks_the_preferred_language(
    index: Index, query: str, lang: str, by: By
) -> None:
    found = index.search(query, 50, lang=lang, by=by)
    assert found.lang == lang
    assert ids(found)[0] == f"lithium-plan/{lang}#layout"
    # The section that has no English counterpart stays; no section is there twice.
    assert of_lithium(found) == {("layout", lang), ("money", lang), ("deadline", "zh")}


def test_the_language_of_the_question_is_preferred_by_itself(index: Index) -> None:
    assert index.search("遂宁的锂电新材料").lang == "zh"
    assert index.search("Suining lithium materials hub").lang == "en"


@pytest.mark.parametrize(
    ("query", "lang", "first"),
    [
        ("持卡人的配偶没有工作", "en", SPOUSE),
        ("apprentice welders voucher", "zh", WELDERS),
        ("每年三月底前提交申请材料", "en", "lithium-plan/zh#deadline"),
        ("What does 配偶 mean in 人才绿卡?", None, SPOUSE),
        ("Is there a voucher of 800 yuan?", None, WELDERS),
    ],
)
def test_the_other_language_is_found_where_it_alone_has_the_answer(
    index: Index, query: str, lang: str | None, first: str
) -> None:
    assert ids(index.search(query, lang=lang))[0] == first


def test_both_languages_are_searched_whatever_is_asked(index: Index) -> None:
    for query in ("配偶", "spouse"):
        assert {p.passage.lang for p in index.search(query, 50).results} == {"zh", "en"}


def test_a_corpus_in_one_language(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("# T\n\n## A {#a}\n\n配偶安排就业。\n")
    embedder = HashEmbedder()
    store = Store(tmp_path / "store")
    update(store, tmp_path / "corpus", InProcessBuilder(embedder), embedder.fingerprint)
    index = Index.open(store, embedder)
    for lang in ("zh", "en", None):
        assert ids(index.search("Is 配偶 named?", lang=lang)) == ["a/zh#a"]
    index.close()


# -- what else an index can say ----------------------------------------------------------------


def test_documents_and_passages(index: Index) -> None:
    documents = index.documents()
    assert [document.key for document in documents] == [
        ("green-card", "zh"),
        ("lithium-plan", "en"),
        ("lithium-plan", "zh"),
        ("training", "en"),
    ]
    assert index.document("training", "en") == documents[3]
    with pytest.raises(KeyError):
        index.document("training", "zh")
    passages = index.passages()
    assert len(passages) == 8
    texts = {document.key: document.text for document in documents}
    for passage in passages:
        text = texts[passage.document_id, passage.lang]
        assert text[passage.start : passage.end] == passage.text
        assert index.passage(passage.id) == passage
    with pytest.raises(KeyError):
        index.passage("training/en#nothing")


def test_metadata_comes_through_the_store(index: Index) -> None:
    metadata = index.document("lithium-plan", "zh").metadata
    assert metadata.issuer == "省经济和信息化厅"
    assert metadata.issued_on is not None
    assert metadata.issued_on.isoformat() == "2023-09-20"
    assert metadata.source is not None
    assert metadata.source.publisher == "四川日报"


def test_a_section_is_all_its_passages(tmp_path: Path) -> None:
    sentences = "".join(f"第{n}项任务是支持遂宁建设锂电新材料枢纽。" for n in range(60))
    (tmp_path / "corpus").mkdir()
    text = f"# T\n\n## A {{#a}}\n\n{sentences}\n\n## B {{#b}}\n\n别的。\n"
    (tmp_path / "corpus" / "a.md").write_text(text)
    embedder = HashEmbedder()
    store = Store(tmp_path / "store")
    update(store, tmp_path / "corpus", InProcessBuilder(embedder), embedder.fingerprint)
    index = Index.open(store, embedder)
    parts = index.section(index.passage("a/zh#a~2"))
    assert [part.id for part in parts][:3] == ["a/zh#a", "a/zh#a~2", "a/zh#a~3"]
    assert "".join(part.text for part in parts) == sentences
    assert [part.start for part in parts] == sorted(part.start for part in parts)
    counts = index.token_counts([part.id for part in parts])
    assert counts == {part.id: count_tokens(part.text) for part in parts}
    index.close()


def test_match_says_which_words_are_met_where(index: Index) -> None:
    found = index.search("配偶 3", 50)
    (names,) = (s for s in found.results if s.passage.id == "green-card/zh#names")
    passage = names.passage
    middle = passage.start + passage.text.index("他住在")
    spans = [(passage.start, middle), (middle, passage.end), (passage.end, passage.end + 5)]
    values = index.match(found, names, spans)
    assert values.shape == (3, 3)  # 配, 偶 and 3 in three spans
    assert values[2, 1] > 0.9  # "3" stands in the second sentence,
    assert values[2, 1] > values[2, 0] + 0.5  # not in the first;
    assert values[:2].max() < 0.5  # 配偶 stands in neither,
    assert (values[:, 2] == 0).all()  # and behind the passage there is nothing.


def test_the_headings_words_lie_before_the_passage(index: Index) -> None:
    found = index.search("办法", 50)
    scored = next(s for s in found.results if s.passage.id == SPOUSE)
    passage = scored.passage
    assert "办法" not in passage.text
    assert "办法" in passage.heading_path[0]
    inside, before = (passage.start, passage.end), (-1_000_000, passage.start)
    values = index.match(found, scored, [inside, before])
    assert (values[:, 0] < 0.5).all()
    assert (values[:, 1] > 0.9).all()


def test_a_text_can_be_matched_without_a_search(index: Index) -> None:
    scored = index.search("配偶", 1).results[0]
    spans = [(scored.passage.start, scored.passage.end)]
    claim = index.embed_query("持卡人的配偶没有工作")
    other = index.embed_query("焊工培训补贴")
    assert claim.results == ()
    assert index.match(claim, scored, spans).mean() > 0.9
    assert index.match(other, scored, spans).mean() < 0.5


# -- opening -----------------------------------------------------------------------------------


class OtherModel(HashEmbedder):
    @property
    def fingerprint(self) -> str:
        return "other-model"


def test_another_model_is_refused(built: Store) -> None:
    with pytest.raises(StoreMismatchError, match=r"hash-embedder-1.*other-model.*index build"):
        Index.open(built, OtherModel())


def test_another_format_is_refused(built: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.search.FORMAT", 999)
    with pytest.raises(StoreMismatchError, match="with format 999"):
        Index.open(built, HashEmbedder())


def test_nothing_built(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="nothing is built there yet"):
        Index.open(Store(tmp_path), HashEmbedder())


def test_a_closed_index_says_so(built: Store) -> None:
    index = Index.open(built, HashEmbedder())
    assert index.path == built.current().path
    index.close()
    with pytest.raises(StoreError):
        index.search("配偶")


def test_threads_may_search_at_once(index: Index) -> None:
    queries = ["配偶没有工作", "遂宁锂电", "Suining hub", "welders voucher", "新建生产线补助"]

    def ask(query: str) -> list[tuple[str, float]]:
        return [(s.passage.id, s.score) for s in index.search(query, 5).results]

    expected = {query: ask(query) for query in queries}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, queries * 20))
    assert found == [expected[query] for query in queries * 20]
