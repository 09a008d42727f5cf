"""Case files (JSON Lines) → cases: strict, and every fault is told, not only the first.

A line of an answer suite is `{"id", "lang", "pair", "tags", "turns", "expect": {…}}`, of a
retrieval suite `{"id", "lang", "tags", "query", "sections"}`. Knows the form of lines; whether the
corpus holds a gold section it asks `evals.corpus_sections`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.case_forms import ANY_SECTION, FORMS, Kind
from evals.cases import Case, SectionRef
from evals.errors import SuiteError
from evals.faults import Faults, one_fault

__all__ = [
    "ANY_SECTION",
    "Kind",
    "Row",
    "check_rows",
    "load_cases",
    "read_rows",
    "to_json",
    "write_cases",
]


@dataclass(frozen=True)
class Row:
    """One case as a file holds it, before it was checked."""

    where: str
    value: Any


def load_cases(
    paths: Sequence[Path],
    kind: Kind,
    has_section: Callable[[SectionRef], str | None] | None = None,
) -> list[Case]:
    """Read and check case files.

    Args:
        paths: The files, read as one set: ids are unique over all of them.
        kind: Which form the lines have.
        has_section: Says why the corpus lacks a section, `None` where it has it; nothing is
            asked where this is left out.

    Raises:
        SuiteError: With every fault of every file, one a line: file, line, what is wrong, mend.
    """
    faults = Faults()
    rows: list[Row] = []
    for path in paths:
        found = list(read_rows(path, faults))
        if not found and not faults.about(str(path)):
            faults.add(f"{path}: holds no case; write one JSON object a line")
        rows.extend(found)
    cases = check_rows(rows, kind, faults, has_section)
    faults.raise_any()
    return cases


def read_rows(path: Path, faults: Faults) -> Iterator[Row]:
    """The JSON objects of a file with their places; what cannot be read becomes a fault."""
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.add(f"{path}: cannot be read: {error.strerror}; name a case file that exists")
        return
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        where = f"{path}:{number}"
        if not raw.strip():
            continue
        try:
            value = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_twins)
        except UnicodeDecodeError:
            faults.add(f"{where}: not UTF-8; save the file as UTF-8")
        except json.JSONDecodeError as error:
            faults.add(f"{where}: not JSON ({error.msg} at column {error.colno}); mend the line")
        except (ValueError, RecursionError) as error:
            faults.add(f"{where}: {error}")
        else:
            yield Row(where, value)


def check_rows(
    rows: Iterable[Row],
    kind: Kind,
    faults: Faults,
    has_section: Callable[[SectionRef], str | None] | None = None,
) -> list[Case]:
    """Turn rows into cases, adding what is wrong to `faults`."""
    cases: list[Case] = []
    first: dict[str, str] = {}
    for row in rows:
        try:
            form = FORMS[kind].model_validate(row.value)
        except ValidationError as error:
            for item in error.errors():
                faults.add(f"{row.where}: {one_fault(item)}")
            continue
        case = replace(form.case(), where=row.where)
        if case.id in first:
            faults.add(f"{row.where}: id {case.id!r} is taken by {first[case.id]}; give another")
        first.setdefault(case.id, row.where)
        for ref in case.expect.sections:
            lacking = has_section(ref) if has_section else None
            if lacking:
                faults.add(f"{row.where}: section {ref.document_id}#{ref.section}: {lacking}")
        cases.append(case)
    return cases


def to_json(case: Case, kind: Kind) -> dict[str, Any]:
    """A case as a line of a case file, without what is empty."""
    expect = case.expect
    refs = [{"document_id": r.document_id, "section": r.section} for r in expect.sections]
    known: dict[str, Any] = {"id": case.id, "lang": case.lang, "pair": case.pair}
    known |= {"conversation": case.conversation, "tags": list(case.tags)}
    if kind == "retrieval":
        return _filled(known) | {"query": case.turns[-1], "sections": refs}
    held = {
        "answerable": expect.answerable,
        "status": list(expect.status),
        "verdict": expect.verdict,
        "sections": refs,
        "nuggets": [{"any": list(n.any), "vital": n.vital} for n in expect.nuggets],
        "figures": list(expect.figures),
        "forbidden": list(expect.forbidden),
    }
    return _filled(known) | {"turns": list(case.turns), "expect": _filled(held)}


def write_cases(path: Path, cases: Iterable[Case], kind: Kind) -> None:
    """Write a case file, which must not exist yet.

    Raises:
        SuiteError: It exists, or cannot be written.
    """
    lines = [json.dumps(to_json(case, kind), ensure_ascii=False) for case in cases]
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except FileExistsError:
        raise SuiteError(f"{path}: exists already; name another file or remove it") from None
    except OSError as error:
        raise SuiteError(f"{path}: cannot be written: {error.strerror}") from error


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"key {twin!r} stands twice; keep one")
    return found
