"""Make `.venv` and install the project into it, doing only what is not done yet.

Four steps: the virtual environment, torch, the locked packages, the project itself. Each is noted
in a stamp inside `.venv` once it is whole; where the stamp agrees with the lock files, a run ends
at once. A run that was killed is mended by running again: what it left half installed is found and
installed anew.

Standard library only, because it runs before anything is installed. It does not know what the
packages are for.

Environment:
    POLICY_TORCH  `cpu` (default): keep a torch that is there already, else install the CPU build;
                  `cuda`: the CUDA build (Linux, several GB);
                  an address: the package index to take the CPU build from.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 14)

# An old Python must get as far as this block: it and the whole file's syntax are those of 3.6.
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    import subprocess

    _found = []
    for _minor in range(OLDEST[1], NEWEST[1] + 1):
        try:
            subprocess.check_output([f"python3.{_minor}", "-V"], stderr=subprocess.STDOUT)
            _found.append(f"python3.{_minor}")
        except (OSError, subprocess.CalledProcessError):
            pass
    sys.stderr.write(
        f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed; {sys.executable} is "
        f"{sys.version.split()[0]}. Run again with PYTHON="
        f"{_found[-1] if _found else '/path/to/python3.11'}\n"
    )
    sys.exit(2)

import argparse
import csv
import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "setup-stamp.json"
MAKING = VENV / "setup-making"  # there while the environment is being made
LOG = ROOT / "build" / "setup.log"
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}

TORCH = "2.13.0"
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
ROOM_NEEDED = 3.0e9  # bytes free on the disk before a first installation
HEARTBEAT = 10.0  # seconds between progress lines where the output is not a terminal


class SetupError(Exception):
    """What went wrong and how to mend it, in words for the person who ran the command."""


# -- What is done ----------------------------------------------------------------------------------


def read_stamp() -> dict[str, str]:
    """Read which steps are whole; none where the environment is gone, moved or broken."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("venv") == ask_venv(VENV_IDENTITY) else {}


def write_stamp(stamp: dict[str, str]) -> None:
    """Replace the stamp in one move: a kill leaves the old one or the new one."""
    draft = STAMP.with_suffix(".draft")
    draft.write_text(json.dumps(stamp, indent=1) + "\n", "utf-8")
    draft.replace(STAMP)


def pending(stamp: dict[str, str], dev: bool) -> list[str]:
    """List, in order, the steps that `stamp` does not show as whole."""
    lock = "dev" if dev else "runtime"
    script = VENV / "bin" / "policy-assistant"
    whole = {
        "venv": "venv" in stamp,
        "torch": torch_will_do(stamp.get("torch", "")),
        "packages": stamp.get(lock) == lock_digest(lock),
        "project": stamp.get("project") == project_digest() and script.exists(),
    }
    return [name for name, done in whole.items() if not done]


def lock_digest(lock: str) -> str:
    """Hash a lock file."""
    return hashlib.sha256(LOCKS[lock].read_bytes()).hexdigest()


def project_digest() -> str:
    """Hash what an editable install depends on: pyproject.toml and which packages there are."""
    packages = sorted(module.parent.name for module in ROOT.glob("*/__init__.py"))
    text = (ROOT / "pyproject.toml").read_bytes() + " ".join(packages).encode()
    return hashlib.sha256(text).hexdigest()


VENV_IDENTITY = "import sys, pip; print(sys.version_info[:2], sys.prefix)"
TORCH_VERSION = "from importlib.metadata import version; print(version('torch'))"


