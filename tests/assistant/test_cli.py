"""What the commands do when all is well; `test_cli_bad_input.py` has the rest."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.settings import PROJECT

SPOUSE = "What does the Shanxi green card give my spouse?"
GRANT = "How large is the grant for a lithium battery company in Alpha city?"
ANSWER_KEYS = {
    "id", "question", "query", "lang", "status", "text", "citations", "notices", "suggestions",
    "composer", "model", "timings_ms", "usage",
}  # fmt: skip
RESULT_KEYS = {
    "rank", "score", "passage_id", "document_id", "title", "section", "text", "start", "end", "lang",
}  # fmt: skip


@pytest.fixture
def default(cli: Any, environment: pytest.MonkeyPatch, default_store: Path) -> Any:
    """The command line over the project's own corpus."""
    environment.setenv("POLICY_STORE", str(default_store))
    return cli


@pytest.fixture
def asked(environment: pytest.MonkeyPatch) -> list[Question]:
    """The questions that reached the assistant."""
    questions: list[Question] = []
    ask = Assistant.ask

    def remembered(self: Assistant, question: Question) -> Answer:
        questions.append(question)
        return ask(self, question)

    environment.setattr(Assistant, "ask", remembered)
    return questions


def write(path: Path, *records: dict[str, Any]) -> Path:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def damage(store: Path, sql: str) -> None:
    name = (store / "CURRENT").read_text().strip()
    with sqlite3.connect(store / "versions" / name / "truth.sqlite") as truth:
        truth.execute(sql)
    truth.close()


