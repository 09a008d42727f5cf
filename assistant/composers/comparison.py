"""Setting policies or places side by side: the best sentence for each, as rows of a table.

What is compared are the places that a question names, where it names several, else the policies
that speak to it. Knows scores, places and titles; the words of a row are the documents' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.composers import Draft, Support
from assistant.composers.candidates import NEAR, Candidate
from assistant.composers.choosing import choose, counts_it, likeliest
from assistant.composers.first_line import capitalised, stated
from assistant.figures import figures
from assistant.kinds import is_searched
from assistant.places import in_language, is_wide, known_places
from assistant.questions import Understanding
from assistant.titles import short_title
from index.lexical import simplified

__all__ = ["Row", "asks_policies", "is_table", "rows", "table"]

# How many things are set side by side, and how far behind the best the others' sentences may be.
_COMPARED = 4
_BESIDE = 0.15
# A policy is also set beside the others whose section the sample questions say this much for, as a
# share of what they say for the best.
_ASKED_TOO = 0.25
# Of one policy, those sections are meant that the sample questions say this share for.
_ASKED = 0.5
# Sentences for one thing where no figure is asked for.
_TOGETHER = 3
_POLICIES = re.compile(
    r"哪(?:些|几[个项份]|[两三四五]?[项份])(?:[一-鿿]{0,4})?(?:政策|文件|规划)|"
    r"\bwhich (?:[\w'’-]+ ){0,3}(?:policies|plans|documents|programmes)\b",
    re.IGNORECASE,
)
_CELL = " | "


@dataclass(frozen=True)
class Row:
    """One thing of a comparison.

    Attributes:
        name: What it is called: a place as the question has it, or a policy's short title.
        candidates: What is said of it, the best first.
    """

    name: str
    candidates: tuple[Candidate, ...]


def rows(candidates: Sequence[Candidate], understanding: Understanding) -> list[Row]:
    """What is compared, each with the sentences that speak to the question, the best first.

    Policies that a question names and that do not hold the kind of thing asked for are left out.

    Args:
        candidates: The sentences that may answer, best first.
        understanding: What was understood of the question.
    """
    query = understanding.query
    if understanding.policies:
        groups = _by_policy(candidates)
        understanding = replace(understanding, query=_unnumbered(query))
        named = (groups[key] for key in understanding.policies if key in groups)
        return [row for own in named if (row := _answered(own, understanding))]
    held = likeliest(candidates, understanding)
    # Seven bodies are not set against 16,000 firms.
    held = [c for c in held if counts_it(c, understanding)] or held
    least = candidates[0].score - _BESIDE
    # What is said of one place meets the name of the other badly.
    groups = _by_place([c for c in held if c.score >= least - _BESIDE], query)
    most = 1 if is_searched(understanding.wants) or asks_policies(query) else _TOGETHER
    if len(groups) > 1:
        return [Row(name, _together(own, most)) for name, own in groups.items()]
    good = [
        own
        for own in _by_policy(held).values()
        if own[0].score >= least or own[0].answering >= _ASKED_TOO
    ]
    return [Row(_title(own[0]), _together(own, most)) for own in good[:_COMPARED]]


def asks_policies(query: str) -> bool:
    """Whether a question asks which of the policies do or are something."""
    return bool(_POLICIES.search(query))


def table(compared: Sequence[Row], understanding: Understanding) -> Iterator[Draft]:
    """The rows as drafts, one for each sentence, with a column of figures where all have one."""
    stating = [stated(row.candidates[0], understanding) for row in compared]
    # Figures in another language would have to be translated with their sentences.
    is_own = all(
        c.evidence.document.lang == understanding.lang for row in compared for c in row.candidates
    )
    has_figures = is_own and is_searched(understanding.wants) and all(stating)
    columns = 3 if has_figures else 2
    # A first row without words: what the columns hold shows.
    yield Draft("|" + "  |" * columns + "\n|" + " --- |" * columns, form="lead")
    for row, figure in zip(compared, stating, strict=True):
        for candidate in row.candidates:
            quote = " ".join(candidate.text.split())
            yield Draft(
                text=f"{capitalised(figure)}{_CELL}{quote}" if has_figures and figure else quote,
                supports=(Support(candidate.evidence.label, *candidate.unit.span),),
                form="row",
                quoted=True,
                head=row.name,
            )


def is_table(compared: Sequence[Row]) -> bool:
    """Whether rows can be shown as a table.

    That is where there are several, none of many sentences, and no words that would break it.
    """
    if any(len(row.candidates) > _TOGETHER for row in compared):
        return False
    words = [row.name + "".join(c.text for c in row.candidates) for row in compared]
    return len(compared) > 1 and not any("|" in text for text in words)


def _by_place(held: Sequence[Candidate], query: str) -> dict[str, list[Candidate]]:
    """The sentences on each place that a question names, if every one has its own.

    Beside several cities the province that they lie in is not compared.
    """
    names = [query[slice(*span)] for span in known_places(query)]
    cities = {in_language(name, "zh").removesuffix("市") for name in names if not is_wide(name)}
    names = [name for name in names if not is_wide(name)] if len(cities) > 1 else names
    asked = {in_language(name, "zh").removesuffix("省").removesuffix("市"): name for name in names}
    found: dict[str, list[Candidate]] = {}
    for place, name in list(asked.items())[:_COMPARED]:
        others = [other for other in asked if other != place]
        own = [c for c in held if _names(c.text, place)]
        own = [c for c in own if not any(_names(c.text, other) for other in others)]
        if own:
            found[name] = own
    return found if len(found) == len(asked) else {}


def _names(text: str, place: str) -> bool:
    straight = simplified(text).replace("’", "'")
    return place in straight or in_language(place, "en") in straight


def _by_policy(found: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Sentences by their policy."""
    own: dict[str, list[Candidate]] = {}
    for candidate in found:
        own.setdefault(candidate.evidence.document.id, []).append(candidate)
    return own


def _answered(own: Sequence[Candidate], understanding: Understanding) -> Row | None:
    """What one policy says, as if it alone had been asked about: one sentence for a figure."""
    asked, title = max(c.answering for c in own), _title(own[0])
    meant = [c for c in own if c.answering >= _ASKED * asked]
    if not is_searched(understanding.wants):
        return Row(title, tuple(choose(meant, understanding)))
    near = [c for c in own if c.score >= own[0].score - _BESIDE]
    saying = [[c for c in some if not c.is_absent] for some in (meant, near)]
    held = next(filter(None, (likeliest(some, understanding) for some in saying)), [])
    counting = [c for c in held if counts_it(c, understanding)]
    if counting:  # The section on the matter proves a number better than a mention elsewhere.
        return Row(title, (max(counting, key=lambda c: c.answering),))
    return Row(title, tuple(held[:1])) if held else None


def _unnumbered(query: str) -> str:
    """A question without its figures: the five of "the five bodies' Opinions" is part of a name."""
    for figure in reversed(figures(query)):
        query = query[: figure.start] + query[figure.end :]
    return query


def _title(candidate: Candidate) -> str:
    return short_title(candidate.evidence.document).strip("“”")


def _together(own: Sequence[Candidate], most: int) -> tuple[Candidate, ...]:
    """The best sentence with those of its section that are as good, in the order of the text."""
    best = own[0]
    near = [c for c in own if c.place[:3] == best.place[:3] and c.score >= best.score - NEAR / 2]
    return tuple(sorted(near[:most], key=lambda c: c.unit.span.start))