def ask_venv(code: str) -> str:
    """Run a line in the environment's Python and give what it printed; empty if it failed."""
    try:
        answer = subprocess.run(
            [PYTHON, "-I", "-c", code], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def torch_will_do(version: str) -> bool:
    """Tell whether the installed torch is new enough and of the build that was asked for."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    if torch_choice() == "cuda" and version.endswith("+cpu"):
        return False
    return numbers >= [int(number) for number in TORCH.split(".")[:2]]


def torch_choice() -> str:
    """Read POLICY_TORCH: `cuda`, or the address of the index of CPU builds."""
    choice = os.environ.get("POLICY_TORCH") or "cpu"
    if choice == "cuda" and sys.platform != "linux":
        raise SetupError("POLICY_TORCH=cuda is for Linux; leave it out here.")
    if choice != "cuda" and choice != "cpu" and "://" not in choice:
        raise SetupError(f"POLICY_TORCH is {choice!r}: not cpu, cuda or the address of an index.")
    return TORCH_CPU_INDEX if choice == "cpu" else choice


# -- The steps -------------------------------------------------------------------------------------


class Setup:
    """Carries out steps and notes each in the stamp."""

    def __init__(self, stamp: dict[str, str], dev: bool, lock: int, steps: int) -> None:
        self.stamp, self.dev, self.lock = stamp, dev, lock
        self.progress = Progress(steps)

    def run(self, names: list[str]) -> None:
        """Carry out the steps in `names`."""
        titles = {
            "venv": "Virtual environment",
            "torch": "torch",
            "packages": "Locked packages",
            "project": "This project",
        }
        forget_half_installed()
        for name in names:
            self.progress.begin(titles[name])
            getattr(self, name)()
            write_stamp(self.stamp)
            self.progress.end()

    def venv(self) -> None:
        """Take over a working environment that somebody else made, or make one."""
        identity = ask_venv(VENV_IDENTITY)
        known = [f"{(3, minor)} {VENV}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
        left_by_us = MAKING.exists() or STAMP.exists()  # half made, moved, or of another Python
        if left_by_us or identity not in known:
            if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
                raise SetupError(
                    "Python's modules venv and ensurepip are missing; Debian and Ubuntu keep them "
                    "in a package of their own. Run: apt install python3-venv"
                )
            if VENV.exists():
                shutil.rmtree(VENV)
            VENV.mkdir()
            MAKING.touch()
            self.call([sys.executable, "-I", "-m", "venv", VENV], "No environment could be made")
            MAKING.unlink()
        self.stamp["venv"] = ask_venv(VENV_IDENTITY)

    def torch(self) -> None:
        """Keep the torch that is there, or install it from the first source that has it."""
        if not torch_will_do(ask_venv(TORCH_VERSION)):
            index = torch_choice()
            if index == "cuda":
                # `===`, because `==` would also take a +cpu wheel from the find-links.
                self.pip(f"torch==={TORCH}", failure="The CUDA build of torch was not installed")
            else:
                self.torch_for_cpu(index)
        self.stamp["torch"] = ask_venv(TORCH_VERSION)

    def torch_for_cpu(self, index: str) -> None:
        """Install the CPU build: from pip's find-links, or else from `index`."""
        # Only Linux's CPU builds have the suffix. Without it, pip could find a CUDA build in an
        # extra index of the user's.
        build = f"torch=={TORCH}" + ("+cpu" if sys.platform == "linux" else "")
        try:
            self.pip(
                "--no-index", "--no-deps", f"torch=={TORCH}", failure="torch was not installed"
            )
            return
        except SetupError as problem:
            if "No matching distribution" not in str(problem):
                raise
        self.progress.show(f"from {index}", lasting=True)
        source = ("--retries", "2", "--index-url", index)
        try:
            self.pip(*source, "--no-deps", build, failure=f"torch was not installed from {index}")
        except SetupError as problem:
            raise SetupError(
                f"{problem}\n"
                f"With a wheel of torch {TORCH}: PIP_FIND_LINKS=/its/folder make setup\n"
                "With another index of CPU builds: POLICY_TORCH=https://… make setup\n"
                "For the CUDA build, several GB, from pip's own index: POLICY_TORCH=cuda make setup"
            ) from problem

    def packages(self) -> None:
        """Install the lock, then see that torch loads with what it needs."""
        lock = "dev" if self.dev else "runtime"
        self.pip(
            *("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", LOCKS[lock]),
            failure="The locked packages were not installed",
            total=len(re.findall(rb"(?m)^\w", LOCKS[lock].read_bytes())),
        )
        self.call([PYTHON, "-I", "-c", "import torch"], "torch is installed but does not load")
        self.stamp[lock] = lock_digest(lock)
        if self.dev:  # the dev lock holds the runtime lock
            self.stamp["runtime"] = lock_digest("runtime")

    def project(self) -> None:
        """Install the console script and a link to this checkout."""
        self.pip(
            *("--no-index", "--no-build-isolation", "--no-deps", "--editable", ROOT),
            failure="This project was not installed",
        )
        self.stamp["project"] = project_digest()

    def pip(self, *arguments: str | Path, failure: str, total: int = 0) -> None:
        """Run `pip install`, showing how far it is of `total` packages."""
        options = ["--no-input", "--progress-bar", "off"]
        self.call([PYTHON, "-I", "-m", "pip", "install", *options, *arguments], failure, total)

    def call(self, command: list[str | Path], failure: str, total: int = 0) -> None:
        """Run `command`, its output to the log, its progress to the screen.

        Raises:
            SetupError: It failed; the message opens with `failure`, then names cause and log.
        """
        environment = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        with LOG.open("a+", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(map(str, command))}\n")
            start = log.tell()
            reading = PipReading(total)
            with subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                pass_fds=[self.lock],  # a pip that outlives a killed setup keeps the next waiting
            ) as process:
                reader = threading.Thread(target=reading.follow, args=(process.stdout, log))
                reader.start()
                try:
                    while reader.is_alive():
                        reader.join(0.2)
                        self.progress.show(reading.detail())
                finally:
                    if reader.is_alive():
                        process.terminate()
                    reader.join()
            if process.returncode != 0:
                log.seek(start)
                reason = f"{cause(log.read())}\nThe whole output is in {LOG.relative_to(ROOT)}"
                raise SetupError(f"{failure}: {reason}")


