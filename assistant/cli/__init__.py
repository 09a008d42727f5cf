"""The command line `policy-assistant`: an entry point; it reads settings and prints results."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from io import TextIOWrapper

import typer

from assistant.cli import ask, doctor, eligibility, index, measures, models, search, serve
from assistant.cli.console import say_error
from assistant.errors import AssistantError
from index.errors import IndexingError

__all__ = ["app", "main", "run"]

_COMMANDS_OF_OTHERS = "policy_assistant.commands"

_PROGRAM = "policy-assistant"

app = typer.Typer(
    name=_PROGRAM,
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
app.command("eligibility")(eligibility.eligibility)
app.add_typer(measures.app, name="measures")
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
    """Run the command line and end the process."""
    code = run()
    if sys.argv[1:2] in (["ask"], ["search"]):
        # Python would take the model's vocabulary apart first: a fifth of a second for nothing.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run() -> int:
    """Run the command line; an error of ours is one line on stderr, and 2 the exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        # JSON is UTF-8 whatever the terminal's language; bytes of a file name that are not stay.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _add_commands_of_others(sys.argv[1] if len(sys.argv) > 1 else "")
        code = app(prog_name=_PROGRAM, standalone_mode=False)
    except (AssistantError, IndexingError) as error:
        say_error(str(error))
        return 2
    except typer.TyperException as error:
        _say_usage(error)
        return 2
    except BaseException as error:
        if _was_interrupted(error):
            return 130
        raise
    return code if isinstance(code, int) else 0


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether someone pressed Ctrl-C; an extension that is being loaded wraps what that raises."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _say_usage(error: typer.TyperException) -> None:
    """What is wrong with a command line that cannot be understood; help where there is none."""
    message = error.format_message()
    if message.startswith("Usage:"):
        print(message, file=sys.stderr)
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else _PROGRAM
    say_error(f"{message.rstrip('.')}; see `{command} --help`")
