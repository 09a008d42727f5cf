from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import PROJECT, Settings
from evals.adapters import adapters
from evals.adapters.mtrag import FILE as MTRAG
from evals.adapters.xquad import FILE as XQUAD
from evals.benchmarks import retrieval
from evals.benchmarks.measuring import LATENCY, QUALITY
from evals.benchmarks.peer_sets import Peers
from evals.benchmarks.peers import ABOUT
from evals.benchmarks.retrieval import FILES, OURS, SLOW, main, measure_set
from evals.errors import SuiteError
from evals.suite_cases import Prepared, prepare
from evals.suites import SUITES, find_suite, load_suite
from index.search import Index
from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update

OPEN_SETS = PROJECT.parent / "shared" / "data"

# The last question is asked in the words of another passage, but for one of its own.
PASSAGES = (
    "Lithium plants rise beside the river harbour.",
    "Spouses receive lessons, rent and a doctor.",
    "Orchards export cherries through Rotterdam.",
)
QUESTIONS = (
    (0, "Where do lithium plants rise?"),
    (1, "Which lessons do spouses receive?"),
    (2, "Do orchards stand beside the river harbour plants?"),
)


def write_xquad(folder: Path) -> None:
    sides = [{"context": PASSAGES[n], "question": question} for n, question in QUESTIONS]
    records = [{"id": f"q{n}", "en": side, "zh": side} for n, side in enumerate(sides)]
    lines = (json.dumps(record) + "\n" for record in records)
    (folder / XQUAD).write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", composer="quotes")


@pytest.fixture
def prepared(tmp_path: Path, settings: Settings) -> Prepared:
    write_xquad(tmp_path)
    return prepare(load_suite(find_suite("xquad-en-en")), settings, data=tmp_path)


@pytest.fixture
def index(prepared: Prepared) -> Iterator[Index]:
    embedder = HashEmbedder()
    store = Store(Path(prepared.settings.store_place))
    update(store, prepared.settings.corpus, InProcessBuilder(embedder), embedder.fingerprint)
    opened = Index.open(store, embedder)
    yield opened
    opened.close()


# -- the numbers -------------------------------------------------------------------------------


def test_a_toy_sets_numbers_are_those_a_person_works_out(
    prepared: Prepared, index: Index, settings: Settings
) -> None:
    with Peers(settings, torch_most=0) as peers:
        result = measure_set(prepared, index, peers)
    assert list(result.systems) == [*OURS, *ABOUT]
    # Two questions find their passage first, the last one finds it second.
    expected = {
        "recall@1": 2 / 3,
        "recall@5": 1,
        "recall@10": 1,
        "success@1": 2 / 3,
        "mrr": (1 + 1 + 1 / 2) / 3,
        "ndcg@10": (1 + 1 + 1 / log2(3)) / 3,
    }
    for name, values in result.systems.items():
        assert {one: values[one].value for one in QUALITY} == pytest.approx(expected), name
        assert all(values[one].n == 3 for one in QUALITY)
        assert all((values[one].value or 0) > 0 for one in LATENCY)
    assert (result.name, result.unit, result.k) == ("xquad-en-en", "document", 10)
    assert not any("fitted" in note for note in result.notes)
    assert result.digests["embedder"] == "hash-embedder-1"


