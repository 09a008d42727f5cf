"""`policy-assistant ask`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.answer import Answer
from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonlOption, JsonOption, StoreOption
from assistant.errors import InputError
from assistant.questions import Question
from assistant.requests import question_from
from assistant.settings import Settings
from assistant.understand import read_question_text


def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the answer: zh or en.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Judge validity on this day.")
    ] = None,
    facts: Annotated[
        Path | None, typer.Option(metavar="F.json", help="Facts about the person, a JSON object.")
    ] = None,
    json: JsonOption = False,
    jsonl: JsonlOption = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Answer a question from the documents, with a citation behind every sentence."""
    settings = console.settings(corpus, store)
    if (question is None) == (jsonl is None):
        raise InputError("ask: give one question in quotation marks, or a file with --jsonl")
    given: dict[str, Any] = {"lang": lang, "as_of": as_of}
    given |= {"facts": _read_facts(facts)} if facts else {}
    if jsonl is not None:
        _ask_all(settings, jsonl, given)
        return
    asked = question_from({"question": question, **_known(given)})
    read_question_text(asked.text)
    answer = console.open_assistant(settings).ask(asked)
    if json:
        console.print_json(answer.to_dict())
    else:
        _print(answer)


def _ask_all(settings: Settings, path: Path, given: dict[str, Any]) -> None:
    name = "stdin" if str(path) == "-" else str(path)
    questions: list[Question] = []
    for number, record in console.read_jsonl(path):
        try:
            asked = question_from({**_known(given), **record})
            read_question_text(asked.text)
        except InputError as error:
            raise InputError(f"{name}:{number}: {error}") from error
        questions.append(asked)
    assistant = console.open_assistant(settings)
    with console.progress_bar(len(questions), "Answering") as progress:
        for done, asked in enumerate(questions):
            progress("Answering", done, len(questions))
            console.print_json(assistant.ask(asked).to_dict(), line=True)
        progress("Answering", len(questions), len(questions))


def _known(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


def _read_facts(path: Path) -> Any:
    import json

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"facts {path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"facts {path}: not a JSON object: {error}") from error


def _print(answer: Answer) -> None:
    """An answer for a terminal: text, sources, notices."""
    print(answer.text)
    for citation in answer.citations:
        facts = (citation.issuer, citation.issued_on, f"#{citation.section}")
        about = ", ".join(fact for fact in facts if fact)
        print(f"\n[{citation.label}] {citation.title} ({about})\n    “{citation.quote}”")
    if answer.notices:
        print()
    for notice in answer.notices:
        print(f"! {notice.text}")
    if answer.suggestions:
        print("\n" + "\n".join(f"? {suggestion}" for suggestion in answer.suggestions))
    print(
        f"{answer.status}, {answer.composer}, {answer.timings_ms['total']:.0f} ms", file=sys.stderr
    )
