"""Keep the README's account of the command line equal to what the command says of itself.

Writes the `--help` of `policy-assistant` and of each of its commands between the two markers in
README.md; with `--check`, only shows the difference. It knows no command by name.
"""

import argparse
import difflib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Read when typer and rich are imported, so before them; what would force colours goes.
os.environ.update(
    COLUMNS="100",
    LINES="40",
    TERMINAL_WIDTH="100",
    NO_COLOR="1",
    TERM="dumb",
    _TYPER_FORCE_DISABLE_TERMINAL="1",
)
for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "CLICOLOR_FORCE"):
    os.environ.pop(name, None)

import typer
from typer.testing import CliRunner

from assistant.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PROGRAM = "policy-assistant"
BEGIN, END = "<!-- help:begin -->", "<!-- help:end -->"


class HelpError(Exception):
    """Why the help could not be written down."""


def command_paths(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the words that lead to `command` and to each command below it, hidden ones left out."""
    yield path
    for name, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from command_paths(child, (*path, name))


def help_of(path: tuple[str, ...]) -> str:
    """Give the `--help` text of the command that `path` leads to.

    Raises:
        HelpError: The command failed, or its text names a folder of this machine.
    """
    words = " ".join((PROGRAM, *path, "--help"))
    result = CliRunner().invoke(app, [*path, "--help"], prog_name=PROGRAM)
    if result.exit_code != 0:
        raise HelpError(f"`{words}` ended with {result.exit_code}: {result.output.strip()}")
    # rich may fold a long path, so compare without white space and borders.
    text = "".join(result.output.replace("│", "").split())
    for place in (ROOT, Path.home()):
        if len(str(place)) > 1 and str(place) in text:
            raise HelpError(f"`{words}` names {place}: give that option a default for readers")
    lines = [line.rstrip() for line in result.output.strip("\n").splitlines()]
    return "\n".join(lines).strip("\n")


def help_block() -> str:
    """Give the generated part of the README, without its markers."""
    parts = []
    for path in command_paths(typer.main.get_command(app)):
        words = " ".join((PROGRAM, *path))
        parts.append(f"\n**`{words}`**\n\n```text\n{help_of(path)}\n```\n")
    return "".join(parts)


def rewritten(readme: str) -> str:
    """Give the text of the README with its generated part made anew.

    Raises:
        HelpError: The markers are not there, once each and in order.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end or BEGIN in rest or END in before + after:
        raise HelpError(f"README.md needs one {BEGIN} and below it one {END}")
    return f"{before}{begin}\n{help_block()}\n{end}{after}"


def main() -> int:
    """Rewrite README.md, or check it."""
    parser = argparse.ArgumentParser(description="Write the commands' help into README.md.")
    parser.add_argument("--check", action="store_true", help="only tell whether it is up to date")
    options = parser.parse_args()
    try:
        old = README.read_text("utf-8")
        new = rewritten(old)
    except (OSError, HelpError) as problem:
        sys.stderr.write(f"readme_help: {problem}\n")
        return 2
    if not options.check:
        README.write_text(new, "utf-8")
        return 0
    diff = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), "README.md", "generated"
    )
    sys.stdout.writelines(diff)
    if old != new:
        sys.stderr.write("README.md is behind the commands: run scripts/readme_help.py\n")
    return int(old != new)


if __name__ == "__main__":
    sys.exit(main())
