"""`policy-assistant index`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say, say_error
from assistant.cli.progress import build_progress
from index.errors import StoreError, StoreMissingError

if TYPE_CHECKING:
    from index.build import BuildReport

app = typer.Typer(help="Build and check the search index.", no_args_is_help=True)


@app.command()
def build(
    json: JsonOption = False,
    force: Annotated[bool, typer.Option("--force", help="Build even if up to date.")] = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Build the index where it is missing or older than the corpus.

    Files that cannot be read are left out and named, and the exit code is 2.
    """
    settings = console.settings(corpus, store)
    from assistant.opening import update_store

    with build_progress() as progress:
        report = update_store(settings, progress, force=force)
    _print_report(report, json)


@app.command()
def update(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """The same as build: unchanged passages are never embedded again."""
    build(json=json, force=False, corpus=corpus, store=store)


@app.command()
def status(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Say what the store holds; exit 1 where it is not up to date."""
    settings = console.settings(corpus, store)
    from assistant.opening import open_store, store_status

    found = store_status(settings)
    keys = (
        *("documents", "passages", "token_vectors", "token_vectors_bytes"),
        *("embedder", "built_at", "corpus_digest"),
    )
    shown: dict[str, Any] = {
        "state": found.state,
        "why": found.why,
        "corpus": str(settings.corpus),
        "store": str(open_store(settings)),
        "version": found.version.path.name if found.version else None,
        **{key: found.manifest.get(key) for key in keys},
        "skipped": found.manifest.get("skipped", []),
    }
    if json:
        console.say_json(shown)
    else:
        left_out = shown.pop("skipped")
        for key, value in shown.items():
            say(f"{key:20} {'-' if value is None else value}")
        for reason in left_out:
            say(f"{'left out':20} {reason}")
    if found.state != "current":
        raise typer.Exit(1)


@app.command()
def verify(
    json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None
) -> None:
    """Open every part of the index and see that they agree.

    Exit 1 where they do not, or where another model or version made them.
    """
    settings = console.settings(corpus, store)
    from assistant.opening import open_store, verify_store

    name = open_store(settings).current().path.name
    problem = None
    try:
        verify_store(settings)
    except StoreMissingError:
        raise
    except StoreError as error:
        problem = str(error)
    if json:
        console.say_json({"version": name, "ok": not problem, "problem": problem})
    elif not problem:
        say(f"version {name}: every part opens and agrees")
    if problem:
        say_error(problem)
        raise typer.Exit(1)


def _print_report(report: BuildReport, as_json: bool) -> None:
    if as_json:
        shown = {
            "version": report.version,
            "documents": report.documents,
            "passages": report.passages,
            "embedded": report.embedded,
            "changed": report.changed,
            "skipped": list(report.skipped),
        }
        console.say_json(shown)
    else:
        done = f"embedded {report.embedded:,}" if report.changed else "up to date"
        say(f"{report.documents:,} documents, {report.passages:,} passages, {done}")
    if report.skipped:
        for reason in report.skipped:
            say_error(f"left out of the index: {reason}")
        raise typer.Exit(2)