class TestAsk:
    def test_prints_answer_sources_and_notices(self, default: Any) -> None:
        ran = default("ask", SPOUSE)
        assert ran.code == 0
        assert ran.err == ""
        assert "[1]" in ran.out.splitlines()[0] or "[1]" in ran.out
        assert "\n[1] Shanxi" in ran.out
        assert "#spouse)" in ran.out
        assert "\n! " in ran.out

    @pytest.mark.parametrize(
        ("question", "lang"),
        [
            (SPOUSE, "en"),
            ("山西人才绿卡给配偶什么待遇？", "zh"),
            ("hello", "en"),
            ("雅安天气", "zh"),
        ],
    )
    def test_json_is_the_contract(
        self, default: Any, assistant: Assistant, question: str, lang: str
    ) -> None:
        ran = default("ask", question, "--json")
        assert ran.code == 0
        assert ran.err == ""
        answer = ran.json
        assert set(answer) == ANSWER_KEYS
        assert (answer["id"], answer["question"], answer["lang"]) == (None, question, lang)
        for citation in answer["citations"]:
            document = assistant.index.document(citation["document_id"], citation["lang"])
            assert citation["quote"] == document.text[citation["start"] : citation["end"]]
            assert f"[{citation['label']}]" in answer["text"]

    def test_lang_as_of_and_facts(
        self, default: Any, asked: list[Question], tmp_path: Path
    ) -> None:
        facts = tmp_path / "facts.json"
        facts.write_text('{"industry": "lithium"}')
        options = ("--lang", "zh", "--as-of", "2024-01-31", "--facts", facts)
        ran = default("ask", "What support is there in Suining?", *options, "--json")
        assert ran.json["lang"] == "zh"
        assert all(citation["lang"] == "zh" for citation in ran.json["citations"])
        assert asked == [
            Question(
                "What support is there in Suining?",
                lang="zh",
                as_of=date(2024, 1, 31),
                facts={"industry": "lithium"},
            )
        ]

    def test_as_of_decides_what_has_passed(self, default: Any) -> None:
        question = "遂宁的锂电产业有什么支持？"
        passed = [
            [n["text"] for n in default("ask", question, "--as-of", day, "--json").json["notices"]]
            for day in ("2024-01-31", "2026-06-30")
        ]
        assert not any("2025-12-31" in text for text in passed[0])
        assert any("2025-12-31" in text for text in passed[1])

    def test_jsonl(self, default: Any, asked: list[Question], tmp_path: Path) -> None:
        history = [{"role": "user", "content": "遂宁有什么支持？"}]
        records = write(
            tmp_path / "q.jsonl",
            {"id": "a", "question": SPOUSE, "reference": "not ours"},
            {"id": 2, "question": "那雅安呢？", "history": history, "as_of": "2023-10-01"},
            {"question": "hello", "lang": "zh", "facts": {"age": 30}},
        )
        ran = default("ask", "--jsonl", records, "--lang", "en", "--as-of", "2024-02-01")
        assert ran.code == 0
        assert [answer["id"] for answer in ran.jsonl] == ["a", "2", None]
        assert [answer["lang"] for answer in ran.jsonl] == ["en", "en", "zh"]
        assert ran.jsonl[1]["query"] == "雅安有什么支持？"
        assert ran.err == "Answering: 0 of 3\n"
        assert asked[1].history == (Turn("user", "遂宁有什么支持？"),)
        assert [q.as_of for q in asked] == [date(2024, 2, 1), date(2023, 10, 1), date(2024, 2, 1)]
        assert asked[2].facts == {"age": 30}

    def test_tells_how_the_answer_came_about(self, default: Any) -> None:
        plain, traced = default("ask", SPOUSE), default("ask", SPOUSE, "--trace")
        assert traced.code == 0
        assert traced.err == ""
        assert traced.out.startswith(plain.out + "\n")
        lines = traced.out.removeprefix(plain.out + "\n").splitlines()
        steps = [line.split()[0] for line in lines if not line.startswith(" ")]
        assert steps == ["understand", "retrieve", "select", "compose", "verify", "total"]
        assert any(re.match(r"  1\. \S+#spouse .* evidence 1$", line) for line in lines)
        assert "understand  " not in plain.out

    def test_a_trace_in_json(self, default: Any, tmp_path: Path) -> None:
        answer = default("ask", SPOUSE, "--json", "--trace").json
        assert set(answer) == ANSWER_KEYS | {"trace"}
        assert answer["trace"]["retrieve"]["results"][0]["label"] == 1
        records = write(
            tmp_path / "q.jsonl",
            {"question": SPOUSE},
            {"question": "hello", "trace": True},
            {"question": "hello", "trace": False},
        )
        with_option = default("ask", "--jsonl", records, "--trace").jsonl
        assert ["trace" in answer for answer in with_option] == [True, True, False]
        without = default("ask", "--jsonl", records).jsonl
        assert ["trace" in answer for answer in without] == [False, True, False]
        assert set(without[0]) == ANSWER_KEYS

    def test_jsonl_from_stdin_with_blank_lines_crlf_and_bom(self, default: Any) -> None:
        lines = b'\xef\xbb\xbf{"id": "1", "question": "hello"}\r\n\r\n  \n{"id": "2", "question": "\xe4\xbd\xa0\xe5\xa5\xbd"}'
        ran = default("ask", "--jsonl", "-", stdin=lines)
        assert [(a["id"], a["lang"]) for a in ran.jsonl] == [("1", "en"), ("2", "zh")]


