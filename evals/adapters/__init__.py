"""External sets as suites: an adapter turns a set's files into a corpus and cases.

One set a module. Nothing of a set is kept in the project: the corpus is written to the cache.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from evals.cases import Case
from evals.errors import SuiteError

Options = Mapping[str, str | int | bool]


@dataclass(frozen=True)
class ExternalSet:
    """A set as the harness runs it.

    Attributes:
        documents: Documents as lines of a JSON Lines corpus: `id`, `title`, `text`, `lang`.
        cases: What is asked of them.
    """

    documents: tuple[Mapping[str, Any], ...]
    cases: tuple[Case, ...]


class Adapter(Protocol):
    """Reads a set."""

    def __call__(self, data: Path, options: Options) -> ExternalSet:
        """Read it.

        Args:
            data: The folder of sets.
            options: What the suite's file tells the adapter.

        Raises:
            SuiteError: A file is missing or broken, or an option is not known.
        """


def adapters() -> dict[str, Adapter]:
    """All adapters by the name that suites use."""
    from evals.adapters.conditionalqa import read as conditionalqa
    from evals.adapters.lecoqa import read as lecoqa
    from evals.adapters.mtrag import read as mtrag
    from evals.adapters.notinject import read as notinject
    from evals.adapters.orsharc import read as orsharc
    from evals.adapters.xquad import read as xquad

    return {
        "conditionalqa": conditionalqa,
        "lecoqa": lecoqa,
        "mtrag": mtrag,
        "notinject": notinject,
        "orsharc": orsharc,
        "xquad": xquad,
    }


def write_corpus(documents: Iterable[Mapping[str, Any]], folder: Path) -> Path:
    """Write a corpus under its own digest; one that is there is taken as it is.

    Args:
        documents: Lines of a JSON Lines corpus.
        folder: Where the corpora of a set are kept; older ones of it are removed.

    Returns:
        The folder of this corpus.

    Raises:
        SuiteError: It cannot be written.
    """
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in documents)
    target = folder / hashlib.sha256(text.encode()).hexdigest()[:16]
    file = target / "documents.jsonl"
    try:
        if not file.exists():
            shutil.rmtree(folder, ignore_errors=True)
            target.mkdir(parents=True)
            fresh = target / ".documents"
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(file)
    except OSError as error:
        raise SuiteError(f"{folder}: cannot be written: {error.strerror}") from error
    return target
