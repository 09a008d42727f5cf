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
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how each passage got its place.")
    ] = False,
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
        _search_all(settings, jsonl, k, explain)
        return
    wanted = _request({"query": query}, k)
    found = console.open_assistant(settings).search(wanted.query, wanted.k, explain=explain)
    if json:
        console.say_json(found)
        return
    for result in found["results"]:
        place = f"{result['title']} #{result['section']} ({result['lang']})"
        text = result["text"] if len(result["text"]) <= _SHOWN else result["text"][:_SHOWN] + "…"
        say(f"{result['rank']}. {place}  {result['score']:.2f}\n{text}")
        if explain:
            say(_why(result, found["explain"]))
        say("")


def _why(result: dict[str, Any], asked: dict[str, Any]) -> str:
    """How a passage got its place, in a few lines."""
    parts = result["components"]
    same = result["lang"] == asked["lang"]
    share = asked["dense_share"] if same else 0.0
    words = ", ".join(result["matched_words"]) or "none"
    added = f"; names added: {' | '.join(asked['names_added'])}" if asked["names_added"] else ""
    lines = [
        f"match of the tokens {parts['match']:.3f} (weighs {1 - share:.0%})",
        f"cosine of the sentences {parts['dense']:.3f} (weighs {share:.0%})",
        f"BM25 {parts.get('lexical', 0.0):.2f} (words in common: {words}{added})",
        f"reciprocal rank of BM25 and cosine {parts['fused']:.4f}",
        f"stands {result['score']:.2f} standard deviations above passages in general",
        f"answers with a probability of {parts['relevance']:.0%}",
    ]
    if "cross_encoder" in parts:
        lines.append(f"put in its place by the cross encoder: {parts['cross_encoder']:.3f}")
    return "\n".join(f"   {line}" for line in lines)


def _search_all(settings: Settings, path: Path, k: int, explain: bool) -> None:
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
            wanted_too = explain or one.explain
            found = assistant.search(one.query, one.k, one.id, explain=wanted_too)
            console.say_json(found, line=True)


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