def cause(output: str) -> str:
    """Name the likely cause of a failed command from what it printed."""
    known = {
        r"No space left|Errno 28|Disk quota": (
            "no room is left on the disk (pip also needs some in TMPDIR and in its cache)."
        ),
        r"name resolution|NewConnectionError|Connection refused|Connect\w*Timeout|ReadTimeout"
        r"|Max retries|ProxyError|SSLError|Connection broken|Network is unreachable": (
            "the package index could not be reached. Check the network, and the index and proxy "
            "in `pip config list`."
        ),
        r"DO NOT MATCH THE HASHES": (
            "a file is not the one in the lock: damaged on the way, or another one is served."
        ),
    }
    for pattern, meaning in known.items():
        if re.search(pattern, output):
            return meaning
    lines = output.strip().splitlines() or ["it gave no reason."]
    return ([line for line in lines if re.search(r"[Ee]rror|ERROR", line)] or lines)[-1].strip()


# -- Mending ---------------------------------------------------------------------------------------


def distributions() -> list[Path]:
    """List the metadata folders of what is installed in the environment."""
    return list(VENV.glob("lib/python3*/site-packages/*.dist-info"))


def forget_half_installed() -> None:
    """Remove the metadata of every distribution that lacks a file, so that pip installs it anew.

    A killed pip can leave metadata without the files, and pip takes it for an installed package.
    """
    for folder in distributions():
        if not is_whole(folder):
            folder.rename(folder.with_name("~" + folder.name))
    for leftover in VENV.glob("lib/python3*/site-packages/~*"):
        shutil.rmtree(leftover)


def is_whole(folder: Path) -> bool:
    """Tell whether each file in the distribution's RECORD is there at its recorded size."""
    if not (folder / "INSTALLER").exists():  # pip writes it after the wheel's files
        return False
    try:
        with (folder / "RECORD").open(encoding="utf-8", newline="") as record:
            files = [(name, int(size)) for name, _, size in csv.reader(record) if size]
        return all(os.path.getsize(folder.parent / name) == size for name, size in files)
    except (OSError, ValueError):
        return False


# -- What is shown ---------------------------------------------------------------------------------


