"""What every `VectorStore` promises, by Chroma in a folder and by Chroma on a server."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path

import numpy as np
import pytest

from index import vector_store
from index.embedding import Vector
from index.errors import StoreError
from index.vector_store import ChromaVectors, VectorStore, drop_collections

_numbers = itertools.count()


def unit_vectors(n: int, dim: int = 16, seed: int = 0) -> Vector:
    vectors = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class VectorStoreContract:
    """Subclasses say where collections are made."""

    @pytest.fixture
    def place(self) -> Path | str:
        raise NotImplementedError

    @pytest.fixture
    def collection(self) -> str:
        return f"contract-{next(_numbers)}"

    @pytest.fixture
    def store(self, place: Path | str, collection: str) -> VectorStore:
        return ChromaVectors.create(place, collection)

    def test_a_new_one_is_empty(self, store: VectorStore) -> None:
        assert store.count() == 0

    def test_the_nearest_are_found_in_order(self, store: VectorStore) -> None:
        vectors = unit_vectors(300)
        store.add(vectors, ["zh", "en", "en"] * 100)
        assert store.count() == 300
        for query in unit_vectors(20, seed=1):
            cosines = vectors @ query
            expected = np.argsort(-cosines)[:10]
            found = store.search(query, 10)
            assert [number for number, _ in found] == expected.tolist()
            assert [cosine for _, cosine in found] == pytest.approx(cosines[expected], abs=1e-4)

    def test_one_language_may_be_asked_for(self, store: VectorStore) -> None:
        vectors = unit_vectors(300)
        store.add(vectors, ["zh", "en", "en"] * 100)
        for query in unit_vectors(5, seed=1):
            expected = np.argsort(-(vectors[::3] @ query))[:10] * 3
            assert [number for number, _ in store.search(query, 10, "zh")] == expected.tolist()
        assert store.search(vectors[0], 10, "fr") == []

    def test_numbers_go_on_from_the_last(
        self, store: VectorStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(vector_store, "_BATCH", 7)
        vectors = unit_vectors(60)
        store.add(vectors[:33], ["zh"] * 20 + ["en"] * 13)
        store.add(vectors[33:], ["en"] * 27)
        assert store.count() == 60
        for number in range(60):
            lang = "zh" if number < 20 else "en"
            ((found, cosine),) = store.search(vectors[number], 1, lang)
            assert found == number
            assert cosine == pytest.approx(1, abs=1e-4)

    def test_no_more_are_found_than_there_are(self, store: VectorStore) -> None:
        vectors = unit_vectors(3)
        store.add(vectors, ["zh", "zh", "en"])
        assert sorted(number for number, _ in store.search(vectors[0], 50)) == [0, 1, 2]
        assert sorted(number for number, _ in store.search(vectors[0], 50, "zh")) == [0, 1]

    def test_opposites_have_a_negative_cosine(self, store: VectorStore) -> None:
        vector = unit_vectors(1)
        store.add(np.concatenate([vector, -vector]), ["zh", "zh"])
        assert store.search(vector[0], 2) == [
            (0, pytest.approx(1, abs=1e-4)),
            (1, pytest.approx(-1, abs=1e-4)),
        ]

    def test_it_can_be_opened_again(
        self, store: VectorStore, place: Path | str, collection: str
    ) -> None:
        vectors = unit_vectors(50)
        store.add(vectors, ["zh"] * 50)
        opened: VectorStore = ChromaVectors.open(place, collection)
        assert opened.count() == 50
        assert opened.search(vectors[7], 5) == store.search(vectors[7], 5)

    def test_collections_do_not_mix(self, store: VectorStore, place: Path | str) -> None:
        store.add(unit_vectors(3), ["zh"] * 3)
        other: VectorStore = ChromaVectors.create(place, f"contract-{next(_numbers)}")
        other.add(unit_vectors(2, dim=4), ["zh"] * 2)
        assert (store.count(), other.count()) == (3, 2)

    def test_errors_name_the_place_and_the_mend(
        self, store: VectorStore, place: Path | str, collection: str
    ) -> None:
        store.add(unit_vectors(3), ["zh"] * 3)
        said = f"vector store {place}: .*policy-assistant (doctor|index build)"
        with pytest.raises(StoreError, match=said):
            ChromaVectors.open(place, "not-there")
        with pytest.raises(StoreError, match=said):
            ChromaVectors.create(place, collection)
        with pytest.raises(StoreError, match=said):
            store.search(unit_vectors(1, dim=3)[0], 1)
        with pytest.raises(StoreError, match=said):
            store.add(unit_vectors(1, dim=3), ["zh"])
        assert store.count() == 3


class TestChromaInAFolder(VectorStoreContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        return tmp_path / "vectors"

    def test_a_missing_folder_is_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match=r"nowhere: missing; run `policy-assistant index buil"):
            ChromaVectors.open(tmp_path / "nowhere", "contract")
        assert not (tmp_path / "nowhere").exists()

    def test_a_file_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "vectors").write_text("in the way")
        with pytest.raises(StoreError, match="vectors"):
            ChromaVectors.create(tmp_path / "vectors", "contract")

    def test_a_link_is_followed_each_time(self, tmp_path: Path) -> None:
        """Chroma keeps clients by path: a link that moves must not show the old folder."""
        link = tmp_path / "link"
        for name, size in (("a", 2), ("b", 3)):
            ChromaVectors.create(tmp_path / name, "contract").add(unit_vectors(size), ["zh"] * size)
            link.unlink(missing_ok=True)
            link.symlink_to(tmp_path / name)
            assert ChromaVectors.open(link, "contract").count() == size


class TestChromaOnAServer(VectorStoreContract):
    @pytest.fixture
    def place(self, chroma_server: str) -> str:
        return chroma_server

    def test_a_server_that_is_down(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        for call in (ChromaVectors.open, ChromaVectors.create):
            with pytest.raises(StoreError, match=f"vector store {url}: .*doctor"):
                call(url, "contract")

    def test_collections_are_dropped_by_name(self, chroma_server: str) -> None:
        for name in ("drop-a", "drop-b", "keep-a"):
            ChromaVectors.create(chroma_server, name)
        drop_collections(chroma_server, ["drop-a", "drop-b", "never-made"])
        assert ChromaVectors.open(chroma_server, "keep-a").count() == 0
        for name in ("drop-a", "drop-b"):
            with pytest.raises(StoreError, match=name):
                ChromaVectors.open(chroma_server, name)
