"""What the commands share: options, progress on stderr, JSON on stdout, JSON Lines input."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from index.build import Progress

from assistant.errors import InputError
from assistant.service import Assistant
from assistant.settings import Settings, load_settings

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of policy documents (POLICY_CORPUS).")
]
StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Folder, or Chroma URL, of the index (POLICY_STORE)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
JsonlOption = Annotated[
    Path | None,
    typer.Option("--jsonl", help="Read one JSON object a line from this file; - for stdin."),
]

_DOING = {
    "read": "Reading the documents",
    "split": "Cutting passages",
    "embed": "Embedding passages",
    "means": "Weighing tokens",
    "lexical": "Building the lexical index",
    "vectors": "Building the vector index",
    "check": "Checking the new index",
}


def fail(message: str, code: int = 2) -> NoReturn:
    """Print an error to stderr and leave."""
    sys.stdout.flush()
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


def settings(corpus: Path | None, store: str | None, **given: object) -> Settings:
    """Settings with the command line's on top; logging is set up."""
    loaded = load_settings(corpus=corpus, store=store, **given)
    logging.basicConfig(
        level=loaded.log_level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("httpx", "chromadb", "gradio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
    return loaded


def print_json(value: Any, *, line: bool = False) -> None:
    """Print one JSON value to stdout, on one line or indented."""
    print(json.dumps(value, ensure_ascii=False, indent=None if line else 2), flush=True)


@contextmanager
def progress_bar(total: int | None = None, unit: str = "") -> Iterator[Progress]:
    """A progress bar on stderr, told (step, done, total).

    Steps are the build's, or `unit`. Without a terminal each step is one line.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_progress(unit)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=console, transient=total is not None) as bar:
        tasks: dict[str, Any] = {}

        def tell(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(_DOING.get(step, step), total=of)
            bar.update(tasks[step], completed=done, total=of)

        yield tell
        for task in tasks.values():
            bar.update(task, completed=bar.tasks[task].total)


@contextmanager
def share_bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr for work told as (what, share done from 0 to 1)."""
    with progress_bar() as progress:
        last: list[str] = []

        def tell(what: str, share: float) -> None:
            if last and last[-1] != what:
                progress(last[-1], 100, 100)
            last.append(what)
            progress(what, round(100 * share), 100)

        yield tell


def open_assistant(settings: Settings) -> Assistant:
    """The assistant, its index built with progress on stderr where it has to be."""
    from assistant.opening import open_assistant as open_it

    with progress_bar() as progress:
        return open_it(settings, progress)


def _plain_progress(unit: str) -> Progress:
    said: dict[str, int] = {}

    def tell(step: str, done: int, of: int) -> None:
        tenth = 10 * done // max(1, of)
        if said.get(step) != tenth and (of > 1 or step not in said):
            said[step] = tenth
            count = f": {done} of {of}" if of > 1 else ""
            print(f"{_DOING.get(step, unit or step)}{count}", file=sys.stderr, flush=True)

    return tell


def read_jsonl(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Objects of a JSON Lines file with their line numbers; the whole file is checked first.

    Raises:
        InputError: The file cannot be read, or a line is no JSON object; names the line.
    """
    name = "stdin" if str(path) == "-" else str(path)
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    found: list[tuple[int, Mapping[str, Any]]] = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            value = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise InputError(f"{name}:{number}: not UTF-8; save the file as UTF-8") from error
        except json.JSONDecodeError as error:
            raise InputError(
                f"{name}:{number}: not JSON ({error.msg} at column {error.colno}); write one object a line"
            ) from error
        except RecursionError as error:
            raise InputError(f"{name}:{number}: nested too deeply") from error
        if not isinstance(value, dict):
            raise InputError(f"{name}:{number}: a JSON object is needed, such as {{\"id\": \"1\", …}}")
        found.append((number, value))
    if not found:
        raise InputError(f"{name}: holds no line; write one JSON object a line")
    return found
