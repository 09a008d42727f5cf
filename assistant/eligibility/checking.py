"""What is wrong with measures beyond their files' form: for `policy-assistant measures check`.

Finds trees that nobody can meet or everybody does, places outside of a jurisdiction, facts that
nothing asks for, texts that one language lacks; and, by `ground_checks`, quoted words that the
documents do not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.eligibility.facts import Localized
from assistant.eligibility.fault import Fault, where_is
from assistant.eligibility.fits import LOCATION, audience_fact
from assistant.eligibility.ground_checks import check_grounds
from assistant.eligibility.grounds import FolderTexts
from assistant.eligibility.jurisdictions import JURISDICTIONS
from assistant.eligibility.kleene import criteria_of
from assistant.eligibility.listing import INDUSTRY
from assistant.eligibility.loading import FACTS, read_catalogue
from assistant.eligibility.measures import (
    All,
    Any,
    Catalogue,
    Compare,
    Criterion,
    Not,
    Scale,
    Tree,
)
from assistant.eligibility.places import lies_within
from assistant.eligibility.satisfiability import MOST_TRIALS, TooManyAnswersError, can_be

__all__ = [
    "Fault",
    "check_catalogue",
    "check_facts",
    "check_grounds",
    "check_languages",
    "check_places",
    "check_trees",
]


def check_catalogue(corpus: Path) -> list[str]:
    """Everything that is wrong with the measures of a corpus, one line each.

    Args:
        corpus: The folder; its documents are read as they are, not as they were indexed.

    Raises:
        MeasureError: A file of facts or measures cannot be read.
        CorpusError: The documents cannot be read.
    """
    loaded = read_catalogue(corpus)
    catalogue, lines = loaded.catalogue, loaded.places
    faults = [
        *check_trees(catalogue, lines),
        *check_places(catalogue, lines),
        *check_facts(catalogue, lines),
        *check_languages(catalogue, lines),
    ]
    if catalogue.measures:
        policies = {measure.policy for measure in catalogue.measures.values()}
        faults += check_grounds(catalogue, FolderTexts.read(corpus, policies), lines)
    return [str(fault) for fault in faults]


def check_trees(catalogue: Catalogue, lines: Mapping[str, str] | None = None) -> list[Fault]:
    """Trees, or parts of them, that can never be met or never fail to be."""
    faults: list[Fault] = []
    for measure in catalogue.measures.values():
        where = where_is(measure.id, lines)
        faults += _tree_faults(measure.criteria, measure.criteria, catalogue, where)
    return faults


def check_places(catalogue: Catalogue, lines: Mapping[str, str] | None = None) -> list[Fault]:
    """Codes of provinces that there are not, and places that lie outside of theirs."""
    faults: list[Fault] = []
    for measure in catalogue.measures.values():
        where, code = where_is(measure.id, lines), measure.jurisdiction
        if code not in JURISDICTIONS:
            if code.startswith("CN-"):
                known = ", ".join(JURISDICTIONS)
                faults.append(Fault(where, f"jurisdiction {code} is not known", f"use {known}"))
            continue
        outside = [one for one in measure.places if not lies_within(one, JURISDICTIONS[code])]
        faults += [
            Fault(where, f"place {one} does not lie in {code}", "mend the place or the code")
            for one in outside
        ]
    return faults


def check_facts(catalogue: Catalogue, lines: Mapping[str, str] | None = None) -> list[Fault]:
    """Facts that no measure asks for."""
    asked: set[str | None] = {INDUSTRY, LOCATION}
    if audience := audience_fact(catalogue):
        asked.add(audience.id)
    for measure in catalogue.measures.values():
        for one in criteria_of(measure.criteria):
            asked.add(one.fact)
            if isinstance(one.test, Compare) and isinstance(one.test.limit, Scale):
                asked.add(one.test.limit.by)
    return [
        Fault(
            where_is(name, lines, FACTS),
            f"no measure asks for fact {name!r}",
            "use it or remove it",
        )
        for name in catalogue.facts
        if name not in asked
    ]


def check_languages(catalogue: Catalogue, lines: Mapping[str, str] | None = None) -> list[Fault]:
    """Texts that stand in one language only, where the catalogue has both."""
    texts = list(_texts(catalogue, lines))
    used = {lang for _, _, text in texts for lang in text}
    return [
        Fault(where, f"{what} is missing in {lang!r}", "add it")
        for where, what, text in texts
        for lang in sorted(used - text.keys())
    ]


def _tree_faults(whole: Tree, tree: Tree, catalogue: Catalogue, where: str) -> Iterator[Fault]:
    """Of nested trees the outermost that is wrong."""
    if isinstance(tree, All) and not tree.parts:
        return  # open to everybody, and says so
    named = ", ".join(one.id for one in criteria_of(tree)) or "empty"
    subject = f"the {'tree' if tree is whole else 'part'} of criteria ({named})"
    try:
        if not can_be(tree, True, catalogue.facts):
            yield Fault(where, f"{subject} can never be met", "mend what contradicts")
            return
        if not can_be(tree, False, catalogue.facts):
            yield Fault(where, f"{subject} is always met", "mend or remove it")
            return
    except TooManyAnswersError:
        what = f"{subject} has too many answers to try ({MOST_TRIALS} were)"
        yield Fault(where, what, "split the measure, or ask for fewer facts")
        return
    if isinstance(tree, Not):
        yield from _tree_faults(whole, tree.part, catalogue, where)
    elif isinstance(tree, All | Any):
        for part in tree.parts:
            yield from _tree_faults(whole, part, catalogue, where)


def _texts(
    catalogue: Catalogue, lines: Mapping[str, str] | None
) -> Iterator[tuple[str, str, Localized]]:
    for fact in catalogue.facts.values():
        where = where_is(fact.id, lines, FACTS)
        yield from ((where, "label", fact.label), (where, "question", fact.question))
        yield from ((where, f"label of {one.id!r}", one.label) for one in fact.choices)
    for measure in catalogue.measures.values():
        where = where_is(measure.id, lines)
        for what in ("title", "summary", "given", "acts"):
            yield where, what, getattr(measure, what)
        if measure.period.note:
            yield where, "note of the period", measure.period.note
        for number, benefit in enumerate(measure.benefits, start=1):
            at = where_is(f"{measure.id}#benefit-{number}", lines)
            yield from ((at, "text", benefit.text), (at, "quote", benefit.ground.quote))
        for one in criteria_of(measure.criteria):
            yield from _criterion_texts(where_is(f"{measure.id}#{one.id}", lines), one)


def _criterion_texts(where: str, one: Criterion) -> Iterator[tuple[str, str, Localized]]:
    yield from ((where, "text", one.text), (where, "quote", one.ground.quote))
    if one.undefined:
        yield where, "undefined", one.undefined
