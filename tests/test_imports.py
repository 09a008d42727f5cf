"""Who may import whom, and where each library may be imported: read from the sources."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

PACKAGES: dict[str, set[str]] = {
    "prompts": set(),
    "index": set(),
    "assistant": {"index", "prompts"},
    "evals": {"assistant", "index", "prompts"},
}

# fmt: off
LIBRARIES: dict[str, list[str]] = {
    # the index
    "bm25s":                 ["index/lexical.py", "evals/benchmarks/peers.py"],
    "chromadb":              ["index/vector_store.py", "evals/benchmarks/peers.py"],
    "opencc":                ["index/lexical.py"],
    "rjieba":                ["index/lexical.py"],
    "spellchecker":          ["index/spelling.py"],
    "tiktoken":              ["index/tokens.py"],
    "yaml":                  ["index/loaders.py", "index/yaml_files.py"],
    # the embedding model: run by one module, prepared by the others; and the reranker
    "onnxruntime":           ["index/onnx_embedder.py", "index/model_preparation.py"],
    "tokenizers":            ["index/onnx_embedder.py", "index/e5_model.py"],
    "huggingface_hub":       ["index/reference_model.py", "index/cross_encoder.py",
                              "assistant/local/hub.py"],
    "safetensors":           ["index/model_preparation.py", "index/reference_model.py",
                              "index/cross_encoder.py"],
    "sentence_transformers": ["index/model_preparation.py", "index/reference_model.py",
                              "index/cross_encoder.py"],
    "torch":                 ["index/model_preparation.py", "index/e5_model.py",
                              "index/cross_encoder.py", "index/adapted_layers.py",
                              "evals/fitting/adapting.py",
                              "evals/fitting/gate.py", "evals/fitting/query_map.py",
                              "evals/fitting/training.py"],
    "transformers":          ["index/model_preparation.py", "index/e5_model.py",
                              "index/cross_encoder.py"],
    # chat models
    "langchain":             ["assistant/chat_model.py"],
    "langchain_core":        ["assistant/chat_*.py", "assistant/composers/runnable.py",
                              "assistant/testing.py", "index/langchain.py",
                              "evals/benchmarks/peers.py"],
    "langchain_openai":      ["assistant/chat_model.py"],
    "openai":                ["assistant/chat_model.py"],
    "xllamacpp":             ["assistant/local/serving.py"],
    # the front ends
    "fastapi":               ["assistant/api*.py", "assistant/ui/*"],
    "gradio":                ["assistant/ui/*"],
    "prometheus_client":     ["assistant/api_metrics.py"],
    "rich":                  ["assistant/cli/progress.py", "evals/progress.py"],
    "starlette":             ["assistant/api*.py"],
    "typer":                 ["assistant/cli/*", "evals/cli/*"],
    "uvicorn":               ["assistant/cli/serve.py"],
    # settings and data
    "httpx":                 ["index/vector_store.py"],
    "numpy":                 ["index/*", "evals/*", "assistant/verify.py",
                              "assistant/composers/candidates.py",
                              "assistant/composers/choosing.py", "assistant/exemplars.py"],
    "platformdirs":          ["assistant/settings.py", "assistant/ui/feedback.py"],
    "pydantic":              ["assistant/eligibility/file_forms.py",
                              "assistant/eligibility/loading.py",
                              "assistant/settings.py", "assistant/api_*models.py",
                              "assistant/chat_model.py", "assistant/testing.py",
                              "index/langchain.py", "evals/case_f*.py",
                              "evals/suites.py"],
    "pydantic_core":         ["index/faults.py", "assistant/eligibility/loading.py"],
    "pydantic_settings":     ["assistant/settings.py"],
    # evaluation only
    "langchain_text_splitters": ["evals/benchmarks/peer_sets.py"],
    "openpyxl":              ["evals/tables.py"],
}
# fmt: on

SLOW = {"torch", "sentence_transformers", "transformers", "gradio", "langchain", "langchain_core"}


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Line and top-level name of every import of a file, wherever in it; `.` is its package."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." if node.level else (node.module or "").split(".")[0]


def sources(package: str) -> list[Path]:
    found = sorted((PROJECT / package).rglob("*.py"))
    assert found, f"no sources in {package}/"
    return found


def places(library: str) -> dict[str, int]:
    """The files of the product that import a library, with the line."""
    found = {}
    for package in PACKAGES:
        for path in sources(package):
            for line, name in imports(path):
                if name == library:
                    found[path.relative_to(PROJECT).as_posix()] = line
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_those_below_them(package: str) -> None:
    allowed = PACKAGES[package] | {package, "."}
    wrong = [
        f"{path.relative_to(PROJECT)}:{line} imports {name}"
        for path in sources(package)
        for line, name in imports(path)
        if name in {*PACKAGES, "tests", "scripts"} and name not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_where_the_table_says(library: str) -> None:
    found = places(library)
    allowed = LIBRARIES[library]
    wrong = {
        f"{place}:{line}"
        for place, line in found.items()
        if not any(fnmatch(place, pattern) for pattern in allowed)
    }
    assert wrong == set(), f"{library} may be imported in {allowed}"
    unused = [p for p in allowed if not any(fnmatch(place, p) for place in found)]
    assert unused == [], f"{library} is not imported there any more: mend the table"


def test_every_library_is_in_the_table() -> None:
    known = {*LIBRARIES, *PACKAGES, *sys.stdlib_module_names, "."}
    unknown = defaultdict(list)
    for package in PACKAGES:
        for path in sources(package):
            for line, name in imports(path):
                if name not in known:
                    unknown[name].append(f"{path.relative_to(PROJECT)}:{line}")
    assert dict(unknown) == {}


def test_nothing_is_imported_by_a_name_in_a_string() -> None:
    """The rules above would not see it."""
    names = {"import_module", "__import__"}
    wrong = []
    for package in PACKAGES:
        for path in sources(package):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = getattr(node, "attr", getattr(node, "id", None))
                if named in names:
                    wrong.append(f"{path.relative_to(PROJECT)}:{getattr(node, 'lineno', 0)}")
    assert wrong == []


def test_setup_needs_nothing_but_python() -> None:
    found = {name for _, name in imports(PROJECT / "scripts" / "setup.py")}
    assert found <= set(sys.stdlib_module_names)


# -- what a question costs ---------------------------------------------------------------------


def modules_after(code: str, folder: Path, **environment: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded when `code` is done."""
    end = "\nimport json, sys\nsys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code + end],
        env=kept | {"PYTHONPATH": str(PROJECT)} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / "stdout").write_text(done.stdout, encoding="utf-8")
    return {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_opening_imports_nothing_slow(tmp_path: Path) -> None:
    loaded = modules_after("import assistant.opening", tmp_path)
    assert "assistant" in loaded
    assert loaded & SLOW == set()


COMMANDS = """
import sys
from assistant.cli import run
for command in (["ask", "配偶没有工作怎么办？", "--json"], ["search", "配偶", "--json"]):
    sys.argv = ["policy-assistant", *command, "--corpus", "corpus", "--store", "store"]
    assert run() == 0
"""


def test_asking_imports_nothing_slow(tmp_path: Path, prepared_model: Path) -> None:
    (tmp_path / "corpus").mkdir()
    text = "# 人才绿卡\n\n## 配偶 {#spouse}\n\n持卡人的配偶没有工作的，由当地安排就业。\n"
    (tmp_path / "corpus" / "card.md").write_text(text, encoding="utf-8")
    cache = prepared_model.parents[1]
    loaded = modules_after(COMMANDS, tmp_path, POLICY_CACHE=str(cache))
    assert "card/zh#spouse" in (tmp_path / "stdout").read_text(encoding="utf-8")
    assert "onnxruntime" in loaded
    assert loaded & SLOW == set()
