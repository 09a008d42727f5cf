"""`policy-assistant ask`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonlOption, JsonOption, StoreOption, say
from assistant.cli.progress import batch_progress
from assistant.cli.trace_lines import trace_lines
from assistant.errors import InputError
from assistant.questions import Question
from assistant.requests import question_from

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.settings import Settings


def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(metavar="zh|en", help="Language of the answer, if not that of the question."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Judge validity on this day, not today."),
    ] = None,
    facts: Annotated[
        Path | None, typer.Option(metavar="F.json", help="Facts about the person, a JSON object.")
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show how the answer came about, step by step.")
    ] = False,
    json: JsonOption = False,
    jsonl: JsonlOption = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Answer a question, every sentence with its source.

    A file of questions has lines such as {"id": "1", "question": "…"}, with "history", "lang",
    "as_of" and "facts" where wanted; it gets one JSON answer a line.
    """
    settings = console.settings(corpus, store)
    if (question is None) == (jsonl is None):
        raise InputError("ask: give one question in quotation marks, or a file with --jsonl")
    given: dict[str, Any] = {
        **_option("--lang", "lang", lang),
        **_option("--as-of", "as_of", as_of),
        **(_option(str(facts), "facts", console.read_json(facts)) if facts else {}),
        **({"trace": True} if trace else {}),
    }
    if jsonl is not None:
        _ask_all(settings, jsonl, given)
        return
    answer = console.open_assistant(settings).ask(_question({"question": question, **given}))
    if json:
        console.say_json(answer.to_dict())
        return
    _print(answer)
    if answer.trace:
        say("\n" + "\n".join(trace_lines(answer.trace)))


def _ask_all(settings: Settings, path: Path, given: dict[str, Any]) -> None:
    questions: list[Question] = []
    for place, record in console.read_jsonl(path):
        try:
            questions.append(_question({**given, **record}))
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
    assistant = console.open_assistant(settings)
    with batch_progress("Answering", len(questions)) as progress:
        for done, question in enumerate(questions):
            progress(done)
            console.say_json(assistant.ask(question).to_dict(), line=True)


def _question(record: dict[str, Any]) -> Question:
    from assistant.understand import read_question_text

    if isinstance(record.get("question"), str):
        read_question_text(record["question"])
    return question_from(record)


def _option(name: str, key: str, value: Any) -> dict[str, Any]:
    """An option by the key it has in a question; an error calls it as the user did."""
    if value is None:
        return {}
    try:
        question_from({"question": "?", key: value})
    except InputError as error:
        raise InputError(name + str(error).removeprefix(key)) from error
    return {key: value}


def _print(answer: Answer) -> None:
    """An answer for a terminal: text, sources, notices."""
    say(answer.text)
    for citation in answer.citations:
        facts = (citation.issuer, citation.issued_on, f"#{citation.section}")
        about = ", ".join(fact for fact in facts if fact)
        say(f"\n[{citation.label}] {citation.title} ({about})\n    “{citation.quote}”")
    if answer.notices:
        say("\n" + "\n".join(f"! {notice.text}" for notice in answer.notices))
    if answer.suggestions:
        say("\n" + "\n".join(f"? {suggestion}" for suggestion in answer.suggestions))
    if sys.stderr.isatty():
        total = answer.timings_ms["total"]
        print(f"{answer.status}, {answer.composer}, {total:.0f} ms", file=sys.stderr)
