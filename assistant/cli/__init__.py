"""The command line `policy-assistant`: an entry point; it reads settings and prints results."""

from __future__ import annotations

import sys

import typer

from index.errors import IndexingError

from assistant.cli import ask, doctor, index, models, search, serve
from assistant.cli.console import fail
from assistant.errors import AssistantError

__all__ = ["app", "main"]

app = typer.Typer(
    name="policy-assistant",
    help="Ask policy documents a question, in Chinese or English; every sentence of an answer "
    "shows the passage it rests on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("ask")(ask.ask)
app.command("search")(search.search)
app.command("serve")(serve.serve)
app.add_typer(index.app, name="index")
app.add_typer(models.app, name="models")
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; errors of ours become one line on stderr and exit code 2."""
    try:
        app()
    except (AssistantError, IndexingError) as error:
        fail(str(error))
    except BrokenPipeError:
        # Whoever read our output has enough of it.
        sys.stderr.close()
        sys.exit(0)
