"""The sentences and list items of the evidence, scored by how well each meets the question.

Knows how well words meet a question; what is made of that is for whoever chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.composers import Brief, Evidence
from assistant.instructions import is_instruction, is_question
from index.embedding import Vector
from index.passages import ScoredPassage
from index.search import SearchResult
from index.structure import Unit, units

Match = Callable[[SearchResult, ScoredPassage, Sequence[tuple[int, int]]], Vector]

# Sentences this far below the best one do not speak to the question.
NEAR = 0.10
# How much a heading's words count for the sentences below it.
_HEADING_TRUST = 0.85
# What a standard deviation that a passage ranks below the best takes off its sentences.
_RANK_WEIGHS = 0.03
# What is added to the sentences of the section that answers the sample questions like this one;
# shared where several do.
_SAMPLES_WEIGH = 0.1
# By how much of its distance to the best of that section a sentence of it comes nearer.
_GATHER = 0.65
# Taken off the scores of sections about the text itself.
_OF_THE_TEXT = 0.04
# A sentence by which a document says what it does not say.
_ABSENT = re.compile(
    r"(?:没有|并未|未|不)(?:说明|写明|写|给出|界定|列出|提到|提及|规定|涉及|包含|载明|交代|公布|解释)|没有(?:说|具体|任何)|未(?:见|作)|"
    r"\b(?:does|do|did|is|are|was|were) not (?:say|state|give|define|name|list|explain|mention|"
    r"specify|describe|stated|given|defined|named|listed|explained|mentioned|specified|described)\b|"
    r"\b(?:states?|gives?|names?|lists?|mentions?|sets?) (?:no|neither)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence or list item that may answer.

    Attributes:
        evidence: The passage it stands in.
        unit: Where it stands.
        text: Its words.
        met: `(n_query_tokens,)`, how well each token of the question is met.
        score: Weighted mean of `met`, less what its passage ranks below the best, and more where
            sample questions like this one are answered by its section.
        answering: How far the sample questions say that its section answers, as a share of what
            they say of the best one.
    """

    evidence: Evidence
    unit: Unit
    text: str
    met: Vector
    score: float
    answering: float = 0.0

    @property
    def place(self) -> tuple[str, str, str, int]:
        """Where it stands: document, language, section, offset."""
        passage = self.evidence.scored.passage
        return (passage.document_id, passage.lang, passage.section, self.unit.span.start)

    @property
    def is_item(self) -> bool:
        """Whether it stands in a list or table."""
        return self.unit.kind != "paragraph"

    @property
    def is_absent(self) -> bool:
        """Whether it says what the document does not say."""
        return bool(_ABSENT.search(self.text))


def candidates(brief: Brief, match: Match) -> list[Candidate]:
    """Every sentence and list item of the evidence that can answer, best first.

    Args:
        brief: The question and its evidence.
        match: Matches a search with parts of a passage; see `Index.match`.
    """
    scored: list[Candidate] = []
    for search in (brief.search, *brief.search.each.values()):
        own = [e for e in brief.evidence if _search_for(brief, e) is search]
        scored += _scored(own, search, match)
    first = max((evidence.scored.score for evidence in brief.evidence), default=0.0)
    sections = brief.search.compared.sections
    answering = _answering(sections)
    most = max(sections.values(), default=1.0)
    ranked = [
        replace(
            one,
            score=one.score
            - _RANK_WEIGHS * (first - one.evidence.scored.score)
            + _SAMPLES_WEIGH * answering.get(_section(one.evidence), 0.0)
            - _about_itself(one.evidence),
            answering=sections.get(_section(one.evidence), 0.0) / most,
        )
        for one in scored
    ]
    return sorted(_gathered(ranked, answering), key=lambda c: -c.score)


def _search_for(brief: Brief, evidence: Evidence) -> SearchResult:
    """The search by which a passage's sentences are scored."""
    return brief.search.each.get(evidence.document.id, brief.search)


def _scored(evidence: Sequence[Evidence], search: SearchResult, match: Match) -> list[Candidate]:
    """The sentences and list items of passages, by their words alone."""
    found: list[tuple[Evidence, Unit, str, Vector]] = []
    for item in evidence:
        passage, text = item.scored.passage, item.document.text
        inside = [
            unit
            for unit in units(text, passage.start, passage.end)
            if _is_statement(text[slice(*unit.span)])
        ]
        # The headings' tokens lie before the passage.
        spans = [(-1_000_000, passage.start), *(unit.span for unit in inside)]
        values = _comparable(match(search, item.scored, spans), passage.lang, search)
        heading = values[:, 0] * _HEADING_TRUST
        for number, unit in enumerate(inside, start=1):
            met = np.maximum(values[:, number], heading)
            found.append((item, unit, text[slice(*unit.span)], met))
    if not found:
        return []
    weighed = weights(np.stack([met for *_, met in found], axis=1))
    return [Candidate(*one, float(np.average(one[-1], weights=weighed))) for one in found]


def _gathered(
    scored: Sequence[Candidate], answering: Mapping[tuple[str, str], float]
) -> list[Candidate]:
    """The candidates, those of an answering section nearer to the best of it."""
    best: dict[tuple[str, str], float] = {}
    for one in scored:
        place = _section(one.evidence)
        best[place] = max(best.get(place, one.score), one.score)
    found = []
    for one in scored:
        place = _section(one.evidence)
        behind = best[place] - one.score
        found.append(replace(one, score=one.score + _GATHER * answering.get(place, 0.0) * behind))
    return found


def weights(met: Vector) -> Vector:
    """Weight of each query token, `(n_query_tokens,)`: how far apart the candidates lie on it.

    A token that every candidate meets alike ("what", the policy's name) tells nothing.
    """
    spread = met.std(axis=1)
    if not spread.size or float(spread.sum()) < 1e-6:
        return np.ones(len(met), dtype=np.float32)
    return np.asarray(spread, dtype=np.float32)


def _answering(sections: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The share of each section, by document, in answering the sample questions it is like."""
    total = sum(score**2 for score in sections.values())
    return {place: score**2 / total for place, score in sections.items()}


def _section(evidence: Evidence) -> tuple[str, str]:
    passage = evidence.scored.passage
    return passage.document_id, passage.section


def _is_statement(text: str) -> bool:
    """Whether a sentence can answer: it neither asks nor tells an assistant what to do."""
    return not is_question(text) and not is_instruction(text)


def _about_itself(evidence: Evidence) -> float:
    """What a section loses that speaks of the text (its source, its gaps), not of the policy."""
    section = evidence.scored.passage.section
    return _OF_THE_TEXT if section.startswith(("source", "not-stated")) else 0.0


def _comparable(values: Vector, lang: str, search: SearchResult) -> Vector:
    """Matches less those of passages in general, on the scale of the asker's language.

    So that a sentence in the asker's language has no start over one in another.
    """
    usual = search.usual[lang]
    asked_in = search.usual.get(search.lang, usual)
    relative = (values - usual.tokens[:, None]) * (asked_in.spread / usual.spread)
    return np.asarray(relative, dtype=np.float32)
