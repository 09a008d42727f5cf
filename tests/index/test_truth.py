from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Document, Metadata, Source
from index.embedding import Embedding
from index.errors import StoreError
from index.passages import Passage
from index.splitting import split
from index.testing import HashEmbedder
from index.tokens import count_tokens
from index.truth import Truth

DIM = HashEmbedder().dim
METADATA = Metadata(
    issuer="省政府",
    issued_on=date(2023, 9, 20),
    effective_to=date(2025, 12, 31),
    supersedes=("old",),
    audiences=("talent", "enterprise"),
    source=Source("news_report", "日报", date(2023, 9, 21)),
    extra={"reviewed": {"by": "Li"}},
)


@pytest.fixture
def truth(tmp_path: Path) -> Iterator[Truth]:
    made = Truth.create(tmp_path / "truth.sqlite")
    yield made
    made.close()


def document(text: str, identity: str = "policy", lang: str = "zh") -> Document:
    return Document(identity, "Title", text, lang, METADATA)


def passage(of: Document, start: int, end: int, section: str = "a") -> Passage:
    identity = f"{of.id}/{of.lang}#{section}"
    return Passage(identity, of.id, of.lang, section, ("T", "甲"), of.text[start:end], start, end)


def put(
    truth: Truth, of: Document, passages: Sequence[Passage], digests: Sequence[str] = ()
) -> None:
    names = digests or [p.id for p in passages]
    rows = [(p, 7, name, 0) for p, name in zip(passages, names, strict=True)]
    truth.put_documents([(of, rows)])


def embedding(seed: int, n_tokens: int = 3, dim: int = 8) -> Embedding:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n_tokens + 1, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    offsets = np.arange(2 * n_tokens, dtype=np.int32).reshape(-1, 2)
    return Embedding(vectors[0], vectors[1:], offsets)


# -- documents and passages --------------------------------------------------------------------


def test_what_is_put_in_comes_out(truth: Truth) -> None:
    zh, en = document("甲。乙。"), document("One. Two.", lang="en")
    put(truth, zh, [passage(zh, 0, 2), passage(zh, 2, 4, "b")])
    put(truth, en, [passage(en, 0, 4)])
    truth.put_manifest({"format": 1, "名": ["值"]})
    truth.put_manifest({"format": 2})
    assert truth.manifest() == {"format": 2, "名": ["值"]}
    assert list(truth.documents()) == [en, zh]
    assert truth.document("policy", "zh") == zh
    assert (truth.count("documents"), truth.count("passages"), truth.count("vectors")) == (2, 3, 0)
    assert truth.all_passages() == [passage(zh, 0, 2), passage(zh, 2, 4, "b"), passage(en, 0, 4)]
    assert truth.passages([2, 0]) == {0: passage(zh, 0, 2), 2: passage(en, 0, 4)}
    assert truth.passages([]) == {}
    assert truth.ordinal("policy/zh#b") == 1
    assert truth.section_ordinals("policy", "a", "en") == [2]
    assert truth.section_ordinals("policy", "b", "en") == []
    assert truth.token_counts(["policy/zh#b", "unknown"]) == {"policy/zh#b": 7}
    assert truth.langs([1, 2]) == {1: "zh", 2: "en"}


def test_what_is_not_there_is_a_key_error(truth: Truth) -> None:
    with pytest.raises(KeyError, match="policy"):
        truth.document("policy", "zh")
    with pytest.raises(KeyError, match="policy/zh#a"):
        truth.ordinal("policy/zh#a")


# SQLite counts code points, as Python does, wherever a character takes 1 to 4 bytes.
PIECES = st.sampled_from(
    [
        "𠮷野家支持遂宁。",
        "😀 A plan. ",
        "é à. ",
        "\U00020000\U0002f800。",
        "乙；",
        "\n\n",
        "## 甲 {#x}\n\n",
        "- 项\n",
    ]
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(PIECES, min_size=1, max_size=30), min_size=4, max_size=4))
def test_a_passage_is_its_piece_of_the_document(texts: list[list[str]]) -> None:
    documents = [document("".join(pieces), str(n)) for n, pieces in enumerate(texts)]
    passages = [split(of, count_tokens, max_tokens=40) for of in documents]
    with tempfile.TemporaryDirectory() as directory:
        truth = Truth.create(Path(directory) / "truth.sqlite")
        for of, own in zip(documents, passages, strict=True):
            put(truth, of, own)
        stored = truth.all_passages()
        texts_by_id = {of.id: of.text for of in truth.documents()}
        truth.close()
    assert stored == [one for own in passages for one in own]
    for one in stored:
        assert texts_by_id[one.document_id][one.start : one.end] == one.text


