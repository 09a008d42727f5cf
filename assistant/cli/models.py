"""`policy-assistant models`."""

from __future__ import annotations

import sys

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption

app = typer.Typer(help="Prepare the embedding model.", no_args_is_help=True)


@app.command()
def prepare(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Make the embedding model ready on this machine; done once."""
    from index.model_store import find_prepared

    settings = console.settings(corpus, store)
    directory = find_prepared(settings.embedding_model, settings.cache)
    if directory is None:
        from index.model_preparation import prepare as make

        with console.share_bar() as progress:
            directory = make(settings.embedding_model, settings.cache, progress).path
    if json:
        console.print_json({"model": settings.embedding_model, "directory": str(directory)})
    else:
        print(f"{settings.embedding_model}: ready in {directory}", file=sys.stderr)


@app.command()
def status(json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None) -> None:
    """Say whether the embedding model is prepared; exit 1 where it is not."""
    from index.model_store import find_prepared

    settings = console.settings(corpus, store)
    directory = find_prepared(settings.embedding_model, settings.cache)
    shown = {
        "model": settings.embedding_model,
        "prepared": directory is not None,
        "directory": str(directory) if directory else None,
    }
    if json:
        console.print_json(shown)
    else:
        for key, value in shown.items():
            print(f"{key:10} {value}")
    if directory is None:
        raise typer.Exit(1)
