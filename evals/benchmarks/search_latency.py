"""Latency of `search` on the default corpus, beside plain sentence-transformers and Chroma.

`python -m evals.benchmarks.search_latency [N]` asks N queries (200), made of the corpus's own
headings in both languages, of both in turn, and prints medians, 95th percentiles and ratios. The
peer embeds with the same model in torch and asks Chroma for as many passages; it does no lexical
search and no reranking.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant.opening import open_assistant
from assistant.settings import load_settings
from index.reference_model import load_reference
from index.store import Version
from index.vector_store import ChromaVectors

_K = 10


def main(count: int = 200) -> None:
    """Measure and print."""
    assistant = open_assistant(load_settings(composer="quotes"))
    passages = assistant.index.passages()
    titles = list(dict.fromkeys(passage.heading_path[-1] for passage in passages))
    queries = [titles[n % len(titles)] for n in range(count)]
    ours: list[float] = []
    peers: list[float] = []
    with tempfile.TemporaryDirectory() as work:
        model = load_reference(load_settings().embedding_model, Path(work)).model
        version = Version(Path(work), Path(work) / "chroma")
        vectors = ChromaVectors.create(version.vectors, "peer")
        texts = [passage.text for passage in passages]
        embedded = model.encode(texts, prompt="passage: ", normalize_embeddings=True)
        vectors.add(np.asarray(embedded), [passage.lang for passage in passages])
        for query in [queries[0], *queries]:
            ours.append(assistant.search(query, _K)["timings_ms"]["total"])
            began = time.perf_counter()
            vector = model.encode(query, prompt="query: ", normalize_embeddings=True)
            vectors.search(np.asarray(vector), _K)
            peers.append(1000 * (time.perf_counter() - began))
    # The first of each warms up.
    found = {"ours": ours[1:], "sentence-transformers + Chroma": peers[1:]}
    shown = {
        name: {
            "median_ms": round(float(np.median(values)), 1),
            "p95_ms": round(float(np.percentile(values, 95)), 1),
        }
        for name, values in found.items()
    }
    ratio = float(np.median(np.asarray(ours[1:]) / np.asarray(peers[1:])))
    found_all = {"queries": count, "passages": len(passages), **shown}
    print(json.dumps(found_all | {"median_ratio": round(ratio, 2)}, indent=2))


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:]))
    sys.stdout.flush()
