"""Serves one GGUF model over HTTP on loopback: the program of a `LocalServer`'s process.

The only module that imports xllamacpp; it imports nothing of ours, so that it can run anywhere.
It reads one line of JSON from stdin (`model`, `name`, `context`, `threads`, `key`), writes one line
to stdout (`{"address": …}` or `{"error": …}`) and serves until stdin is closed: then whoever
started it has stopped it, or is dead.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

_ERRORS_ONLY = 1
# The prompt is the same for every question of a language; what was read of it is kept.
_PROMPT_CACHE_MIB = 512


def main() -> int:
    """Serve; returns the process's exit code."""
    # Ctrl-C reaches a whole process group; ours ends when stdin does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    try:
        server = _server(job)
    except ImportError as error:
        return _say({"error": f"xllamacpp does not load ({error})", "missing": True}, 1)
    except (RuntimeError, ValueError, OSError) as error:
        return _say({"error": str(error) or type(error).__name__}, 1)
    _say({"address": server.listening_address}, 0)
    sys.stdin.read()
    return 0


def _server(job: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = job["model"]
    params.model_alias = {job["name"]}
    params.n_ctx = job["context"]
    # One question after the other: slots would share the window, and the processors.
    params.n_parallel = 1
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [job["key"]]
    # A page in a browser is nobody who may ask.
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = _ERRORS_ONLY
    if job["threads"]:
        params.cpuparams.n_threads = job["threads"]
        params.cpuparams_batch.n_threads = job["threads"]
    return xllamacpp.Server(params)


def _say(message: dict[str, Any], code: int) -> int:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
