"""The composer that has a chat model write the answer.

It packs evidence and question into the prompts, reads the reply while it arrives, and proposes
each sentence as soon as it is whole. It believes nothing: labels are handed on as the model gave
them, and the verifier decides. Where the model fails it raises, and the pipeline falls back.

What goes to the model is data: hidden characters, tags and the instructions of documents are taken
out of it, and personal numbers that a person typed are masked, unless the evidence holds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Literal

import prompts
from assistant.answer import Usage
from assistant.chat_deltas import total
from assistant.chat_failures import cut_off
from assistant.chat_model import ChatModel
from assistant.composers import Brief, Composed, Draft, Evidence, Support
from assistant.composers.packing import SHORT, evidence_room, pack
from assistant.composers.reply import SCHEMA, ReplyReader, ReplySentence
from assistant.errors import ChatModelError, ChatModelReplyError
from assistant.instructions import is_instruction, without_instructions
from assistant.personal import mask
from assistant.questions import Lang, Question
from index.sentences import sentence_spans
from index.text import strip_invisible
from prompts import Prompt

_PROMPTS = ("answer", "question", "evidence")
_SHORT_PROMPTS = ("answer_short", "question_short", "evidence")
_TURNS = 6
_TURN_CHARACTERS = 500
_NOTHING = "—"
# What opens a tag, or a control token of a chat template: a text must not be able to do either.
_TAG = re.compile(r"<(?=[/|!a-zA-Z])")
_UNCLOSED = re.compile(r"(?<![。！？.!?])[\w）)”’\"'》%％]$")
_FULL_STOP: dict[Lang, str] = {"zh": "。", "en": "."}
_CUT_OFF = ("length", "max_tokens", "MAX_TOKENS")


class LlmComposer:
    """Answers in the words of a chat model that is held to numbered evidence.

    A model with a small window is told less, in prompts of their own that show more and explain
    less, and that give the question as it stands alone instead of conversation and facts.

    Args:
        chat_model: The model.
        load_prompt: Gives the prompt of a name (`answer`, `question`, `evidence`; `answer_short`,
            `question_short`) in a language.
    """

    def __init__(
        self, chat_model: ChatModel, load_prompt: Callable[[str, str], Prompt] = prompts.load
    ) -> None:
        self.chat_model = chat_model
        self._load_prompt = load_prompt
        limit = chat_model.prompt_tokens
        self._names = _SHORT_PROMPTS if limit is not None and limit <= SHORT else _PROMPTS

    @property
    def small(self) -> bool:
        """Whether the model's window is small, so that its answer wants completing."""
        return self._names is _SHORT_PROMPTS

    @property
    def name(self) -> Literal["llm"]:
        """The composer's name in the answer."""
        return "llm"

    @property
    def model(self) -> str:
        """The chat model's name."""
        return self.chat_model.name

    def prompt_digests(self, lang: Lang) -> dict[str, str]:
        """SHA-256 of each prompt file that an answer in this language is made with, by name."""
        return {name: self._load_prompt(name, lang).digest for name in self._names}

    def compose(self, brief: Brief) -> Iterator[Draft | Composed]:
        """Ask the model, and propose its sentences as they become whole.

        A reply that says from the start that the evidence does not answer proposes nothing; one
        that says so at its end has proposed its sentences by then, and the status counts.

        Args:
            brief: Question and evidence; without evidence the model is not asked.

        Yields:
            Drafts, then one `Composed`.

        Raises:
            ChatModelUnreachableError: The model cannot be reached, or is too slow.
            ChatModelReplyError: Its reply cannot be used, or stops in mid-answer; drafts that
                came before are then not to be relied on.
        """
        if not brief.evidence:
            yield Composed("unanswerable")
            return
        lang = brief.understanding.lang
        system = self.system_message(lang)
        reader = ReplyReader()
        usage = Usage()
        finish_reason = None
        proposed: set[str] = set()
        with closing(self.chat_model.stream(system, self.user_message(brief), SCHEMA)) as deltas:
            try:
                for delta in deltas:
                    if reader.complete and reader.given and delta.text.strip("` \r\n\t"):
                        break  # It talks on behind its answer.
                    usage = total(usage, delta.usage)
                    finish_reason = delta.finish_reason or finish_reason
                    for sentence in reader.feed(delta.text):
                        for draft in _drafts(sentence, lang):
                            if reader.status != "unanswerable" and draft.text not in proposed:
                                proposed.add(draft.text)
                                yield draft
            except ChatModelError:
                if not reader.complete:
                    raise
        if finish_reason in _CUT_OFF and not reader.complete:
            raise cut_off(self.chat_model.where, reader.received)
        yield Composed(reader.finish(), usage)

    def system_message(self, lang: Lang) -> str:
        """The message that says what to do, in the language of the answer."""
        return self._load_prompt(self._names[0], lang).render()

    def user_message(self, brief: Brief) -> str:
        """The message that carries evidence, conversation and question, all of it as data.

        Raises:
            ChatModelReplyError: The model's window has no room for any evidence.
        """
        lang = brief.understanding.lang
        question = brief.question
        frame = self._load_prompt(self._names[1], lang)
        public = "\n".join(evidence.scored.passage.text for evidence in brief.evidence)
        about = {
            "conversation": _conversation(question, public) or _NOTHING,
            "facts": _facts(question, public) or _NOTHING,
            "question": _as_data(mask(question.text, public)),
            "query": _as_data(mask(brief.understanding.query, public)),
        }
        about = {name: text for name, text in about.items() if name in frame.variables}
        evidence = self._evidence(brief, lang, frame.render(evidence="", **about))
        return frame.render(evidence="\n\n".join(evidence), **about)

    def _evidence(self, brief: Brief, lang: Lang, frame: str) -> list[str]:
        item = self._load_prompt(self._names[2], lang)

        def told(evidence: Evidence, text: str) -> str:
            return _told(evidence, text, item)

        limit = self.chat_model.prompt_tokens
        if limit is None:
            return [told(evidence, evidence.scored.passage.text) for evidence in brief.evidence]
        room = evidence_room(limit, self.system_message(lang) + frame)
        packed = pack(brief.evidence, room, told)
        if not packed:
            raise ChatModelReplyError(
                f"{self.chat_model.where} has no room for evidence beside this question:"
                " ask in fewer words, or raise POLICY_LLM_CONTEXT"
            )
        return packed


