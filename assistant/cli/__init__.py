"""The command line `policy-assistant`: an entry point; it reads settings and prints results."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from io import TextIOWrapper

import typer

from assistant.cli import ask, doctor, index, models, search, serve
from assistant.cli.console import fail
from assistant.errors import AssistantError
from index.errors import IndexingError

__all__ = ["app", "main"]

_COMMANDS_OF_OTHERS = "policy_assistant.commands"

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


def _add_commands_of_others(asked: str) -> None:
    """Add the commands that other packages offer, unless one of our own is asked for."""
    own = {command.name for command in app.registered_commands}
    own |= {group.name for group in app.registered_groups}
    if asked not in own:
        for entry in entry_points(group=_COMMANDS_OF_OTHERS):
            app.add_typer(entry.load(), name=entry.name)


def main() -> None:
    """Run the command line; errors of ours become one line on stderr and exit code 2."""
    if isinstance(sys.stdout, TextIOWrapper):
        # JSON is UTF-8 whatever the terminal's language; bytes of a file name that are not stay.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _add_commands_of_others(sys.argv[1] if len(sys.argv) > 1 else "")
        sys.exit(app(standalone_mode=False))
    except (AssistantError, IndexingError) as error:
        fail(str(error))
    except typer.TyperException as error:
        _fail_usage(error)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail_usage(error: typer.TyperException) -> None:
    """One line for a command line that cannot be understood; help where there is none at all."""
    message = error.format_message()
    if message.startswith("Usage:"):
        print(message, file=sys.stderr)
        sys.exit(error.exit_code)
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "policy-assistant"
    fail(f"{message.rstrip('.')}; see `{command} --help`")
