"""The process in which a version is built, or checked: `python -m index.worker`.

Reads one job as JSON from stdin and writes JSON lines to stdout: progress, and a result or an
error last. A crash of a native library ends this process only.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.build import build_version, check_version
from index.errors import IndexingError
from index.onnx_embedder import OnnxEmbedder
from index.store import Version


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Do the job on stdin.

    Returns:
        0 when done, 2 after an error that was said.
    """
    job = json.load(sys.stdin)
    place = job["vectors"]
    version = Version(Path(job["version"]), place if place.startswith("http") else Path(place))
    try:
        embedder = OnnxEmbedder.open(Path(job["model"]))
        if job["task"] == "check":
            check_version(version, embedder)
            _say({"done": None})
            return 0
        report = build_version(
            Path(job["corpus"]),
            version,
            embedder,
            earlier=[Path(path) for path in job["earlier"]],
            progress=lambda step, done, total: _say({"progress": [step, done, total]}),
        )
        _say({"done": asdict(report)})
        return 0
    except IndexingError as error:
        _say({"error": str(error), "kind": type(error).__name__})
    except OSError as error:
        _say({"error": f"store {version.path}: {error}; free some space or mend the permissions"})
    return 2


if __name__ == "__main__":
    sys.exit(main())
