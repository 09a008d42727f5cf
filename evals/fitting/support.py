"""`python -m evals.fitting.support DATA_FOLDER [--work DIR] [--report FILE]`: least support.

How well a passage meets a sentence (the mean over the sentence's tokens of the best centred cosine,
as `assistant.verify` computes it) for sentences with the passage that bears them out, and with two
others: the nearest by sentence vectors, and one by chance.

Support is lower across languages than in one, so there are two thresholds: of those that keep 95 of
100 faithful sentences in every language pair of the kind, the highest. A second rule needs no
level: how much better another passage of the evidence may meet the sentence than the cited one.

Sentences with a changed figure or a turned negation are for other checks: support hardly sees them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.opening import model_dir
from assistant.settings import PROJECT, load_settings
from evals.errors import SuiteError
from evals.fitting.claims import read_claims
from evals.fitting.embedded import EmbeddedSet, embed_set
from evals.fitting.support_report import HEAD, report
from evals.fitting.support_thresholds import Supports
from index.calibration import Calibration
from index.embedding import TokenVectors, Vector
from index.errors import IndexingError
from index.late_interaction import LateInteraction
from index.onnx_embedder import OnnxEmbedder
from index.text import language

_REPORT = PROJECT / "docs" / "support-threshold.md"
_SEED = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the sets, embed them where that is not done, and print and write what they say."""
    settings = load_settings()
    parser = argparse.ArgumentParser(prog="python -m evals.fitting.support", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of open sets")
    parser.add_argument("--work", type=Path, default=settings.cache / "evals" / "fitting")
    parser.add_argument("--report", type=Path, default=_REPORT)
    given = parser.parse_args(arguments)
    try:
        embedder = OnnxEmbedder.open(model_dir(settings))
        if embedder.calibration is None:
            raise SuiteError(f"embedding model {embedder.name}: has no calibration to fit with")
        claims = read_claims(given.data, embedder)
    except (SuiteError, IndexingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    found = []
    for name, collection in claims.items():
        print(f"{name}: {len(collection.questions)} sentences", file=sys.stderr, flush=True)
        own = embed_set(collection, embedder, given.work)
        found.append(supports(name, own, embedder.calibration))
    text = report(found)
    print(text)
    given.report.write_text(HEAD + text + "\n", encoding="utf-8")
    return 0


def supports(name: str, own: EmbeddedSet, calibration: Calibration) -> Supports:
    """Support of each sentence with its own, the nearest other and a random other passage."""
    late = LateInteraction(calibration.query_token_means, calibration.passage_token_means)
    lang = own.collection.lang
    passages = calibration.passages(own.passages.sentences, lang)
    draw = np.random.default_rng(_SEED)
    rows = []
    for number, gold in enumerate(own.collection.gold_passages()):
        asked = language(own.collection.questions[number])
        tokens = late.query(own.questions.tokens(number), asked)

        def support(passage: int, tokens: Vector = tokens) -> float:
            held = _tokens(own, passage)
            return float(late.match(tokens, [held], lang).scores()[0])

        cosines = passages @ calibration.question(own.questions.sentences[number], asked)
        others = np.setdiff1d(np.arange(len(passages)), gold)
        near = int(others[cosines[others].argmax()])
        far = int(draw.choice(others))
        best = max(support(int(passage)) for passage in gold)
        rows.append((best, support(near), support(far)))
    table = np.asarray(rows, np.float32)
    asked = language(" ".join(own.collection.questions[:20]))
    return Supports(
        name, f"{asked} → {lang}", table[:, 0], table[:, 1], table[:, 2], own.collection.groups
    )


def _tokens(own: EmbeddedSet, passage: int) -> TokenVectors:
    texts = own.passages
    part = slice(texts.starts[passage], texts.starts[passage] + texts.lengths[passage])
    offsets = np.zeros((int(texts.lengths[passage]), 2), np.int32)
    return TokenVectors(np.asarray(texts.codes[part]), texts.scales[part], offsets)


if __name__ == "__main__":
    sys.exit(main())
