"""Citation validity: whether marks and citations belong together and show something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from evals.answers import abstained, citations, labels, text
from evals.cases import Case
from evals.metrics.base import CaseMetric, Judgement


class CitationValidity(CaseMetric):
    """The share of labels, in the text or in the list of citations, that are valid.

    A label is valid where the text has its mark, exactly one citation carries it, and that
    citation's `quote` is not empty, with `start < end` and as many characters as lie between
    them, as the product's contract has it. An answer without any label scores 0; one that leaves
    the question open without labels is not judged. What is cited, and whether it supports the
    sentence, is for other metrics. Our own definition.
    """

    name = "citation_validity"

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if "text" not in answer:
            return None
        marked, listed = set(labels(text(answer))), citations(answer)
        if not marked and not listed:
            return None if abstained(answer) else Judgement(0.0, "no citation at all")
        times = Counter(cited["label"] for cited in listed)
        faults = dict.fromkeys(marked - times.keys(), "has no citation")
        for cited in listed:
            if fault := _fault(cited, marked, times):
                faults[cited["label"]] = fault
        total = len(marked | times.keys())
        why = "; ".join(f"[{label}] {fault}" for label, fault in sorted(faults.items()))
        return Judgement((total - len(faults)) / total, why)


def _fault(cited: Mapping[str, Any], marked: set[int], times: Counter[int]) -> str:
    quote, start, end = cited["quote"], cited["start"], cited["end"]
    if cited["label"] not in marked:
        return "is cited by no sentence"
    if times[cited["label"]] > 1:
        return "stands for several citations"
    if not quote.strip():
        return "quotes nothing"
    if start >= end or len(quote) != end - start:
        return f"quotes {len(quote)} characters, not those from {start} to {end}"
    return ""
