"""`policy-assistant search`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonlOption, JsonOption, StoreOption, say
from assistant.cli.progress import batch_progress
from assistant.errors import InputError
from assistant.requests import SearchRequest, search_from

if TYPE_CHECKING:
    from assistant.settings import Settings

_SHOWN = 300


def search(
    query: Annotated[
        str | None,
        typer.Argument(metavar="QUERY", help="A question or keywords, in quotation marks."),
    ] = None,
    k: Annotated[
        int, typer.Option("-k", min=1, max=100, metavar="N", help="How many passages.")
    ] = SearchRequest.k,
    json: JsonOption = False,
    jsonl: JsonlOption = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Find the passages that speak to a query.

    A file of queries has lines such as {"id": "1", "query": "…"}; it gets one JSON result a line.
    """
    settings = console.settings(corpus, store, composer="quotes")
    if (query is None) == (jsonl is None):
        raise InputError("search: give one query in quotation marks, or a file with --jsonl")
    if jsonl is not None:
        _search_all(settings, jsonl, k)
        return
    wanted = _request({"query": query}, k)
    found = console.open_assistant(settings).search(wanted.query, wanted.k)
    if json:
        console.say_json(found)
        return
    for result in found["results"]:
        place = f"{result['title']} #{result['section']} ({result['lang']})"
        text = result["text"] if len(result["text"]) <= _SHOWN else result["text"][:_SHOWN] + "…"
        say(f"{result['rank']}. {place}  {result['score']:.2f}\n{text}\n")


def _search_all(settings: Settings, path: Path, k: int) -> None:
    wanted: list[SearchRequest] = []
    for place, record in console.read_jsonl(path):
        try:
            wanted.append(_request(record, k))
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
    assistant = console.open_assistant(settings)
    with batch_progress("Searching", len(wanted)) as progress:
        for done, one in enumerate(wanted):
            progress(done)
            console.say_json(assistant.search(one.query, one.k, one.id), line=True)


def _request(record: Any, k: int) -> SearchRequest:
    """A search out of a JSON object; a file of questions can be searched for as it is."""
    from assistant.understand import read_question_text

    query = record.get("query", record.get("question"))
    if isinstance(query, str):
        try:
            read_question_text(query)
        except InputError as error:
            raise InputError("query" + str(error).removeprefix("question")) from error
    own = record.get("k")
    return search_from({"id": record.get("id"), "query": query, "k": k if own is None else own})
