"""`python -m evals.fitting DATA_FOLDER [--work DIR] [--out FILE] [--report FILE] [--folds 5]`."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.opening import model_dir
from assistant.settings import PROJECT, load_settings
from evals.errors import SuiteError
from evals.fitting.embedded import embed_set
from evals.fitting.parameters import write_parameters
from evals.fitting.report import Run, write_report
from evals.fitting.sets import read_sets
from evals.fitting.training import train
from index.calibration import FILE
from index.errors import IndexingError
from index.onnx_embedder import OnnxEmbedder

_REPORT = PROJECT / "docs" / "retrieval-training.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the sets, embed them where that is not done, train, and write parameters and report."""
    settings = load_settings()
    parser = argparse.ArgumentParser(prog="python -m evals.fitting", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of open sets")
    parser.add_argument("--work", type=Path, default=settings.cache / "evals" / "fitting")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--report", type=Path, default=_REPORT)
    parser.add_argument("--folds", type=int, default=5)
    given = parser.parse_args(arguments)
    if given.folds < 2:
        parser.error("--folds: give at least 2")
    try:
        embedder = OnnxEmbedder.open(model_dir(settings))
        collections = read_sets(given.data, embedder)
    except (SuiteError, IndexingError) as error:
        sys.exit(str(error))
    sets = {name: embed_set(own, embedder, given.work) for name, own in collections.items()}
    outcome = train(sets, given.folds)
    write_parameters(outcome.arrays, given.out)
    run = Run(
        model=f"{embedder.name}, prepared as {embedder.fingerprint[:12]}",
        digest=hashlib.sha256(given.out.read_bytes()).hexdigest(),
        folds=given.folds,
        sets=sets,
    )
    write_report(run, outcome, given.report)
    print(f"wrote {given.out} and {given.report}", file=sys.stderr)


if __name__ == "__main__":
    main()
