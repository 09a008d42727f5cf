"""`policy-assistant models`."""

from __future__ import annotations

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say
from assistant.cli.progress import share_progress

app = typer.Typer(help="Prepare the embedding model.", no_args_is_help=True)


@app.command()
def prepare(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Make the embedding model ready on this machine; done once."""
    settings = console.settings(corpus, store)
    from index.model_store import find_prepared

    directory = find_prepared(settings.embedding_model, settings.cache)
    if directory is None:
        from index.model_preparation import prepare as make

        with share_progress() as progress:
            directory = make(settings.embedding_model, settings.cache, progress).path
    if json:
        console.say_json({"model": settings.embedding_model, "directory": str(directory)})
    else:
        say(f"{settings.embedding_model}: ready in {directory}")


@app.command()
def status(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Say whether the embedding model is prepared; exit 1 where it is not."""
    settings = console.settings(corpus, store)
    from index.model_store import find_prepared

    directory = find_prepared(settings.embedding_model, settings.cache)
    shown = {
        "model": settings.embedding_model,
        "prepared": directory is not None,
        "directory": str(directory) if directory else None,
    }
    if json:
        console.say_json(shown)
    elif directory:
        say(f"{settings.embedding_model}: ready in {directory}")
    else:
        say(f"{settings.embedding_model}: not prepared; run `policy-assistant models prepare`")
    if directory is None:
        raise typer.Exit(1)
