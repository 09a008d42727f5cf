"""Choosing the evidence: what is good enough to answer from, within a token budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.composers import Evidence
from assistant.eligibility.jurisdictions import JURISDICTIONS
from assistant.eligibility.places import lies_within
from assistant.kinds import asks_issue, is_searched
from assistant.places import asked_places, in_language, is_wide, known_places, names_institution
from assistant.questions import Understanding
from index.documents import Document
from index.gazetteer import PROVINCES
from index.passages import Passage, ScoredPassage
from index.sample_questions import SampleQuestion
from index.search import SearchResult

# Least probability that the best passage answers: on the open half of XQuAD 2% of answerable
# questions of one language fall below it, and some two of three whose answer was taken away.
ANSWERABLE_MIN = 0.12
RELATED_MIN = 0.1
# A question is declined where what the sample questions say for no section is this much more than
# what they say for the best one (docs/decisions/0007-sample-questions.md has what it trades).
UNANSWERED_MARGIN = 0.2
# From this much on, what is asked for is not stated even where a sentence seems to hold it.
UNSTATED_MARGIN = 0.3
# Where they say this much for a section, a low probability of its passages does not count.
_PROBABLE = 0.2
# One policy alone is meant where they say this much for a section of it, and this many times less
# for any of another.
_MEANT = 0.45
_MEANT_TIMES = 5
# A policy that is said not to state a figure is quoted where they say this much for a section.
_NEARBY = 0.2
EVIDENCE_MAX = 8
# How far behind the best a section may score, beside what sample questions add to the best.
DISTANCE_MAX = 2.0
# Evidence is at least this share as likely to answer as the best.
_LEAST_SHARE = 0.1
# What is applied in choosing evidence, by name, for those who want to know.
THRESHOLDS: dict[str, float] = {
    "answerable_min": ANSWERABLE_MIN,
    "related_min": RELATED_MIN,
    "unanswered_margin": UNANSWERED_MARGIN,
    "unstated_margin": UNSTATED_MARGIN,
    "sections_max": EVIDENCE_MAX,
    "distance_max": DISTANCE_MAX,
    "least_share": _LEAST_SHARE,
}


@dataclass(frozen=True)
class Selection:
    """The evidence for one question.

    Attributes:
        evidence: Passages of at most eight sections, none far behind the best; best first.
        left_out: Why a ranked passage is not among it, by passage id.
        tokens: Tokens of all evidence together.
        budget: How many they were to be at most.
    """

    evidence: tuple[Evidence, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    tokens: int = 0
    budget: int = 0


def relevance(ranking: Sequence[ScoredPassage]) -> float:
    """Probability that the best of the first passages answers."""
    return max((scored.components["relevance"] for scored in ranking[:3]), default=0.0)


def speaks_of(query: str, evidence: Sequence[Evidence]) -> bool:
    """Whether the evidence speaks of a place that the question is about, where it is about any.

    A passage on another place may match every other word of the question. What is of a province,
    and singles out no city of it, is of each.
    """
    asked = asked_places(query)
    if not asked:
        return True
    if evidence and not names_institution(query):
        best = evidence[0].document
        if any(_covers(best, names) for names in asked):
            return True
    texts = [
        " ".join([item.document.title, *item.scored.passage.heading_path, item.scored.passage.text])
        for item in evidence
    ]
    held = " ".join(texts).lower().replace("’", "'")
    return any(name in held for place in asked for name in place)


def _covers(document: Document, place: frozenset[str]) -> bool:
    """Whether a document is of the province that a city lies in, and all its sections are."""
    region = JURISDICTIONS.get(document.metadata.jurisdiction or "", "")
    if region not in PROVINCES:
        return False
    city = in_language(min(place), "zh")
    headings = "\n".join(line for line in document.text.splitlines() if line.startswith("#"))
    named = (headings[slice(*span)] for span in known_places(headings))
    return lies_within(city, region) is True and all(is_wide(name) for name in named)


def unanswered_like(found: SearchResult, least: float = UNANSWERED_MARGIN) -> SampleQuestion | None:
    """The sample question that no section answers and that a question is most like, if any is.

    `None` where the sample questions do not say, by this margin, that no section answers.
    """
    like = (one.sample for one in found.compared.like if not one.sample.section)
    return next(like, None) if doubt(found) > least else None


def doubt(found: SearchResult) -> float:
    """How much more the sample questions say for no section than for the best one."""
    return found.compared.unanswered - _best_section(found)


def is_probable(found: SearchResult) -> bool:
    """Whether the sample questions say that a section probably answers."""
    return _best_section(found) >= _PROBABLE


def is_of_one_policy(found: SearchResult) -> bool:
    """Whether the sample questions say plainly which policy a question is about."""
    best: dict[str, float] = {}
    for (policy, _), score in found.compared.sections.items():
        best[policy] = max(best.get(policy, 0.0), score)
    first, second = sorted([*best.values(), 0.0, 0.0], reverse=True)[:2]
    return first >= max(_MEANT, _MEANT_TIMES * second)


def _best_section(found: SearchResult) -> float:
    """How far the sample questions say that one section answers."""
    return next(iter(found.compared.sections.values()), 0.0)


def shortfall(
    understanding: Understanding, found: SearchResult, evidence: Sequence[Evidence]
) -> str | None:
    """Why nothing can be answered from the evidence; `None` where it is good enough.

    Where a policy is known not to state an amount, date or number of its own, what it says of the
    matter is good enough to be shown with that remark.
    """
    best, known = relevance(found.results), _best_section(found)
    if best < ANSWERABLE_MIN and not is_probable(found):
        return f"the best passage answers with a probability of {best:.2f}, below {ANSWERABLE_MIN}"
    if not speaks_of(understanding.query, evidence):
        return "no passage of the evidence names the place that the question is about"
    if knows_issue(understanding, evidence):
        return None
    like = unanswered_like(found)
    is_near = like and like.document_id and known >= _NEARBY
    if like and not (is_near and is_searched(understanding.wants)):
        said = found.compared.unanswered
        return f"it is more like what no section answers ({said:.2f} to {known:.2f}): {like.text!r}"
    return None


def knows_issue(understanding: Understanding, evidence: Sequence[Evidence]) -> bool:
    """Whether the date of issue is asked for, and the best document is known to have one."""
    asked = understanding.wants == "date" and asks_issue(understanding.query)
    return asked and bool(evidence) and evidence[0].document.metadata.issued_on is not None


def _reach(best: ScoredPassage) -> float:
    """How far behind the best a section may score."""
    return DISTANCE_MAX + max(0.0, best.score - best.components.get("rerank", best.score))


def side_by_side(
    ranking: Sequence[ScoredPassage], policies: Sequence[str] = ()
) -> list[ScoredPassage]:
    """A ranking for a comparison: the best passage of each policy first, then the others.

    Args:
        ranking: Passages.
        policies: Those compared. Of none, all are whose best passage does not lie far behind.
    """
    best: dict[str, ScoredPassage] = {}
    for scored in ranking:
        near = scored.score >= ranking[0].score - _reach(ranking[0])
        if scored.passage.document_id in policies or (near and not policies):
            best.setdefault(scored.passage.document_id, scored)
    return [*best.values(), *(scored for scored in ranking if scored not in best.values())]


def select(
    ranking: Sequence[ScoredPassage],
    documents: Mapping[tuple[str, str], Document],
    sections: Mapping[str, Sequence[Passage]],
    token_counts: Mapping[str, int],
    budget: int,
) -> Selection:
    """Number the evidence, best first.

    A section is taken whole where it can be, so that no list is shown by halves.

    Args:
        ranking: Passages by score.
        documents: Their documents by id and language.
        sections: The passages of each ranked passage's section, by its id.
        token_counts: Tokens (tiktoken, cl100k_base) of all these, by passage id.
        budget: Most tokens of all evidence together; the best passage is always taken.

    Returns:
        The evidence, and why other passages are not among it.
    """
    chosen: dict[str, Evidence] = {}
    left_out: dict[str, str] = {}
    others = f"only the first {2 * EVIDENCE_MAX} are looked at"
    found = {scored.passage.id: scored for scored in ranking}
    used = taken = 0
    least = _LEAST_SHARE * relevance(ranking)
    reach = _reach(ranking[0]) if ranking else 0.0
    for scored in ranking[: 2 * EVIDENCE_MAX]:
        if chosen and scored.score < ranking[0].score - reach:
            others = f"its score, or one before it, is more than {reach:.1f} below the best"
            break
        if scored.passage.id in chosen:
            continue
        if scored.components["relevance"] < least:
            left_out[scored.passage.id] = f"less than {_LEAST_SHARE:.0%} as relevant as the best"
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
        else:
            left_out[scored.passage.id] = "no room for it within the token budget"
        if taken == EVIDENCE_MAX:
            others = f"{EVIDENCE_MAX} sections were taken before it"
            break
    ids = [scored.passage.id for scored in ranking if scored.passage.id not in chosen]
    why = {identity: left_out.get(identity, others) for identity in ids}
    return Selection(tuple(chosen.values()), why, used, budget)
