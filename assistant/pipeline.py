"""The path of a question: understand, retrieve, select, compose, verify.

Reads top to bottom like the picture in the README. Failures raise; an error is never dressed up
as "I don't know".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from assistant.answer import Answer, Notice, Status
from assistant.clarifying import clarify
from assistant.comparing import Policies
from assistant.composers import Brief, Composed, Composer, Draft
from assistant.composers.arrangement import arrange
from assistant.composers.quotes import QuotesComposer
from assistant.conflicts import conflicts
from assistant.eligibility.model_reading import ModelReading
from assistant.eligibility.service import Eligibility
from assistant.errors import ChatModelError, ChatModelUnreachableError
from assistant.events import Event, Piece, Restart, Step
from assistant.exemplars import WEAK, Exemplars, intent_by_exemplars
from assistant.judging import Judging
from assistant.notices import jurisdiction_notice, notices
from assistant.outage import Outage
from assistant.personal import mask
from assistant.questions import Intent, Question, Understanding
from assistant.recording import Recorder
from assistant.selection import (
    RELATED_MIN,
    UNSTATED_MARGIN,
    Selection,
    is_of_one_policy,
    is_probable,
    knows_issue,
    relevance,
    select,
    shortfall,
    side_by_side,
    unanswered_like,
)
from assistant.suggestions import suggest
from assistant.texts import say
from assistant.understand import is_about_policy, read_question_text, wants
from assistant.verify import Verifier
from assistant.written import Written
from index.search import Index, SearchResult

__all__ = ["Pipeline", "read_question_text"]

log = logging.getLogger(__name__)
_RANKED = 24
# Another reading of a follow-up has to be this much more relevant than the likeliest.
_BETTER = 0.2
_SMALL_TALK: tuple[Intent, ...] = (
    "greeting", "thanks", "about", "complaint", "person", "off_topic",
)  # fmt: skip


class Pipeline:
    """Answers questions over one open index. Thread-safe."""

    def __init__(
        self,
        index: Index,
        composer: Composer | None = None,
        *,
        eligibility: Callable[[], Eligibility] | None = None,
        reader: ModelReading | None = None,
        evidence_tokens: int = 2_400,
    ) -> None:
        """Put the pipeline together.

        Args:
            index: Where to search.
            composer: Writes with a chat model; `None` answers in quotes.
            eligibility: The measures as they are now; `None` judges none.
            reader: Reads facts with a chat model; `None` leaves it at the rules.
            evidence_tokens: Most tokens of evidence for one answer.
        """
        self.index = index
        composers = arrange(QuotesComposer(index.match), composer)
        self._composer, self._quotes = composers.first, composers.quotes
        self._exemplars = Exemplars(lambda text: index.embed_query(text).asked.sentence)
        self._judging = Judging(eligibility, reader)
        self._budget = evidence_tokens
        self._outage = reader.outage if reader else Outage()
        self._documents = {document.key: document for document in index.documents()}
        self._policies = Policies(index, tuple(self._documents.values()))

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
            spelt = self.index.spelling.corrected(asked.text)
            hearing = self._judging.hear(replace(asked, text=spelt))
            understood = hearing.understand()
        if understood.intent != "policy":
            yield from self._reply(asked, understood, record)
            return
        yield Step("retrieve")
        with record.step("retrieve"):
            understood, found = self._search(understood)
        record.move("retrieve", "rerank", found.timings_ms["rerank"])
        record.searched(self.index, understood.query, found)
        if matter := hearing.matter(understood, found.results):
            yield Step("compose")
            yield from hearing.judge(matter, understood, asked, record)
            return
        understood = self._meant(understood, found)
        if understood.intent != "policy":
            yield from self._reply(asked, understood, record)
            return
        earlier = [turn.text for turn in asked.history]
        back = clarify(
            asked.text,
            understood,
            found.results,
            self._documents,
            earlier,
            is_plain=is_of_one_policy(found),
        )
        if back:
            yield Piece(back.text)
            yield replace(
                record.answer(asked, understood, "clarify", back.text), suggestions=back.choices
            )
            return
        selection = self._select(found, understood)
        declined = shortfall(understood, found, selection.evidence)
        record.selected(selection, declined)
        if declined:
            yield from self._decline(asked, understood, found, record)
            return
        yield Step("compose")
        unstated = unanswered_like(found, UNSTATED_MARGIN) is not None
        unstated = unstated and not knows_issue(understood, selection.evidence)
        brief = Brief(asked, understood, selection.evidence, found, unstated)
        for event in self._compose(brief, record):
            yield hearing.offered(event)

    def _search(self, understood: Understanding) -> tuple[Understanding, SearchResult]:
        """Search by the likeliest reading, or by another that finds something much better.

        Policies or places that are compared are searched for one by one.
        """
        found = self.index.search(understood.query, _RANKED, lang=understood.lang)
        if understood.readings[:1] == (understood.query,):
            for reading in understood.readings[1:]:
                other = self.index.search(reading, _RANKED, lang=understood.lang)
                if relevance(other.results) > relevance(found.results) + _BETTER:
                    understood = replace(understood, query=reading, wants=wants(reading))
                    found = other
        understood = self._policies.compared(understood)
        return understood, self._policies.search_each(understood, found, _RANKED)

    def _meant(self, understood: Understanding, found: SearchResult) -> Understanding:
        """What was meant by a message that finds next to nothing, by exemplars of each intent."""
        if relevance(found.results) >= WEAK or is_probable(found):
            return understood
        meaning = intent_by_exemplars(found.asked.sentence, self._exemplars.vectors)
        intent = next((intent for intent in _SMALL_TALK if intent == meaning), understood.intent)
        return replace(understood, intent=intent)

    def _select(self, found: SearchResult, understood: Understanding) -> Selection:
        compared = understood.task == "comparison"
        policies = understood.policies
        ranking = side_by_side(found.results, policies) if compared else found.results
        sections = {s.passage.id: self.index.section(s.passage) for s in found.results}
        parts = {passage.id for section in sections.values() for passage in section}
        counts = self.index.token_counts(sorted(parts))
        return select(ranking, self._documents, sections, counts, self._budget)

    def _reply(
        self, asked: Question, understood: Understanding, record: Recorder
    ) -> Iterator[Event]:
        """Small talk and abuse: a fixed text, no search."""
        text = say(understood.intent, understood.lang, understood.script)
        status: Status = "refused" if understood.intent == "abuse" else "off_topic"
        yield Piece(text)
        yield record.answer(asked, understood, status, text)

    def _decline(
        self, asked: Question, understood: Understanding, found: SearchResult, record: Recorder
    ) -> Iterator[Event]:
        """Nothing good enough was found: say so, generate nothing."""
        like = unanswered_like(found)
        near = relevance(found.results) >= RELATED_MIN or is_about_policy(understood.query)
        related = like.kind != "off_topic" if like else near
        status: Status = "unanswerable" if related else "off_topic"
        lang, script = understood.lang, understood.script
        text = say(status, lang, script)
        hints = suggest(found.results, self._documents, (), lang, script) if related else ()
        yield Piece(text)
        yield replace(record.answer(asked, understood, status, text), suggestions=hints)

    def _compose(self, brief: Brief, record: Recorder) -> Iterator[Event]:
        """Compose and verify; quotes take over where a chat model fails or cannot be proved."""
        lang, script = brief.understanding.lang, brief.understanding.script
        page = Written(brief)
        composer, notice = self._quotes if brief.unstated else self._composer, None
        try:
            yield from self._write(composer, brief, page, record)
            if composer is not self._quotes and page.unproven:
                notice = Notice("composer", say("model_unproven", lang, script))
                record.give_up("unproven", "too little of the answer could be proved")
        except ChatModelError as error:
            log.warning("chat model failed: %s", mask(str(error)))
            record.give_up("failed", str(error))
            notice = Notice("composer", say("model_failed", lang, script, why=error))
            if isinstance(error, ChatModelUnreachableError):
                self._outage.note(error)
        if page.text and (notice or page.status == "unanswerable"):
            yield Restart()
            page = Written(brief, status=page.status, usage=page.usage)
        if notice:
            composer = self._quotes
            yield from self._write(composer, brief, page, record)
            page.notices.insert(0, notice)
        answer = self._finish(brief, page, composer, record)
        if not page.text:
            yield Piece(answer.text)
        yield answer

    def _write(
        self, composer: Composer, brief: Brief, page: Written, record: Recorder
    ) -> Iterator[Event]:
        attempt = record.attempt(composer)
        if composer is not self._quotes:
            self._outage.check()
        index = self.index
        verifier = Verifier(brief.evidence, index.embed_query, index.match, index.glossary)
        drafts = composer.compose(brief)
        leads: list[Draft] = []
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
            if verdict.passed and draft.form == "lead":
                leads.append(draft)  # Shown with the first that they introduce and is proved.
            elif verdict.passed:
                for lead in leads:
                    yield page.add(lead, ())
                leads.clear()
                yield page.add(draft, verdict.proofs)
            else:
                log.info("removed %r: %s", mask(draft.text), verdict.reason)
                page.removed += 1

    def _finish(self, brief: Brief, page: Written, composer: Composer, record: Recorder) -> Answer:
        lang, script = brief.understanding.lang, brief.understanding.script
        cited = list(dict.fromkeys((c.document_id, c.lang) for c in page.citations))
        as_of = brief.question.as_of or date.today()
        documents = [self._documents[key] for key in cited]
        about = notices(documents, lang, as_of, script)
        about += conflicts(page.citations, lang, script)
        elsewhere = jurisdiction_notice(brief.understanding.query, documents, lang, script)
        about += [elsewhere] if elsewhere else []
        status, text = page.status, page.text
        if not page.citations:
            found = "it found no answer" if status == "unanswerable" else "nothing of it was left"
            record.give_up("unanswerable", found)
            status, text = "unanswerable", say("unanswerable", lang, script)
        used = [c.passage_id for c in page.citations]
        hints = suggest(brief.search.results, self._documents, used, lang, script)
        return replace(
            record.answer(brief.question, brief.understanding, status, text),
            citations=tuple(page.citations),
            notices=tuple(page.notices + about),
            suggestions=hints,
            composer=composer.name,
            model=composer.model,
            usage=page.usage,
        )
