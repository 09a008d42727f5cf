"""Estimate the mean token vectors of the default model on general text.

`python -m evals.fit_token_means XQUAD.jsonl` writes `index/data/token_means.npz`: one vector by
language, over the passages of the open half of XQuAD (zh and en, parallel, of many subjects).
Means of a small corpus about one subject would take the subject itself off its tokens.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from assistant.opening import model_dir
from assistant.settings import load_settings
from index.onnx_embedder import OnnxEmbedder

TARGET = Path(__file__).resolve().parent.parent / "index" / "data" / "token_means.npz"


def main(source: Path, target: Path = TARGET) -> None:
    """Read XQuAD pairs (`{"zh": {"context"}, "en": {"context"}}` a line) and write the means."""
    settings = load_settings()
    embedder = OnnxEmbedder.open(model_dir(settings))
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    means = {}
    for lang in ("zh", "en"):
        texts = list(dict.fromkeys(row[lang]["context"] for row in rows))
        tokens = np.concatenate([e.tokens for e in embedder.embed_passages(texts)])
        means[lang] = tokens.mean(axis=0).astype(np.float32)
        print(f"{lang}: {len(texts)} passages, {len(tokens)} tokens", file=sys.stderr)
    target.parent.mkdir(exist_ok=True)
    np.savez(target, **means)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
