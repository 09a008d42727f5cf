"""The path of a question: understand, retrieve, select, compose, verify.

Reads top to bottom like the picture in the README. Failures raise; an error is never dressed up
as "I don't know".
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer import STEPS, Answer, Citation, Notice, Status, Usage
from assistant.composers import Brief, Composed, Composer, Draft, Evidence
from assistant.composers.quotes import QuotesComposer
from assistant.errors import ChatModelError, ChatModelUnreachableError
from assistant.events import Event, Piece, Restart, Step
from assistant.notices import notices, validity
from assistant.questions import Question, Understanding
from assistant.selection import ANSWERABLE_MIN, RELATED_MIN, relevance, select, speaks_of
from assistant.suggestions import suggest
from assistant.texts import say
from assistant.understand import is_about_policy, read_question_text, understand
from assistant.verify import Proof, Verifier
from index.search import Index, SearchResult

__all__ = ["Pipeline", "read_question_text"]

log = logging.getLogger(__name__)
_RANKED = 24
_OUTAGE_S = 30.0


class Pipeline:
    """Answers questions over one open index. Thread-safe."""

    def __init__(
        self, index: Index, composer: Composer | None = None, *, evidence_tokens: int = 2_400
    ) -> None:
        """Put the pipeline together.

        Args:
            index: Where to search.
            composer: Writes with a chat model; `None` answers in quotes.
            evidence_tokens: Most tokens of evidence for one answer.
        """
        self.index = index
        self._quotes = QuotesComposer(index.match)
        self._composer = composer or self._quotes
        self._budget = evidence_tokens
        # A server that cannot be reached is found out once, not by every question.
        self._outage: ChatModelUnreachableError | None = None
        self._asked_again_at = 0.0
        self._documents = {document.key: document for document in index.documents()}

    def ask(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            InputError: The question cannot be used.
            StoreError: The index cannot be searched.
        """
        answer = None
        for event in self.stream(question):
            if isinstance(event, Answer):
                answer = event
        assert answer is not None
        return answer

    def stream(self, question: Question) -> Iterator[Event]:
        """Answer a question, telling what happens; the `Answer` comes last.

        Raises:
            InputError: The question cannot be used.
            StoreError: The index cannot be searched.
        """
        clock = _Clock()
        yield Step("understand")
        with clock.step("understand"):
            asked = replace(question, text=read_question_text(question.text))
            understood = understand(asked)
        if understood.intent != "policy":
            yield from self._reply(asked, understood, clock)
            return
        yield Step("retrieve")
        with clock.step("retrieve"):
            found = self.index.search(understood.query, _RANKED, lang=understood.lang)
        clock.move("retrieve", "rerank", found.timings_ms["rerank"])
        evidence = self._select(found)
        if relevance(found.results) < ANSWERABLE_MIN or not speaks_of(understood.query, evidence):
            yield from self._decline(asked, understood, found, clock)
            return
        yield Step("compose")
        brief = Brief(asked, understood, evidence, found)
        yield from self._compose(brief, clock)

    def _select(self, found: SearchResult) -> tuple[Evidence, ...]:
        sections = {s.passage.id: self.index.section(s.passage) for s in found.results}
        parts = {passage.id for section in sections.values() for passage in section}
        counts = self.index.token_counts(sorted(parts))
        return select(found.results, self._documents, sections, counts, self._budget)

    def _reply(self, asked: Question, understood: Understanding, clock: _Clock) -> Iterator[Event]:
        """Small talk and abuse: a fixed text, no search."""
        text = say(understood.intent, understood.lang)
        status: Status = "refused" if understood.intent == "abuse" else "off_topic"
        yield Piece(text)
        yield _answer(asked, understood, status, text, clock)

    def _decline(
        self, asked: Question, understood: Understanding, found: SearchResult, clock: _Clock
    ) -> Iterator[Event]:
        """Nothing good enough was found: say so, generate nothing."""
        near = relevance(found.results) >= RELATED_MIN
        related = near or is_about_policy(understood.query)
        status: Status = "unanswerable" if related else "off_topic"
        text = say(status, understood.lang)
        hints = suggest(found.results, self._documents, (), understood.lang) if related else ()
        yield Piece(text)
        yield replace(_answer(asked, understood, status, text, clock), suggestions=hints)

    def _compose(self, brief: Brief, clock: _Clock) -> Iterator[Event]:
        """Compose and verify; quotes take over where a chat model fails or cannot be proved."""
        lang = brief.understanding.lang
        page = _Page(brief)
        composer, notice = self._composer, None
        try:
            yield from self._write(composer, brief, page, clock)
            if composer is not self._quotes and page.unproven:
                notice = Notice("composer", say("model_unproven", lang))
        except ChatModelError as error:
            log.warning("chat model failed: %s", error)
            notice = Notice("composer", say("model_failed", lang, why=error))
            if isinstance(error, ChatModelUnreachableError) and error is not self._outage:
                self._outage, self._asked_again_at = error, time.monotonic() + _OUTAGE_S
        if page.text and (notice or page.status == "unanswerable"):
            yield Restart()
            page = _Page(brief, status=page.status, usage=page.usage)
        if notice:
            composer = self._quotes
            yield from self._write(composer, brief, page, clock)
            page.notices.insert(0, notice)
        answer = self._finish(brief, page, composer, clock)
        if not page.text:
            yield Piece(answer.text)
        yield answer

    def _write(
        self, composer: Composer, brief: Brief, page: _Page, clock: _Clock
    ) -> Iterator[Event]:
        if composer is not self._quotes and self._outage:
            if time.monotonic() < self._asked_again_at:
                raise self._outage
            self._outage = None
        verifier = Verifier(brief.evidence, self.index.embed_query, self.index.match)
        drafts = composer.compose(brief)
        while True:
            with clock.step("compose"):
                draft = next(drafts, None)
            if draft is None:
                return
            if isinstance(draft, Composed):
                page.close(draft)
                continue
            with clock.step("verify"):
                verdict = verifier.verify(draft)
            if verdict.passed:
                yield page.add(draft, verdict.proofs)
            else:
                log.info("removed %r: %s", draft.text, verdict.reason)
                page.removed += 1

    def _finish(self, brief: Brief, page: _Page, composer: Composer, clock: _Clock) -> Answer:
        lang = brief.understanding.lang
        cited = list(dict.fromkeys((c.document_id, c.lang) for c in page.citations))
        as_of = brief.question.as_of or date.today()
        about = notices([self._documents[key] for key in cited], lang, as_of)
        status, text = page.status, page.text
        if not page.citations:
            status, text = "unanswerable", say("unanswerable", lang)
        used = [c.passage_id for c in page.citations]
        hints = suggest(brief.search.results, self._documents, used, lang)
        return replace(
            _answer(brief.question, brief.understanding, status, text, clock),
            citations=tuple(page.citations),
            notices=tuple(page.notices + about),
            suggestions=hints,
            composer=composer.name,
            model=composer.model,
            usage=page.usage,
        )


