"""Keeping a store true to its corpus: build, check and publish a version, or say what is stale."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from index import errors
from index.build import FORMAT, BuildReport, Progress, build_version, check_version, corpus_digest
from index.embedding import Embedder
from index.errors import IndexingError, StoreError, StoreMissingError
from index.store import Store, Version
from index.truth import Truth
from index.vector_store import drop_collections

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoreStatus:
    """What a store holds, against a corpus and a model.

    Attributes:
        state: `current`, `stale` (the corpus changed), `mismatch` (another model or format) or
            `missing`.
        why: One line for people.
        version: The published version, if any.
        manifest: Its manifest; empty where there is none.
    """

    state: str
    why: str
    version: Version | None
    manifest: dict[str, Any]


class Builder(Protocol):
    """Builds and checks versions; in a process of its own, or here."""

    def build(
        self, corpus: Path, version: Version, earlier: list[Path], progress: Progress
    ) -> BuildReport:
        """See `index.build.build_version`."""

    def check(self, version: Version) -> None:
        """See `index.build.check_version`."""


class InProcessBuilder:
    """Builds here, with any embedder. For tests and for embedders that are not files."""

    def __init__(self, embedder: Embedder) -> None:
        """Take the embedder."""
        self._embedder = embedder

    def build(
        self, corpus: Path, version: Version, earlier: list[Path], progress: Progress
    ) -> BuildReport:
        """Build here."""
        return build_version(corpus, version, self._embedder, earlier, progress)

    def check(self, version: Version) -> None:
        """Check here."""
        check_version(version, self._embedder)


class WorkerBuilder:
    """Builds in a process of its own (`index.worker`) with a prepared model."""

    def __init__(self, model_dir: Path) -> None:
        """Take the folder of a prepared model."""
        self._model_dir = model_dir

    def build(
        self, corpus: Path, version: Version, earlier: list[Path], progress: Progress
    ) -> BuildReport:
        """Build in another process."""
        job = {"corpus": str(corpus), "earlier": [str(path) for path in earlier]}
        result = self._run("build", version, job, progress)
        result["skipped"] = tuple(result["skipped"])
        return BuildReport(**result)

    def check(self, version: Version) -> None:
        """Check in another process: opening a damaged vector store can end it."""
        self._run("check", version, {}, lambda *_: None)

    def _run(
        self, task: str, version: Version, job: dict[str, Any], progress: Progress
    ) -> dict[str, Any]:
        job |= {"task": task, "version": str(version.path), "vectors": str(version.vectors)}
        job["model"] = str(self._model_dir)
        # -P: a file `index.py` in the folder that the user stands in is not ours.
        command = [sys.executable, "-P", "-m", "index.worker"]
        paths = [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                with suppress(BrokenPipeError):  # It ended at once; its code is reported below.
                    process.stdin.write(json.dumps(job))
                    process.stdin.close()
                for line in process.stdout:
                    message = json.loads(line)
                    if "progress" in message:
                        progress(*message["progress"])
                    elif "done" in message:
                        return message["done"] or {}
                    else:
                        kind = getattr(errors, message.get("kind", ""), StoreError)
                        raise kind(message["error"])
            except BaseException:
                process.terminate()
                raise
        raise StoreError(
            f"store {version.path}: the process that was to {task} it ended with code "
            f"{process.returncode}; run `policy-assistant index build` again, and "
            "`policy-assistant doctor` if it happens twice"
        )


def status(store: Store, corpus: Path, fingerprint: str) -> StoreStatus:
    """Compare a store with a corpus and a model.

    Raises:
        CorpusError: The corpus is missing.
        StoreError: The store cannot be read.
    """
    try:
        version = store.current()
    except StoreMissingError as error:
        return StoreStatus("missing", str(error), None, {})
    truth = Truth.open(version.truth)
    try:
        manifest = truth.manifest()
        manifest["documents"] = truth.count("documents")
        manifest["passages"] = truth.count("passages")
    finally:
        truth.close()
    if manifest.get("format") != FORMAT:
        why = f"made by format {manifest.get('format')}, this program writes {FORMAT}"
        return StoreStatus("mismatch", why, version, manifest)
    if manifest.get("embedder") != fingerprint:
        why = f"made with the model {manifest.get('embedder')}, not {fingerprint}"
        return StoreStatus("mismatch", why, version, manifest)
    if manifest.get("corpus_digest") != corpus_digest(corpus):
        return StoreStatus("stale", f"corpus {corpus} has changed since", version, manifest)
    return StoreStatus("current", "up to date", version, manifest)


def update(
    store: Store,
    corpus: Path,
    builder: Builder,
    fingerprint: str,
    *,
    progress: Progress = lambda *_: None,
    wait_s: float = 600.0,
    force: bool = False,
) -> BuildReport:
    """Bring a store up to date with a corpus; nothing is built where it is already.

    Where the store is up to date its parts are checked, and a damaged version is built anew. A
    version is built in a fresh folder, opened and checked, and only then published; a failure
    leaves the published version as it was. The one before it is kept for readers that have it
    open.

    Args:
        store: The store.
        corpus: The folder of documents.
        builder: Does the building.
        fingerprint: The embedder's.
        progress: Told (step, done, total).
        wait_s: How long to wait for another builder of this store.
        force: Build even where the store is up to date.

    Raises:
        CorpusError: The corpus cannot be read or is empty.
        StoreError: The store cannot be written, or the new version failed its check.
    """
    with store.lock(wait_s):
        before = _status_or_none(store, corpus, fingerprint)
        fresh = before and before.state == "current" and before.version and not force
        if before and before.version and fresh and _is_whole(before.version, builder):
            manifest = before.manifest
            return BuildReport(
                version=before.version.path.name,
                documents=manifest["documents"],
                passages=manifest["passages"],
                embedded=0,
                skipped=tuple(manifest["skipped"]),
                changed=False,
            )
        current = before.version if before else None
        others = store.other_versions(current)
        earlier = [version.truth for version in ([current] if current else []) + others]
        version = store.new_version()
        embedded = 0

        def tell(step: str, done: int, total: int) -> None:
            nonlocal embedded
            embedded = done if step == "embed" else embedded
            progress(step, done, total)

        try:
            report = builder.build(corpus, version, _of_model(earlier, fingerprint), tell)
            progress("check", 0, 1)
            builder.check(version)
        except BaseException as error:
            # What was embedded so far stays for the next attempt, unless there is no room.
            no_room = isinstance(error, IndexingError) and "free some space" in str(error)
            if no_room or not embedded:
                _drop_vectors(store, [version])
                store.remove(version)
            raise
        store.publish(version)
        if _drop_vectors(store, others):
            for old in others:
                store.remove(old)
        progress("check", 1, 1)
        return report


def _status_or_none(store: Store, corpus: Path, fingerprint: str) -> StoreStatus | None:
    try:
        return status(store, corpus, fingerprint)
    except StoreError:
        return None


def _of_model(paths: list[Path], fingerprint: str) -> list[Path]:
    kept = []
    for path in paths:
        try:
            truth = Truth.salvage(path)
        except StoreError:
            continue
        try:
            if truth.manifest().get("embedder") == fingerprint:
                kept.append(path)
        except StoreError:
            continue
        finally:
            truth.close()
    return kept


def _is_whole(version: Version, builder: Builder) -> bool:
    try:
        builder.check(version)
    except StoreError as error:
        log.warning("building anew: %s", error)
        return False
    return True


def _drop_vectors(store: Store, versions: list[Version]) -> bool:
    """Drop the versions' collections from the server; no others, which may be another store's."""
    if store.server and versions:
        try:
            drop_collections(store.server, [version.collection for version in versions])
        except StoreError as error:
            log.warning("old vectors were left: %s", error)
            return False
    return True