class TestSearch:
    def test_prints_passages(self, default: Any) -> None:
        ran = default("search", "green card spouse", "-k", 2)
        assert ran.code == 0
        assert ran.err == ""
        heads = [line for line in ran.out.splitlines() if line[:2] in ("1.", "2.", "3.")]
        assert len(heads) == 2
        assert "#spouse (en)" in heads[0]

    def test_explains_how_each_passage_got_its_place(self, default: Any) -> None:
        query = "What is Ya'an's park to become?"
        ran = default("search", query, "-k", 1, "--explain")
        assert ran.code == 0
        assert "words in common: ya'an, " in ran.out
        assert "; names added: 雅安)" in ran.out
        found = default("search", query, "-k", 1, "--json", "--explain").json
        share = found["explain"]["dense_share"]
        assert 0 < share < 1
        parts = found["results"][0]["components"]
        assert f"match of the tokens {parts['match']:.3f} (weighs {1 - share:.0%})" in ran.out
        assert f"answers with a probability of {parts['relevance']:.0%}" in ran.out
        assert "matched_words" not in default("search", query, "-k", 1, "--json").json["results"][0]

    def test_json_is_the_contract(self, default: Any, assistant: Assistant) -> None:
        found = default("search", "锂电", "-k", 3, "--json").json
        assert set(found) == {"id", "query", "results", "timings_ms"}
        assert (found["id"], found["query"]) == (None, "锂电")
        assert [result["rank"] for result in found["results"]] == [1, 2, 3]
        for result in found["results"]:
            assert set(result) >= RESULT_KEYS
            text = assistant.index.document(result["document_id"], result["lang"]).text
            assert result["text"] == text[result["start"] : result["end"]]

    def test_ten_unless_told(self, default: Any) -> None:
        assert len(default("search", "enterprise", "--json").json["results"]) == 10

    def test_jsonl(self, default: Any, tmp_path: Path) -> None:
        records = write(
            tmp_path / "q.jsonl",
            {"id": "a", "query": "green card"},
            {"id": 7, "question": "遂宁", "k": 2},
            {"query": "lithium", "k": None},
        )
        ran = default("search", "--jsonl", records, "-k", 4)
        assert [(found["id"], len(found["results"])) for found in ran.jsonl] == [
            ("a", 4), ("7", 2), (None, 4),
        ]  # fmt: skip

    def test_needs_no_chat_model(self, default: Any, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("POLICY_LLM", "local")
        assert default("search", "green card").code == 0


class TestIndex:
    def test_build_update_status_verify(self, cli: Any, corpus: Path, tmp_path: Path) -> None:
        where = ("--corpus", corpus, "--store", tmp_path / "store")
        missing = cli("index", "status", *where, "--json")
        assert (missing.code, missing.json["state"], missing.json["version"]) == (
            1,
            "missing",
            None,
        )
        assert missing.json["skipped"] == []

        first = cli("index", "build", *where, "--json")
        assert first.code == 0
        built = first.json
        assert built["documents"] == 3
        assert built["embedded"] == built["passages"] >= 4
        assert built["changed"] is True
        assert built["skipped"] == []
        assert first.err.splitlines()[0] == "Reading the documents"
        assert first.err.splitlines()[-1] == "Checking the new index"

        again = cli("index", "build", *where, "--json")
        assert again.json == {**built, "embedded": 0, "changed": False}
        assert again.err == ""

        current = cli("index", "status", *where, "--json")
        assert current.code == 0
        assert current.json["state"] == "current"
        assert current.json["store"] == str(tmp_path / "store")
        assert current.json["version"] == built["version"]
        assert cli("index", "verify", *where, "--json").json == {
            "version": built["version"], "ok": True, "problem": None,
        }  # fmt: skip

        (corpus / "delta.txt").write_text("Delta town lends labs to start-ups free of charge.\n")
        stale = cli("index", "status", *where)
        assert stale.code == 1
        assert re.search(r"^state +stale$", stale.out, re.MULTILINE)
        updated = cli("index", "update", *where, "--json").json
        assert (updated["documents"], updated["embedded"]) == (4, 1)
        assert updated["version"] != built["version"]

    def test_force_builds_anew_and_embeds_nothing(self, cli: Any, alpha: tuple[Path, Path]) -> None:
        where = ("--corpus", alpha[0], "--store", alpha[1])
        ran = cli("index", "build", "--force", *where)
        assert ran.code == 0
        assert ran.out == "1 documents, 2 passages, embedded 0\n"
        assert "Embedding" not in ran.err

    def test_messages_for_people(self, cli: Any, alpha: tuple[Path, Path]) -> None:
        where = ("--corpus", alpha[0], "--store", alpha[1])
        assert cli("index", "build", *where).out == "1 documents, 2 passages, up to date\n"
        assert cli("index", "verify", *where).out.endswith("every part opens and agrees\n")
        shown = cli("index", "status", *where).out
        assert re.search(r"^state +current$", shown, re.MULTILINE)
        assert "None" not in shown

    def test_status_shows_what_was_left_out(self, cli: Any, alpha: tuple[Path, Path]) -> None:
        (alpha[0] / "bad.txt").write_bytes(b"ok\n\xff\n")
        where = ("--corpus", alpha[0], "--store", alpha[1])
        assert cli("index", "build", *where).code == 2
        shown = cli("index", "status", *where)
        assert shown.code == 0
        assert "bad.txt:2: not UTF-8" in shown.out
        assert "bad.txt:2" in cli("index", "status", *where, "--json").json["skipped"][0]


class TestWhichStore:
    def test_missing_and_older_stores_are_built_on_the_way(
        self, cli: Any, alpha: tuple[Path, Path], tmp_path: Path
    ) -> None:
        where = ("--corpus", alpha[0], "--store", tmp_path / "store")
        ran = cli("ask", GRANT, *where, "--json")
        assert ran.code == 0
        assert "300,000" in ran.json["text"]
        assert "Building the vector index" in ran.err
        again = cli("ask", GRANT, *where, "--json")
        assert again.err == ""
        file = alpha[0] / "alpha.md"
        file.write_text(file.read_text().replace("300,000", "450,000"))
        newer = cli("ask", GRANT, *where, "--json")
        assert "450,000" in newer.json["text"]
        assert "Reading the documents" in newer.err

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE manifest SET value = '0' WHERE key = 'format'",
            "UPDATE manifest SET value = '\"another\"' WHERE key = 'embedder'",
        ],
        ids=["format", "model"],
    )
    def test_of_another_make(self, cli: Any, alpha: tuple[Path, Path], sql: str) -> None:
        where = ("--corpus", alpha[0], "--store", alpha[1])
        damage(alpha[1], sql)
        assert cli("index", "status", *where, "--json").json["state"] == "mismatch"
        verified = cli("index", "verify", *where, "--json")
        assert verified.code == 1
        assert "policy-assistant index build" in verified.json["problem"]
        assert cli("search", "grant", *where, "--json").code == 0
        assert cli("index", "status", *where).code == 0

    def test_from_the_environment(
        self, cli: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path]
    ) -> None:
        environment.setenv("POLICY_CORPUS", str(alpha[0]))
        environment.setenv("POLICY_STORE", str(alpha[1]))
        ran = cli("search", "flat", "-k", 1, "--json")
        assert ran.err == ""
        assert ran.json["results"][0]["section"] == "housing"

    def test_from_a_file(self, cli: Any, alpha: tuple[Path, Path]) -> None:
        Path(".env").write_text(f"POLICY_CORPUS={alpha[0]}\nPOLICY_STORE={alpha[1]}\n")
        assert cli("index", "status", "--json").json["documents"] == 1

    def test_another_corpus_gets_its_own(
        self, cli: Any, environment: pytest.MonkeyPatch, corpus: Path, tmp_path: Path
    ) -> None:
        home = tmp_path / "home"
        home.mkdir()
        (home / "pyproject.toml").touch()
        environment.setattr("assistant.settings.PROJECT", home)
        assert cli("search", "养老院", "--corpus", corpus, "-k", 1, "--json").code == 0
        (store,) = (home / ".store" / "corpora").iterdir()
        assert (store / "CURRENT").is_file()

    def test_plain_text_and_jsonl_are_found_too(
        self, cli: Any, corpus: Path, tmp_path: Path
    ) -> None:
        def best(query: str) -> dict[str, Any]:
            where = ("--corpus", corpus, "--store", tmp_path / "store")
            found: dict[str, Any] = cli("search", query, *where, "-k", 1, "--json").json
            return found["results"][0]  # type: ignore[no-any-return]

        text = best("贝塔市对养老院每张新床位给多少补贴？")
        assert "6000元" in text["text"]
        assert text["title"] == "贝塔市支持办法"
        assert best("lithium battery grant")["document_id"] == "alpha"