def test_offsets_count_characters_beyond_the_basic_plane_once(truth: Truth) -> None:
    of = document("𠮷𠮷😀甲。𠮷乙。")
    put(truth, of, [passage(of, 3, 5), passage(of, 5, 8, "b")])
    assert [p.text for p in truth.all_passages()] == ["甲。", "𠮷乙。"]


# -- vectors -----------------------------------------------------------------------------------


def test_eight_bits_cost_little(truth: Truth) -> None:
    of = document("对符合条件的企业给予一次性奖励 20 万元。" * 4)
    put(truth, of, [passage(of, 0, 40)])
    given = HashEmbedder().embed_passages([of.text[:40]])[0]
    truth.put_vectors({"policy/zh#a": given})
    stored = truth.token_vectors([0], DIM)[0]
    assert np.array_equal(truth.sentence_vectors(DIM, [0])[0], given.sentence)
    assert np.array_equal(stored.offsets, given.offsets)
    assert stored.vectors().dtype == np.float32
    # Half a step of 1/127 of the largest component, at the most.
    step = np.abs(given.tokens).max(axis=1, keepdims=True) / 127
    assert (np.abs(stored.vectors() - given.tokens) <= 0.5001 * step).all()
    vectors = stored.vectors()
    cosines = (vectors * given.tokens).sum(axis=1) / np.linalg.norm(vectors, axis=1)
    assert cosines.min() > 0.9999


def test_offsets_count_from_the_passages_first_word(truth: Truth) -> None:
    """The headings before it are at negative offsets."""
    of = document("甲乙丙")
    truth.put_documents([(of, [(passage(of, 0, 3), 3, "d", 8)])])
    spans = np.array([[0, 5], [8, 9], [10, 11]], np.int32)
    given = embedding(1)
    truth.put_vectors({"d": Embedding(given.sentence, given.tokens, spans)})
    assert truth.token_vectors([0], 8)[0].offsets.tolist() == [[-8, -3], [0, 1], [2, 3]]


def test_passages_of_one_text_share_a_vector(truth: Truth) -> None:
    of = document("甲。甲。乙。")
    passages = [passage(of, 0, 2), passage(of, 2, 4, "b"), passage(of, 4, 6, "c")]
    put(truth, of, passages, ["same", "same", "other"])
    assert truth.missing_vectors() == [(0, "same"), (1, "same"), (2, "other")]
    truth.put_vectors({"same": embedding(1)})
    assert truth.missing_vectors() == [(2, "other")]
    truth.put_vectors({"other": embedding(2)})
    assert truth.missing_vectors() == []
    assert truth.count("vectors") == 2
    assert truth.digests() == ["same", "same", "other"]
    expected = [embedding(1).sentence, embedding(1).sentence, embedding(2).sentence]
    assert np.array_equal(truth.sentence_vectors(8), np.stack(expected))


def test_a_text_without_tokens_has_a_vector_too(truth: Truth) -> None:
    of = document("…")
    put(truth, of, [passage(of, 0, 1)])
    truth.put_vectors({"policy/zh#a": embedding(1, n_tokens=0)})
    stored = truth.token_vectors([0], 8)[0]
    assert stored.codes.shape == (0, 8)
    assert stored.offsets.shape == (0, 2)


def test_adopting_takes_what_is_wanted_and_missing(truth: Truth, tmp_path: Path) -> None:
    other = Truth.create(tmp_path / "other #1?.sqlite")
    other.put_vectors({f"d{n}": embedding(n) for n in range(1200)})
    other.close()
    before = other.path.read_bytes()
    mine = embedding(9999)
    truth.put_vectors({"d0": mine})
    wanted = [f"d{n}" for n in range(0, 1200, 2)] + ["unheard-of"]
    assert truth.adopt_vectors(other.path, wanted) == 599
    assert truth.count("vectors") == 600
    assert truth.adopt_vectors(other.path, wanted) == 0
    assert other.path.read_bytes() == before
    of = document("甲乙丙")
    put(truth, of, [passage(of, n, n + 1, str(n)) for n in range(3)], ["d0", "d2", "d1198"])
    expected = [mine.sentence, embedding(2).sentence, embedding(1198).sentence]
    assert np.array_equal(truth.sentence_vectors(8), np.stack(expected))
    stored = truth.token_vectors([1], 8)[1]
    assert np.allclose(stored.vectors(), embedding(2).tokens, atol=0.01)


