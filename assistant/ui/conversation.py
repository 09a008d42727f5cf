"""Asks the assistant what a person asks on the page, and keeps the conversation up to date."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation
from assistant.errors import AssistantError, InputError
from assistant.events import Event, Piece
from assistant.questions import Question
from assistant.ui import texts
from assistant.ui.turns import Conversation, Failure, Source, Turn
from index.errors import IndexingError

if TYPE_CHECKING:
    from assistant.service import Assistant

INTERVAL_S = 1 / 15
"""Least time between two updates of a page."""
PATIENCE_S = 1.0
"""Most time that an answer is held back so that its sentences appear one after the other."""

log = logging.getLogger(__name__)


def ask(
    conversation: Conversation,
    question: str,
    assistant: Assistant,
    answered: Callable[[Answer], None],
) -> Iterator[None]:
    """Ask a question as the next turn of a conversation.

    Args:
        conversation: Is changed as the answer comes in.
        question: What the person wrote.
        assistant: Answers.
        answered: Told of the answer.

    Yields:
        Nothing, whenever there is something new to show.
    """
    asked = Question(question, conversation.history())
    turn = Turn(question)
    conversation.turns.append(turn)
    yield
    try:
        yield from _follow(turn, assistant.stream(asked), assistant)
    except InputError as error:
        turn.failure = Failure(texts.FAILED_INPUT, str(error))
    except IndexingError as error:
        log.error("the store cannot be searched: %s", error)
        turn.failure = Failure(texts.FAILED_STORE, str(error))
    except AssistantError as error:
        log.error("a question failed: %s", error)
        turn.failure = Failure(texts.FAILED_MODEL, str(error))
    if turn.answer is not None:
        answered(turn.answer)
    yield


def _follow(turn: Turn, events: Iterator[Event], assistant: Assistant) -> Iterator[None]:
    shown_at, patience = 0.0, PATIENCE_S
    for event in events:
        turn.take(event, _sources(turn, event, assistant))
        wait = shown_at + INTERVAL_S - time.monotonic()
        if wait > patience:
            continue
        if wait > 0:
            time.sleep(wait)
            patience -= wait
        shown_at = time.monotonic()
        yield


def _sources(turn: Turn, event: Event, assistant: Assistant) -> dict[int, Source]:
    """The sources that an event names and the turn does not know yet."""
    if not isinstance(event, Piece | Answer):
        return {}
    found: dict[int, Source] = {}
    for citation in event.citations:
        known = turn.sources.get(citation.label)
        if known is None or known.citation != citation:
            found[citation.label] = _source(citation, assistant)
    return found


def _source(citation: Citation, assistant: Assistant) -> Source:
    document, passage = assistant.passage(citation.passage_id)
    return Source(citation, document, passage)


def give_up(conversation: Conversation, failure: Failure | None = None) -> None:
    """End the turn that is under way, if there is one.

    Args:
        conversation: Is changed.
        failure: Why; `None` means that the person stopped it.
    """
    if conversation.turns and conversation.turns[-1].is_open:
        turn = conversation.turns[-1]
        turn.failure, turn.stopped = failure, failure is None
