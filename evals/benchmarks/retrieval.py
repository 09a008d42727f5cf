"""Every open retrieval set in one table: each component of our search, and peers in the same run.

`python -m evals.benchmarks.retrieval --data DIR [--sets NAME …] [--peers] [--json FILE]` reads the
harness's retrieval suites, keeps their indexes where the harness keeps them, and prints a Markdown
table row by row; progress goes to stderr. A search of ours takes the whole path up to what ranks:
BM25 alone would need no embedding, but is not offered without.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from assistant.cli.progress import build_progress, share_progress
from assistant.errors import AssistantError
from assistant.opening import open_assistant
from assistant.settings import Settings, load_settings
from evals.adapters import conditionalqa, lecoqa, mtrag, orsharc, xquad
from evals.benchmarks.measuring import System, measure
from evals.benchmarks.retrieval_table import SetResult, header, notes, rows
from evals.digests import code_digest, data_digest, versions
from evals.errors import EvaluationError, SuiteError
from evals.suite_cases import Prepared, prepare
from evals.suites import SUITES, Suite, TargetForm, load_suite
from evals.targets import as_units, passages_wanted
from index.errors import IndexingError
from index.search import By, Index

if TYPE_CHECKING:
    from evals.benchmarks.peer_sets import Peers

SLOW = ("lecoqa",)
"""Sets whose index takes some twenty minutes: only where they are named."""
FILES: Mapping[str, tuple[str, ...]] = {
    "conditionalqa": (conditionalqa.QUESTIONS, conditionalqa.PAGES),
    "lecoqa": (lecoqa.QUESTIONS, lecoqa.STATUTES),
    "mtrag": (mtrag.FILE,),
    "orsharc": (orsharc.QUESTIONS, orsharc.RULES),
    "xquad": (xquad.FILE,),
}
"""What belongs into the folder of open sets, by adapter."""
FITTED: Mapping[str, str] = {
    "conditionalqa": "relevance",
    "lecoqa": "question map, gate",
    "mtrag": "relevance",
    "orsharc": "question map, gate, relevance",
    "xquad": "means, gate, relevance",
}
"""What of the default model's calibration `evals.fitting` fits to a set, by adapter."""
OURS: tuple[By, ...] = get_args(By)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    loaded = [load_suite(path) for path in SUITES.glob("*.yaml")]
    found = sorted((suite for suite in loaded if suite.kind == "retrieval"), key=lambda s: s.name)
    suites = {suite.name: suite for suite in found}
    given = _parser(tuple(suites)).parse_args(arguments)
    try:
        _run([suites[name] for name in _names(given.sets, tuple(suites))], given)
    except (AssistantError, EvaluationError, IndexingError) as error:
        for line in str(error).splitlines():
            print(f"error: {line}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.retrieval",
        description="Measure retrieval on the open sets, component by component. "
        "Exit codes: 0 done, 2 bad input, 130 interrupted.",
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="folder of the open sets; only ours needs none"
    )
    slow = ", ".join(SLOW)
    parser.add_argument(
        "--sets",
        nargs="+",
        metavar="NAME",
        help=f"of {', '.join(names)}; by default all but {slow}, indexed in some twenty minutes",
    )
    parser.add_argument(
        "--peers",
        action="store_true",
        help="also ask BM25, LangChain with Chroma and sentence-transformers, and both joined",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers into a file")
    return parser


def _names(asked: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    if asked is None:
        return [name for name in known if name not in SLOW]
    for name in asked:
        if name not in known:
            raise SuiteError(f"--sets {name}: there is no such set; use one of: {', '.join(known)}")
    return list(dict.fromkeys(asked))


def _run(suites: Sequence[Suite], given: argparse.Namespace) -> None:
    _check_data(given.data, suites)
    if given.json is not None and (given.json.is_dir() or not given.json.parent.is_dir()):
        raise SuiteError(f"--json {given.json}: name a file in a folder that exists")
    settings = load_settings(composer="quotes")
    # What is wrong with the last set is found before the first is run.
    prepared = [prepare(suite, settings, data=given.data) for suite in suites]
    names = [suite.name for suite in suites]
    results: list[SetResult] = []
    print(header(names), flush=True)
    with peers_of(settings) if given.peers else nullcontext() as peers:
        for one in prepared:
            results.append(run_set(one, peers))
            print(rows(results[-1], names), flush=True)
            if given.json is not None:
                _write(given.json, results)
    print(f"\n{notes(results, peers.about if peers else {})}")


def _write(path: Path, results: Sequence[SetResult]) -> None:
    sets = [asdict(result) for result in results]
    told = {"versions": versions(), "code": code_digest(), "sets": sets}
    try:
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise SuiteError(
            f"--json {path}: cannot be written: {error.strerror}; name another file"
        ) from error


def _check_data(data: Path | None, suites: Sequence[Suite]) -> None:
    sets = [suite.form.set.adapter for suite in suites if suite.form.set]
    needed = sorted({file for adapter in sets for file in FILES.get(adapter, ())})
    if not needed:
        return
    belongs = f"the open sets belong there: {', '.join(needed)}"
    if data is None:
        raise SuiteError(f"--data: missing; name a folder, {belongs}")
    if not data.is_dir():
        raise SuiteError(f"--data {data}: no such folder; {belongs}")
    lacking = [name for name in needed if not (data / name).is_file()]
    if lacking:
        raise SuiteError(
            f"--data {data}: lacks {', '.join(lacking)}; put them there, or choose with --sets "
            "what does not need them"
        )


def peers_of(settings: Settings) -> Peers:
    """Those who are asked beside us."""
    from evals.benchmarks.peer_sets import Peers  # seconds of torch, which few runs need

    return Peers(settings)


def run_set(prepared: Prepared, peers: Peers | None = None) -> SetResult:
    """Run one set: build its index where it has to be, and ask every system every case.

    Args:
        prepared: The set.
        peers: Who else is asked.

    Returns:
        What it came to.

    Raises:
        IndexingError: The model is not prepared, or the store cannot be used.
    """
    with build_progress(keep=False) as building:
        index = open_assistant(prepared.settings, building).index
    try:
        return measure_set(prepared, index, peers)
    finally:
        index.close()


def measure_set(prepared: Prepared, index: Index, peers: Peers | None = None) -> SetResult:
    """As `run_set`, over an index of the set's corpus."""
    suite, cases, form = prepared.suite, prepared.cases, prepared.suite.form.target
    systems = [System(by, partial(search_by, index, form, by)) for by in OURS]
    remarks = []
    fitted = FITTED.get(suite.form.set.adapter) if suite.form.set else None
    if fitted and index.embedder.calibration is not None:
        remarks.append(f"NOT HELD OUT: ours was fitted to this set ({fitted})")
    with share_progress() as told:
        if peers is not None:
            what = f"embedding {suite.name} for the peers"
            others, said = peers.over(suite.name, index, form, lambda n, of: told(what, n / of))
            systems += others
            remarks += said
        what = f"searching {suite.name}"
        values = measure(systems, cases, lambda done: told(what, done / len(cases)))
    digests = {
        "data": data_digest(cases),
        "corpus": str(index.manifest["corpus_digest"]),
        "embedder": index.embedder.fingerprint,
    }
    return SetResult(suite.name, suite.form.about, form.unit, form.k, digests, values, remarks)


def search_by(index: Index, form: TargetForm, by: By, query: str) -> list[dict[str, Any]]:
    """Search with one component, for what the suite calls a result."""
    found = index.search(query, passages_wanted(form), by=by).results
    places = [scored.passage for scored in found]
    return as_units([{"document_id": p.document_id, "section": p.section} for p in places], form)


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
