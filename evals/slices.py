"""Slices: the parts of a suite that are reported on their own."""

from __future__ import annotations

from collections.abc import Iterable

from evals.cases import Case

OVERALL = "overall"
KINDS = ("lang", "tag", "policy")


def slices_of(case: Case) -> tuple[str, ...]:
    """The slices a case belongs to: all cases, its language, its tags, its gold documents.

    Example:
        >>> slices_of(Case("a", "zh", ("补贴多少？",), tags=("figures",)))
        ('overall', 'lang=zh', 'tag=figures')
    """
    documents = dict.fromkeys(ref.document_id for ref in case.expect.sections)
    return (
        OVERALL,
        f"lang={case.lang}",
        *(f"tag={tag}" for tag in dict.fromkeys(case.tags)),
        *(f"policy={document}" for document in documents),
    )


def all_slices(cases: Iterable[Case]) -> tuple[str, ...]:
    """Every slice that the cases belong to: overall, then languages, tags and policies."""
    found = {name for case in cases for name in slices_of(case)}
    order = {kind: number for number, kind in enumerate(KINDS, start=1)}
    return tuple(sorted(found, key=lambda name: (order.get(name.partition("=")[0], 0), name)))
