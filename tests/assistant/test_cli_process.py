"""The command line as a process of its own: streams, signals, what is loaded, a real build."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.settings import PROJECT

PROGRAM = [sys.executable, "-c", "from assistant.cli import main; main()"]
LOADED = [
    sys.executable,
    "-c",
    "import sys\n"
    "from assistant.cli import run\n"
    "code = run()\n"
    "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    "sys.exit(code)",
]
GRANT = "How large is the grant for a lithium battery company in Alpha city?"
TRAINING = {"torch", "sentence_transformers", "transformers", "onnx"}
SERVING = {"gradio", "fastapi", "uvicorn", "langchain", "langchain_core", "openai"}
SEARCHING = {"numpy", "chromadb", "onnxruntime", "bm25s", "rich", "pydantic_settings"}


@pytest.fixture
def environ(
    environment: pytest.MonkeyPatch, alpha: tuple[Path, Path], prepared_model: Path
) -> dict[str, str]:
    """The environment of a process over a small corpus with an up-to-date store."""
    environment.setenv("POLICY_CORPUS", str(alpha[0]))
    environment.setenv("POLICY_STORE", str(alpha[1]))
    environment.setenv("PYTHONPATH", str(PROJECT))
    environment.setenv("TERM", "xterm")
    environment.delenv("COLUMNS", raising=False)
    return dict(os.environ)


def run(
    environ: dict[str, str], *args: Any, program: list[str] = PROGRAM, **given: Any
) -> subprocess.CompletedProcess[Any]:
    given = {"capture_output": True, "encoding": "utf-8", "timeout": 120, **given}
    return subprocess.run([*program, *args], env=environ, check=False, **given)


def start(
    environ: dict[str, str], *args: Any, program: list[str] = PROGRAM, **given: Any
) -> subprocess.Popen[str]:
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **given}
    # In a group of its own, to be interrupted as a terminal does it: with all its children.
    return subprocess.Popen([*program, *args], env=environ, start_new_session=True, **given)


def interrupt(process: subprocess.Popen[str]) -> tuple[str, str]:
    os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=20)


def questions(path: Path, count: int) -> Path:
    lines = (json.dumps({"id": str(n), "question": f"{GRANT} ({n})"}) for n in range(count))
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("command", [("ask", GRANT), ("search", "grant")], ids=["ask", "search"])
def test_only_json_on_stdout_and_only_what_is_needed(
    environ: dict[str, str], command: tuple[str, ...]
) -> None:
    ran = run(environ, *command, "--json", program=LOADED)
    assert ran.returncode == 0, ran.stderr
    assert "300,000" in json.dumps(json.loads(ran.stdout))
    (said,) = ran.stderr.splitlines()
    assert not (TRAINING | SERVING) & set(said.split())


@pytest.mark.parametrize("args", [["--help"], ["ask", "--help"], ["index", "nope"]], ids=" ".join)
def test_help_and_bad_usage_load_nothing(environ: dict[str, str], args: list[str]) -> None:
    ran = run(environ, *args, program=LOADED)
    assert not (TRAINING | SERVING | SEARCHING) & set(ran.stderr.splitlines()[-1].split())


def test_question_that_is_not_utf8(environ: dict[str, str]) -> None:
    for command in ("ask", "search"):
        ran = run(environ, command, b"\xff\xfe\xb0\xc0 grant")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "not valid UTF-8; check the terminal's" in ran.stderr
        assert len(ran.stderr.splitlines()) == 1


def test_folder_that_is_not_utf8(environ: dict[str, str], tmp_path: Path) -> None:
    ran = run(environ, "index", "status", "--json", "--store", os.fsencode(tmp_path) + b"/\xff")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["store"].endswith("/\udcff")


def test_terminal_of_another_language(environ: dict[str, str]) -> None:
    foreign = {**environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    ran = run(foreign, "ask", GRANT, "--lang", "zh")
    assert ran.returncode == 0, ran.stderr
    assert "“" in ran.stdout


def test_build_in_a_process_of_its_own(
    environ: dict[str, str], alpha: tuple[Path, Path], tmp_path: Path
) -> None:
    """What is left out is a warning for `ask`, and on stderr whatever is asked for."""
    (alpha[0] / "bad.md").write_text("---\nid: x\nlang: fr\n---\ntext\n")
    left_out = f"{alpha[0]}/bad.md:3: `lang: fr` is not known; use zh or en"
    ran = run({**environ, "POLICY_STORE": str(tmp_path / "store")}, "ask", GRANT, "--json")
    assert ran.returncode == 0, ran.stderr
    assert "300,000" in json.loads(ran.stdout)["text"]
    assert ran.stderr.splitlines() == [
        "Reading the documents",
        "Cutting passages",
        "Embedding passages: 0 of 2",
        "Weighing tokens",
        "Learning from sample questions",
        "Building the lexical index",
        "Building the vector index",
        "Checking the new index",
        f"warning: left out of the index: {left_out}",
    ]
    again = run({**environ, "POLICY_STORE": str(tmp_path / "store")}, "index", "build", "--json")
    assert again.returncode == 2
    assert json.loads(again.stdout)["skipped"] == [left_out]
    assert again.stderr == f"error: left out of the index: {left_out}\n"


def test_interrupted_batch(environ: dict[str, str], tmp_path: Path) -> None:
    process = start(environ, "ask", "--jsonl", questions(tmp_path / "q.jsonl", 5_000))
    assert process.stdout is not None
    first = process.stdout.readline()
    out, err = interrupt(process)
    assert process.returncode == 130
    answers = [json.loads(line) for line in (first + out).splitlines()]
    assert [answer["id"] for answer in answers] == [str(n) for n in range(len(answers))]
    assert err == "Answering: 0 of 5,000\n"


def test_interrupted_build(
    environ: dict[str, str], alpha: tuple[Path, Path], tmp_path: Path
) -> None:
    for number in range(200):
        (alpha[0] / f"{number}.txt").write_text(f"Town {number} pays a fee of {number} yuan.")
    process = start(environ, "index", "build")
    assert process.stderr is not None
    line = ""
    while not line.startswith("Embedding"):
        line = process.stderr.readline()
        assert line
    _, err = interrupt(process)
    assert process.returncode == 130
    assert "Traceback" not in err
    status = run(environ, "index", "status", "--json")
    assert json.loads(status.stdout)["state"] == "stale"
    assert run(environ, "index", "verify").returncode == 0, "the version before is whole"


@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.6])
def test_interrupted_while_it_loads(environ: dict[str, str], after_s: float) -> None:
    ready = "import sys; from assistant.cli import main; print(file=sys.stderr, flush=True); main()"
    process = start(environ, "search", "grant", program=[sys.executable, "-c", ready])
    assert process.stderr is not None
    assert process.stderr.readline() == "\n"
    time.sleep(after_s)
    assert interrupt(process) == ("", "")
    assert process.returncode == 130


def test_reader_that_has_enough(environ: dict[str, str], tmp_path: Path) -> None:
    """As `| head -1` does it."""
    process = start(environ, "ask", "--jsonl", questions(tmp_path / "q.jsonl", 5_000))
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["id"] == "0"
    process.stdout.close()
    assert process.wait(20) == 0
    assert process.stderr.read() == "Answering: 0 of 5,000\n"
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a thing of Linux")
def test_output_that_cannot_be_written(environ: dict[str, str]) -> None:
    for option in ((), ("--json",)):
        with open("/dev/full", "w") as full:
            ran = run(
                environ, "search", "grant", *option,
                capture_output=False, stdout=full, stderr=subprocess.PIPE,
            )  # fmt: skip
        assert ran.returncode == 2
        assert ran.stderr == "error: stdout: cannot be written: No space left on device\n"


def test_bar_on_a_terminal_and_results_in_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    results = tmp_path / "answers.jsonl"
    shown = b""
    with results.open("w") as file:
        file_of_questions = questions(tmp_path / "q.jsonl", 40)
        process = start(
            {**environ, "POLICY_STORE": str(tmp_path / "store")},
            "ask", "--jsonl", file_of_questions, stdout=file, stderr=terminal,
        )  # fmt: skip
        os.close(terminal)
        while process.poll() is None or select.select([screen], [], [], 0.2)[0]:
            if select.select([screen], [], [], 0.2)[0]:
                try:
                    shown += os.read(screen, 65_536)
                except OSError:  # the other end is closed
                    break
        process.wait(60)
    os.close(screen)
    assert process.returncode == 0
    assert len([json.loads(line) for line in results.read_text().splitlines()]) == 40
    text = shown.decode()
    assert "Embedding passages" in text
    assert "Answering" in text
    assert "of 40" in text
    assert '"question"' not in text


@pytest.mark.slow
def test_serve(environ: dict[str, str]) -> None:
    process = start(environ, "serve", "--port", "0", "--no-browser")
    assert process.stderr is not None
    try:
        lines = [process.stderr.readline(), process.stderr.readline()]
        assert lines[0] == "Loading the chat page\n"
        assert "(Ctrl+C stops it)" in lines[1]
        address = lines[1].split()[4]
        deadline = time.monotonic() + 30
        while True:
            try:
                assert httpx.get(f"{address}/healthz").status_code == 200
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        answer = httpx.post(f"{address}/api/v1/ask", json={"question": GRANT}, timeout=30).json()
        assert "300,000" in answer["text"]
        port = address.rpartition(":")[2]
        other = run(environ, "serve", "--port", port, "--no-browser")
        assert other.returncode == 2
        assert f"127.0.0.1:{port}: cannot be served on" in other.stderr
    finally:
        _, err = interrupt(process)
    assert process.returncode == 130
    assert "Traceback" not in err
