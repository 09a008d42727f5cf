"""Answers in the documents' own words, without a model.

Chooses the sentences and list items that meet the question, and no more, with an introduction
that names the policy. It says so where the kind of thing asked for (an amount, a date, a number)
is not there, and where a figure in the question is not the document's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal

from assistant.answer import Status
from assistant.composers import Brief, Composed, Draft, Support
from assistant.composers.candidates import Candidate, Match, candidates
from assistant.composers.choosing import (
    choose,
    counts_it,
    is_of_kind,
    of_asked_place,
    part,
    states_it,
    tells_of_gap,
    tells_too,
)
from assistant.composers.comparison import Row, asks_policies, is_table, rows, table
from assistant.composers.contradictions import Contradiction, contradictions
from assistant.composers.first_line import first_line
from assistant.composers.missing import missing
from assistant.kinds import asks_reached, is_aimed_at, is_searched
from assistant.questions import Lang, Understanding
from assistant.selection import is_probable
from assistant.texts import in_script, say
from index.documents import Document
from index.text import language

# Best scores of questions that the project's corpus answers lie above this (all but 2 of 100).
_SPEAKS_MIN = 0.12
# Sentences that are shown where none holds what was asked for.
_NEAR_MAX = 4


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
        absent, speaking = part(candidates(brief, self._match), understanding)
        if understanding.wants == "phone" and not any(
            is_of_kind(c, understanding) for c in speaking
        ):
            yield Composed("unanswerable")
            return
        if not speaking or _is_beside_the_point(speaking[0], brief):
            # The documents themselves say that they do not say, or no sentence speaks to it.
            yield Composed("unanswerable")
            return
        if brief.unstated and not states_it(speaking, understanding):
            speaking = [c for c in speaking if not _seems_stated(c, understanding)] or speaking
        if understanding.task == "comparison" or asks_policies(understanding.query):
            compared = rows(speaking, understanding)
            if len(compared) > 1 or (compared and understanding.policies):
                yield from _compared(compared, understanding)
                return
        gap = tells_of_gap(absent, speaking)
        speaking = of_asked_place(speaking, understanding.query)
        wrong = contradictions(understanding, speaking[0], speaking)
        chosen = _corrected(wrong) or choose(speaking, understanding)
        lack = None if wrong else missing(chosen, speaking, brief, gap)
        if lack and lack[0] == "other_place" and is_searched(understanding.wants):
            # A figure of another place would only mislead.
            yield Composed("unanswerable")
            return
        lead, status = _remark(wrong, lack, understanding)
        if lead:
            yield Draft(lead, form="lead")
        elif line := first_line(chosen, understanding):
            yield line
        if status == "partial" and not any(is_of_kind(c, understanding) for c in chosen):
            chosen = _near(chosen)
        if status == "partial" or tells_too(absent, chosen):
            chosen = [*chosen, *absent[:1]]
        yield from _drafts(chosen, understanding)
        yield Composed(status)


def _seems_stated(candidate: Candidate, understanding: Understanding) -> bool:
    """Whether a sentence seems to state what is known not to be stated.

    What is aimed at is no number of what has been reached, and worth showing for what it is.
    """
    query = understanding.query
    if asks_reached(query) and is_aimed_at(candidate.text) and counts_it(candidate, understanding):
        return False
    return is_of_kind(candidate, understanding)


def _compared(compared: Sequence[Row], understanding: Understanding) -> Iterator[Draft | Composed]:
    """A table, or one answer below the other, with a first line where a policy is not among them."""
    is_whole = len(compared) >= len(understanding.policies)
    if not is_whole:
        yield Draft(say("not_all", understanding.lang, understanding.script), form="lead")
    if is_table(compared):
        yield from table(compared, understanding)
    else:
        beside = [c for row in compared for c in row.candidates]
        yield from _drafts(beside, understanding)
    yield Composed("answered" if is_whole else "partial")


def _near(chosen: Sequence[Candidate]) -> list[Candidate]:
    """What is shown where nothing holds the kind of thing asked for: no long list."""
    if len(chosen) <= _NEAR_MAX:
        return list(chosen)
    return [c for c in chosen if not c.is_item][:_NEAR_MAX] or list(chosen[:1])


def _is_beside_the_point(best: Candidate, brief: Brief) -> bool:
    """Whether even the best sentence does not speak to a question asked in its own language.

    A long story is met badly by every sentence; the sample questions may tell what is asked.
    """
    own = best.evidence.document.lang == language(brief.understanding.query)
    return own and best.score < _SPEAKS_MIN and not is_probable(brief.search)


def _corrected(wrong: Sequence[Contradiction]) -> list[Candidate]:
    """The sentences that hold the right figures, each once."""
    return list({one.candidate.place: one.candidate for one in wrong}.values())


def _remark(
    wrong: Sequence[Contradiction],
    lack: tuple[str, Mapping[str, object]] | None,
    understanding: Understanding,
) -> tuple[str, Status]:
    """A first line where the question is mistaken, or not fully answered."""
    lang, script = understanding.lang, understanding.script
    if wrong:
        lines = []
        for one in wrong:
            # The person's own words, which were read in Simplified characters.
            claimed = in_script(one.claimed.text, lang, script)
            lines.append(say("correction", lang, script, claimed=claimed, stated=one.stated.text))
        return (" " if lang == "en" else "").join(lines), "answered"
    if lack:
        name, values = lack
        return say(name, lang, script, **values), "partial"
    return "", "answered"


def _drafts(chosen: Sequence[Candidate], understanding: Understanding) -> Iterator[Draft]:
    """The chosen sentences as drafts, an introduction before each policy's."""
    by_document = groupby(
        sorted(chosen, key=lambda c: _order(chosen, c)), key=lambda c: c.evidence.document.key
    )
    for _, group in by_document:
        members = list(group)
        yield Draft(_lead(members[0].evidence.document, understanding), form="lead")
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


def _lead(document: Document, understanding: Understanding) -> str:
    """Names the policy and its day."""
    lang, script = understanding.lang, understanding.script
    issued = document.metadata.issued_on
    title = document.title
    if lang == "zh" and "《" not in title:
        title = f"《{title}》"
    if issued is None:
        return say("lead_bare", lang, script, title=title)
    return say("lead", lang, script, title=title, facts=issued.isoformat())
