"""`policy-assistant models`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say
from assistant.cli.progress import share_progress

if TYPE_CHECKING:
    from assistant.settings import Settings

app = typer.Typer(
    help="Prepare the embedding model, and a chat model of your own.", no_args_is_help=True
)

_PREPARE = "policy-assistant models prepare"


@app.command()
def prepare(
    local: Annotated[
        bool, typer.Option("--local", help="The chat model for POLICY_LLM=local as well.")
    ] = False,
    json: JsonOption = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Make the embedding model ready on this machine; done once."""
    settings = console.settings(corpus, store)
    from index.model_store import find_prepared

    directory = find_prepared(settings.embedding_model, settings.cache)
    if directory is None:
        from index.model_preparation import prepare as make

        with share_progress() as progress:
            directory = make(settings.embedding_model, settings.cache, progress).path
    shown: dict[str, Any] = {"model": settings.embedding_model, "directory": str(directory)}
    file = _fetch(settings) if local else None
    if file:
        shown["local"] = {"model": file.stem, "file": str(file)}
    if json:
        console.say_json(shown)
        return
    say(f"{settings.embedding_model}: {_state(directory, _PREPARE)}")
    if file:
        say(f"{file.stem}: {_state(file, _PREPARE)}; POLICY_LLM=local uses it")


def _fetch(settings: Settings) -> Path:
    from assistant.local.fetching import fetch_local
    from assistant.local.models import local_model

    with share_progress() as progress:
        return fetch_local(local_model(settings.local_model), settings.cache, progress)


@app.command()
def status(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Say whether the models are prepared; exit 1 where one that is used is not."""
    settings = console.settings(corpus, store)
    from assistant.chat_opening import runs_locally
    from assistant.local.models import find_local, local_model
    from index.model_store import find_prepared

    directory = find_prepared(settings.embedding_model, settings.cache)
    shown: dict[str, Any] = {
        "model": settings.embedding_model,
        "prepared": directory is not None,
        "directory": str(directory) if directory else None,
    }
    lines = [f"{settings.embedding_model}: {_state(directory, _PREPARE)}"]
    chat = local_model(settings.local_model)
    file, used = find_local(chat, settings.cache), runs_locally(settings)
    if file or used:
        shown["local"] = {
            "model": chat.name,
            "prepared": file is not None,
            "file": str(file) if file else None,
            "used": used,
        }
        lines.append(f"{chat.name}: {_state(file, f'{_PREPARE} --local')}")
    if json:
        console.say_json(shown)
    else:
        for line in lines:
            say(line)
    if directory is None or (used and file is None):
        raise typer.Exit(1)


def _state(place: Path | None, command: str) -> str:
    return f"ready in {place}" if place else f"not prepared; run `{command}`"
