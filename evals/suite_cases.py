"""From a suite to what it needs to run: checked cases, a corpus and the settings to open it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from evals.adapters import adapters, write_corpus
from evals.case_files import load_cases
from evals.cases import Case
from evals.corpus_sections import CorpusSections
from evals.digests import digest_of
from evals.errors import SuiteError
from evals.faults import Faults
from evals.suites import Suite
from index.errors import CorpusError


@dataclass(frozen=True)
class Prepared:
    """A suite with its cases, ready to be run.

    Attributes:
        suite: The suite.
        cases: Its cases, whose gold sections the corpus has.
        settings: Settings with the suite's corpus and store.
    """

    suite: Suite
    cases: tuple[Case, ...]
    settings: Settings


def prepare(
    suite: Suite, settings: Settings, *, data: Path | None = None, own_corpus: bool = False
) -> Prepared:
    """Read the cases of a suite and check them against its corpus.

    Args:
        suite: The suite.
        settings: The settings of this machine.
        data: The folder of external sets.
        own_corpus: Whether the corpus of the settings goes before the suite's.

    Raises:
        SuiteError: Cases or corpus cannot be used; with every fault, one a line.
    """
    if suite.form.set:
        return _external(suite, settings, data)
    if suite.form.target.corpus and not own_corpus:
        corpus = suite.path.parent / suite.form.target.corpus
        settings = settings.model_copy(update={"corpus": corpus})
    try:
        sections = CorpusSections.of(settings.corpus)
    except CorpusError as error:
        raise SuiteError(f"{suite.path}: {error}") from error
    cases = load_cases(suite.case_paths, suite.kind, sections.lacking)
    return Prepared(suite, tuple(cases), settings)


def _external(suite: Suite, settings: Settings, data: Path | None) -> Prepared:
    form = suite.form.set
    assert form is not None
    known = adapters()
    if form.adapter not in known:
        raise SuiteError(
            f"{suite.path}: adapter {form.adapter!r} is not known; use one of: {', '.join(known)}"
        )
    if data is None:
        raise SuiteError(
            f"suite {suite.name}: reads the open set {form.adapter!r}, which is not part of the "
            "project; name the folder that holds it with --data"
        )
    found = known[form.adapter](data, form.options)
    mark = f"{form.adapter}-{digest_of(form.options)[:8]}"
    if not found.documents:
        return Prepared(suite, found.cases, settings)
    folder = settings.cache / "evals"
    changed: dict[str, Any] = {
        "corpus": write_corpus(found.documents, folder / "corpora" / mark),
        "store": str(folder / "stores" / mark),
    }
    own = settings.model_copy(update=changed)
    sections = CorpusSections.of(own.corpus)
    faults = Faults()
    for case in found.cases:
        for ref in case.expect.sections:
            lacking = sections.lacking(ref)
            if lacking:
                faults.add(f"{suite.path}: set {form.adapter}, case {case.id}: {lacking}")
    faults.raise_any()
    return Prepared(suite, found.cases, own)