@dataclass
class _Page:
    """The answer while it is written: text so far, citations, and the labels given to them."""

    brief: Brief
    text: str = ""
    status: Status = "answered"
    citations: list[Citation] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    removed: int = 0
    _form: str = ""

    @property
    def unproven(self) -> bool:
        """Whether a model's answer lost so much that too little is left."""
        kept = len(self.citations)
        return self.status != "unanswerable" and (kept == 0 or self.removed > kept)

    def add(self, draft: Draft, proofs: tuple[Proof, ...]) -> Piece:
        """Append a proved draft with its marks."""
        before = len(self.citations)
        labels = dict.fromkeys(self._label(proof) for proof in proofs)
        marks = "".join(f"[{label}]" for label in labels)
        piece = self._separator(draft) + draft.text + (f" {marks}" if marks else "")
        self.text += piece
        self._form = draft.form
        return Piece(piece, tuple(self.citations[before:]))

    def close(self, composed: Composed) -> None:
        """Take what the composer says last."""
        self.status = composed.status
        self.usage = Usage(
            self.usage.prompt_tokens + composed.usage.prompt_tokens,
            self.usage.completion_tokens + composed.usage.completion_tokens,
        )
        self.notices.extend(composed.notices)

    def _separator(self, draft: Draft) -> str:
        item = "- " if draft.form == "item" else ""
        if not self.text:
            return item
        if draft.form == "item":
            return ("\n" if self._form == "item" else "\n\n") + item
        if draft.form == "lead" or self._form in ("lead", "item"):
            return "\n\n"
        return " " if self.brief.understanding.lang == "en" else ""

    def _label(self, proof: Proof) -> int:
        evidence = next(item for item in self.brief.evidence if item.label == proof.label)
        passage, document = evidence.scored.passage, evidence.document
        for known in self.citations:
            same = known.passage_id == passage.id
            if same and known.start <= proof.start and proof.end <= known.end:
                return known.label
        known_about = document.metadata
        self.citations.append(
            Citation(
                label=len(self.citations) + 1,
                document_id=document.id,
                title=document.title,
                issuer=known_about.issuer,
                issued_on=known_about.issued_on.isoformat() if known_about.issued_on else None,
                section=passage.section,
                passage_id=passage.id,
                quote=document.text[proof.start : proof.end],
                start=proof.start,
                end=proof.end,
                lang=document.lang,
                url=known_about.url,
                validity=validity(known_about, self.brief.question.as_of or date.today()),
            )
        )
        return len(self.citations)


@dataclass
class _Clock:
    """Milliseconds by step, added up."""

    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    began: float = field(default_factory=time.perf_counter)

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

    def read(self) -> dict[str, float]:
        """Milliseconds so far, with the total."""
        total = 1000 * (time.perf_counter() - self.began)
        return {name: round(ms, 2) for name, ms in (self.spent | {"total": total}).items()}


def _answer(
    asked: Question, understood: Understanding, status: Status, text: str, clock: _Clock
) -> Answer:
    return Answer(
        id=asked.id,
        question=asked.text,
        query=understood.query,
        lang=understood.lang,
        status=status,
        text=text,
        timings_ms=clock.read(),
    )