def _told(evidence: Evidence, text: str, item: Prompt) -> str:
    document, passage = evidence.document, evidence.scored.passage
    about = document.metadata
    headings = [
        heading
        for heading in passage.heading_path
        if heading != document.title and not is_instruction(heading)
    ]
    return item.render(
        label=str(evidence.label),
        title=_as_data(document.title),
        issuer=_as_data(about.issuer or _NOTHING),
        date=_as_data(str(about.issued_on or about.date_note or _NOTHING)),
        section=_as_data(" > ".join(headings) or _NOTHING),
        text=_as_data(without_instructions(text)) or _NOTHING,
    )


def _conversation(question: Question, public: str) -> str:
    turns = question.history[-_TURNS:]
    # Masked before it is cut, for half a number is not known as one.
    said = ((turn.role, mask(turn.text, public)[:_TURN_CHARACTERS]) for turn in turns)
    return "\n".join(f"{role}: {_as_data(text)}" for role, text in said)


def _facts(question: Question, public: str) -> str:
    lines = (
        f"{name}: {json.dumps(value, ensure_ascii=False, default=str)}"
        for name, value in question.facts.items()
    )
    return _as_data(mask("\n".join(lines), public))


def _as_data(text: str) -> str:
    """The text without hidden characters, unable to close the tags it is put between."""
    return _TAG.sub("‹", strip_invisible(text)).strip()


def _drafts(sentence: ReplySentence, lang: Lang) -> Iterator[Draft]:
    """What the model gave as a sentence, which may be several: each is proved by itself."""
    supports = tuple(Support(label) for label in sentence.labels)
    for span in sentence_spans(sentence.text):
        text = sentence.text[span.start : span.end].strip()
        if sentence.is_item:
            yield Draft(text, supports, "item")
        else:
            # Sentences are put behind one another.
            stop = _FULL_STOP[lang] if _UNCLOSED.search(text) else ""
            yield Draft(text + stop, supports)
