"""Answers in the documents' own words, without a model.

Chooses the sentences and list items that meet the question, and no more: one sentence for a
fact, the whole list for a list, with an introduction that names the policy. It says so where the
kind of thing asked for (an amount, a date, a number) is not there, and where a figure in the
question is not the document's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

import numpy as np

from assistant.answer import Status
from assistant.composers import Brief, Composed, Draft, Evidence, Support
from assistant.figures import Figure, agree, figures
from assistant.instructions import is_instruction, is_question
from assistant.question_patterns import COMPOUND
from assistant.questions import Lang, Understanding
from assistant.texts import say
from index.documents import Document
from index.embedding import Vector
from index.passages import ScoredPassage
from index.search import SearchResult
from index.structure import Unit, units
from index.text import language

Match = Callable[[SearchResult, ScoredPassage, Sequence[tuple[int, int]]], Vector]

# How much a heading's words count for the sentences below it.
_HEADING_TRUST = 0.85
# A further sentence must meet this much more of the question than those already chosen.
_GAIN_MIN = 0.06
_FURTHER_MAX = 2
# Most sentences of one section that answer together where neither list nor figure was asked for.
_TOGETHER = 5
# Sentences this far below the best one do not speak to the question.
_NEAR = 0.10
# Across languages all scores are low, and near is told by their ratio.
_NEAR_SHARE = 0.6
# Best scores of questions that the project's corpus answers lie above this (all but 2 of 100).
_SPEAKS_MIN = 0.12
# A sentence by which a document says what it does not say.
_ABSENT = re.compile(
    r"(?:没有|并未|未|不)(?:说明|写明|写|给出|界定|列出|提到|提及|规定|涉及|包含|载明|交代|公布)|没有(?:说|具体|任何)|未(?:见|作)|"
    r"\b(?:does|do|did|is|are|was|were) not (?:say|state|give|define|name|list|explain|mention|specify|describe|"
    r"stated|given|defined|named|listed|explained|mentioned|specified|described)\b|"
    r"\b(?:states?|gives?|names?|lists?|mentions?) (?:no|neither)\b",
    re.IGNORECASE,
)
_ABSENT_MARGIN = 0.03
# A section answers a list question where its best sentence is at most this far from the best of all.
_RIVAL = 0.04
# It is shown whole where it is short, or where this share of its sentences is near its best.
_SHORT = 8
_WHOLE = 0.6
# Taken off the scores of sections about the text itself.
_OF_THE_TEXT = 0.04
_MONEY = frozenset({"CNY", "USD", "EUR"})
_OF_POLICIES = frozenset({"department", "measure", "aspect", "task", "chapter"})
_PERIODS = frozenset({"day", "working day", "week", "month", "quarter", "year", "hour"})


@dataclass(frozen=True)
class Candidate:
    """A sentence or list item that may answer.

    Attributes:
        evidence: The passage it stands in.
        unit: Where it stands.
        text: Its words.
        met: `(n_query_tokens,)`, how well each token of the question is met.
        score: Weighted mean of `met`.
    """

    evidence: Evidence
    unit: Unit
    text: str
    met: Vector
    score: float

    @property
    def place(self) -> tuple[str, str, str, int]:
        """Where it stands: document, language, section, offset."""
        passage = self.evidence.scored.passage
        return (passage.document_id, passage.lang, passage.section, self.unit.span.start)


class QuotesComposer:
    """Composes answers of quotations."""

    def __init__(self, match: Match) -> None:
        """Take what matches a search with parts of a passage; see `Index.match`."""
        self._match = match

    @property
    def name(self) -> Literal["quotes", "llm"]:
        """`quotes`."""
        return "quotes"

    @property
    def model(self) -> str | None:
        """None: no model is used."""
        return None

    def prompt_digests(self, lang: Lang) -> Mapping[str, str]:
        """None: no model is used."""
        return {}

    def compose(self, brief: Brief) -> Iterator[Draft | Composed]:
        """Yield the chosen sentences, grouped by policy; see `Composer.compose`."""
        understanding = brief.understanding
        absent, candidates = _part(self._candidates(brief), understanding.wants)
        if not candidates or _is_beside_the_point(candidates[0], understanding.query):
            # The documents themselves say that they do not say, or no sentence speaks to it.
            yield Composed("unanswerable")
            return
        chosen = _choose(candidates, understanding)
        lead, status = _remark(chosen, candidates, brief)
        if lead:
            yield Draft(lead, form="lead")
        if status == "partial":
            chosen = [*chosen, *absent[:1]]
        yield from _drafts(chosen, understanding.lang)
        yield Composed(status)

    def _candidates(self, brief: Brief) -> list[Candidate]:
        found: list[tuple[Evidence, Unit, str, Vector]] = []
        for evidence in brief.evidence:
            passage, text = evidence.scored.passage, evidence.document.text
            inside = [
                unit
                for unit in units(text, passage.start, passage.end)
                if _is_statement(text[slice(*unit.span)])
            ]
            # The headings' tokens lie before the passage.
            spans = [(-1_000_000, passage.start), *(unit.span for unit in inside)]
            values = self._match(brief.search, evidence.scored, spans)
            values = _comparable(values, passage.lang, brief.search)
            heading = values[:, 0] * _HEADING_TRUST
            for number, unit in enumerate(inside, start=1):
                met = np.maximum(values[:, number], heading)
                found.append((evidence, unit, text[slice(*unit.span)], met))
        if not found:
            return []
        weights = _weights(np.stack([met for *_, met in found], axis=1))
        scored = [
            Candidate(
                evidence,
                unit,
                text,
                met,
                float(np.average(met, weights=weights)) - _about_itself(evidence),
            )
            for evidence, unit, text, met in found
        ]
        return sorted(scored, key=lambda c: -c.score)


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


def _weights(met: Vector) -> Vector:
    """Weight of each query token: how far apart the candidates lie on it.

    A token that every candidate meets alike ("what", the policy's name) tells nothing.
    """
    spread = met.std(axis=1)
    if not spread.size or float(spread.sum()) < 1e-6:
        return np.ones(len(met), dtype=np.float32)
    return np.asarray(spread, dtype=np.float32)


def _is_beside_the_point(best: Candidate, query: str) -> bool:
    """Whether even the best sentence does not speak to a question asked in its own language."""
    return best.evidence.document.lang == language(query) and best.score < _SPEAKS_MIN


def _part(candidates: Sequence[Candidate], wants: str) -> tuple[list[Candidate], list[Candidate]]:
    """Sentences near the best that say what a document does not say, and all other sentences.

    There are no others where a sentence of the first kind meets the question clearly better, or
    at all better where no other holds the kind of thing asked for.
    """
    said = [c for c in candidates if not _ABSENT.search(c.text)]
    best = candidates[0].score if candidates else 0.0
    absent = [c for c in candidates if c not in said and c.score >= best - _NEAR]
    held = any(_is_of_kind(c.text, wants) for c in said if c.score >= best - _NEAR)
    margin = _ABSENT_MARGIN if held else 0.0
    if said and best > said[0].score + margin:
        return absent, []
    return absent, said


def _choose(candidates: Sequence[Candidate], understanding: Understanding) -> list[Candidate]:
    wants = understanding.wants
    best = candidates[0]
    fitting = [c for c in candidates if _is_of_kind(c.text, wants)]
    if fitting and fitting[0].score >= best.score - _NEAR:
        best = fitting[0]
    contrary = _contradiction(understanding, best, candidates)
    if contrary:
        return [contrary[1]]
    if wants in ("list", "who") or COMPOUND.search(understanding.query):
        return _list(candidates)
    chosen = [best, *_further(best, candidates, wants)]
    if wants in ("text", "where", "yes_no"):
        near = [c for c in candidates if c.place[:3] == best.place[:3] and c not in chosen]
        chosen += [c for c in near if c.score >= best.score - _NEAR][: _TOGETHER - len(chosen)]
    return chosen


def _list(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The section that meets the question best as a whole; only its near sentences where some are far.

    A list that restates one item of the question's subject among others loses to the section that
    is about that subject.
    """
    best = candidates[0].score
    sections: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in candidates:
        sections.setdefault(candidate.place[:3], []).append(candidate)
    rivals = [own for own in sections.values() if own[0].score >= best - _RIVAL]
    section = max(rivals, key=lambda own: float(np.mean([c.score for c in own])))
    top = section[0].score
    near = [c for c in section if c.score >= max(top - _NEAR, _NEAR_SHARE * top)]
    whole = len(section) <= _SHORT or len(near) >= _WHOLE * len(section)
    return sorted(section if whole else near, key=lambda c: c.unit.span.start)


def _further(best: Candidate, candidates: Sequence[Candidate], wants: str) -> list[Candidate]:
    """More sentences, each of which meets part of the question that the others do not."""
    weights = _weights(np.stack([c.met for c in candidates], axis=1))
    weights = weights / weights.sum()
    covered = best.met
    chosen: list[Candidate] = []
    while len(chosen) < _FURTHER_MAX:
        rest = [c for c in candidates if c is not best and c not in chosen]
        near = [c for c in rest if c.score >= best.score - _NEAR and _is_of_kind(c.text, wants)]
        if not near:
            break
        gains = [float((weights * np.maximum(0, c.met - covered)).sum()) for c in near]
        most = int(np.argmax(gains))
        if gains[most] < _GAIN_MIN:
            break
        chosen.append(near[most])
        covered = np.maximum(covered, near[most].met)
    return chosen


def _is_of_kind(text: str, wants: str) -> bool:
    """Whether a sentence holds the kind of thing asked for."""
    match wants:
        case "amount":
            return any(f.unit in _MONEY for f in figures(text))
        case "date":
            return any(f.kind == "date" or f.unit in _PERIODS for f in figures(text))
        case "count":
            return any(f.kind == "quantity" for f in figures(text))
        case _:
            return True


def _remark(
    chosen: Sequence[Candidate], candidates: Sequence[Candidate], brief: Brief
) -> tuple[str, Status]:
    """A first line where the question is mistaken, or not fully answered."""
    lang, wants = brief.understanding.lang, brief.understanding.wants
    if wants in ("amount", "date", "count") and not any(_is_of_kind(c.text, wants) for c in chosen):
        return say(f"no_{wants}", lang), "partial"
    contrary = _contradiction(brief.understanding, chosen[0], candidates)
    if contrary:
        claim, _, figure = contrary
        return say("correction", lang, claimed=claim.text, stated=figure.text), "answered"
    return "", "answered"


def _contradiction(
    understanding: Understanding, best: Candidate, candidates: Sequence[Candidate]
) -> tuple[Figure, Candidate, Figure] | None:
    """A figure of the question that no evidence holds, and the near sentence that holds another.

    A figure in a question is a condition ("what is due in 2024?") or says something of the asker ("we
    are 45 people") more often than a claim. So figures are held against the documents in
    yes-or-no questions; elsewhere only those that count what policies have.
    """
    held = [figure for c in candidates for figure in figures(c.text)]
    near = [best, *(c for c in candidates if c.score >= best.score - 2 * _NEAR)]
    same = [c for c in near if c.evidence.document.id == best.evidence.document.id]
    for claim in figures(understanding.query):
        if understanding.wants != "yes_no" and claim.unit not in _OF_POLICIES:
            continue
        if not any(agree(claim, figure) for figure in held):
            for candidate in same:
                for figure in figures(candidate.text):
                    named = _counted(candidate.text, figure, claim)
                    if _is_alike(claim, named):
                        return claim, candidate, named
    return None


def _counted(text: str, figure: Figure, claim: Figure) -> Figure:
    """A bare count (`7个`) as a count of the claim's noun, where that follows (`7个省级部门`)."""
    noun = claim.text.lstrip("0123456789一二三四五六七八九十百千两个家项条名位 ")
    at = text.find(noun, figure.end, figure.end + len(noun) + 6) if noun else -1
    if figure.unit not in ("", "item") or at < 0:
        return figure
    end = at + len(noun)
    return replace(figure, unit=claim.unit, end=end, text=text[figure.start : end])


def _is_alike(claim: Figure, figure: Figure) -> bool:
    """Whether two figures count the same thing, though not with the same number."""
    if claim.kind != figure.kind:
        return False
    counts = set(claim.unit.split("/")) & set(figure.unit.split("/"))
    return bool(counts) and claim.unit != ""


def _drafts(chosen: Sequence[Candidate], lang: Lang) -> Iterator[Draft]:
    """The chosen sentences as drafts, an introduction before each policy's."""
    by_document = groupby(
        sorted(chosen, key=lambda c: _order(chosen, c)), key=lambda c: c.evidence.document.key
    )
    for _, group in by_document:
        members = list(group)
        yield Draft(_lead(members[0].evidence.document, lang), form="lead")
        as_items = len(members) > 1 and any(c.unit.kind != "paragraph" for c in members)
        for candidate in members:
            span = candidate.unit.span
            item = as_items and candidate.unit.kind != "paragraph"
            yield Draft(
                text=" ".join(candidate.text.split()),
                supports=(Support(candidate.evidence.label, span.start, span.end),),
                form="item" if item else "sentence",
                quoted=True,
            )


def _order(chosen: Sequence[Candidate], candidate: Candidate) -> tuple[int, int, int]:
    """Policies by their best sentence, then sections by theirs; within one, the order of the text."""
    keys = [c.evidence.document.key for c in chosen]
    sections = [c.place[:3] for c in chosen]
    document = keys.index(candidate.evidence.document.key)
    return (document, sections.index(candidate.place[:3]), candidate.unit.span.start)


def _lead(document: Document, lang: Lang) -> str:
    """Names the policy and its day."""
    issued = document.metadata.issued_on
    title = document.title
    if lang == "zh" and "《" not in title:
        title = f"《{title}》"
    if issued is None:
        return say("lead_bare", lang, title=title)
    return say("lead", lang, title=title, facts=issued.isoformat())
