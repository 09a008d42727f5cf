"""`policy-assistant index`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from index.build import BuildReport

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption

app = typer.Typer(help="Build and check the search index.", no_args_is_help=True)


@app.command()
def build(
    json: JsonOption = False,
    force: Annotated[bool, typer.Option(help="Build even where it is up to date.")] = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Build the index where it is missing or older than the corpus."""
    from assistant.opening import update_store

    settings = console.settings(corpus, store)
    with console.progress_bar() as progress:
        report = update_store(settings, progress, force=force)
    _print_report(report, json)


@app.command()
def update(json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None) -> None:
    """The same as build: unchanged passages are never embedded again."""
    build(json=json, force=False, corpus=corpus, store=store)


@app.command()
def status(json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None) -> None:
    """Say what the store holds, and whether it is up to date; exit 1 where it is not."""
    from assistant.opening import open_store, store_status

    settings = console.settings(corpus, store)
    found = store_status(settings)
    manifest = found.manifest
    keys = ("documents", "passages", "embedder", "built_at", "corpus_digest", "skipped")
    shown: dict[str, Any] = {
        "state": found.state,
        "why": found.why,
        "corpus": str(settings.corpus),
        "store": str(open_store(settings)),
        "version": found.version.path.name if found.version else None,
        **{key: manifest.get(key) for key in keys},
    }
    if json:
        console.print_json(shown)
    else:
        for key, value in shown.items():
            print(f"{key:14} {value}")
    if found.state != "current":
        raise typer.Exit(1)


@app.command()
def verify(json: JsonOption = False, corpus: CorpusOption = None, store: StoreOption = None) -> None:
    """Open every part of the index and see that they agree; exit 1 where they do not."""
    from index.errors import StoreError
    from index.update import WorkerBuilder

    from assistant.opening import model_dir, open_store

    settings = console.settings(corpus, store)
    version = open_store(settings).current()
    try:
        WorkerBuilder(model_dir(settings)).check(version)
        problem = None
    except StoreError as error:
        problem = str(error)
    if json:
        console.print_json({"version": version.path.name, "ok": not problem, "problem": problem})
    elif not problem:
        print(f"version {version.path.name}: every part opens and agrees")
    if problem:
        print(f"error: {problem}", file=sys.stderr)
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
        console.print_json(shown)
    else:
        done = f"embedded {report.embedded}" if report.changed else "up to date"
        print(
            f"{report.documents} documents, {report.passages} passages, {done}", file=sys.stderr
        )
    if report.skipped:
        left_out = "\n  ".join(report.skipped)
        console.fail(f"the index was built, but this was left out:\n  {left_out}")
