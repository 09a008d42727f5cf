"""What the commands share: options, results on stdout, JSON Lines input, logs on stderr."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from assistant import strict_json
from assistant.cli.progress import build_progress
from assistant.errors import InputError
from assistant.personal import mask
from index.text import strip_invisible

# Importing the rest takes half a second, which `--help` and bad usage need not wait for.
if TYPE_CHECKING:
    from assistant.service import Assistant
    from assistant.settings import Settings

CorpusOption = Annotated[
    str | None,
    typer.Option("--corpus", metavar="DIR", help="Folder of policy documents (POLICY_CORPUS)."),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="DIR|URL", help="Folder, or Chroma URL, of the index (POLICY_STORE)."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
JsonlOption = Annotated[
    Path | None,
    typer.Option(
        "--jsonl", metavar="F.jsonl", help="Read one JSON object a line from a file; - for stdin."
    ),
]


_LINE_BREAKS = re.compile(r"\s*\n\s*")


def say_error(message: str) -> None:
    """Print an error to stderr, on one line."""
    print("error: " + _LINE_BREAKS.sub(" ", message), file=sys.stderr)


def say(text: str = "") -> None:
    """Print a line to stdout, without characters that a terminal would obey.

    Raises:
        typer.Exit: Whoever read our output has enough of it.
        InputError: Stdout cannot be written.
    """
    _print(strip_invisible(text))


def _print(text: str) -> None:
    try:
        # In one piece, so that Ctrl-C leaves no half line.
        print(f"{text}\n", end="", flush=True)
    except OSError as error:
        # What is still in the buffer would be tried once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(0) from None
        raise InputError(f"stdout: cannot be written: {error.strerror}") from error


def say_json(value: Any, *, line: bool = False) -> None:
    """Print one JSON value to stdout, on one line or indented."""
    _print(json.dumps(value, ensure_ascii=False, indent=None if line else 2))


def settings(corpus: str | None, store: str | None, **given: object) -> Settings:
    """Settings with the command line's on top; logging is set up."""
    from assistant.settings import load_settings

    for name, value in (("--corpus", corpus), ("--store", store)):
        if value is not None and not value.strip():
            raise InputError(f"{name}: it is empty; name a folder, or leave it out")
    loaded = load_settings(corpus=corpus, store=store, **given)
    _log_to_stderr(loaded.log_level)
    return loaded


def open_assistant(settings: Settings) -> Assistant:
    """The assistant, its index built with progress on stderr where it has to be."""
    from assistant.opening import open_assistant as open_it

    with build_progress(keep=False) as progress:
        return open_it(settings, progress)


def read_json(path: Path) -> Any:
    """The JSON value that a file holds.

    Raises:
        InputError: It cannot be read or is no JSON.
    """
    return _json(_read(path), str(path))


def read_jsonl(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """Objects of a JSON Lines file with their places, for messages; all of it is checked first.

    Args:
        path: The file; `-` is stdin.

    Raises:
        InputError: The file cannot be read, or a line is no JSON object; names the line.
    """
    name = "stdin" if str(path) == "-" else str(path)
    found: list[tuple[str, Mapping[str, Any]]] = []
    for number, line in enumerate(_read(path).split(b"\n"), start=1):
        if not line.strip():
            continue
        value = _json(line, f"{name}:{number}")
        if not isinstance(value, dict):
            raise InputError(
                f'{name}:{number}: no JSON object; write one a line, as {{"id": "1", …}}'
            )
        found.append((f"{name}:{number}", value))
    if not found:
        raise InputError(f"{name}: it is empty; write one JSON object a line")
    return found


def _read(path: Path) -> bytes:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return data.removeprefix(b"\xef\xbb\xbf")


def _json(data: bytes, place: str) -> Any:
    try:
        return strict_json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if b"\n" in data.strip() else ""
        raise InputError(
            f"{place}: not JSON ({error.msg} at {line}column {error.colno}); mend it"
        ) from error
    except RecursionError as error:
        raise InputError(f"{place}: nested too deeply; write it flatter") from error
    except strict_json.ContradictionError as error:
        raise InputError(f"{place}: {error}") from error
    except ValueError as error:  # what Python says of thousands of digits
        raise InputError(f"{place}: holds a number that is too long; shorten it") from error


class _LogLine(logging.Formatter):
    """Warnings as the errors look, personal numbers masked; loggers named only where asked for."""

    def format(self, record: logging.LogRecord) -> str:
        """`warning: …`."""
        return mask(f"{record.levelname.lower()}: {super().format(record)}")


class _CurrentStderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at the time, so that lines stand above a progress bar."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def _log_to_stderr(level: str) -> None:
    handler = _CurrentStderr()
    names = level in ("DEBUG", "INFO")
    handler.setFormatter(_LogLine("%(name)s: %(message)s" if names else "%(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    for chatty in ("httpx", "chromadb", "gradio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
