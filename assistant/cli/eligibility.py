"""`policy-assistant eligibility`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonlOption, JsonOption, StoreOption, say
from assistant.cli.measure_lines import verdict_lines
from assistant.errors import InputError
from assistant.requests import EligibilityRequest, eligibility_from

if TYPE_CHECKING:
    from assistant.eligibility.facts import Facts
    from assistant.eligibility.service import Eligibility
    from assistant.settings import Settings

FactsOption = Annotated[
    Path | None,
    typer.Option("--facts", metavar="F.json", help="What is known, a JSON object by fact id."),
]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", metavar="zh|en", help="Language of the result, if not the facts'."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Judge validity on this day, not today."),
]


def eligibility(
    measure: Annotated[
        str | None,
        typer.Argument(metavar="MEASURE", help="A measure's id; `measures` lists them."),
    ] = None,
    facts: FactsOption = None,
    lang: LangOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    jsonl: JsonlOption = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Say whether a measure can be had, and why.

    Goes criterion by criterion, and says what to find out next.
    A file of cases has lines such as {"id": "1", "measure": "…", "facts": {…}}, with "lang" and
    "as_of" where wanted; it gets one JSON verdict a line.
    """
    settings = console.settings(corpus, store, composer="quotes")
    if (measure is None) == (jsonl is None):
        raise InputError("eligibility: name one measure, or give a file with --jsonl")
    given: dict[str, Any] = {
        **option("--lang", "lang", lang),
        **option("--as-of", "as_of", as_of),
        **(option(str(facts), "facts", console.read_json(facts)) if facts else {}),
    }
    if jsonl is not None:
        _judge_all(settings, jsonl, given)
        return
    asked = eligibility_from({"measure": measure, **given})
    known = open_measures(settings)
    known.measure(asked.measure)
    read = read_facts(known, asked.facts, str(facts))
    found = known.judge(asked.measure, read, asked.lang, asked.id, asked.as_of)
    if json:
        console.say_json(found)
    else:
        say("\n".join(verdict_lines(found, read, known.catalogue)))


def _judge_all(settings: Settings, path: Path, given: dict[str, Any]) -> None:
    lines = console.read_jsonl(path)
    known = open_measures(settings)
    asked: list[tuple[EligibilityRequest, Facts]] = []
    for place, record in lines:
        try:
            one = eligibility_from({**given, **record})
            known.measure(one.measure)
            asked.append((one, known.read_facts(one.facts)))
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
    for one, facts in asked:
        found = known.judge(one.measure, facts, one.lang, one.id, one.as_of)
        console.say_json(found, line=True)


def open_measures(settings: Settings) -> Eligibility:
    """The measures of the corpus, over its documents as they are now.

    Raises:
        MeasureError: A file of measures or facts is wrong.
        CorpusError: The documents cannot be read.
    """
    from assistant.eligibility.corpus import open_eligibility

    return open_eligibility(settings.corpus)


def read_facts(known: Eligibility, given: Any, where: str) -> Facts:
    """Facts out of JSON; an error names the file that they came from."""
    try:
        return known.read_facts(given)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def option(name: str, key: str, value: Any) -> dict[str, Any]:
    """An option by the key it has in a request; an error calls it as the user did."""
    if value is None:
        return {}
    try:
        eligibility_from({"measure": "?", key: value})
    except InputError as error:
        raise InputError(name + str(error).removeprefix(key)) from error
    return {key: value}
