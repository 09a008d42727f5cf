"""ShARC put to a chat model: its verdicts beside those without a model, on the same records.

The model that is configured (`POLICY_LLM=local`, or any other) is given the rule, the question, the
scenario and what was answered, and is held to a schema: Yes, No, or More with the question to ask.
A reply that cannot be read counts as wrong and is told apart. This measures only: in the product a
verdict is the evaluator's, and nothing that a model says decides one.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import prompts
from assistant.chat_model import ChatModel
from assistant.composers.llm import LlmComposer
from assistant.errors import ChatModelReplyError
from assistant.opening import open_composer
from assistant.settings import Settings
from evals.benchmarks.sharc_figures import Outcome, summed_up

log = logging.getLogger(__name__)

UNREAD = "cannot be read"
"""The verdict of a reply that is none."""

_VERDICTS = ("Yes", "No", "More")
SCHEMA: dict[str, Any] = {
    "title": "rule_verdict",
    "description": "Whether a rule applies, or what has to be asked first.",
    "type": "object",
    "properties": {
        "verdict": {"type": "string", "enum": list(_VERDICTS)},
        "question": {"type": "string"},
    },
    "required": ["verdict", "question"],
    "additionalProperties": False,
}
"""JSON schema of a reply."""

_MAX_TOKENS = 96  # A verdict and one question; a model that says more is not answering.


def open_model(settings: Settings) -> ChatModel:
    """The chat model that is configured, with short replies where no length is set.

    Raises:
        ConfigurationError: None is configured, or it cannot be set up.
        LocalModelError: The local model is not there, or cannot be served.
    """
    length = settings.llm_max_tokens or _MAX_TOKENS
    changed = settings.model_copy(update={"composer": "llm", "llm_max_tokens": length})
    composer = open_composer(changed)
    assert isinstance(composer, LlmComposer)
    return composer.chat_model


def asked(records: Sequence[Mapping[str, Any]], chat_model: ChatModel) -> Iterator[Outcome]:
    """Ask for a verdict on each record, and tell on stderr how far it is.

    Args:
        records: Records of the set.
        chat_model: The model; it is asked once a record.

    Yields:
        What it said of each, `UNREAD` where its reply cannot be used.

    Raises:
        ChatModelUnreachableError: The model cannot be reached, or is too slow.
    """
    for number, record in enumerate(records, start=1):
        began = time.monotonic()
        try:
            verdict, question = _ask(record, chat_model)
        except ChatModelReplyError as error:
            log.warning("record %s: %s", record["id"], error)
            verdict, question = UNREAD, ""
        seconds = time.monotonic() - began
        gold = record["verdict"]
        print(
            f"{number} of {len(records)} {seconds:.1f} s: {verdict}, gold {gold}",
            file=sys.stderr,
            flush=True,
        )
        followup = record["followup"] or ""
        yield Outcome(record["id"], record["rule"], gold, verdict, question, followup)


def _ask(record: Mapping[str, Any], chat_model: ChatModel) -> tuple[str, str]:
    """Verdict and next question, empty unless the verdict is `More`."""
    lang = record["lang"]
    turns = [f"- {t['follow_up_question']} {t['follow_up_answer']}" for t in record["history"]]
    user = prompts.load("verdict_case", lang).render(
        rule=record["rule"],
        question=record["question"],
        scenario=record["scenario"] or "–",
        answered="\n".join(turns) or "–",
    )
    system = prompts.load("verdict", lang).render()
    with closing(chat_model.stream(system, user, SCHEMA)) as deltas:
        reply = "".join(delta.text for delta in deltas)
    try:
        found, _ = json.JSONDecoder().raw_decode(reply, max(reply.find("{"), 0))
        verdict, question = found["verdict"], found.get("question", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unusable(chat_model, reply) from error
    if verdict not in _VERDICTS or not isinstance(question, str):
        raise _unusable(chat_model, reply)
    return verdict, question if verdict == "More" else ""


def _unusable(chat_model: ChatModel, reply: str) -> ChatModelReplyError:
    return ChatModelReplyError(
        f"{chat_model.where} did not reply with the verdict that was asked for, but {reply[:60]!r};"
        " take a model that follows a schema"
    )


def majority(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same records, of each of which the most frequent gold class is said."""
    gold = max(_VERDICTS, key=Counter(one.gold for one in outcomes).__getitem__)
    return [replace(one, verdict=gold, question="") for one in outcomes]


def compared(columns: Mapping[str, Sequence[Outcome]]) -> str:
    """What several ways come to on the same records, as a Markdown table.

    Args:
        columns: The outcomes by the name of the way.
    """
    names = [name for name, _ in _cells(())]
    cells = [dict(_cells(outcomes)) for outcomes in columns.values()]
    pairs = sorted({f"{one.gold}>{one.verdict}" for own in columns.values() for one in own})
    return "\n".join(
        [
            f"| figure | {' | '.join(columns)} |",
            f"| --- |{' --- |' * len(columns)}",
            *(f"| {name} | {' | '.join(own[name] for own in cells)} |" for name in names),
            *(f"| {pair} | {' | '.join(own.get(pair, '0') for own in cells)} |" for pair in pairs),
        ]
    )


def _cells(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """The figures of one way, by name, and behind them its counts by `gold>verdict`."""
    figures = summed_up(outcomes)
    unread = sum(one.verdict == UNREAD for one in outcomes) / max(1, len(outcomes))
    due = sum(one.gold == "More" and bool(one.followup) for one in outcomes)
    yield "records", str(figures.records)
    yield "micro accuracy", f"{figures.micro:.3f}"
    yield "macro accuracy", f"{figures.macro:.3f}"
    yield "cannot be read", f"{unread:.3f}"
    score, both = figures.question_f1, figures.asked
    every = (score or 0.0) * both / max(1, due)
    yield (
        "token F1 of the next question, where both ask",
        "–" if score is None else f"{score:.3f} of {both}",
    )
    yield "the same, 0 where only gold asks", f"{every:.3f} of {due}" if due else "–"
    yield from ((pair, str(count)) for pair, count in figures.confusion.items())
