"""Facts that a chat model reads in a person's words, where the rules have not found them.

The model proposes, `assistant.eligibility.proving` decides. A question costs one call at most,
and a talk one a turn: what was read of a message is kept. Where the model fails, the rules' reading
is what there is, and the log says so. Which reading wins is for `assistant.eligibility.told`.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import prompts
from assistant.chat_model import ChatModel
from assistant.eligibility import reply_patterns
from assistant.eligibility.asking import is_asking, is_of_oneself
from assistant.eligibility.clauses import sentences
from assistant.eligibility.facts import Fact, Facts, KnownFact
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.model_claims import claims_of, digest, listed, schema
from assistant.eligibility.proving import Claim, UnprovenError, prove
from assistant.eligibility.reading import read_reply
from assistant.eligibility.turn_wording import last_line
from assistant.eligibility.wording import localized
from assistant.errors import ChatModelError, ChatModelReplyError, ChatModelUnreachableError
from assistant.outage import Outage
from assistant.personal import mask
from assistant.questions import Turn
from index.text import language, strip_invisible
from index.tokens import count_tokens
from prompts import Prompt

__all__ = ["ModelReading"]

log = logging.getLogger(__name__)

_KEPT = 2_000
_MESSAGES = 8
_CHARACTERS = 4_000
_SHORT = 24
_NOTHING = "–"
_NONE: Facts = {}
_TAG = re.compile(r"<(?=[/|!a-zA-Z])")


@dataclass(frozen=True)
class _Message:
    """A message of the person's, with what they had just been asked for."""

    text: str
    asked: Fact | None


