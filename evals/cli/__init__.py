"""The command line `policy-assistant eval`: an entry point; it reads settings and prints results.

The assistant's command line finds `app` through the entry point group
`policy_assistant.commands`, because the assistant knows nothing of its evaluation.
"""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from evals.errors import ComparisonError, EvaluationError, IncompleteRunError

__all__ = ["app"]


class _Group(TyperGroup):
    """Loads the commands when one is asked for; turns errors of ours into an exit code."""

    _loaded: TyperGroup | None = None

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands."""
        return self._commands().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command."""
        return self._commands().get_command(ctx, cmd_name)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (ComparisonError, IncompleteRunError) as error:
            _fail(error, 3)
        except EvaluationError as error:
            _fail(error, 2)

    def _commands(self) -> TyperGroup:
        if self._loaded is None:
            # A second of imports, which `policy-assistant --help` need not wait for.
            from evals.cli.commands import commands

            self._loaded = typer.main.get_group(commands)
        return self._loaded


def _fail(error: EvaluationError, code: int) -> None:
    """Print all faults to stderr, one a line, and leave."""
    sys.stdout.flush()
    for line in str(error).splitlines():
        print(f"error: {line}", file=sys.stderr)
    sys.exit(code)


app = typer.Typer(
    cls=_Group,
    help="Say with numbers whether the assistant got better or worse. Exit codes: 0 the gates "
    "hold, 1 a gate failed, 2 a suite or the configuration is bad, 3 a run is incomplete or not "
    "comparable, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
