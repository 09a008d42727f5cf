"""Where a store keeps its versions, and the pointer that says which one is current.

    STORE/
      CURRENT              the name of the published version, replaced in one step
      build.lock           held by the one process that builds
      versions/NAME/       truth.sqlite, lexical/, vectors/, learnt.npz; never changed afterwards

With a Chroma server the vectors are a collection there, named after the version, and the rest
stays in the local folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import StoreBusyError, StoreError, StoreMissingError

_COLLECTION_PREFIX = "policy-"


@dataclass(frozen=True)
class Version:
    """One build: a folder, and the place of its vectors.

    Attributes:
        path: The folder.
        vectors: The folder, or the URL of the server, that holds its vectors.
    """

    path: Path
    vectors: Path | str

    @property
    def truth(self) -> Path:
        """The SQLite file."""
        return self.path / "truth.sqlite"

    @property
    def lexical(self) -> Path:
        """The folder of the BM25 index."""
        return self.path / "lexical"

    @property
    def learnt(self) -> Path:
        """The file of what was learnt from sample questions."""
        return self.path / "learnt.npz"

    @property
    def collection(self) -> str:
        """The name of the collection of vectors."""
        return _COLLECTION_PREFIX + self.path.name


@dataclass(frozen=True)
class Store:
    """A store: a local folder, and a Chroma server where one is used."""

    root: Path
    server: str | None = None

    @classmethod
    def at(cls, place: str, cache: Path) -> Store:
        """The store that `--store` or `POLICY_STORE` names.

        Args:
            place: A folder, or the `http(s)://` URL of a Chroma server.
            cache: Where the local part of a store on a server is kept.
        """
        if place.startswith(("http://", "https://")):
            url = place.rstrip("/")
            mark = hashlib.sha256(url.encode()).hexdigest()[:12]
            return cls(cache / "stores" / mark, url)
        if "://" in place:
            raise StoreError(
                f"store {place}: this kind of address is not known; give a folder, or the http:// "
                "address of a Chroma server"
            )
        return cls(Path(place).expanduser())

    def __str__(self) -> str:
        """The place as people know it."""
        return self.server or str(self.root)

    @property
    def versions(self) -> Path:
        """The folder of all versions."""
        return self.root / "versions"

    def current(self) -> Version:
        """The published version.

        Raises:
            StoreMissingError: None was published.
            StoreError: The folder cannot be read.
        """
        try:
            name = (self.root / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise StoreMissingError(
                f"store {self}: nothing is built there yet; run `policy-assistant index build`"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(
                f"store {self}: cannot be read ({error}); mend the permissions, or remove the file "
                "CURRENT there and run `policy-assistant index build`"
            ) from error
        path = self.versions / name
        if not name or "/" in name or not path.is_dir():
            raise StoreMissingError(
                f"store {self}: version {name!r} is gone; run `policy-assistant index build`"
            )
        return self.version(name)

    def version(self, name: str) -> Version:
        """A version by name, whether it exists or not."""
        path = self.versions / name
        return Version(path, self.server or path / "vectors")

    def new_version(self) -> Version:
        """A fresh name; the folder is made."""
        # Microseconds: a name is never used twice, and Chroma keeps clients by path.
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f") + f"-{os.getpid()}"
        version = self.version(name)
        with _disk_errors(self.root):
            version.path.mkdir(parents=True)
        return version

    def publish(self, version: Version) -> None:
        """Make a version the current one, in one atomic step."""
        fresh = self.root / f"CURRENT.{os.getpid()}"
        with _disk_errors(self.root):
            with fresh.open("w", encoding="utf-8") as file:
                file.write(version.path.name + "\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.root / "CURRENT")

    def other_versions(self, current: Version | None) -> list[Version]:
        """Every version folder but the current one, newest first."""
        if not self.versions.is_dir():
            return []
        names = sorted((p.name for p in self.versions.iterdir() if p.is_dir()), reverse=True)
        return [self.version(name) for name in names if not current or name != current.path.name]

    def remove(self, version: Version) -> None:
        """Delete a version's folder."""
        shutil.rmtree(version.path, ignore_errors=True)

    @contextmanager
    def lock(self, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the right to build.

        Args:
            wait_s: How long to wait for another builder.

        Raises:
            StoreBusyError: Another process still holds it.
        """
        with _disk_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            file = (self.root / "build.lock").open("a")
        with file:
            deadline = time.monotonic() + wait_s
            while True:
                with suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                if time.monotonic() > deadline:
                    raise StoreBusyError(
                        f"store {self}: another process is building it; wait for it to finish"
                    )
                time.sleep(0.2)
            yield


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"store {root}: cannot be written: {error.strerror}; free some space, mend the "
            "permissions, or name another place with --store"
        ) from error