class ModelReading:
    """Reads facts with a chat model. Thread-safe.

    Args:
        chat_model: The model.
        load_prompt: Gives the prompts `facts` and `facts_message` in a language.
    """

    def __init__(
        self, chat_model: ChatModel, load_prompt: Callable[[str, str], Prompt] = prompts.load
    ) -> None:
        """Take the model; nothing is sent yet."""
        self.chat_model = chat_model
        self.outage = Outage()
        self._load_prompt = load_prompt
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[str, str, str], Facts] = OrderedDict()

    def read(self, turns: Sequence[Turn], catalogue: Catalogue) -> Sequence[Facts]:
        """The facts that each turn states, as far as the model finds them and they can be proved.

        Messages that were not read before are read in one call, the newest of them; a message
        without a statement is not sent.

        Args:
            turns: The conversation in order, the newest message last.
            catalogue: The facts to look for.

        Returns:
            For each turn the facts by id, of origin `model`; none of the assistant's turns.
        """
        known = digest(catalogue)
        stating = dict(_stating(turns, catalogue))
        unread = {
            _key(one, known): one
            for one in stating.values()
            if self._kept(one, known) is None and len(one.text) <= _CHARACTERS
        }
        if unread:
            self._ask_for([*unread.values()][-_MESSAGES:], catalogue, known)
        messages = (stating.get(place) for place in range(len(turns)))
        return [(self._kept(one, known) if one else None) or _NONE for one in messages]

    def _kept(self, message: _Message, known: str) -> Facts | None:
        """What was read of a message; `None` where it was not read yet."""
        key = _key(message, known)
        with self._lock:
            if key in self._read:
                self._read.move_to_end(key)
            return self._read.get(key)

    def _ask_for(self, messages: Sequence[_Message], catalogue: Catalogue, known: str) -> None:
        """Have messages read, and keep what is found, also where that is nothing."""
        claims: list[Mapping[str, Any]] = []
        try:
            self.outage.check()
            system, user, messages = self._packed(messages, catalogue)
            claims = self._ask(system, user, schema(catalogue))
        except ChatModelUnreachableError as error:
            self.outage.note(error)
            log.warning("facts are read by rules alone: %s", mask(str(error)))
            return  # To be tried again, when the server is back.
        except ChatModelError as error:
            log.warning("facts are read by rules alone: %s", mask(str(error)))
        for message in messages:
            read = _joined(_proved(message, claims, catalogue), catalogue)
            with self._lock:
                self._read[_key(message, known)] = read
                while len(self._read) > _KEPT:
                    self._read.popitem(last=False)

    def _packed(
        self, messages: Sequence[_Message], catalogue: Catalogue
    ) -> tuple[str, str, Sequence[_Message]]:
        """What the model is told, with those messages, the newest, for which there is room."""
        lang = language(messages[-1].text)
        system = self._load_prompt("facts", lang).render(facts=listed(catalogue, lang))
        frame = self._load_prompt("facts_message", lang)
        told = [
            frame.render(
                asked=localized(one.asked.question, lang) if one.asked else _NOTHING,
                text=_as_data(mask(one.text)),
            )
            for one in messages
        ]
        limit = self.chat_model.prompt_tokens
        for first in range(len(told)):
            user = "\n\n".join(told[first:])
            if limit is None or count_tokens(f"{system}\n{user}") <= limit:
                return system, user, messages[first:]
        raise ChatModelReplyError(
            f"{self.chat_model.where} has no room for the facts of the catalogue: raise"
            " POLICY_LLM_CONTEXT"
        )

    def _ask(self, system: str, user: str, form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        with closing(self.chat_model.stream(system, user, form)) as deltas:
            reply = "".join(delta.text for delta in deltas)
        return claims_of(reply, self.chat_model.where)


def _stating(turns: Sequence[Turn], catalogue: Catalogue) -> Iterator[tuple[int, _Message]]:
    """The person's messages that may state what rules cannot read, by their place."""
    questions = {
        asked: fact for fact in catalogue.facts.values() for asked in fact.question.values()
    }
    asked: Fact | None = None
    in_talk = False
    for place, turn in enumerate(turns):
        if turn.role == "assistant":
            asked = questions.get(last_line(turn.text))
            in_talk = in_talk or asked is not None
            continue
        bare = asked is not None and _is_bare(turn.text, asked, catalogue)
        if not bare and _states(turn.text, in_talk):
            yield place, _Message(turn.text.strip(), asked)
        asked = None


def _states(text: str, in_talk: bool) -> bool:
    """Whether a clause of a text states something: of its author, or in a talk about them."""
    clauses = [one for sentence in sentences(text) for one in sentence.clauses if not one.asked]
    said = [text[one.start : one.end] for one in clauses]
    return any(
        re.search(r"\w", one) and (in_talk or is_of_oneself(one)) and not is_asking(one)
        for one in said
    )


def _is_bare(text: str, asked: Fact, catalogue: Catalogue) -> bool:
    """Whether a text is no more than an answer that rules read, or none: `yes`, `不清楚`."""
    if len(text.strip()) > _SHORT:
        return False
    unsure = reply_patterns.UNSURE.search(text) or reply_patterns.ASKS_BACK.search(text)
    return bool(unsure) or read_reply(text, asked, catalogue) is not None


def _proved(
    message: _Message, claims: Sequence[Mapping[str, Any]], catalogue: Catalogue
) -> Iterator[KnownFact]:
    """Those of the model's claims that a message bears."""
    for given in claims:
        fact, words = catalogue.facts.get(str(given.get("fact"))), given.get("words")
        if fact is None or not isinstance(words, str):
            continue
        claim = Claim(fact, given.get("value"), words, asked=fact is message.asked)
        try:
            yield prove(message.text, claim)
        except UnprovenError as error:
            log.info("not believed: %s = %r: %s", fact.id, given.get("value"), mask(str(error)))


def _joined(found: Iterable[KnownFact], catalogue: Catalogue) -> Facts:
    """By fact: choices that can hold together add up, other values that differ cancel out."""
    joined: dict[str, KnownFact] = {}
    unclear: set[str] = set()
    for new in found:
        old = joined.setdefault(new.fact, new)
        if old.value == new.value:
            continue
        many = catalogue.facts[new.fact].many
        if many and isinstance(old.value, frozenset) and isinstance(new.value, frozenset):
            words = "; ".join(dict.fromkeys((old.words, new.words)))
            joined[new.fact] = replace(old, value=old.value | new.value, words=words)
        else:
            unclear.add(new.fact)
    return {name: one for name, one in joined.items() if name not in unclear}


def _key(message: _Message, known: str) -> tuple[str, str, str]:
    return message.text, message.asked.id if message.asked else "", known


def _as_data(text: str) -> str:
    """A text that can open no tag and no control token of a chat template."""
    return _TAG.sub("< ", strip_invisible(text))
