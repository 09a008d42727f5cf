from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.questions import Turn
from assistant.service import Assistant
from assistant.settings import Settings
from evals.adapters.mtrag import FILE
from evals.benchmarks.answerability import Reply, ask, compare, main, read_tasks, report
from evals.errors import SuiteError
from evals.suite_cases import prepare
from evals.suites import find_suite, load_suite
from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update


def record(name: str, kind: str, *texts: str, context: str = "") -> dict[str, Any]:
    turns = [
        {"speaker": "agent" if n % 2 else "user", "text": text} for n, text in enumerate(texts)
    ]
    contexts = [{"document_id": f"d-{name}", "text": context}] if context else []
    return {
        "task_id": f"{name}<::>1",
        "conversation_id": name,
        "contexts": contexts,
        "input": turns,
        "targets": [],
        "answerability": [kind],
        "Collection": "fiqa",
    }


RECORDS = [
    record("a", "ANSWERABLE", "Where do lithium plants rise?", context="Lithium plants rise here."),
    record("b", "UNANSWERABLE", "Hello there!", "Hello.", "Who painted the ceiling?"),
    record("c", "UNDERSPECIFIED", "Which of them?"),
    record("d", "PARTIAL", "Do spouses receive rent?", context="Spouses receive lessons and rent."),
    record("e", "CONVERSATIONAL", "Thanks!"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lines = "".join(json.dumps(line) + "\n" for line in RECORDS)
    (tmp_path / FILE).write_text(lines, encoding="utf-8")
    return tmp_path


@pytest.fixture
def assistant(data: Path) -> Iterator[Assistant]:
    settings = Settings(cache=data / "cache", composer="quotes")
    prepared = prepare(load_suite(find_suite("mtrag")), settings, data=data)
    embedder = HashEmbedder()
    store = Store(Path(prepared.settings.store_place))
    update(store, prepared.settings.corpus, InProcessBuilder(embedder), embedder.fingerprint)
    opened = Assistant(store, embedder)
    yield opened
    opened.index.close()


def test_the_conversation_is_the_history(data: Path) -> None:
    tasks = read_tasks(data)
    assert [task.kind for task in tasks] == [
        "ANSWERABLE",
        "UNANSWERABLE",
        "UNDERSPECIFIED",
        "PARTIAL",
    ]
    assert tasks[1].question.text == "Who painted the ceiling?"
    assert tasks[1].question.history == (Turn("user", "Hello there!"), Turn("assistant", "Hello."))
    assert [task.gold for task in tasks] == [
        "answerable",
        "unanswerable",
        "underspecified",
        "answerable",
    ]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("answered", "answerable"),
        ("partial", "answerable"),
        ("unanswerable", "unanswerable"),
        ("off_topic", "unanswerable"),
        ("refused", "unanswerable"),
        ("clarify", "underspecified"),
    ],
)
def test_a_status_stands_for_a_class(status: str, told: str) -> None:
    assert Reply(status, 0.5, 0.5).told == told


def test_every_question_is_asked_and_searched_for(data: Path, assistant: Assistant) -> None:
    replies = ask(assistant, read_tasks(data))
    assert len(replies) == 4
    assert replies[0].cosine > replies[1].cosine


def test_the_assistant_stands_beside_majority_and_thresholds(data: Path) -> None:
    tasks = [
        replace(task, conversation=f"{task.conversation}{n}")
        for n in range(10)
        for task in read_tasks(data)
    ]
    status = {
        "ANSWERABLE": "answered",
        "UNANSWERABLE": "unanswerable",
        "UNDERSPECIFIED": "clarify",
        "PARTIAL": "partial",
    }
    value = {"ANSWERABLE": 0.9, "UNANSWERABLE": 0.1, "UNDERSPECIFIED": 0.5, "PARTIAL": 0.8}
    replies = [Reply(status[task.kind], value[task.kind], 0.3) for task in tasks]
    found = compare(tasks, replies)
    rows = {row.name: row.macro_f1 for row in (*found["three"], *found["four"])}
    assert rows["assistant"] == rows["assistant, partial apart"] == 1.0
    assert rows["majority"] == pytest.approx((2 / 3) / 3)
    assert rows["threshold on relevance"] == 1.0
    assert rows["threshold on cosine"] < 0.5
    text = report(tasks, replies, found)
    assert "| underspecified | 0 | 10 | 0 | 0 | 10 |" in text


def test_a_missing_set_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert FILE in capsys.readouterr().err


def test_a_broken_set_names_its_line(data: Path) -> None:
    (data / FILE).write_text("{}\nnonsense\n", encoding="utf-8")
    with pytest.raises((SuiteError, KeyError)):
        read_tasks(data)
