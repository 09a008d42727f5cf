"""Digests of all that an answer, or a score, depends on. Two runs with equal ones agree."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import prompts
from evals.cases import Case
from index.search import Index
from index.truth import Truth

_PROJECT = Path(__file__).resolve().parent.parent
_ANSWERING = ("index", "assistant", "evals/targets.py", "evals/spoils.py")
# Front ends: they show an answer and change nothing in it.
_FRONT_ENDS = ("assistant/ui/", "assistant/cli/", "assistant/api", "assistant/chat_deltas.py")
_SCORING = ("evals/metrics", "evals/scoring.py", "evals/statistics.py", "evals/summary.py")
_PACKAGES = (
    *("bm25s", "chromadb", "langchain", "langchain-openai", "numpy", "onnxruntime", "pydantic"),
    *("rjieba", "tiktoken", "tokenizers", "policy-assistant"),
)


def digest_of(value: Any) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def code_digest() -> str:
    """SHA-256 of the program that answers: every module and data file of it but front ends."""
    return _files(_ANSWERING, but=_FRONT_ENDS)


def scoring_digest() -> str:
    """SHA-256 of the program that scores."""
    return _files(_SCORING)


def prompt_digest() -> str:
    """SHA-256 over all prompt files."""
    return digest_of([(*name, prompts.load(*name).digest) for name in prompts.available()])


def index_digest(index: Index) -> str:
    """SHA-256 of what an index searches: its passages, their vectors and how it was made.

    Two builds of one corpus differ where vectors do, which depend a little on batches.
    """
    truth = Truth.open(index.version.truth)
    try:
        manifest = truth.manifest()
        made = {key: manifest.get(key) for key in ("format", "embedder")}
        total = hashlib.sha256(digest_of([made, manifest.get("background")]).encode())
        for digest in truth.digests():
            total.update(digest.encode())
        total.update(truth.sentence_vectors(index.embedder.dim).tobytes())
    finally:
        truth.close()
    return total.hexdigest()


def data_digest(cases: Sequence[Case]) -> str:
    """SHA-256 of the cases: what is asked and what is expected, not where it is written."""
    return digest_of([case_digest(case) for case in cases])


def case_digest(case: Case) -> str:
    """SHA-256 of one case."""
    expect = case.expect
    said = [case.id, case.lang, case.turns, sorted(case.tags), case.pair, case.conversation]
    expected = [
        expect.answerable,
        expect.status,
        expect.verdict,
        [(ref.document_id, ref.section) for ref in expect.sections],
        [(nugget.any, nugget.vital) for nugget in expect.nuggets],
        expect.figures,
        expect.forbidden,
    ]
    return digest_of([said, expected])


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that answers depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def different(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Keys whose values differ, or that only one has."""
    return [key for key in sorted({*one, *other}) if one.get(key) != other.get(key)]


def _files(places: Iterable[str], but: tuple[str, ...] = ()) -> str:
    total = hashlib.sha256()
    for place in places:
        path = _PROJECT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            name = file.relative_to(_PROJECT).as_posix()
            code = file.suffix in (".py", ".npz", ".md", ".yaml") and "__pycache__" not in name
            if code and file.is_file() and not name.startswith(but or ("\0",)):
                total.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
