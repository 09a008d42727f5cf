"""`policy-assistant eval validate`, `import`, `export` and `schema`: the files that staff write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, JsonOption, StoreOption, say, say_json
from evals.case_files import Kind, load_cases, write_cases
from evals.cli.common import DataOption
from evals.errors import SuiteError
from evals.spreadsheets import read_spreadsheet, write_spreadsheet
from evals.suite_cases import prepare
from evals.suites import SUITES, find_suite, load_suite
from evals.suites import schema as suite_schema

KindOption = Annotated[str, typer.Option("--kind", help="Form of the cases: answer or retrieval.")]


def validate(
    suites: Annotated[
        list[str] | None, typer.Argument(metavar="[SUITE]...", help="All of the project's if none.")
    ] = None,
    data: DataOption = None,
    json: JsonOption = False,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Check suites, their cases and their gold sections; nothing is asked."""
    settings = console.settings(corpus, store)
    named = [find_suite(suite) for suite in suites or ()]
    faults: list[str] = []
    found = []
    for path in named or sorted(SUITES.glob("*.yaml")):
        try:
            suite = load_suite(path)
            told = {"suite": suite.name, "file": str(path), "cases": 0}
            if suite.form.set and data is None:
                told["note"] = "its set is read with --data"
            else:
                found_here = prepare(suite, settings, data=data, own_corpus=corpus is not None)
                told["cases"] = len(found_here.cases)
            found.append(told)
        except SuiteError as error:
            faults.append(str(error))
    if faults:
        raise SuiteError("\n".join(faults))
    if not found:
        raise SuiteError(f"{SUITES}: holds no suite; name one")
    for told in found if not json else ():
        note = told.get("note") or f"{told['cases']} cases"
        say(f"{told['suite']}: {note}")
    if json:
        say_json(found)


def import_cases(
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="A .csv or .xlsx file.")],
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="The case file to write.")],
    kind: KindOption = "answer",
) -> None:
    """Turn a spreadsheet into a case file."""
    found = read_spreadsheet(sheet, _kind(kind))
    write_cases(cases, found, _kind(kind))
    say(f"{len(found)} cases: {cases}")


def export_cases(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="A case file.")],
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="The .csv or .xlsx to write.")],
    kind: KindOption = "answer",
) -> None:
    """Turn a case file into a spreadsheet, to be edited and imported again."""
    found = load_cases([cases], _kind(kind))
    write_spreadsheet(sheet, found, _kind(kind))
    say(f"{len(found)} cases: {sheet}")


def schema() -> None:
    """Print the JSON Schema of suite files."""
    say_json(suite_schema())


def _kind(name: str) -> Kind:
    if name == "answer":
        return "answer"
    if name == "retrieval":
        return "retrieval"
    raise SuiteError(f"--kind {name}: use answer or retrieval")
