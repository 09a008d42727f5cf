from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.vectorstores import InMemoryVectorStore

from index.langchain import PolicyEmbeddings, PolicyRetriever
from index.search import Index
from index.store import Store
from index.testing import HashEmbedder

QUESTION = "持卡人的配偶没有工作怎么办？"


@pytest.fixture(scope="module")
def index(built: Store) -> Iterator[Index]:
    opened = Index.open(built, HashEmbedder())
    yield opened
    opened.close()


def test_the_retriever_yields_langchain_documents(index: Index) -> None:
    retriever = PolicyRetriever(index=index, k=3)
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke(QUESTION)
    expected = index.search(QUESTION, 3).results
    assert [document.id for document in found] == [scored.passage.id for scored in expected]
    assert all(isinstance(document, Document) for document in found)
    first = found[0]
    assert first.page_content == expected[0].passage.text
    assert first.metadata == {
        "passage_id": "green-card/zh#spouse",
        "document_id": "green-card",
        "title": "人才绿卡办法",
        "issuer": None,
        "section": "spouse",
        "heading_path": ["人才绿卡办法", "配偶"],
        "lang": "zh",
        "start": expected[0].passage.start,
        "end": expected[0].passage.end,
        "score": expected[0].score,
    }
    text = index.document("green-card", "zh").text
    assert text[first.metadata["start"] : first.metadata["end"]] == first.page_content


def test_the_retriever_is_a_part_of_a_chain(index: Index) -> None:
    chain = PolicyRetriever(index=index, k=1) | RunnableLambda(lambda found: found[0].id)
    assert chain.invoke(QUESTION) == "green-card/zh#spouse"
    assert chain.batch([QUESTION, "apprentice welders"]) == [
        "green-card/zh#spouse",
        "training/en#welders",
    ]
    assert asyncio.run(chain.ainvoke(QUESTION)) == "green-card/zh#spouse"


def test_the_embeddings_are_those_of_the_index() -> None:
    embedder = HashEmbedder()
    embeddings = PolicyEmbeddings(embedder)
    assert isinstance(embeddings, Embeddings)
    (vector,) = embeddings.embed_documents(["配偶没有工作"])
    assert vector == embedder.embed_passages(["配偶没有工作"])[0].sentence.tolist()
    assert embeddings.embed_query("配偶") == embedder.embed_query("配偶").sentence.tolist()
    assert all(type(number) is float for number in vector)
    assert embeddings.embed_documents([]) == []


def test_langchains_own_stores_take_the_embeddings() -> None:
    texts = ["持卡人的配偶没有工作", "对新建生产线给予补助", "焊工培训"]
    store = InMemoryVectorStore.from_texts(texts, PolicyEmbeddings(HashEmbedder()))
    assert store.similarity_search("配偶的工作", k=1)[0].page_content == texts[0]
