"""Latency of answers with `quotes` on the default corpus, beside plain retrieval.

`python -m evals.benchmarks.answer_latency [N]` asks the questions of the suite `answers` (all, or N
spread over it) of the assistant and of the peer in turn, and prints medians, 95th percentiles and
the ratio. Earlier turns of a conversation are asked first and not counted. The peer retrieves only:
it embeds the question with the same model in sentence-transformers and asks Chroma for ten
passages; it ranks by nothing else, chooses and proves no sentence, and writes no answer.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.cli.progress import build_progress, share_progress
from assistant.errors import AssistantError
from assistant.opening import open_assistant
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.settings import Settings, load_settings
from evals.cases import Case
from evals.errors import EvaluationError
from evals.suite_cases import prepare
from evals.suites import find_suite, load_suite
from index.errors import IndexingError
from index.passages import Passage
from index.reference_model import load_reference
from index.store import Version
from index.vector_store import ChromaVectors

_K = 10
PEER = "sentence-transformers + Chroma"


@dataclass(frozen=True)
class Times:
    """Milliseconds of one system.

    Attributes:
        median_ms: The median.
        p95_ms: The 95th percentile.
        max_ms: The longest.
    """

    median_ms: float
    p95_ms: float
    max_ms: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Times:
        """Sum up."""
        median, p95, most = np.percentile(values, (50, 95, 100)).tolist()
        return cls(round(median, 1), round(p95, 1), round(most, 1))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) > 1 or not all(value.isdecimal() and int(value) for value in given):
        print("error: give at most one argument, how many questions to ask", file=sys.stderr)
        return 2
    try:
        settings = load_settings(composer="quotes")
        cases = prepare(load_suite(find_suite("answers")), settings).cases
        asked = spread(cases, int(given[0])) if given else list(cases)
        with build_progress(keep=False) as building:
            assistant = open_assistant(settings, building)
        with tempfile.TemporaryDirectory() as work:
            search = open_peer(settings, assistant.index.passages(), Path(work))
            ours, peer = measure(assistant, search, asked)
    except (AssistantError, EvaluationError, IndexingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(summary(ours, peer), indent=2))
    return 0


def spread(cases: Sequence[Case], count: int) -> list[Case]:
    """So many cases, evenly over the suite; all where there are no more."""
    step = max(1.0, len(cases) / count)
    return [cases[int(n * step)] for n in range(min(count, len(cases)))]


def open_peer(
    settings: Settings, passages: Sequence[Passage], work: Path
) -> Callable[[str], object]:
    """Plain retrieval over the same passages.

    Args:
        settings: Names the model.
        passages: What is searched.
        work: A folder for the model and the vectors.
    """
    model = load_reference(settings.embedding_model, work).model
    vectors = ChromaVectors.create(Version(work, work / "chroma").vectors, "peer")
    texts = [passage.text for passage in passages]
    embedded = model.encode(texts, prompt="passage: ", normalize_embeddings=True)
    vectors.add(np.asarray(embedded), [passage.lang for passage in passages])

    def search(query: str) -> object:
        vector = model.encode(query, prompt="query: ", normalize_embeddings=True)
        return vectors.search(np.asarray(vector), _K)

    return search


def measure(
    assistant: Assistant, search: Callable[[str], object], cases: Sequence[Case]
) -> tuple[list[float], list[float]]:
    """Ask both every question, in turn; a first round of each that is not counted warms up.

    Returns:
        Milliseconds of the assistant and of the peer, by case.
    """
    ours: list[float] = []
    peer: list[float] = []
    with share_progress() as told:
        for done, case in enumerate([cases[0], *cases]):
            history: list[Turn] = []
            for text in case.turns[:-1]:
                reply = assistant.ask(Question(text, tuple(history)))
                history += [Turn("user", text), Turn("assistant", reply.text)]
            question = Question(case.turns[-1], tuple(history))
            began = time.perf_counter()
            assistant.ask(question)
            between = time.perf_counter()
            search(question.text)
            ours.append(1000 * (between - began))
            peer.append(1000 * (time.perf_counter() - between))
            told("asking both", done / len(cases))
    return ours[1:], peer[1:]


def summary(ours: Sequence[float], peer: Sequence[float]) -> Mapping[str, object]:
    """What is printed.

    Args:
        ours: Milliseconds of the assistant, by question.
        peer: The same of the peer.
    """
    a, b = Times.of(ours), Times.of(peer)
    return {
        "questions": len(ours),
        "quotes": vars(a),
        PEER: vars(b),
        "ratio": {
            "median": round(a.median_ms / b.median_ms, 2),
            "p95": round(a.p95_ms / b.p95_ms, 2),
        },
    }


if __name__ == "__main__":
    sys.exit(main())