def test_passages_of_a_document_count_once(tmp_path: Path, settings: Settings) -> None:
    text = "\n\n".join(f"# Part {n}\n\nLithium plants rise in part {n}." for n in range(9))
    sides = [
        {"context": text, "question": "Where do lithium plants rise?"},
        {"context": "Lithium is light.", "question": "What is light?"},
    ]
    records = [{"id": f"q{n}", "en": side, "zh": side} for n, side in enumerate(sides)]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / XQUAD).write_text(lines, encoding="utf-8")
    prepared = prepare(load_suite(find_suite("xquad-en-en")), settings, data=tmp_path)
    embedder = HashEmbedder()
    store = Store(Path(prepared.settings.store_place))
    update(store, prepared.settings.corpus, InProcessBuilder(embedder), embedder.fingerprint)
    index = Index.open(store, embedder)
    for by in OURS:
        form = prepared.suite.form.target
        found = retrieval.search_by(index, form, by, "Where do lithium plants rise?")
        assert [result["document_id"] for result in found] == ["p001", "p002"]
        assert {result["section"] for result in found} == {"*"}
    index.close()


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def cached(tmp_path: Path, prepared_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, with the machine's model in it."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(prepared_model.parent)
    monkeypatch.setenv("POLICY_CACHE", str(cache))
    return cache


def test_the_command_prints_the_table_and_keeps_the_index(
    tmp_path: Path, cached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_xquad(tmp_path)
    asked = ["--data", str(tmp_path), "--sets", "xquad-en-en", "--json", str(tmp_path / "o.json")]
    assert main(asked) == 0
    first = capsys.readouterr()
    rows = [line for line in first.out.splitlines() if line.startswith("| xquad-en-en")]
    assert [row.split("|")[2].strip() for row in rows] == list(OURS)
    assert "Embedding passages" in first.err
    fitted = "NOT HELD OUT: ours was fitted to this set (means, gate, relevance)"
    assert f"3 questions; k = 10; {fitted}." in first.out
    told: dict[str, Any] = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    (one,) = told["sets"]
    assert one["systems"]["lexical"]["recall@1"]["value"] == pytest.approx(2 / 3)
    interval = one["systems"]["lexical"]["mrr"]["interval"]
    assert interval["low"] < 5 / 6 < interval["high"]
    assert (interval["level"], interval["method"]) == (0.95, "bootstrap")
    assert {"bm25s", "chromadb"} <= set(told["versions"])

    assert main(asked[:4]) == 0
    second = capsys.readouterr()
    assert "Embedding passages" not in second.err
    assert second.out.splitlines()[0] == first.out.splitlines()[0]


def test_peers_are_asked_where_they_are_wanted(
    tmp_path: Path,
    index: Index,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLICY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(retrieval, "run_set", lambda one, peers: measure_set(one, index, peers))
    monkeypatch.setattr(retrieval, "peers_of", lambda settings: Peers(settings, torch_most=0))
    assert main(["--data", str(tmp_path), "--sets", "xquad-en-en", "--peers"]) == 0
    out = capsys.readouterr().out
    rows = [line for line in out.splitlines() if line.startswith("| xquad-en-en")]
    assert [row.split("|")[2].strip() for row in rows] == [*OURS, *ABOUT]
    assert all(f"- `{name}`: {what}." in out for name, what in ABOUT.items())
    assert "peers read 3 texts: documents as they stand" in out
    assert "peers embed with our ONNX Runtime model" in out


def test_all_sets_but_the_slow_are_run_by_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(retrieval, "_run", lambda suites, _: ran.extend(s.name for s in suites))
    assert main([]) == 0
    known = {path.stem for path in SUITES.glob("*.yaml") if load_suite(path).kind == "retrieval"}
    assert set(ran) == known - set(SLOW)
    assert {"retrieval", "mtrag-retrieval", "lecoqa-small", "xquad-zh-en"} <= set(ran)
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "all but lecoqa" in " ".join(capsys.readouterr().out.split())


def test_every_sets_files_are_known() -> None:
    for path in SUITES.glob("*.yaml"):
        suite = load_suite(path)
        if suite.kind == "retrieval" and suite.form.set:
            assert FILES[suite.form.set.adapter]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sets", "orsharc"], "--data: missing; name a folder, the open sets belong there: "),
        (["--data", "{}/no", "--sets", "xquad-en-zh"], f"no such folder; .*: {XQUAD}"),
        (["--data", "{}", "--sets", "orsharc"], "lacks orsharc_dev.jsonl, orsharc_kb.jsonl; put"),
        (["--sets", "squad"], "--sets squad: there is no such set; use one of: conditionalqa, "),
        (["--sets", "retrieval", "--json", "{}/no/x"], "x: name a file in a folder that exists"),
        (["--sets", "retrieval", "--json", "{}"], "name a file in a folder that exists"),
    ],
)
def test_bad_input_is_named_with_its_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main([argument.format(tmp_path) for argument in arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert re.search(words, told.err)


def test_a_broken_set_is_found_before_anything_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_CACHE", str(tmp_path / "cache"))
    (tmp_path / XQUAD).write_text("{broken\n", encoding="utf-8")
    assert main(["--data", str(tmp_path), "--sets", "retrieval", "xquad-en-en"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{XQUAD}:1: not JSON" in told.err


def test_a_model_that_is_not_prepared_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_CACHE", str(tmp_path / "cache"))
    write_xquad(tmp_path)
    assert main(["--data", str(tmp_path), "--sets", "xquad-en-en"]) == 2
    assert "policy-assistant models prepare" in capsys.readouterr().err


# -- MTRAG as a retrieval set ------------------------------------------------------------------


def test_mtrag_asks_only_what_its_contexts_answer(tmp_path: Path) -> None:
    def task(kind: str, *texts: str) -> dict[str, Any]:
        return {
            "task_id": kind,
            "conversation_id": kind,
            "Collection": "fiqa",
            "answerability": [kind],
            "contexts": [
                {"document_id": f"{kind}/{n}", "text": text} for n, text in enumerate(texts)
            ],
            "input": [{"speaker": "user", "text": f"{kind}?"}],
        }

    tasks = (task("ANSWERABLE", "a"), task("UNANSWERABLE", "b"), task("PARTIAL", ""))
    (tmp_path / MTRAG).write_text("".join(json.dumps(t) + "\n" for t in tasks), encoding="utf-8")
    read = adapters()["mtrag"]
    found = read(tmp_path, {"for": "retrieval"})
    assert [case.turns for case in found.cases] == [("ANSWERABLE?",)]
    assert [document["text"] for document in found.documents] == ["a", "b"]
    assert len(read(tmp_path, {"for": "answers"}).cases) == len(read(tmp_path, {}).cases) == 3
    with pytest.raises(SuiteError, match="for='fun': use answers or retrieval"):
        read(tmp_path, {"for": "fun"})
