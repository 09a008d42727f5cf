"""Runs a local model as a server of our own, from its start to its end.

The server is a process of its own (`assistant.local.serving`), so that a fault in it ends no
conversation, and it ends when this process does, however that dies: it lives as long as the pipe
that it reads from. This module knows processes, not what is asked of them.
"""

from __future__ import annotations

import atexit
import json
import logging
import secrets
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Self

from assistant.errors import LocalModelError

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("serving.py")
_START_S = 300.0
_STOP_S = 5.0
_PACKAGE = "xllamacpp"


@dataclass
class LocalServer:
    """A model that is being served on loopback.

    Attributes:
        base_url: Where, up to and including `/v1`.
        key: What every request must carry: other users of the machine have no business there.
    """

    base_url: str
    key: str = field(repr=False)
    _process: subprocess.Popen[str] = field(repr=False)

    @classmethod
    def start(
        cls,
        model: Path,
        name: str,
        *,
        context: int,
        threads: int | None = None,
        program: Path = PROGRAM,
    ) -> Self:
        """Start a server and wait until it has loaded the model.

        Args:
            model: A GGUF file.
            name: What the model is called in answers.
            context: Its window in tokens.
            threads: Of the processor; `None` takes all cores.
            program: What the process runs.

        Raises:
            LocalModelError: xllamacpp is not installed, or the model cannot be loaded.
        """
        key = secrets.token_urlsafe(24)
        job = {"model": str(model), "name": name, "context": context, "threads": threads}
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            # -P: nothing in the folder of the program is a module of its own.
            process = subprocess.Popen(
                [sys.executable, "-P", str(program)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
            )
            server = cls("", key, process)
            atexit.register(server.stop)
            try:
                said = server._first_words(job | {"key": key})
            except BaseException:
                server.stop()
                raise
            if "address" not in said:
                server.stop()
                errors.seek(0)
                raise LocalModelError(_why(model, said, errors.read(), process.returncode))
        server.base_url = f"{said['address']}/v1"
        log.info("%s serves %s at %s", _PACKAGE, name, server.base_url)
        return server

    def stop(self) -> None:
        """End the server; it may have ended before."""
        atexit.unregister(self.stop)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                with suppress(BrokenPipeError):
                    pipe.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _first_words(self, job: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        watch = threading.Timer(_START_S, self._process.kill)
        watch.start()
        try:
            stdin.write(json.dumps(job) + "\n")
            stdin.flush()
            for line in stdout:
                if line.startswith("{"):
                    said: dict[str, Any] = json.loads(line)
                    return said
        except BrokenPipeError:
            pass
        finally:
            watch.cancel()
        return {}


def _why(model: Path, said: dict[str, Any], errors: str, code: int | None) -> str:
    if said.get("missing"):
        return (
            f"POLICY_LLM=local needs the package {_PACKAGE} ({said['error']}): run "
            f"`{sys.executable} -m pip install {_PACKAGE}`, or set POLICY_LLM_BASE_URL to a server "
            "of your own"
        )
    told = [line for line in errors.splitlines() if "error" in line.lower()]
    last = " ".join((told or errors.splitlines() or [f"it ended with code {code}"])[0].split())
    return (
        f"{model}: cannot be served ({said.get('error', last)}; {last}); see whether it is a GGUF "
        "model that llama.cpp knows and there is memory for it, or lower POLICY_LLM_CONTEXT"
    )
