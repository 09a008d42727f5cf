"""Talks about eligibility: what was told, what a message is about, and what is said to it.

Stateless: everything is read from the conversation's texts (`assistant.eligibility.told`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer
from assistant.eligibility.asking import is_bare, is_of_oneself
from assistant.eligibility.finding_turn import finding_turn
from assistant.eligibility.matching import Matching
from assistant.eligibility.matter import Matter, matter_of
from assistant.eligibility.reading import Reader
from assistant.eligibility.reply import Case, Reply, known_facts
from assistant.eligibility.script import in_traditional
from assistant.eligibility.service import Eligibility
from assistant.eligibility.told import Told, read_conversation
from assistant.eligibility.turn_wording import quoted, say
from assistant.eligibility.verdict_turn import verdict_turn
from assistant.eligibility.which_turn import which_turn
from assistant.eligibility.wording import localized
from assistant.questions import Lang, Question, Understanding
from index.lexical import traditional
from index.passages import ScoredPassage

__all__ = ["EligibilityTalk"]


class EligibilityTalk:
    """Holds conversations about eligibility over one set of measures. Thread-safe.

    Args:
        known: The measures.
        reader: Reads facts that the rules miss; `None` leaves it at the rules.
    """

    def __init__(self, known: Eligibility, reader: Reader | None = None) -> None:
        """Take the measures."""
        self.known = known
        self._reader = reader
        self._matching = Matching(known.offered, known.policy_names)

    def read(self, question: Question) -> Told:
        """Read a question and all that was said before it.

        Raises:
            InputError: The question's facts are not known, or have impossible values.
        """
        return read_conversation(question, self.known.catalogue, self._matching, self._reader)

    def completed(self, question: Question, told: Told, understood: Understanding) -> Understanding:
        """A bare `do I qualify?` is asked of what was spoken of just before.

        Args:
            question: The newest message.
            told: What the conversation tells.
            understood: What was understood of the message.
        """
        before = [turn.text for turn in told.history if turn.role == "user"]
        if not before or not is_bare(question.text, [one.words for one in told.now.values()]):
            return understood
        return replace(understood, query=before[-1])

    def matter(
        self,
        question: Question,
        told: Told,
        understood: Understanding,
        results: Sequence[ScoredPassage],
    ) -> Matter | None:
        """What a message is about, where that is eligibility; `None` leaves it to the documents.

        Args:
            question: The newest message.
            told: What the conversation tells.
            understood: What was understood of the message.
            results: What the search found.
        """
        if not self.known.offered:
            return None
        known = self.known.catalogue
        return matter_of(question.text, told, understood, results, known, self._matching)

    def reply(self, matter: Matter, question: Question, told: Told, lang: Lang) -> Reply:
        """The turn.

        Args:
            matter: What it is about.
            question: The newest message.
            told: What the conversation tells.
            lang: Its language.
        """
        reply = self._reply(matter, question, told, lang)
        if lang == "zh" and told.script == "hant":
            known = (*told.facts.values(), *matter.supposed.values())
            return in_traditional(reply, [one.words.strip() for one in known])
        return reply

    def _reply(self, matter: Matter, question: Question, told: Told, lang: Lang) -> Reply:
        remark = self._remark(matter, told, lang)
        if matter.kind == "which":
            if told.now and not remark:
                remark = known_facts(told.facts, self.known.catalogue.facts, lang)
            return which_turn(self.known, matter.measures, lang, remark)
        case = Case({**told.facts, **matter.supposed}, lang, told.declined, remark, question.as_of)
        if matter.kind == "finding":
            return finding_turn(self.known, case)
        return verdict_turn(self.known, matter.measures[0], case)

    def offered(self, answer: Answer, told: Told) -> Answer:
        """An answer from the documents, with a question on eligibility to go on with.

        It is about the first cited section that just one measure stands in, where the question
        is of the person themselves, or something is known of them.

        Args:
            answer: The answer.
            told: What the conversation tells.
        """
        if not (told.facts or is_of_oneself(answer.question)):
            return answer
        for citation in answer.citations:
            home = (citation.document_id, citation.section)
            standing = [m for m in self.known.offered.values() if (m.policy, m.section) == home]
            if len(standing) == 1:
                title = localized(standing[0].title, answer.lang)
                asked = say("ask_measure", answer.lang, title=quoted(title))
                if answer.lang == "zh" and told.script == "hant":
                    asked = traditional(asked)
                return replace(answer, suggestions=(*answer.suggestions, asked))
        return answer

    def _remark(self, matter: Matter, told: Told, lang: Lang) -> str:
        asked = told.thread.asked if told.thread else None
        if matter.remark:
            return say(matter.remark, lang)
        if asked and told.answered and asked in told.declined:
            label = localized(self.known.catalogue.facts[asked].label, lang)
            return say("declined", lang, label=label)
        return ""
