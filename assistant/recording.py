"""Keeps what happens to one question on its way: the time each step takes, and what it gave.

The pipeline hands over what it has in hand anyway, so that keeping it costs nothing; a `Trace` is
made of it where one was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.answer import STEPS, Answer, Status
from assistant.composers import Composer
from assistant.questions import Lang, Question, Understanding
from assistant.selection import THRESHOLDS, Selection, relevance
from assistant.trace import (
    ComposeTrace,
    EligibilityTrace,
    EvidenceTrace,
    Fate,
    FoundTrace,
    Outcome,
    RetrieveTrace,
    SelectTrace,
    SentenceTrace,
    Trace,
    UnderstandTrace,
    VerifyTrace,
)
from assistant.verify import SUPPORT_MIN, Verdict
from index.search import Index, SearchResult


@dataclass
class Attempt:
    """One composer's attempt at the answer.

    Attributes:
        composer: Who writes.
        verdicts: What became of each sentence.
        status: What the composer said last of its answer.
        outcome: What became of it all.
        why: Why it is not the answer.
    """

    composer: Composer
    verdicts: list[Verdict] = field(default_factory=list)
    status: Status | None = None
    outcome: Outcome = "written"
    why: str | None = None


@dataclass
class Recorder:
    """What happened so far. Milliseconds of a step add up where it is entered again."""

    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    began: float = field(default_factory=time.perf_counter)
    attempts: list[Attempt] = field(default_factory=list)
    _search: tuple[Index, str, SearchResult] | None = None
    _choice: tuple[Selection, str | None] | None = None
    _eligibility: EligibilityTrace | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a part of a step."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] += 1000 * (time.perf_counter() - began)

    def move(self, source: str, target: str, ms: float) -> None:
        """Count part of one step as another."""
        self.spent[source] -= ms
        self.spent[target] += ms

    def timings(self) -> dict[str, float]:
        """Milliseconds so far, with the total."""
        total = 1000 * (time.perf_counter() - self.began)
        return {name: round(ms, 2) for name, ms in (self.spent | {"total": total}).items()}

    def searched(self, index: Index, query: str, found: SearchResult) -> None:
        """Keep what was searched for, what was found, and where."""
        self._search = (index, query, found)

    def selected(self, selection: Selection, declined: str | None) -> None:
        """Keep the evidence, and why nothing is written from it."""
        self._choice = (selection, declined)

    def judged(self, eligibility: EligibilityTrace) -> None:
        """Keep what was judged, and on what."""
        self._eligibility = eligibility

    def attempt(self, composer: Composer) -> Attempt:
        """Begin an attempt; the pipeline fills it in."""
        self.attempts.append(Attempt(composer))
        return self.attempts[-1]

    def give_up(self, outcome: Outcome, why: str) -> None:
        """The last attempt is not the answer."""
        self.attempts[-1].outcome, self.attempts[-1].why = outcome, why

    def answer(
        self, asked: Question, understood: Understanding, status: Status, text: str
    ) -> Answer:
        """An answer with the time it took and, where that was asked for, its trace."""
        timings = self.timings()
        return Answer(
            id=asked.id,
            question=asked.text,
            query=understood.query,
            lang=understood.lang,
            status=status,
            text=text,
            timings_ms=timings,
            trace=self.trace(asked, understood, timings) if asked.trace else None,
        )

    def trace(
        self, asked: Question, understood: Understanding, timings_ms: dict[str, float]
    ) -> Trace:
        """All of it as plain data.

        Args:
            asked: The question, as it was read.
            understood: What was understood of it.
            timings_ms: Milliseconds by step, as the answer tells them.
        """
        return Trace(
            understand=UnderstandTrace(
                asked.text,
                len(asked.history),
                understood.query,
                understood.lang,
                understood.intent,
                understood.wants,
            ),
            retrieve=self._retrieve(),
            select=self._select(),
            compose=tuple(_composed(attempt, understood.lang) for attempt in self.attempts),
            verify=self._verify(),
            timings_ms=dict(timings_ms),
            eligibility=self._eligibility,
        )

    def _retrieve(self) -> RetrieveTrace | None:
        if self._search is None:
            return None
        index, query, found = self._search
        selection = self._choice[0] if self._choice else Selection()
        labels = {item.scored.passage.id: item.label for item in selection.evidence}
        return RetrieveTrace(
            query=query,
            lang=found.lang,
            version=index.path.name,
            embedder=str(index.manifest["embedder"]),
            results=tuple(
                FoundTrace(
                    rank=scored.rank,
                    passage_id=scored.passage.id,
                    score=scored.score,
                    components=dict(scored.components),
                    label=labels.get(scored.passage.id),
                    left_out=selection.left_out.get(scored.passage.id),
                )
                for scored in found.results
            ),
            timings_ms=dict(found.timings_ms),
        )

    def _select(self) -> SelectTrace | None:
        if self._search is None or self._choice is None:
            return None
        results = self._search[2].results
        selection, declined = self._choice
        ranks = {scored.passage.id: scored.rank for scored in results}
        evidence = [(item.label, item.scored.passage.id) for item in selection.evidence]
        return SelectTrace(
            thresholds=THRESHOLDS | {"evidence_tokens": selection.budget},
            relevance=relevance(results),
            evidence=tuple(EvidenceTrace(label, key, ranks.get(key)) for label, key in evidence),
            tokens=selection.tokens,
            declined=declined,
        )

    def _verify(self) -> VerifyTrace | None:
        if not self.attempts:
            return None
        sentences = [_judged(a, verdict) for a in self.attempts for verdict in a.verdicts]
        return VerifyTrace(SUPPORT_MIN, tuple(sentences))


def _composed(attempt: Attempt, lang: Lang) -> ComposeTrace:
    composer = attempt.composer
    return ComposeTrace(
        composer=composer.name,
        model=composer.model,
        prompts=dict(composer.prompt_digests(lang)),
        drafts=len(attempt.verdicts),
        status=attempt.status,
        outcome=attempt.outcome,
        why=attempt.why,
    )


def _judged(attempt: Attempt, verdict: Verdict) -> SentenceTrace:
    fate: Fate = "kept" if attempt.outcome == "written" else "replaced"
    return SentenceTrace(
        composer=attempt.composer.name,
        text=verdict.draft.text,
        cites=tuple(support.label for support in verdict.draft.supports),
        fate=fate if verdict.passed else "removed",
        reason=attempt.why if verdict.passed else verdict.reason,
        support=verdict.support,
    )
