"""`facts.yaml` and `measures/*.yaml` of a corpus → a catalogue, or every fault with its line.

Checks what the files say against each other; whether the quoted words still stand in the
documents, and whether a tree can be met, is for `assistant.eligibility.checking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assistant.eligibility.fact_forms import fact_of
from assistant.eligibility.facts import Fact
from assistant.eligibility.file_forms import FactsFile, MeasuresFile
from assistant.eligibility.measure_forms import measure_of
from assistant.eligibility.measures import Catalogue, Measure
from assistant.errors import MeasureError
from index.faults import Faults, one_fault
from index.yaml_files import Yaml, read_yaml

__all__ = [
    "FACTS",
    "MEASURES",
    "LoadedCatalogue",
    "catalogue_files",
    "catalogue_schema",
    "load_catalogue",
    "read_catalogue",
]

FACTS = "facts.yaml"
MEASURES = "measures"
_SCHEMA = "`policy-assistant measures schema`"
_Form = TypeVar("_Form", bound=BaseModel)


@dataclass(frozen=True)
class LoadedCatalogue:
    """A catalogue, and where in its files each thing stands.

    Attributes:
        catalogue: The measures and facts.
        places: File and line, by fact id, measure id and `measure#criterion`; benefits are
            `measure#benefit-1`, ….
    """

    catalogue: Catalogue
    places: Mapping[str, str] = field(default_factory=dict)


def catalogue_files(corpus: Path) -> list[Path]:
    """The files that a corpus's catalogue is made from, those that are there; facts first."""
    facts = corpus / FACTS
    folder = corpus / MEASURES
    found = [path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml")]
    shown = [path for path in found if not path.name.startswith(".") and path.is_file()]
    return [*([facts] if facts.is_file() else []), *sorted(shown)]


def load_catalogue(corpus: Path) -> Catalogue:
    """Read the measures of a corpus; empty where it has none.

    Raises:
        MeasureError: A file is wrong: every fault is a line with file, line and mend.
    """
    return read_catalogue(corpus).catalogue


def read_catalogue(corpus: Path) -> LoadedCatalogue:
    """Read the measures of a corpus, keeping where each of them stands.

    Raises:
        MeasureError: A file is wrong: every fault is a line with file, line and mend.
    """
    if not corpus.exists():
        raise MeasureError(f"corpus {corpus}: no such folder; name one with --corpus")
    faults = Faults(error=MeasureError)
    places: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    measures: dict[str, Measure] = {}
    for path in catalogue_files(corpus):
        if path == corpus / FACTS:
            _add_facts(path, facts, places, faults)
        else:
            _add_measures(path, facts, measures, places, faults)
    faults.raise_any()
    catalogue = Catalogue(MappingProxyType(facts), MappingProxyType(measures))
    return LoadedCatalogue(catalogue, MappingProxyType(places))


def catalogue_schema() -> dict[str, dict[str, Any]]:
    """The JSON Schemas of the files, for editors, by file pattern."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        FACTS: draft | FactsFile.model_json_schema(),
        f"{MEASURES}/*.yaml": draft | MeasuresFile.model_json_schema(),
    }


def _add_facts(path: Path, facts: dict[str, Fact], places: dict[str, str], faults: Faults) -> None:
    read = _read(path, FactsFile, faults)
    if read is None:
        return
    form, yaml = read
    for number, one in enumerate(form.facts):
        where = yaml.where(("facts", number, "id"))
        if one.id in facts:
            first = places[one.id]
            faults.add(f"{where}: fact {one.id!r} is already at {first}; give it another `id`")
            continue
        facts[one.id] = fact_of(one, yaml, ("facts", number), faults)
        places[one.id] = where


def _add_measures(
    path: Path,
    facts: Mapping[str, Fact],
    measures: dict[str, Measure],
    places: dict[str, str],
    faults: Faults,
) -> None:
    read = _read(path, MeasuresFile, faults)
    if read is None:
        return
    form, yaml = read
    for number, one in enumerate(form.measures):
        identity = f"{form.policy}/{one.id}"
        where = yaml.where(("measures", number, "id"))
        if identity in measures:
            first = places[identity]
            faults.add(f"{where}: measure {identity!r} is already at {first}; rename one")
            continue
        measure, own = measure_of(form.policy, one, facts, yaml, ("measures", number), faults)
        measures[identity] = measure
        places[identity] = where
        places.update({f"{identity}#{name}": line for name, line in own.items()})


def _read(path: Path, form: type[_Form], faults: Faults) -> tuple[_Form, Yaml] | None:
    try:
        yaml = read_yaml(path, MeasureError, _SCHEMA)
    except MeasureError as error:
        faults.add(str(error))
        return None
    if not isinstance(yaml.value, dict):
        faults.add(f"{path}:1: `key: value` lines are needed; see {_SCHEMA}")
        return None
    try:
        return form.model_validate(yaml.value), yaml
    except ValidationError as error:
        for item in error.errors():
            place, named = _place(item, yaml)
            faults.add(f"{yaml.where(place)}: {one_fault(named)}")
        return None


def _place(error: ErrorDetails, yaml: Yaml) -> tuple[tuple[int | str, ...], ErrorDetails]:
    """Where a fault is, without pydantic's own marks, and the fault named by its last keys."""
    parts = [part for part in error["loc"] if not (isinstance(part, str) and part[:1] in "<[")]
    numbers = [at for at, part in enumerate(parts) if isinstance(part, int)]
    after = parts[numbers[-1] + 1 :] if numbers else parts
    shown = after or parts[-2:]
    named: ErrorDetails = {**error, "loc": tuple(shown)}
    return tuple(parts), named
