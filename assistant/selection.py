"""Choosing the evidence: what is good enough to answer from, within a token budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.composers import Evidence
from assistant.places import asked_places
from index.documents import Document
from index.passages import Passage, ScoredPassage

# Least probability that the best passage answers: on the open half of XQuAD 2% of answerable
# questions of one language fall below it, and three of four of those whose answer was taken away.
ANSWERABLE_MIN = 0.15
RELATED_MIN = 0.1
EVIDENCE_MAX = 8
_DISTANCE_MAX = 2.0
# Evidence is at least this share as likely to answer as the best.
_LEAST_SHARE = 0.1


def relevance(ranking: Sequence[ScoredPassage]) -> float:
    """Probability that the best of the first passages answers."""
    return max((scored.components["relevance"] for scored in ranking[:3]), default=0.0)


def speaks_of(query: str, evidence: Sequence[Evidence]) -> bool:
    """Whether the evidence names a place that the question is about, where it is about any.

    A passage on another place may match every other word of the question.
    """
    asked = asked_places(query)
    if not asked:
        return True
    texts = [
        " ".join([item.document.title, *item.scored.passage.heading_path, item.scored.passage.text])
        for item in evidence
    ]
    held = " ".join(texts).lower().replace("’", "'")
    return any(name in held for place in asked for name in place)


def select(
    ranking: Sequence[ScoredPassage],
    documents: Mapping[tuple[str, str], Document],
    sections: Mapping[str, Sequence[Passage]],
    token_counts: Mapping[str, int],
    budget: int,
) -> tuple[Evidence, ...]:
    """Number the evidence, best first.

    A section is taken whole where it can be, so that no list is shown by halves.

    Args:
        ranking: Passages by score.
        documents: Their documents by id and language.
        sections: The passages of each ranked passage's section, by its id.
        token_counts: Tokens (tiktoken, cl100k_base) of all these, by passage id.
        budget: Most tokens of all evidence together; the best passage is always taken.

    Returns:
        Passages of at most eight sections, none far behind the best.
    """
    chosen: dict[str, Evidence] = {}
    found = {scored.passage.id: scored for scored in ranking}
    used = taken = 0
    least = _LEAST_SHARE * relevance(ranking)
    for scored in ranking[: 2 * EVIDENCE_MAX]:
        if chosen and scored.score < ranking[0].score - _DISTANCE_MAX:
            break
        if scored.passage.id in chosen or scored.components["relevance"] < least:
            continue
        document = documents[scored.passage.document_id, scored.passage.lang]
        fresh = [p for p in sections[scored.passage.id] if p.id not in chosen]
        for part in (fresh, [scored.passage]):
            cost = sum(token_counts[p.id] for p in part)
            if used + cost <= budget or (not chosen and part is not fresh):
                for p in part:
                    own = found.get(p.id) or replace(scored, passage=p)
                    chosen[p.id] = Evidence(len(chosen) + 1, own, document)
                used += cost
                taken += 1
                break
        if taken == EVIDENCE_MAX:
            break
    return tuple(chosen.values())