def test_tokens_are_kept_of_those_that_are_wanted(truth: Truth, tmp_path: Path) -> None:
    of = document("甲乙丙")
    put(truth, of, [passage(of, n, n + 1, str(n)) for n in range(3)], ["d0", "d1", "d2"])
    truth.put_vectors({"d0": embedding(0), "d1": embedding(1)}, lambda digest: digest == "d0")
    assert list(truth.token_vectors([0, 1, 2], 8)) == [0]
    assert truth.missing_vectors() == [(2, "d2")]
    assert np.array_equal(truth.sentence_vectors(8, [1, 0])[0], embedding(1).sentence)

    other = Truth.create(tmp_path / "other.sqlite")
    # What lacks its tokens there is embedded anew where they are wanted, and taken where not.
    assert other.adopt_vectors(truth.path, ["d0", "d1"]) == 1
    assert other.adopt_vectors(truth.path, ["d1"], lambda _: False) == 1
    other.close()


def test_adopting_from_a_file_that_is_no_store(truth: Truth, tmp_path: Path) -> None:
    (tmp_path / "other.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"other\.sqlite"):
        truth.adopt_vectors(tmp_path / "other.sqlite", ["d"])
    with pytest.raises(StoreError, match=r"missing\.sqlite"):
        truth.adopt_vectors(tmp_path / "missing.sqlite", ["d"])
    # It can go on after that.
    truth.put_vectors({"d": embedding(1)})
    assert truth.count("vectors") == 1


# -- the file ----------------------------------------------------------------------------------


def test_a_published_file_is_read_only(truth: Truth) -> None:
    opened = Truth.open(truth.path)
    with pytest.raises(StoreError, match="readonly"):
        opened.put_manifest({"format": 2})
    opened.close()


def test_a_file_is_made_once(truth: Truth) -> None:
    with pytest.raises(StoreError, match="already exists"):
        Truth.create(truth.path)


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (a)")
    connection.close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "missing; run `policy-assistant index build`"),
        (lambda path: path.mkdir(), "missing"),
        (lambda path: path.write_bytes(b""), "no such table: manifest; run `policy-assistant ind"),
        (lambda path: path.write_bytes(b"nonsense" * 200), "file is not a database"),
        (other_database, "no such table"),
    ],
)
@pytest.mark.parametrize("how", [Truth.open, Truth.salvage])
def test_what_is_no_store_of_ours(
    tmp_path: Path, make: Callable[[Path], None], message: str, how: Callable[[Path], Truth]
) -> None:
    path = tmp_path / "truth.sqlite"
    make(path)
    with pytest.raises(StoreError, match=f"store {path}: {message}"):
        how(path)


def filled(path: Path) -> Path:
    truth = Truth.create(path)
    truth.put_manifest({"note": "x" * 20_000})
    truth.put_vectors({f"d{n}": embedding(n) for n in range(200)})
    truth.check()
    truth.close()
    return path


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_file_cut_short_is_found_out(tmp_path: Path, kept: float) -> None:
    path = filled(tmp_path / "truth.sqlite")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(StoreError, match=r"malformed|damaged"):
        Truth.salvage(path)


def test_a_broken_manifest_is_a_store_error(truth: Truth) -> None:
    truth.put_manifest({"format": 1})
    truth._write("UPDATE manifest SET value = ?", [("{",)])
    with pytest.raises(StoreError, match=r"truth\.sqlite.*index build"):
        truth.manifest()


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from index.truth import Truth
truth = Truth.create(Path(sys.argv[1]))
truth.put_manifest({"embedder": "kept"})
connection = truth._connection
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN")
for n in range(500):
    connection.execute("INSERT INTO manifest VALUES (?, ?)", (str(n), "x" * 2000))
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_writer_left_is_rolled_back(tmp_path: Path) -> None:
    path = tmp_path / "truth.sqlite"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_WRITING, str(path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert path.with_name("truth.sqlite-journal").stat().st_size > 0
    truth = Truth.salvage(path)
    assert truth.manifest() == {"embedder": "kept"}
    truth.close()


def test_threads_may_read_at_once(truth: Truth) -> None:
    of = document("甲" * 200)
    put(truth, of, [passage(of, n, n + 1, str(n)) for n in range(200)])
    truth.put_vectors({p.id: embedding(p.start) for p in truth.all_passages()})

    def read(n: int) -> tuple[int, bytes]:
        found = truth.passages([n])[n]
        return found.start, truth.sentence_vectors(8, [n]).tobytes()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, list(range(200)) * 3))
    assert found == [(n, embedding(n).sentence.tobytes()) for n in range(200)] * 3
