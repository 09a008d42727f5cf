"""What a question asks for that the sentences chosen for it do not hold.

A passage on the very matter may state no amount, name none of the seventeen countries, give no
reason, or be of another year. It is shown then, and said not to hold what was asked for. Knows
notation and words; whether the sentences are on the matter is for whoever chose them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.aspects import unmentioned
from assistant.composers import Brief
from assistant.composers.candidates import Candidate
from assistant.composers.choosing import is_of_kind
from assistant.eligibility.jurisdictions import JURISDICTIONS
from assistant.eligibility.places import lies_within
from assistant.figures import figures
from assistant.instances import asked_class, named_districts, names_one
from assistant.kinds import (
    MONEY,
    asks_meaning,
    asks_reached,
    asks_reason,
    asks_year,
    explains,
    gives_reason,
    is_aimed_at,
    is_searched,
    tells_procedure,
)
from assistant.places import asked_places, in_language
from assistant.questions import BROADER, Understanding
from assistant.selection import doubt
from index.lexical import simplified

# A date with a year, as `Figure.value` has it.
_FIRST_YEAR = 1000 * 10**4
# What is a figure of some year or other.
_OF_A_YEAR = ("amount", "count", "share")
# A reason may be told in any words, and so may an aspect, so that none is only missed where it is
# not sure that it is told: where the sample questions say no more than this for the section that
# answers best.
_DOUBTFUL = -0.3
_ALTERNATIVES = re.compile(r"还是|還是|\bor\b")
_DIVISION = re.compile(r"[县区市]$| (?:District|County|New Area)$")
# The last year of China's five-year plans, which targets are set for.
_PLAN_ENDS = (
    (re.compile(r"十四五|\b14th Five-Year", re.IGNORECASE), 2025),
    (re.compile(r"十五五|\b15th Five-Year", re.IGNORECASE), 2030),
)


def missing(
    chosen: Sequence[Candidate],
    candidates: Sequence[Candidate],
    brief: Brief,
    gap: bool,
) -> tuple[str, Mapping[str, object]] | None:
    """What to say of an answer that lacks what was asked for: a text's name and its values.

    Args:
        chosen: The sentences of the answer.
        candidates: All that may answer. A reason may stand in any of a section that is quoted.
        brief: The question and its evidence.
        gap: Whether a document says that it does not say.
    """
    understanding = brief.understanding
    query, wants = understanding.query, understanding.wants
    if is_searched(wants) and not any(is_of_kind(c, understanding) for c in chosen):
        return f"no_{wants if wants == 'person' else BROADER.get(wants, wants)}", {}
    if wants == "yes_no" and _of_money(query) and not any(_of_money(c.text) for c in chosen):
        return "no_amount", {}
    if asks_meaning(query) and not any(explains(c.text) for c in chosen):
        return "no_meaning", {}
    if wants == "date" and asks_year(query) and not _tells_year(chosen):
        return "no_year", {}
    kind = asked_class(query)
    if kind and not any(names_one(c.text, kind, _known(c, kind, query)) for c in chosen):
        return "no_website" if kind == "website" else "no_names", {}
    doubtful = doubt(brief.search) > _DOUBTFUL
    if doubtful and (place := _unspoken(chosen, understanding)):
        return "other_place", {"asked": place}
    sections = {c.place[:3] for c in chosen}
    beside = [c for c in candidates if c.place[:3] in sections]
    if doubtful and (word := unmentioned(query, _told(chosen, brief))):
        return "not_mentioned", {"asked": word}
    if doubtful and asks_reason(query) and not any(gives_reason(c.text) for c in beside):
        return "no_reason", {}
    if doubtful and wants == "procedure" and not any(tells_procedure(c.text) for c in beside):
        return "no_procedure", {}
    if wants in _OF_A_YEAR and (years := _unstated_years(chosen, understanding)):
        return "other_time", {"asked": min(years)}
    if wants in _OF_A_YEAR and asks_reached(query):
        held = [c.text for c in chosen if is_of_kind(c, understanding)]
        if all(map(is_aimed_at, held)):
            return "only_aimed_at", {}
    if gap and is_searched(wants):
        return f"no_{BROADER.get(wants, wants)}", {}
    return None


def _known(candidate: Candidate, kind: str, query: str) -> str:
    """Words that name no province or city that is asked for.

    Which province something is of may be asked; which city a document is of seldom is.
    """
    return query if kind == "province" else candidate.evidence.document.title


def _told(chosen: Sequence[Candidate], brief: Brief) -> str:
    """All that stands in the sections that the chosen sentences are taken from."""
    sections = {
        (p.document_id, p.lang, p.section) for p in (c.evidence.scored.passage for c in chosen)
    }
    held = [item.scored.passage for item in brief.evidence]
    own = [p for p in held if (p.document_id, p.lang, p.section) in sections]
    return "\n".join(text for p in own for text in (*p.heading_path, p.text))


def _unspoken(chosen: Sequence[Candidate], understanding: Understanding) -> str | None:
    """A place asked about that the chosen sentences do not name and their policy is not of.

    What is of a province is of every city in it. Of two places to choose from one may be wrong.
    """
    query = understanding.query
    if _ALTERNATIVES.search(query):
        return None
    documents = [c.evidence.document for c in chosen]
    headings = [part for c in chosen for part in c.evidence.scored.passage.heading_path]
    said = " ".join([*(d.title for d in documents), *headings, *(c.text for c in chosen)])
    held = simplified(said).lower().replace("’", "'")
    regions = {JURISDICTIONS.get(d.metadata.jurisdiction or "", "") for d in documents}
    for names in asked_places(query):
        place = in_language(min(names), "zh")
        within = any(lies_within(place, region) is not False for region in regions)
        if not within and not any(name in held for name in names):
            return in_language(place, understanding.lang)
    if understanding.wants == "yes_no":
        for name in named_districts(query):
            if _DIVISION.sub("", name).lower() not in held:
                return name
    return None


def _tells_year(chosen: Sequence[Candidate]) -> bool:
    """Whether a day or year is stated with its year, or no day is."""
    days = [f for c in chosen for f in figures(c.text) if f.kind == "date"]
    return not days or any(figure.value >= _FIRST_YEAR for figure in days)


def _unstated_years(chosen: Sequence[Candidate], understanding: Understanding) -> set[int]:
    """The years asked about of which no figure is stated, where figures are of some year.

    A year by which a policy is called says nothing of what is asked.
    """
    asked, stated = _years(understanding.query), set()
    for candidate in chosen:
        known = candidate.evidence.document
        issued = known.metadata.issued_on
        asked -= _years(known.title) | ({issued.year} if issued else set())
        if is_of_kind(candidate, understanding):
            own = _years(candidate.text)
            if not own:
                return set()
            stated |= own
    return asked - stated if stated else set()


def _of_money(text: str) -> bool:
    return any(figure.unit in MONEY for figure in figures(text))


def _years(text: str) -> set[int]:
    days = [figure for figure in figures(text) if figure.kind == "date"]
    own = {int(day.value // 10**4) for day in days if day.value >= _FIRST_YEAR}
    return own | {year for named, year in _PLAN_ENDS if named.search(text)}
