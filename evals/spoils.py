"""Assistants broken on purpose, to see that the gates notice: a self-test of a suite.

`no_rerank` leaves the fused order as it is; `no_abstention` quotes the best passage, however bad;
`shuffled_citations` puts another passage under every mark; `changed_figure` changes one figure of
the text. What they break is broken after the product's own code has run, never in it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from index.passages import Passage
from index.reranking import RERANKED
from index.search import By, Index, SearchResult

# A figure, but for citation marks, years and the digits of a longer one.
_FIGURE = re.compile(r"(?<![\[\d.,])\d{1,3}(?:\.\d+)?(?![\d\]年])")


class FusedOrderIndex(Index):
    """Ranks by reciprocal rank fusion alone; the reranker's scores are kept but not used."""

    def search(
        self, query: str, k: int = 10, *, lang: str | None = None, by: By = "rerank"
    ) -> SearchResult:
        """Search without reranking; see `Index.search`."""
        found = super().search(query, max(k, RERANKED["stored"]), lang=lang, by=by)
        by_fusion = sorted(found.results, key=lambda scored: -scored.components.get("fused", 0.0))
        ranked = (
            replace(scored, score=scored.components.get("fused", 0.0), rank=rank)
            for rank, scored in enumerate(by_fusion[:k], start=1)
        )
        return replace(found, results=tuple(ranked))


def answer_anyway(answer: dict[str, Any], result: Mapping[str, Any] | None) -> dict[str, Any]:
    """Quote the best passage where the answer declines.

    Args:
        answer: The answer's JSON object.
        result: What a search for the question found first, as the search's JSON object has it.
    """
    if result is None or answer["status"] not in ("unanswerable", "off_topic"):
        return answer
    known = ("document_id", "title", "section", "passage_id", "start", "end", "lang")
    cited = {key: result[key] for key in known} | {"label": 1, "quote": result["text"]}
    unknown = {"issuer": None, "issued_on": None, "url": None, "validity": "unknown"}
    words = " ".join(str(result["text"]).split())
    return answer | {
        "status": "answered",
        "text": f"{words} [1]",
        "citations": [cited | unknown],
        "suggestions": [],
    }


def shuffle_citations(
    answer: dict[str, Any], passages: Sequence[Passage], seed: str
) -> dict[str, Any]:
    """Put a passage of another section under every mark of an answer.

    Args:
        answer: The answer's JSON object.
        passages: Those of the index.
        seed: The same answer and seed give the same passages.
    """
    draw = random.Random(seed)
    own = {(cited["document_id"], cited["section"]) for cited in answer["citations"]}
    others = [p for p in passages if (p.document_id, p.section) not in own]
    moved = []
    for cited in answer["citations"]:
        taken = draw.choice(others)
        place = {"passage_id": taken.id, "document_id": taken.document_id, "lang": taken.lang}
        words = {"quote": taken.text, "start": taken.start, "end": taken.end}
        moved.append(cited | place | words | {"section": taken.section})
    return answer | {"citations": moved}


def change_figure(answer: dict[str, Any], seed: str) -> dict[str, Any]:
    """Add one to one figure of an answer's text.

    Args:
        answer: The answer's JSON object.
        seed: The same answer and seed change the same figure.
    """
    text = answer["text"]
    found = list(_FIGURE.finditer(text))
    if not found:
        return answer
    chosen = random.Random(seed).choice(found)
    value = chosen.group()
    whole, point, part = value.partition(".")
    changed = f"{int(whole) + 1}{point}{part}"
    return answer | {"text": text[: chosen.start()] + changed + text[chosen.end() :]}