class TestModels:
    def test_ready(
        self, cli: Any, environment: pytest.MonkeyPatch, prepared_model: Path, tmp_path: Path
    ) -> None:
        cache = tmp_path / "cache"
        (cache / "models").mkdir(parents=True)
        (cache / "models" / prepared_model.name).symlink_to(prepared_model)
        environment.setenv("POLICY_CACHE", str(cache))
        prepared_model = cache / "models" / prepared_model.name
        status = cli("models", "status", "--json")
        assert status.code == 0
        assert status.json == {
            "model": "multilingual-e5-small", "prepared": True, "directory": str(prepared_model),
        }  # fmt: skip
        prepared = cli("models", "prepare", "--json")
        assert prepared.json == {"model": "multilingual-e5-small", "directory": str(prepared_model)}
        assert prepared.err == ""
        assert cli("models", "status").out == cli("models", "prepare").out

    def test_prepare_tells_how_far_it_is(
        self, cli: Any, environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def prepare(name: str, cache: Path, progress: Any) -> Any:
            for share in (0.0, 0.4, 0.7):
                progress(f"step of {name}", share)
            progress("ready", 1.0)
            return SimpleNamespace(path=cache / "made")

        environment.setattr("index.model_preparation.prepare", prepare)
        environment.setenv("POLICY_CACHE", str(tmp_path / "cache"))
        ran = cli("models", "prepare", "--json")
        assert ran.json["directory"] == str(tmp_path / "cache" / "made")
        assert ran.err == "Step of multilingual-e5-small: 0%\nReady: 100%\n"


class TestDoctor:
    def test_all_is_well(self, cli: Any, alpha: tuple[Path, Path]) -> None:
        where = ("--corpus", alpha[0], "--store", alpha[1])
        ran = cli("doctor", *where)
        assert ran.code == 0, ran.out
        assert all(line.startswith("ok ") for line in ran.out.splitlines())
        found = cli("doctor", *where, "--json").json
        assert [row["check"] for row in found] == [
            "python", "packages", "disk", "corpus", "model", "store", "chat model",
        ]  # fmt: skip
        assert all(row["ok"] for row in found)

    def failing(self, ran: Any) -> dict[str, str]:
        assert ran.code == 1
        assert ran.err == ""
        return {row["check"]: row["what"] for row in ran.json if not row["ok"]}

    def test_nothing_is_there(
        self, cli: Any, environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        environment.setenv("POLICY_CACHE", str(tmp_path / "cache"))
        environment.setenv("POLICY_LLM", "local")
        where = ("--corpus", tmp_path / "none", "--store", tmp_path / "store")
        found = self.failing(cli("doctor", *where, "--json"))
        assert {"corpus", "model", "store", "chat model"} <= set(found)
        assert "--corpus" in found["corpus"]
        assert "policy-assistant models prepare" in found["model"]
        assert "policy-assistant models prepare" in found["store"]
        assert "policy-assistant models prepare --local" in found["chat model"]

    def test_each_part(
        self,
        cli: Any,
        environment: pytest.MonkeyPatch,
        alpha: tuple[Path, Path],
        prepared_model: Path,
        tmp_path: Path,
    ) -> None:
        cache = tmp_path / "cache"
        model = cache / "models" / prepared_model.name
        model.mkdir(parents=True)
        for file in prepared_model.iterdir():
            (model / file.name).symlink_to(file)
        tokenizer = (prepared_model / "tokenizer.json").read_bytes()
        (model / "tokenizer.json").unlink()
        (model / "tokenizer.json").write_bytes(tokenizer.replace(b"e", b"a", 1)[: len(tokenizer)])
        environment.setenv("POLICY_CACHE", str(cache))
        environment.setenv("POLICY_LLM_BASE_URL", "http://127.0.0.1:9/v1")
        environment.setattr("assistant.cli.doctor._PACKAGES", ("numpy", "no-such-package"))
        environment.setattr("assistant.cli.doctor._ROOM_MIN", 1 << 60)
        (alpha[0] / "bad.md").write_text("---\nid: [\n---\nx\n")
        (alpha[0] / "worse.txt").write_bytes(b"\xff")
        found = self.failing(cli("doctor", "--corpus", alpha[0], "--store", alpha[1], "--json"))
        assert set(found) == {"packages", "disk", "corpus", "model", "store", "chat model"}
        assert "no-such-package" in found["packages"]
        assert "make setup" in found["packages"]
        assert "free" in found["disk"]
        assert "bad.md:" in found["corpus"]
        assert "1 more" in found["corpus"]
        assert "models prepare" in found["model"]
        assert "index build" in found["store"]
        assert "127.0.0.1:9" in found["chat model"]
        assert "POLICY_LLM_BASE_URL" in found["chat model"]

    def test_a_folder_that_cannot_be_written(
        self, cli: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path], tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        ran = cli("doctor", "--corpus", alpha[0], "--store", tmp_path / "file" / "x", "--json")
        assert "cannot be written" in self.failing(ran)["disk"]


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real Chroma server in a process of its own, and a way to stop it."""
    folder = tmp_path_factory.mktemp("chroma")
    port = free_port()
    program = Path(sys.executable).with_name("chroma")
    command = [program, "run", "--path", folder, "--port", str(port), "--host", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 30
            while not listens(port):
                assert process.poll() is None
                assert time.monotonic() < deadline, "the Chroma server did not start"
                time.sleep(0.1)
            yield SimpleNamespace(url=f"http://127.0.0.1:{port}", process=process)
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_chroma_server(
    cli: Any,
    environment: pytest.MonkeyPatch,
    chroma: Any,
    alpha: tuple[Path, Path],
    prepared_model: Path,
    tmp_path: Path,
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(prepared_model.parent)
    environment.setenv("POLICY_CACHE", str(cache))
    where = ("--corpus", alpha[0], "--store", chroma.url)
    assert cli("index", "build", *where, "--json").json["documents"] == 1
    assert cli("index", "status", *where, "--json").json["store"] == chroma.url
    assert cli("index", "verify", *where).code == 0
    assert "300,000" in cli("ask", GRANT, *where, "--json").json["text"]
    assert (
        cli("search", "flat", *where, "-k", 1, "--json").json["results"][0]["section"] == "housing"
    )

    chroma.process.kill()
    chroma.process.wait()
    for command in (("ask", GRANT), ("search", "flat"), ("index", "build"), ("index", "status")):
        error = cli(*command, *where).error
        assert chroma.url in error
        assert "start it" in error
    assert cli("doctor", *where).code == 1


def test_help_names_no_folder_of_this_machine(cli: Any) -> None:
    for command in (
        (), ("ask",), ("search",), ("serve",), ("doctor",), ("index",), ("index", "build"),
        ("index", "update"), ("index", "status"), ("index", "verify"), ("models",),
        ("models", "prepare"), ("models", "status"), ("eligibility",), ("measures",),
        ("measures", "check"), ("measures", "draft"), ("measures", "schema"),
    ):  # fmt: skip
        ran = cli(*command, "--help")
        assert ran.code == 0
        assert ran.err == ""
        assert str(Path.home()) not in ran.out
        assert str(PROJECT) not in ran.out
        if command and command not in (("index",), ("models",)):
            assert "--corpus DIR" in ran.out
            assert "--store DIR|URL" in ran.out
    assert "..." not in cli("--help").out.split("Commands:")[1]
