from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from index.errors import ModelError
from index.model_store import (
    DEFAULT_MODEL,
    DEFAULT_RECIPE,
    ModelSource,
    PreparationCheck,
    PreparedFile,
    PreparedModel,
    Recipe,
    check_files,
    directory_name,
    file_sha256,
    find_prepared,
    folder_digest,
    folder_stamp,
    models_root,
    read_manifest,
)


def prepared(
    cache: Path, name: str = DEFAULT_MODEL, source: ModelSource | None = None
) -> PreparedModel:
    """Put something in the cache that looks like a prepared model."""
    source = source or ModelSource("wheel", DEFAULT_RECIPE.source_digest)
    adapter = DEFAULT_RECIPE.adapter if name == DEFAULT_MODEL else ""
    recipe = Recipe(source.digest, "query: ", "passage: ", "mean", adapter)
    path = models_root(cache) / directory_name(name, recipe.fingerprint)
    path.mkdir(parents=True)
    files = {"model.onnx": b"onnx", "tokenizer.json": b"{}"}
    for file, content in files.items():
        (path / file).write_bytes(content)
    model = PreparedModel(
        path=path,
        name=name,
        fingerprint=recipe.fingerprint,
        recipe=recipe,
        source=source,
        dim=3,
        max_sequence=8,
        pad_id=1,
        normalise=True,
        check=PreparationCheck(12, 0.99, 0.98),
        versions={"torch": "2"},
        files={f: PreparedFile(len(c), file_sha256(path / f)) for f, c in files.items()},
    )
    (path / "model.json").write_text(model.to_json(), encoding="utf-8")
    return model


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    model = prepared(tmp_path)
    assert read_manifest(model.path) == model
    assert str(tmp_path) not in model.to_json()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "no prepared embedding model"),
        ("", "is broken"),
        ("[]", "is broken"),
        ('{"recipe": {"preparation": 2}}', "is broken"),
        ('{"recipe": {"preparation": 99}}', "was made by preparation 99"),
    ],
)
def test_a_broken_manifest_is_named(tmp_path: Path, content: str | None, complaint: str) -> None:
    if content is not None:
        (tmp_path / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=f"{complaint}.*policy-assistant models prepare"):
        read_manifest(tmp_path)


def test_files_are_checked(tmp_path: Path) -> None:
    model = prepared(tmp_path)
    check_files(model, digests=True)
    (model.path / "tokenizer.json").write_bytes(b"[]")
    check_files(model)
    with pytest.raises(ModelError, match=r"tokenizer.json was changed"):
        check_files(model, digests=True)
    (model.path / "tokenizer.json").write_bytes(b"{")
    with pytest.raises(ModelError, match="has 1 bytes instead of 2"):
        check_files(model)
    (model.path / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer.json cannot be read.*models prepare"):
        check_files(model)


def test_a_manifest_must_list_the_files(tmp_path: Path) -> None:
    model = prepared(tmp_path)
    record = json.loads(model.to_json())
    del record["files"]["model.onnx"]
    (model.path / "model.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelError, match=r"lists no model.onnx"):
        check_files(read_manifest(model.path))


def test_the_default_model_is_found_by_its_recipe(tmp_path: Path) -> None:
    assert find_prepared(DEFAULT_MODEL, tmp_path) is None
    model = prepared(tmp_path)
    assert find_prepared(DEFAULT_MODEL, tmp_path) == model.path
    (model.path / "model.onnx").write_bytes(b"")
    assert find_prepared(DEFAULT_MODEL, tmp_path) is None


def test_a_hub_model_is_found_by_its_name(tmp_path: Path) -> None:
    model = prepared(tmp_path, "someone/some-model", ModelSource("hub", "ab" * 32, "c0ffee"))
    assert find_prepared("someone/some-model", tmp_path) == model.path
    assert find_prepared("someone/another-model", tmp_path) is None


def test_a_folder_is_found_by_its_content(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("x", encoding="utf-8")
    source = ModelSource("folder", folder_digest(folder), stamp=folder_stamp(folder))
    model = prepared(tmp_path, str(folder), source)
    assert find_prepared(str(folder), tmp_path) == model.path

    moved = folder.rename(tmp_path / "moved")
    os.utime(moved / "1_Pooling" / "config.json", (1, 1))
    (moved / ".git" / "HEAD").write_text("y", encoding="utf-8")
    assert folder_stamp(moved) != source.stamp
    assert find_prepared(str(moved), tmp_path) == model.path

    (moved / "1_Pooling" / "config.json").write_text("[]", encoding="utf-8")
    assert find_prepared(str(moved), tmp_path) is None


@pytest.mark.parametrize(
    ("name", "directory"),
    [
        ("multilingual-e5-small", "multilingual-e5-small-0123456789ab"),
        ("BAAI/bge-small-zh-v1.5", "bge-small-zh-v1.5-0123456789ab"),
        ("./models/My Model/", "my-model-0123456789ab"),
        ("模型", "model-0123456789ab"),
        ("..", "model-0123456789ab"),
    ],
)
def test_directory_names(name: str, directory: str) -> None:
    assert directory_name(name, "0123456789abcdef") == directory


def test_the_fingerprint_depends_on_all_that_decides_the_vectors() -> None:
    recipes = [
        Recipe("a", "query: ", "passage: ", "mean"),
        Recipe("b", "query: ", "passage: ", "mean"),
        Recipe("a", "", "passage: ", "mean"),
        Recipe("a", "query: ", "", "mean"),
        Recipe("a", "query: ", "passage: ", "cls"),
        Recipe("a", "query: ", "passage: ", "mean", "of questions"),
        Recipe("a", "query: ", "passage: ", "mean", preparation=0),
    ]
    assert len({recipe.fingerprint for recipe in recipes}) == len(recipes)
    assert recipes[0].fingerprint == Recipe("a", "query: ", "passage: ", "mean").fingerprint
