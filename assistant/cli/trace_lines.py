"""A trace as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.trace import (
        ComposeTrace,
        EligibilityTrace,
        FoundTrace,
        RetrieveTrace,
        SelectTrace,
        SentenceTrace,
        Trace,
    )

_DIGEST = 12


def trace_lines(trace: Trace) -> Iterator[str]:
    """Tell how an answer came about, a line at a time; what belongs to a step is indented."""
    ms = trace.timings_ms
    understood = trace.understand
    yield f"understand  {ms['understand']:.1f} ms"
    yield f"  question: {understood.question}"
    turns = f" (earlier turns: {understood.turns})" if understood.turns else ""
    yield f"  stands alone as: {understood.query}{turns}"
    yield f"  language {understood.lang}, intent {understood.intent}, wants {understood.wants}"
    if trace.retrieve:
        yield f"retrieve  {ms['retrieve']:.1f} ms, rerank {ms['rerank']:.1f} ms"
        yield from _retrieved(trace.retrieve)
    if trace.eligibility:
        yield f"eligibility  {ms['compose']:.1f} ms"
        yield from _judged_measures(trace.eligibility)
    if trace.select:
        yield "select"
        yield from _selected(trace.select)
    if trace.compose:
        yield f"compose  {ms['compose']:.1f} ms"
        for attempt in trace.compose:
            yield from _composed(attempt)
    if trace.verify:
        yield f"verify  {ms['verify']:.1f} ms"
        yield f"  support at least {trace.verify.support_min}"
        for sentence in trace.verify.sentences:
            yield _judged(sentence)
    yield f"total  {ms['total']:.1f} ms"


def _retrieved(retrieve: RetrieveTrace) -> Iterator[str]:
    yield f"  query: {retrieve.query}"
    model = retrieve.embedder[:_DIGEST]
    yield f"  language {retrieve.lang}, index {retrieve.version}, model {model}"
    for found in retrieve.results:
        yield f"  {found.rank}. {found.passage_id}  {found.score:.2f}{_fate(found)}"
        yield f"     {_values(found.components)}"


def _judged_measures(judged: EligibilityTrace) -> Iterator[str]:
    about = ", ".join(judged.measures) or "all measures"
    yield f"  {judged.matter}: {about}"
    for known in judged.facts:
        words = f" from “{known.words}”" if known.words else ""
        when = ", now" if known.now else ""
        yield f"  known {known.fact} = {known.value}{words} ({known.origin}{when})"
    counts = Counter(one.verdict for one in judged.judged)
    if len(judged.judged) > 1:
        yield "  " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    for one in judged.judged:
        if one.verdict != "not_for_you":
            why = f", decided by {', '.join(one.deciding)}" if one.deciding else ""
            yield f"  {one.measure}: {one.verdict}{why}"
    if judged.declined:
        yield f"  not known to the person: {', '.join(judged.declined)}"
    yield f"  asked next: {judged.asked or 'nothing'}"
    yield f"  {_values(judged.timings_ms)} ms"


def _fate(found: FoundTrace) -> str:
    """What became of a passage; nothing where no evidence was chosen."""
    if found.label:
        return f"  evidence {found.label}"
    return f"  left out: {found.left_out}" if found.left_out else ""


def _selected(select: SelectTrace) -> Iterator[str]:
    yield f"  thresholds: {_values(select.thresholds)}"
    yield f"  relevance of the best: {select.relevance:.3f}"
    for item in select.evidence:
        place = f"rank {item.rank}" if item.rank else "with its section"
        yield f"  evidence {item.label}: {item.passage_id} ({place})"
    yield f"  {select.tokens} tokens of evidence"
    if select.declined:
        yield f"  nothing is written: {select.declined}"


def _composed(attempt: ComposeTrace) -> Iterator[str]:
    by = f"{attempt.composer} ({attempt.model})" if attempt.model else attempt.composer
    why = f" ({attempt.why})" if attempt.why else ""
    says = f", says {attempt.status}" if attempt.status else ""
    yield f"  {by}: {attempt.drafts} drafts{says}; {attempt.outcome}{why}"
    for name, digest in attempt.prompts.items():
        yield f"    prompt {name} {digest[:_DIGEST]}"


def _judged(sentence: SentenceTrace) -> str:
    cites = "".join(f"[{label}]" for label in sentence.cites)
    support = f", support {sentence.support:.2f}" if sentence.support is not None else ""
    why = f": {sentence.reason}" if sentence.reason else ""
    cited = f" citing evidence {cites}" if cites else ""
    return f"  {sentence.fate}{why}{support}: “{sentence.text}”{cited}"


def _values(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in values.items())
