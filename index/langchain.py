"""The index as LangChain sees it: a `BaseRetriever` and `Embeddings`.

Import it only where it is used: LangChain takes a while to load.
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.embedding import Embedder
from index.search import Index


class PolicyRetriever(BaseRetriever):
    """Yields the best passages as LangChain documents.

    Attributes:
        index: An open index.
        k: How many passages.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        found = []
        for scored in self.index.search(query, self.k).results:
            passage = scored.passage
            document = self.index.document(passage.document_id, passage.lang)
            metadata = {
                "passage_id": passage.id,
                "document_id": passage.document_id,
                "title": document.title,
                "issuer": document.metadata.issuer,
                "section": passage.section,
                "heading_path": list(passage.heading_path),
                "lang": passage.lang,
                "start": passage.start,
                "end": passage.end,
                "score": scored.score,
            }
            found.append(
                LangChainDocument(id=passage.id, page_content=passage.text, metadata=metadata)
            )
        return found


class PolicyEmbeddings(Embeddings):
    """Sentence vectors of the index's own model."""

    def __init__(self, embedder: Embedder) -> None:
        """Take the embedder."""
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        return [e.sentence.tolist() for e in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self._embedder.embed_query(text).sentence.tolist()
        return vector
