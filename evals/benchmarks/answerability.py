"""MTRAG: are answerable, unanswerable and underspecified questions told apart by the status?

`python -m evals.benchmarks.answerability --data DIR [--json FILE]` puts the last question of each
conversation of MTRAG's open part to the assistant with `quotes`, the conversation as it stands in
the set (the set's own answers, too) being the history. Told is what the status means: `answered`
and `partial` that the question is answerable, `clarify` that it is underspecified, any other that
it is unanswerable. Beside it, in the same run: the majority class, and plain thresholds on the best
passage's relevance and cosine, fitted by cross-validation over conversations: two cuts, three
ranges, the classes in whatever order does best, searched with the assistant's own query.

The contexts of all tasks make one index. They cannot be given task by task: unanswerable tasks come
without any, so that what is given would tell the class.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.cli.progress import build_progress, share_progress
from assistant.errors import AssistantError
from assistant.opening import open_assistant
from assistant.questions import Question, Turn
from assistant.selection import relevance
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.adapters.mtrag import FILE
from evals.adapters.reading import read_set
from evals.benchmarks.told_apart import (
    Told,
    fit_cuts,
    majority,
    table,
    told_apart,
    told_by_threshold,
)
from evals.errors import EvaluationError
from evals.suite_cases import prepare
from evals.suites import find_suite, load_suite
from index.errors import IndexingError

CLASSES = ("answerable", "unanswerable", "underspecified")
_KINDS = {
    "ANSWERABLE": "answerable",
    "PARTIAL": "answerable",
    "UNANSWERABLE": "unanswerable",
    "UNDERSPECIFIED": "underspecified",
}
_TOLD = {"answered": "answerable", "partial": "answerable", "clarify": "underspecified"}
_TOLD_PARTIAL = _TOLD | {"partial": "partial"}
_DEPTH = 24


@dataclass(frozen=True)
class Task:
    """The last question of a conversation.

    Attributes:
        kind: The set's word for it, such as `PARTIAL`.
        conversation: What it is held out and resampled with.
        question: The question, with its history.
    """

    kind: str
    conversation: str
    question: Question

    @property
    def gold(self) -> str:
        """Its class; what can be answered in part counts as answerable."""
        return _KINDS[self.kind]


@dataclass(frozen=True)
class Reply:
    """What the assistant said, and how good the best passage was.

    Attributes:
        status: Of the answer.
        relevance: Probability that the best of the first passages answers.
        cosine: Of the sentence vectors, the best of the passages found.
    """

    status: str
    relevance: float
    cosine: float

    @property
    def told(self) -> str:
        """The class that the status stands for."""
        return _TOLD.get(self.status, "unanswerable")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.answerability")
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--json", type=Path, help="file for the figures")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(composer="quotes")
        prepared = prepare(load_suite(find_suite("mtrag")), settings, data=given.data)
        tasks = read_tasks(given.data)
        with build_progress(keep=False) as building:
            assistant = open_assistant(prepared.settings, building)
        replies = ask(assistant, tasks)
        found = compare(tasks, replies)
        print(report(tasks, replies, found))
        if given.json:
            figures = [asdict(row) for rows in found.values() for row in rows]
            given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (AssistantError, EvaluationError, IndexingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def read_tasks(data: Path) -> list[Task]:
    """The tasks of the set whose class is one of the four.

    Raises:
        SuiteError: The set is missing or broken.
    """
    tasks = []
    for record in read_set(data, FILE):
        kind = str(record["answerability"][0]).upper()
        if kind in _KINDS:
            *before, last = [_turn(turn) for turn in record["input"]]
            question = Question(last.text, tuple(before))
            tasks.append(Task(kind, str(record["conversation_id"]), question))
    return tasks


def _turn(turn: dict[str, Any]) -> Turn:
    return Turn("user" if turn["speaker"] == "user" else "assistant", str(turn["text"]))


def ask(assistant: Assistant, tasks: Sequence[Task]) -> list[Reply]:
    """Ask every question, and search for it."""
    replies = []
    with share_progress() as told:
        for done, task in enumerate(tasks, start=1):
            answer = assistant.ask(task.question)
            ranking = assistant.index.search(answer.query, _DEPTH).results
            cosine = max((scored.components["dense"] for scored in ranking), default=0.0)
            replies.append(Reply(answer.status, relevance(ranking), cosine))
            told("asking MTRAG", done / len(tasks))
    return replies


def compare(tasks: Sequence[Task], replies: Sequence[Reply]) -> dict[str, list[Told]]:
    """The assistant beside the baselines, with three classes and with four."""
    gold = [task.gold for task in tasks]
    clusters = [task.conversation for task in tasks]

    def row(name: str, told: Sequence[str]) -> Told:
        return told_apart(name, gold, told, clusters)

    scores = {
        "threshold on relevance": [reply.relevance for reply in replies],
        "threshold on cosine": [reply.cosine for reply in replies],
    }
    rows = [row("majority", majority(gold))]
    for name, values in scores.items():
        rows.append(row(name, told_by_threshold(values, gold, clusters, CLASSES)))
    rows.append(row("assistant", [reply.told for reply in replies]))
    kinds = ["partial" if task.kind == "PARTIAL" else task.gold for task in tasks]
    finer = [_TOLD_PARTIAL.get(reply.status, "unanswerable") for reply in replies]
    four = [
        told_apart("majority, partial apart", kinds, majority(kinds), clusters),
        told_apart("assistant, partial apart", kinds, finer, clusters),
    ]
    return {"three": rows, "four": four}


def report(tasks: Sequence[Task], replies: Sequence[Reply], found: dict[str, list[Told]]) -> str:
    """The figures in Markdown: macro F1, and which status each kind of question got."""
    counts = Counter((task.kind, reply.status) for task, reply in zip(tasks, replies, strict=True))
    statuses = sorted({status for _, status in counts})
    lines = [["asked", *statuses, "all"], ["---", *("---:" for _ in statuses), "---:"]]
    for kind in _KINDS:
        row = [counts[kind, status] for status in statuses]
        lines.append([kind.lower(), *(str(count) for count in (*row, sum(row)))])
    given = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    head = f"MTRAG, open part: {len(tasks)} questions, one index of all contexts."
    parts = [head, table(found["three"]), _cuts(tasks, replies), table(found["four"]), given]
    return "\n\n".join(parts)


def _cuts(tasks: Sequence[Task], replies: Sequence[Reply]) -> str:
    """The thresholds that fit all questions best; those of the table were fitted by fold."""
    gold = [task.gold for task in tasks]
    said = []
    for name in ("relevance", "cosine"):
        cuts = fit_cuts([getattr(reply, name) for reply in replies], gold, CLASSES)
        low, middle, high = cuts.classes
        said.append(f"{name}: {low} < {cuts.low:.3f} ≤ {middle} < {cuts.high:.3f} ≤ {high}")
    return f"Thresholds fitted to all questions: {'; '.join(said)}."


if __name__ == "__main__":
    sys.exit(main())
