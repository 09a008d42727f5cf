"""Bad input: one line on stderr that names it and the mend, exit code 2, and nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.service import Assistant
from assistant.testing import FakeModelServer, reply_json
from index.store import Store

GRANT = "How large is the grant for a lithium battery company in Alpha city?"
GOOD = reply_json(
    "answered",
    ("A lithium battery company in Alpha city receives a grant of 300,000 yuan.", [1]),
)


@pytest.fixture
def over_alpha(cli: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path]) -> Any:
    """The command line over a small corpus with an up-to-date store."""
    environment.setenv("POLICY_CORPUS", str(alpha[0]))
    environment.setenv("POLICY_STORE", str(alpha[1]))
    return cli


def version_of(store: Path) -> Path:
    return store / "versions" / (store / "CURRENT").read_text().strip()


# -- questions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty; write"),
        (" \t\n ", "it is empty; write"),
        ("\u200b\u202e\ufeff", "no visible character; write"),
        ("a" * 100_000, "100,000 characters; ask in at most 4,000"),
        ("政策" * 50_000, "100,000 characters; ask in at most 4,000"),
        ("\x01\x02\x7f", "no visible character; write"),
        ("PK\x03\x04\x14\x00\x08\x00", "binary data; write it as text"),
        ("\udcff\udcfe grant", "not valid UTF-8; check"),
        ("\ufffd\ufffd\ufffd grant", "binary data; write it as text"),
    ],
    ids=["empty", "blank", "invisible", "long", "long-zh", "control", "zip", "not-utf8", "mangled"],
)
class TestText:
    def test_question(self, over_alpha: Any, text: str, why: str) -> None:
        error = over_alpha("ask", text).error
        assert error.startswith("question: ")
        assert why in error

    def test_query(self, over_alpha: Any, text: str, why: str) -> None:
        error = over_alpha("search", text, "--json").error
        assert error.startswith("query: ")
        assert why in error


def test_control_characters_in_a_question_are_passed_over(over_alpha: Any) -> None:
    ran = over_alpha("ask", f"\x1b[31m{GRANT}\x07", "--json")
    assert ran.code == 0
    assert "300,000" in ran.json["text"]


# -- options ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "named", "mend"),
    [
        (["ask"], "ask", "--jsonl"),
        (["ask", "a", "--jsonl", "f"], "ask", "or a file with --jsonl"),
        (["search"], "search", "--jsonl"),
        (["ask", "a", "--lang", "fr"], "--lang='fr'", 'use "zh" or "en"'),
        (["ask", "a", "--lang", ""], "--lang=''", 'use "zh" or "en"'),
        (["ask", "a", "--as-of", "yesterday"], "--as-of='yesterday'", "2024-12-31"),
        (["ask", "a", "--as-of", "2023-02-30"], "--as-of='2023-02-30'", "no such day"),
        (["ask", "What", "is", "this"], "is this", "policy-assistant ask --help"),
        (["ask", "a", "--nope"], "--nope", "policy-assistant ask --help"),
        (["search", "a", "-k", "0"], "-k", "greater than or equal to 1"),
        (["search", "a", "-k", "101"], "-k", "less than or equal to 100"),
        (["search", "a", "-k", "many"], "-k", "integer"),
        (["nope"], "nope", "policy-assistant --help"),
        (["index", "nope"], "nope", "policy-assistant index --help"),
        (["ask", "a", "--corpus", ""], "--corpus", "name a folder"),
        (["ask", "a", "--store", " "], "--store", "name a folder"),
        (["ask", "a", "--corpus", "none"], "corpus none", "--corpus or POLICY_CORPUS"),
        (["index", "status", "--corpus", "none"], "corpus none", "--corpus or POLICY_CORPUS"),
        (["ask", "a", "--store", "ftp://x"], "ftp://x", "give a folder"),
        (["ask", "a", "--store", "http://127.0.0.1:x"], "http://127.0.0.1:x", "--store"),
        (["ask", "a", "--store", "http://127.0.0.1:70000"], "70000", "--store"),
        (["serve", "--port", "70000"], "--port", "65535"),
        (["serve", "--port", "x"], "--port", "integer"),
        (["serve", "--host", "no such host"], "no such host", "--host"),
        (["serve", "--host", "192.0.2.1"], "192.0.2.1", "--host"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options(over_alpha: Any, args: list[str], named: str, mend: str) -> None:
    error = over_alpha(*args).error
    assert named in error
    assert mend in error


@pytest.mark.parametrize("args", [[], ["index"], ["models"]])
def test_no_command_shows_what_there_is(cli: Any, args: list[str]) -> None:
    ran = cli(*args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: policy-assistant")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("POLICY_PORT", "abc", "integer"),
        ("POLICY_PORT", "65536", "65535"),
        ("POLICY_COMPOSER", "poet", "'quotes'"),
        ("POLICY_LOG_LEVEL", "LOUD", "'WARNING'"),
        ("POLICY_THREADS", "0", "greater than or equal to 1"),
        ("POLICY_LLM_TIMEOUT", "-1", "greater than 0"),
        ("POLICY_EVIDENCE_TOKENS", "9", "200"),
    ],
)
def test_settings(
    over_alpha: Any, environment: pytest.MonkeyPatch, name: str, value: str, mend: str
) -> None:
    environment.setenv(name, value)
    error = over_alpha("models", "status").error
    assert error.startswith(f"{name}='{value}': ")
    assert mend in error


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ({"POLICY_COMPOSER": "llm"}, "POLICY_LLM=provider:model"),
        ({"POLICY_LLM_BASE_URL": "localhost"}, "http://host:port/v1"),
        ({"POLICY_LLM": "nosuch:model"}, "provider:model"),
        ({"POLICY_LLM": "openai:gpt-4.1-mini"}, "OPENAI_API_KEY"),
    ],
)
def test_chat_model_that_cannot_be_set_up(
    cli: Any,
    environment: pytest.MonkeyPatch,
    corpus: Path,
    tmp_path: Path,
    given: dict[str, str],
    mend: str,
) -> None:
    for name, value in given.items():
        environment.setenv(name, value)
    store = tmp_path / "store"
    error = cli("ask", GRANT, "--corpus", corpus, "--store", store).error
    assert all(name in error for name in given)
    assert mend in error
    assert not store.exists(), "found out before anything is built"


def test_env_file_that_is_not_utf8(cli: Any) -> None:
    Path(".env").write_bytes(b"POLICY_LLM=\xff\n")
    assert ".env: not UTF-8" in cli("models", "status").error


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read: No such file"),
        (b"", "not JSON"),
        (b'{"a":\n', "not JSON"),
        (b"[1]", "a list where an object of facts"),
        (b'{"a": "\xff"}', "not UTF-8; save the file as UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": 1' + b"0" * 5_000 + b"}", "a number that is too long"),
    ],
    ids=["missing", "empty", "broken", "list", "not-utf8", "deep", "huge-number"],
)
def test_facts(over_alpha: Any, tmp_path: Path, content: bytes | None, why: str) -> None:
    facts = tmp_path / "facts.json"
    if content is not None:
        facts.write_bytes(content)
    error = over_alpha("ask", GRANT, "--facts", facts).error
    assert error.startswith(f"{facts}: ")
    assert why in error


BROKEN_LINES = {
    "broken": (b'{"question": ', "not JSON"),
    "list": (b"[1]", "no JSON object; write one a line"),
    "not-utf8": (b'{"question": "\xff"}', "not UTF-8"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "huge-number": (b'{"id": 1' + b"0" * 5_000 + b"}", "a number that is too long"),
    "no-text": (b'{"id": "7"}', "missing; give its text under"),
    "empty": (b'{"question": " ", "query": " "}', "it is empty; write"),
    "no-string": (b'{"question": 7, "query": 7}', "a number where a text is needed"),
    "long": (b'{"question": "' + b"a" * 100_000 + b'"}', "100,000 characters"),
    "surrogate": (b'{"question": "\\ud800 grant"}', "not valid UTF-8"),
    "id": (b'{"question": "grant", "id": {}}', "id: an object where a text is needed"),
}
ASK_ONLY = {
    "lang": (b'{"question": "grant", "lang": "fr"}', "lang='fr': not known"),
    "as-of": (b'{"question": "grant", "as_of": "2023-02-30"}', "no such day"),
    "facts": (b'{"question": "grant", "facts": [1]}', "facts: a list where an object"),
    "history": (b'{"question": "grant", "history": [7]}', "history[0]: this is no earlier turn"),
}
SEARCH_ONLY = {"k": (b'{"query": "grant", "k": 0}', "k=0: give a whole number from 1 to 100")}


@pytest.mark.parametrize(
    ("command", "line", "why"),
    [
        pytest.param(command, *case, id=f"{command}-{name}")
        for command, cases in (
            ("ask", BROKEN_LINES | ASK_ONLY),
            ("search", BROKEN_LINES | SEARCH_ONLY),
        )
        for name, case in cases.items()
    ],
)
def test_lines(over_alpha: Any, tmp_path: Path, command: str, line: bytes, why: str) -> None:
    """The last line is wrong: nothing is answered before it was seen."""
    good = b'{"id": "1", "question": "What is the grant?", "query": "grant"}\n\n'
    file = tmp_path / "lines.jsonl"
    file.write_bytes(good + line + b"\n")
    error = over_alpha(command, "--jsonl", file).error
    assert error.startswith(f"{file}:3: ")
    assert why in error
    from_stdin = over_alpha(command, "--jsonl", "-", stdin=good + line).error
    assert from_stdin.startswith("stdin:3: ")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_lines_that_are_none(over_alpha: Any, tmp_path: Path, command: str, content: bytes) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_bytes(content)
    assert "write one JSON object a line" in over_alpha(command, "--jsonl", file).error


@pytest.mark.parametrize("command", ["ask", "search"])
def test_lines_that_cannot_be_read(over_alpha: Any, tmp_path: Path, command: str) -> None:
    for place, why in (("none.jsonl", "No such file"), (tmp_path, "Is a directory")):
        error = over_alpha(command, "--jsonl", place).error
        assert str(place) in error
        assert why in error


# -- corpora ---------------------------------------------------------------------------------


def test_nothing_to_index(cli: Any, tmp_path: Path) -> None:
    corpus, store = tmp_path / "corpus", tmp_path / "store"
    corpus.mkdir()
    where = ("--corpus", corpus, "--store", store)
    assert "files of these kinds" in _last_error(cli("ask", GRANT, *where))
    (corpus / "a.png").write_bytes(b"\x89PNG")
    assert "files of these kinds" in _last_error(cli("index", "build", *where))
    (corpus / "a.txt").write_bytes(b"fine\nnot \xff\n")
    assert "a.txt:2: not UTF-8" in _last_error(cli("index", "build", *where))
    assert not list((store / "versions").iterdir()), "nothing is left behind"


def _last_error(ran: Any) -> str:
    """The error after the progress of a build that failed."""
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    *progress, last = ran.err.splitlines()
    assert not any(line.startswith("error") for line in progress)
    assert last.startswith("error: ")
    return str(last)


def test_files_that_are_left_out(
    cli: Any, alpha: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    """The others are indexed; the command says what is missing as long as it is."""
    corpus, store = alpha
    where = ("--corpus", corpus, "--store", store)
    (corpus / "n.txt").write_bytes(b"ok\nbad \xff\n")
    (corpus / "f.md").write_bytes(b"---\nid: x\nlang: en\n tags: [\n---\ntext\n")
    (corpus / "d.md").write_bytes(b"---\nid: d\nissued_on: soon\n---\ntext\n")
    lines = b'{"id": "z", "text": "Zeta gives a subsidy of 5 yuan."}\n{"id":\n'
    (corpus / "j.jsonl").write_bytes(lines)
    places = [f"{corpus}/{place}: " for place in ("d.md:3", "f.md:4", "j.jsonl:2", "n.txt:2")]
    for _ in range(2):
        ran = cli("index", "build", *where, "--json")
        assert ran.code == 2
        assert ran.json["documents"] == 2
        assert len(ran.json["skipped"]) == 4
        errors = [line for line in ran.err.splitlines() if line.startswith("error: ")]
        for place, error in zip(places, errors, strict=True):
            assert error.startswith(f"error: left out of the index: {place}")
    for _ in range(2):
        caplog.clear()
        answered = cli("ask", GRANT, *where, "--json")
        assert answered.code == 0
        assert "300,000" in answered.json["text"]
        assert [record.levelname for record in caplog.records if "left out" in record.message] == [
            "WARNING"
        ] * 4
    for name in ("n.txt", "f.md", "d.md", "j.jsonl"):
        (corpus / name).unlink()
    caplog.clear()
    assert cli("ask", GRANT, *where).code == 0
    assert "left out" not in caplog.text
    assert cli("index", "build", *where).code == 0


def test_many_files_that_are_left_out(
    cli: Any, alpha: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(12):
        (alpha[0] / f"{number:02}.txt").write_bytes(b"\xff")
    assert cli("ask", GRANT, "--corpus", alpha[0], "--store", alpha[1]).code == 0
    warned = [record.message for record in caplog.records if "left out" in record.message]
    assert len(warned) == 6
    assert "7 more; see `policy-assistant index status`" in warned[-1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read what it likes")
def test_corpus_that_may_not_be_read(cli: Any, alpha: tuple[Path, Path]) -> None:
    alpha[0].chmod(0)
    try:
        error = cli("index", "build", "--corpus", alpha[0], "--store", alpha[1]).error
    finally:
        alpha[0].chmod(0o700)
    assert f"corpus {alpha[0]}: cannot be read" in error


def test_corpus_whose_disk_fails(
    cli: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path]
) -> None:
    """What `chmod 000` does to others than root, and a failing disk to everybody."""
    read = Path.iterdir

    def refuse(self: Path) -> Iterator[Path]:
        if self == alpha[0]:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return read(self)

    environment.setattr(Path, "iterdir", refuse)
    for command in (("ask", GRANT), ("index", "build"), ("index", "status")):
        error = cli(*command, "--corpus", alpha[0], "--store", alpha[1]).error
        assert f"corpus {alpha[0]}: cannot be read: Permission denied" in error


# -- stores ----------------------------------------------------------------------------------


def overwrite_truth(version: Path) -> None:
    (version / "truth.sqlite").write_bytes(os.urandom(20_000))


def remove_truth(version: Path) -> None:
    (version / "truth.sqlite").unlink()


def remove_vectors(version: Path) -> None:
    shutil.rmtree(version / "vectors")


def overwrite_vectors(version: Path) -> None:
    (version / "vectors" / "chroma.sqlite3").write_bytes(os.urandom(5_000))


def overwrite_lexical(version: Path) -> None:
    for file in (version / "lexical").iterdir():
        file.write_text("x")


@pytest.mark.parametrize(
    "damage",
    [overwrite_truth, remove_truth, remove_vectors, overwrite_vectors, overwrite_lexical],
)
def test_damaged_store(over_alpha: Any, alpha: tuple[Path, Path], damage: Any) -> None:
    version = version_of(alpha[1])
    damage(version)
    for command in (("ask", GRANT), ("search", "grant", "--json")):
        error = over_alpha(*command).error
        assert str(version) in error
        assert "`policy-assistant index build`" in error
    verified = over_alpha("index", "verify", "--json")
    assert verified.code == 1
    assert verified.json["ok"] is False
    assert str(version) in verified.json["problem"]
    assert over_alpha("doctor").code == 1
    assert over_alpha("index", "build").code == 0
    assert "300,000" in over_alpha("ask", GRANT, "--json").json["text"]
    assert over_alpha("index", "verify").code == 0


@pytest.mark.parametrize("pointer", ["", "gone\n", "../..\n", "a/b\n"])
def test_pointer_to_nothing(over_alpha: Any, alpha: tuple[Path, Path], pointer: str) -> None:
    (alpha[1] / "CURRENT").write_text(pointer)
    assert "index build" in over_alpha("index", "verify").error
    assert over_alpha("ask", GRANT).code == 0, "a store without a version is a missing one"


def test_pointer_that_is_no_text(over_alpha: Any, alpha: tuple[Path, Path]) -> None:
    (alpha[1] / "CURRENT").write_bytes(b"\xff\xfe")
    assert str(alpha[1]) in over_alpha("ask", GRANT).error
    assert over_alpha("index", "build").code == 0
    assert over_alpha("ask", GRANT).code == 0


def test_missing_store_cannot_be_verified(cli: Any, alpha: tuple[Path, Path]) -> None:
    error = cli("index", "verify", "--store", alpha[1] / "none").error
    assert "`policy-assistant index build`" in error


def test_place_that_cannot_be_written(cli: Any, alpha: tuple[Path, Path]) -> None:
    file = alpha[0] / "alpha.md"
    for place in (file, file / "store"):
        for command in (("index", "build"), ("ask", GRANT), ("search", "grant")):
            error = cli(*command, "--corpus", alpha[0], "--store", place).error
            assert f"store {place}: cannot be" in error
    assert file.is_file()


def test_failed_build_keeps_the_version_before(
    over_alpha: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path]
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = version_of(alpha[1])
    (alpha[0] / "beta.txt").write_text("Beta gives free desks.\n")
    with environment.context() as patched:
        patched.setattr(Path, "mkdir", full)
        error = over_alpha("index", "build").error
    assert "No space left on device; free some space" in error
    assert version_of(alpha[1]) == before
    assert over_alpha("index", "verify").code == 0


def test_full_disk(
    cli: Any,
    environment: pytest.MonkeyPatch,
    corpus: Path,
    alpha: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system of one megabyte cannot be mounted here")
    try:
        store = disk / "store"
        assert cli("index", "build", "--corpus", alpha[0], "--store", store).code == 0
        before = version_of(store)
        for number in range(60):
            text = "\n\n".join(f"Town {number}-{n} pays a fee of {n} yuan." for n in range(20))
            (corpus / f"{number}.txt").write_text(text)
        error = _last_error(cli("index", "build", "--corpus", corpus, "--store", store))
        assert str(store) in error
        assert "full" in error or "No space" in error
        assert version_of(store) == before
        ran = cli("ask", GRANT, "--corpus", alpha[0], "--store", store, "--json")
        assert "300,000" in ran.json["text"]
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_another_process_builds(
    cli: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path], tmp_path: Path
) -> None:
    """Who has to wait is told so."""
    taken = Store(tmp_path / "store").lock()
    taken.__enter__()
    with environment.context() as patched:
        patched.setattr("index.store.time.sleep", lambda _: taken.__exit__(None, None, None))
        ran = cli("index", "build", "--corpus", alpha[0], "--store", tmp_path / "store")
    assert ran.code == 0
    assert ran.err.splitlines()[0] == "Waiting for another process that builds this index"


# -- models ----------------------------------------------------------------------------------


def test_model_that_is_not_prepared(
    cli: Any, environment: pytest.MonkeyPatch, alpha: tuple[Path, Path], tmp_path: Path
) -> None:
    environment.setenv("POLICY_CACHE", str(tmp_path / "cache"))
    where = ("--corpus", alpha[0], "--store", alpha[1])
    for command in (
        ("ask", GRANT), ("search", "grant"), ("index", "build"), ("index", "status"),
        ("index", "verify"),
    ):  # fmt: skip
        error = cli(*command, *where).error
        assert "multilingual-e5-small: not prepared" in error
        assert "`policy-assistant models prepare`" in error
    status = cli("models", "status")
    assert (status.code, status.err) == (1, "")
    assert "`policy-assistant models prepare`" in status.out
    assert cli("models", "status", "--json").json["prepared"] is False


def test_model_that_was_damaged(
    cli: Any,
    environment: pytest.MonkeyPatch,
    alpha: tuple[Path, Path],
    prepared_model: Path,
    tmp_path: Path,
) -> None:
    """Of the right size, so that it is found, and of the wrong content."""
    model = tmp_path / "cache" / "models" / prepared_model.name
    model.mkdir(parents=True)
    for name in ("model.json", "model.onnx"):
        (model / name).symlink_to(prepared_model / name)
    tokenizer = model / "tokenizer.json"
    tokenizer.write_bytes(b"x" * (prepared_model / "tokenizer.json").stat().st_size)
    environment.setenv("POLICY_CACHE", str(tmp_path / "cache"))
    error = cli("ask", GRANT, "--corpus", alpha[0], "--store", alpha[1]).error
    assert "tokenizer.json" in error
    assert "`policy-assistant models prepare`" in error
    tokenizer.write_bytes(b"x")
    assert "not prepared" in cli("ask", GRANT, "--corpus", alpha[0], "--store", alpha[1]).error


@pytest.mark.parametrize(
    ("behaviour", "options"),
    [
        ("down", {}),
        ("slow", {"pause_s": 20.0}),
        ("keepalive", {"pause_s": 0.05}),
        ("html", {}),
        ("prose", {}),
        ("invalid_json", {}),
        ("wrong_schema", {}),
        ("length", {}),
        ("cut", {}),
        ("silent_end", {}),
        ("error_event", {}),
        (500, {}),
        (401, {}),
        (404, {}),
    ],
)
def test_chat_model_that_fails(
    over_alpha: Any, environment: pytest.MonkeyPatch, behaviour: Any, options: dict[str, float]
) -> None:
    """Quotes answer in its place, and the answer says so."""
    environment.setenv("POLICY_LLM_TIMEOUT", "0.5")
    environment.setenv("POLICY_LLM_DEADLINE", "1")
    environment.setenv("POLICY_LLM_MAX_RETRIES", "0")
    with FakeModelServer(GOOD, behaviour, **options) as server:
        environment.setenv("POLICY_LLM_BASE_URL", server.base_url)
        ran = over_alpha("ask", GRANT, "--json")
    assert ran.code == 0, ran.err
    answer = ran.json
    assert "300,000" in answer["text"]
    assert answer["composer"] == "quotes"
    assert [notice["kind"] for notice in answer["notices"]].count("composer") == 1
    assert answer["citations"][0]["quote"]


def test_chat_model_that_answers(over_alpha: Any, environment: pytest.MonkeyPatch) -> None:
    with FakeModelServer(GOOD) as server:
        environment.setenv("POLICY_LLM_BASE_URL", server.base_url)
        environment.setenv("POLICY_LLM", "small-one")
        answer = over_alpha("ask", GRANT, "--json").json
    assert (answer["composer"], answer["model"]) == ("llm", "small-one")
    assert answer["usage"]["completion_tokens"] > 0
    assert not [notice for notice in answer["notices"] if notice["kind"] == "composer"]


# -- serving ---------------------------------------------------------------------------------


def test_port_in_use(over_alpha: Any, environment: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("the port comes first")

    environment.setattr(Assistant, "__init__", never)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for given in (["--port", port], []):
            environment.setenv("POLICY_PORT", str(port))
            error = over_alpha("serve", "--no-browser", *given).error
            assert f"127.0.0.1:{port}" in error
            assert "Address already in use" in error
            assert "--port" in error
