"""What the adapters share: reading a set's file, checking options."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.adapters import Options
from evals.errors import SuiteError


def read_set(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The records of one file of a set, gzipped or not.

    Raises:
        SuiteError: It is missing, or a line is no JSON object.
    """
    path = data / name
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except ValueError as error:
                    raise SuiteError(f"{path}:{number}: not JSON: {error}") from error
                if not isinstance(record, dict):
                    raise SuiteError(f"{path}:{number}: not a JSON object")
                yield record
    except FileNotFoundError:
        raise SuiteError(f"{path}: missing; name the folder of open sets with --data") from None
    except (OSError, EOFError) as error:
        raise SuiteError(f"{path}: cannot be read: {error}") from error


def option(options: Options, name: str, default: str, allowed: tuple[str, ...]) -> str:
    """An option that is one of a few words.

    Raises:
        SuiteError: It is another.
    """
    value = options.get(name, default)
    if value not in allowed:
        raise SuiteError(f"set option {name}={value!r}: use {' or '.join(allowed)}")
    return str(value)


def number(options: Options, name: str, default: int) -> int:
    """An option that is a number from 0.

    Raises:
        SuiteError: It is none.
    """
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SuiteError(f"set option {name}={value!r}: give a whole number from 0")
    return value


def known(options: Options, *names: str) -> None:
    """See that no other option is given.

    Raises:
        SuiteError: One is.
    """
    for name in options:
        if name not in names:
            allowed = ", ".join(names) or "none"
            raise SuiteError(f"set option {name!r}: not known to this adapter; it has {allowed}")