class Progress:
    """Says on stderr which step runs, how far it is, and how long it has taken."""

    def __init__(self, steps: int) -> None:
        self.steps, self.step, self.title = steps, 0, ""
        self.live = sys.stderr.isatty()
        self.began = self.spoke = time.monotonic()

    def begin(self, title: str) -> None:
        """Open the next step."""
        self.step, self.title = self.step + 1, title
        self.began = time.monotonic()
        self.show("…", lasting=not self.live)

    def end(self) -> None:
        """Close the step with the size of the environment."""
        self.show(f"done, .venv holds {megabytes(size_of(VENV))}", lasting=True)

    def show(self, detail: str, lasting: bool = False) -> None:
        """Write the step's line; unless `lasting`, it is replaced by the next or seldom written."""
        now = time.monotonic()
        if not detail or not (self.live or lasting or now - self.spoke >= HEARTBEAT):
            return
        self.spoke = now
        line = f"[{self.step}/{self.steps}] {self.title}: {detail} ({duration(now - self.began)})"
        if self.live:
            line = "\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write(line + ("" if self.live and not lasting else "\n"))
        sys.stderr.flush()


class PipReading:
    """Reads pip's output as it comes and tells from it how far pip is."""

    def __init__(self, total: int) -> None:
        self.total, self.seen, self.current = total, 0, ""
        self.to_unpack = self.there_before = 0

    def follow(self, output: Iterable[str], log: IO[str]) -> None:
        """Copy `output` to `log` and take note of what it says."""
        for line in output:
            log.write(line)
            log.flush()
            if re.match(r"Collecting|Ignoring|Requirement already", line):
                self.seen += 1
                self.current = re.sub(
                    r"(Requirement )?\w+ (satisfied: )?([^\s:;(]+).*\n", r"\3", line
                )
            elif re.match(r"\s+Downloading .*\(", line):
                self.current = self.current.split(",")[0] + ", " + line.strip()[:-1].split("(")[-1]
            elif line.startswith("Installing collected packages"):
                self.there_before = len(distributions())
                self.to_unpack = line.count(",") + 1

    def detail(self) -> str:
        """Say in a few words where pip is."""
        if self.to_unpack:
            done = len(distributions()) - self.there_before
            return f"unpacking {min(max(done, 0), self.to_unpack)} of {self.to_unpack}"
        if self.total and self.seen:
            return f"fetching {self.seen} of {self.total}, {self.current}"
        return self.current and f"fetching {self.current}"


def duration(seconds: float) -> str:
    """Give `seconds` as `4.2 s` or `2 min 05 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


def megabytes(size: float) -> str:
    """Give a size in bytes as `812 MB`."""
    return f"{size / 1e6:,.0f} MB"


def size_of(folder: Path) -> int:
    """Add up the bytes of the files below `folder`, links not followed."""
    found = ((parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sum(os.lstat(os.path.join(parent, name)).st_size for parent, name in found)


# -- The command -----------------------------------------------------------------------------------


def set_up(dev: bool) -> None:
    """Bring `.venv` up to date with the lock and the project.

    Raises:
        SetupError: A step failed.
    """
    if sys.platform == "darwin" and platform.machine() != "arm64":
        raise SetupError(
            "torch and ONNX Runtime are no longer built for Macs with Intel processors."
        )
    if not pending(read_stamp(), dev):
        sys.stderr.write("The environment in .venv is up to date.\n")
        return
    lock = take_lock()
    stamp = read_stamp()
    names = pending(stamp, dev)
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED and len(distributions()) < 100:
        raise SetupError(
            f"The disk has {megabytes(free)} free, and {megabytes(ROOM_NEEDED)} are needed."
        )
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    began = time.monotonic()
    Setup(stamp, dev, lock, len(names)).run(names)
    sys.stderr.write(f"The environment is ready ({duration(time.monotonic() - began)}).\n")


def take_lock() -> int:
    """Hold the checkout against a second setup, waiting for one that is at work."""
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("Another setup is at work in this checkout; waiting for it to end.\n")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main() -> int:
    """Run the command and give its exit code."""
    parser = argparse.ArgumentParser(description="Make .venv and install the project into it.")
    parser.add_argument("--dev", action="store_true", help="also install what tests need")
    options = parser.parse_args()
    newline = "\n" if sys.stderr.isatty() else ""  # leaves the live line standing
    try:
        set_up(options.dev)
    except SetupError as problem:
        sys.stderr.write(f"{newline}setup: {problem}\n")
        return 2
    except OSError as problem:
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
        sys.stderr.write(f"{newline}setup: {'the disk is full: ' if full else ''}{problem}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write(f"{newline}setup: interrupted; run it again to go on from here.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
