"""`policy-assistant search`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonlOption, JsonOption, StoreOption
from assistant.errors import InputError
from assistant.settings import Settings
from assistant.understand import read_question_text

_SHOWN = 300


def search(
    query: Annotated[str | None, typer.Argument(help="A question or keywords.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    json: JsonOption = False,
    jsonl: JsonlOption = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Find the passages that speak to a query."""
    settings = console.settings(corpus, store, composer="quotes")
    if (query is None) == (jsonl is None):
        raise InputError("search: give one query in quotation marks, or a file with --jsonl")
    if jsonl is not None:
        _search_all(settings, jsonl, k)
        return
    assert query is not None
    read_question_text(query)
    found = console.open_assistant(settings).search(query, k)
    if json:
        console.print_json(found)
        return
    for result in found["results"]:
        place = f"{result['title']} #{result['section']} ({result['lang']})"
        text = result["text"] if len(result["text"]) <= _SHOWN else result["text"][:_SHOWN] + "…"
        print(f"{result['rank']}. {place}  {result['score']:.2f}\n{text}\n")


def _search_all(settings: Settings, path: Path, k: int) -> None:
    name = "stdin" if str(path) == "-" else str(path)
    queries: list[tuple[str | None, str]] = []
    for number, record in console.read_jsonl(path):
        try:
            text = read_question_text(record.get("query", record.get("question")))
        except InputError as error:
            raise InputError(f"{name}:{number}: {error}") from error
        identity = record.get("id")
        queries.append((None if identity is None else str(identity), text))
    assistant = console.open_assistant(settings)
    with console.progress_bar(len(queries), "Searching") as progress:
        for done, (identity, text) in enumerate(queries):
            progress("Searching", done, len(queries))
            console.print_json(assistant.search(text, k, identity), line=True)
        progress("Searching", len(queries), len(queries))
