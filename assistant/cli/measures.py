"""`policy-assistant measures`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say, say_error
from assistant.cli.eligibility import (
    AsOfOption,
    FactsOption,
    LangOption,
    open_measures,
    option,
    read_facts,
)
from assistant.cli.measure_lines import listing_lines
from assistant.errors import InputError, MeasureError
from assistant.requests import measures_from

app = typer.Typer(
    help="List measures; check, draft and describe their files.",
    invoke_without_command=True,
)


@app.callback()
def measures(
    context: typer.Context,
    audience: Annotated[
        str | None,
        typer.Option(metavar="WHO", help="enterprise, talent, hr_agency or government; 企业, …."),
    ] = None,
    jurisdiction: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="A code or place, such as CN-SC, 四川 or Suining, with what covers it.",
        ),
    ] = None,
    industry: Annotated[
        str | None, typer.Option(metavar="INDUSTRY", help="An industry's id or name.")
    ] = None,
    facts: FactsOption = None,
    lang: LangOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """List the measures of the corpus; where facts are given, ranked by fit to them."""
    given = {"audience": audience, "jurisdiction": jurisdiction, "industry": industry}
    if context.invoked_subcommand is not None:
        used = [name for name, value in context.params.items() if value]
        if used:
            raise InputError(
                f"measures {context.invoked_subcommand}: --{used[0].replace('_', '-')} stands "
                "before it; put its options behind it"
            )
        return
    settings = console.settings(corpus, store, composer="quotes")
    for name, value in given.items():
        if value is not None and not value.strip():
            raise InputError(f"--{name}: it is empty; give a value, or leave it out")
    options: dict[str, Any] = {
        **option("--lang", "lang", lang),
        **option("--as-of", "as_of", as_of),
        **(option(str(facts), "facts", console.read_json(facts)) if facts else {}),
    }
    wanted = measures_from({**given, **options})
    known = open_measures(settings)
    read = None if wanted.facts is None else read_facts(known, wanted.facts, str(facts))
    found = known.measures(
        wanted.lang, wanted.audience, wanted.jurisdiction, wanted.industry, read, wanted.as_of
    )
    if json:
        console.say_json({"measures": found})
    elif not known.catalogue.measures:
        say(
            f"corpus {settings.corpus}: it describes no measures; write them in its folder "
            "measures/, or have them drafted with `policy-assistant measures draft FILE`"
        )
    elif not found:
        say("no measure passes these filters")
    else:
        say("\n".join(listing_lines(found, wanted.lang)))


@app.command()
def check(json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None) -> None:
    """Find faults in the files; exit 1 where there are any.

    Names quotes and anchors that the documents do not hold any more, and conditions that nobody
    can meet or everybody does.
    """
    settings = console.settings(corpus, store, composer="quotes")
    from assistant.eligibility.checking import check_catalogue

    try:
        faults = check_catalogue(settings.corpus)
        catalogue = open_measures(settings).catalogue
    except MeasureError as error:
        faults, catalogue = str(error).splitlines(), None
    drafts = [one.id for one in catalogue.measures.values() if one.draft] if catalogue else []
    if json:
        console.say_json(
            {
                "ok": not faults,
                "measures": len(catalogue.measures) if catalogue else None,
                "drafts": drafts,
                "faults": list(faults),
            }
        )
    else:
        for fault in faults:
            say_error(fault)
        if catalogue and not faults:
            told = f"; drafts that answer nothing: {', '.join(drafts)}" if drafts else ""
            number = len(catalogue.measures)
            say(f"{number} measures, {len(catalogue.facts)} facts: nothing is wrong{told}")
    if faults:
        raise typer.Exit(1)


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A document, of any kind read.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the files there, instead of printing them."),
    ] = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Propose measures for a document, as drafts.

    A draft answers nothing until a person approves it.
    Reads its structure and wording; where a chat model is configured, that finds the measures.
    Prints facts.yaml and measures/*.yaml, one behind the other; with --out they are written.
    """
    settings = console.settings(corpus, store)
    if not file.is_file():
        raise InputError(f"{file}: there is no such file; name a document")
    from assistant.composers.llm import LlmComposer
    from assistant.eligibility.drafting import draft_files
    from assistant.opening import open_composer

    composer = open_composer(settings)
    model = composer.chat_model if isinstance(composer, LlmComposer) else None
    files = draft_files(file, model)
    if out is None:
        say("\n---\n".join(f"# {name}\n{text}" for name, text in files.items()))
        return
    for name in files:
        path = out / name
        if path.exists():
            raise InputError(f"{path}: it is there already; name another folder with --out")
    for name, text in files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from error
        say(str(path))


@app.command()
def schema(
    file: Annotated[
        str | None, typer.Argument(metavar="[facts|measures]", help="Of which file; else of both.")
    ] = None,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Print JSON Schemas of the files, for editors."""
    console.settings(corpus, store, composer="quotes")
    from assistant.eligibility.loading import FACTS, MEASURES, catalogue_schema

    schemas = catalogue_schema()
    if file is None:
        console.say_json(schemas)
        return
    names = {"facts": FACTS, "measures": f"{MEASURES}/*.yaml"}
    if file not in names:
        raise InputError(f"schema {file!r}: not known; give facts or measures")
    console.say_json(schemas[names[file]])
