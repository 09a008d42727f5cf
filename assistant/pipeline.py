"""The path of a question: understand, retrieve, select, compose, verify.

Reads top to bottom like the picture in the README. Failures raise; an error is never dressed up
as "I don't know".
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer import Answer, Citation, Notice, Status, Usage
from assistant.composers import Brief, Composed, Composer, Draft
from assistant.composers.quotes import QuotesComposer
from assistant.errors import ChatModelError, ChatModelUnreachableError
from assistant.events import Event, Piece, Restart, Step
from assistant.notices import notices, validity
from assistant.personal import mask
from assistant.questions import Question, Understanding
from assistant.recording import Recorder
from assistant.selection import RELATED_MIN, Selection, relevance, select, shortfall
from assistant.suggestions import suggest
from assistant.texts import say
from assistant.understand import is_about_policy, read_question_text, understand
from assistant.verify import Proof, Verifier
from index.search import Index, SearchResult
from index.text import strip_invisible

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
        record = Recorder()
        yield Step("understand")
        with record.step("understand"):
            asked = replace(question, text=read_question_text(question.text))
            understood = understand(asked)
        if understood.intent != "policy":
            yield from self._reply(asked, understood, record)
            return
        yield Step("retrieve")
        with record.step("retrieve"):
            found = self.index.search(understood.query, _RANKED, lang=understood.lang)
        record.move("retrieve", "rerank", found.timings_ms["rerank"])
        record.searched(self.index, found)
        selection = self._select(found)
        declined = shortfall(understood.query, found.results, selection.evidence)
        record.selected(selection, declined)
        if declined:
            yield from self._decline(asked, understood, found, record)
            return
        yield Step("compose")
        brief = Brief(asked, understood, selection.evidence, found)
        yield from self._compose(brief, record)

    def _select(self, found: SearchResult) -> Selection:
        sections = {s.passage.id: self.index.section(s.passage) for s in found.results}
        parts = {passage.id for section in sections.values() for passage in section}
        counts = self.index.token_counts(sorted(parts))
        return select(found.results, self._documents, sections, counts, self._budget)

    def _reply(
        self, asked: Question, understood: Understanding, record: Recorder
    ) -> Iterator[Event]:
        """Small talk and abuse: a fixed text, no search."""
        text = say(understood.intent, understood.lang)
        status: Status = "refused" if understood.intent == "abuse" else "off_topic"
        yield Piece(text)
        yield _answer(asked, understood, status, text, record)

    def _decline(
        self, asked: Question, understood: Understanding, found: SearchResult, record: Recorder
    ) -> Iterator[Event]:
        """Nothing good enough was found: say so, generate nothing."""
        near = relevance(found.results) >= RELATED_MIN
        related = near or is_about_policy(understood.query)
        status: Status = "unanswerable" if related else "off_topic"
        text = say(status, understood.lang)
        hints = suggest(found.results, self._documents, (), understood.lang) if related else ()
        yield Piece(text)
        yield replace(_answer(asked, understood, status, text, record), suggestions=hints)

    def _compose(self, brief: Brief, record: Recorder) -> Iterator[Event]:
        """Compose and verify; quotes take over where a chat model fails or cannot be proved."""
        lang = brief.understanding.lang
        page = _Page(brief)
        composer, notice = self._composer, None
        try:
            yield from self._write(composer, brief, page, record)
            if composer is not self._quotes and page.unproven:
                notice = Notice("composer", say("model_unproven", lang))
                record.give_up("unproven", "too little of the answer could be proved")
        except ChatModelError as error:
            log.warning("chat model failed: %s", mask(str(error)))
            record.give_up("failed", str(error))
            notice = Notice("composer", say("model_failed", lang, why=error))
            if isinstance(error, ChatModelUnreachableError) and error is not self._outage:
                self._outage, self._asked_again_at = error, time.monotonic() + _OUTAGE_S
        if page.text and (notice or page.status == "unanswerable"):
            yield Restart()
            page = _Page(brief, status=page.status, usage=page.usage)
        if notice:
            composer = self._quotes
            yield from self._write(composer, brief, page, record)
            page.notices.insert(0, notice)
        answer = self._finish(brief, page, composer, record)
        if not page.text:
            yield Piece(answer.text)
        yield answer

    def _write(
        self, composer: Composer, brief: Brief, page: _Page, record: Recorder
    ) -> Iterator[Event]:
        attempt = record.attempt(composer)
        if composer is not self._quotes and self._outage:
            if time.monotonic() < self._asked_again_at:
                raise self._outage
            self._outage = None
        verifier = Verifier(brief.evidence, self.index.embed_query, self.index.match)
        drafts = composer.compose(brief)
        while True:
            with record.step("compose"):
                draft = next(drafts, None)
            if draft is None:
                return
            if isinstance(draft, Composed):
                page.close(draft)
                attempt.status = draft.status
                continue
            with record.step("verify"):
                verdict = verifier.verify(draft)
            attempt.verdicts.append(verdict)
            if verdict.passed:
                yield page.add(draft, verdict.proofs)
            else:
                log.info("removed %r: %s", mask(draft.text), verdict.reason)
                page.removed += 1

    def _finish(self, brief: Brief, page: _Page, composer: Composer, record: Recorder) -> Answer:
        lang = brief.understanding.lang
        cited = list(dict.fromkeys((c.document_id, c.lang) for c in page.citations))
        as_of = brief.question.as_of or date.today()
        about = notices([self._documents[key] for key in cited], lang, as_of)
        status, text = page.status, page.text
        if not page.citations:
            found = "it found no answer" if status == "unanswerable" else "nothing of it was left"
            record.give_up("unanswerable", found)
            status, text = "unanswerable", say("unanswerable", lang)
        used = [c.passage_id for c in page.citations]
        hints = suggest(brief.search.results, self._documents, used, lang)
        return replace(
            _answer(brief.question, brief.understanding, status, text, record),
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
        piece = (
            self._separator(draft) + strip_invisible(draft.text) + (f" {marks}" if marks else "")
        )
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


def _answer(
    asked: Question, understood: Understanding, status: Status, text: str, record: Recorder
) -> Answer:
    timings = record.timings()
    return Answer(
        id=asked.id,
        question=asked.text,
        query=understood.query,
        lang=understood.lang,
        status=status,
        text=text,
        timings_ms=timings,
        trace=record.trace(asked, understood, timings) if asked.trace else None,
    )
