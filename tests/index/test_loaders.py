from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from index.documents import Document, Metadata, Source
from index.errors import CorpusError, EmptyCorpusError
from index.loaders import corpus_files, load_corpus

GOOD = "# Good\n\nThis one is whole.\n"


def load_one(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    loaded = load_corpus(path)
    assert not loaded.errors
    (document,) = loaded.documents
    return document


def front_matter(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "# Title", "", "Words.", ""])


def record(**fields: object) -> str:
    return json.dumps({"id": "a", "title": "T", "text": "Words."} | fields, ensure_ascii=False)


# -- every form --------------------------------------------------------------------------------


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    body = "# 山西人才改革 {#top}\n\n## 配偶 {#spouse}\n\n安排就业。\n"
    front = """---
id: shanxi-talent-reform
lang: zh-CN
title: 山西人才改革
title_original: 关于…的意见
issuer: [省人社厅, 省教育厅]
jurisdiction: CN-SX
document_number: 晋人社〔2023〕1号
issued_on: 2023-09-20
effective_from: '2023-10-01'
effective_to:
targets_until: 2025-12-31
status: in_force
supersedes: old-one
url: https://example.org/a
date_note: a note
audiences: [talent, enterprise]
topics: [housing]
source: {kind: news_report, publisher: 山西日报, published_on: 2023-09-21}
reviewed: {by: Li, at: 2024-01-02}
---
"""
    document = load_one(tmp_path / "a.md", front + body)
    assert document == Document(
        id="shanxi-talent-reform",
        title="山西人才改革",
        text=body,
        lang="zh",
        metadata=Metadata(
            issuer="省人社厅, 省教育厅",
            jurisdiction="CN-SX",
            document_number="晋人社〔2023〕1号",
            issued_on=date(2023, 9, 20),
            effective_from=date(2023, 10, 1),
            effective_to=None,
            targets_until=date(2025, 12, 31),
            status="in_force",
            supersedes=("old-one",),
            title_original="关于…的意见",
            url="https://example.org/a",
            date_note="a note",
            audiences=("talent", "enterprise"),
            topics=("housing",),
            source=Source("news_report", "山西日报", date(2023, 9, 21)),
            extra={"reviewed": {"by": "Li", "at": "2024-01-02"}},
        ),
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("plan.md", "Intro.\n\n# The plan {#p}\n", ("plan", "The plan", "en")),
        ("no heading.zh.md", "没有标题。", ("no-heading", "no heading.zh", "zh")),
        ("plan.md", "---\n---\n方案。", ("plan", "plan", "zh")),
        ("plan.MD", "---\nid:\nsource: news_report\n---\nWords.", ("plan", "plan", "en")),
        ("plan.md", "--- a rule\nWords.", ("plan", "plan", "en")),
        ("notice_zh.txt", "\n 关于人才的通知 \n正文。", ("notice", "关于人才的通知", "zh")),
        ("notice.en.txt", "各部门：\n正文。", ("notice", "notice", "en")),
        ("a#b ~c.txt", "It is said here.\nMore.", ("a-b-c", "a-b-c", "en")),
        ("long.txt", "word " * 40, ("long", "long", "en")),
    ],
)
def test_what_is_not_given_is_made_out(
    tmp_path: Path, name: str, text: str, expected: tuple[str, str, str]
) -> None:
    document = load_one(tmp_path / name, text)
    assert (document.id, document.title, document.lang) == expected


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        record(id="a", title="One", text="First.", issued_on="2024-05-06"),
        "",
        record(
            id=0, title=None, text="第二。", lang="zh", metadata={"issuer": "省政府", "lang": "en"}
        ),
    ]
    (tmp_path / "a.jsonl").write_text("\r\n".join(lines), encoding="utf-8")
    loaded = load_corpus(tmp_path)
    assert loaded.errors == ()
    assert loaded.documents == (
        Document("a", "One", "First.", "en", Metadata(issued_on=date(2024, 5, 6))),
        Document("0", "0", "第二。", "zh", Metadata(issuer="省政府")),
    )


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_and_byte_order_marks_are_made_one(tmp_path: Path, ending: str) -> None:
    text = "---\nid: b\n---\n# T\n\nWords.\n".replace("\n", ending)
    document = load_one(tmp_path / "a.md", b"\xef\xbb\xbf" + text.encode())
    assert document.id == "b"
    assert document.text == "# T\n\nWords.\n"


def test_a_folder_is_searched_through_in_order(tmp_path: Path) -> None:
    for name in ("b/z.md", "b/a.txt", "a.md", ".git/x.md", "b/.hidden.md", "notes.rst", "c.md/d"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(GOOD)
    found = [str(path.relative_to(tmp_path)) for path in corpus_files(tmp_path)]
    assert found == ["a.md", "b/a.txt", "b/z.md"]
    assert corpus_files(tmp_path / "b" / "z.md") == [tmp_path / "b" / "z.md"]


def test_a_hidden_folder_may_be_the_corpus(tmp_path: Path) -> None:
    (tmp_path / ".corpus").mkdir()
    (tmp_path / ".corpus" / "a.md").write_text(GOOD)
    assert len(load_corpus(tmp_path / ".corpus").documents) == 1


# -- what is broken is named, and the rest is loaded --------------------------------------------

BROKEN = [
    ("a.md", "---\nid: a\nno end", r"a\.md:1: the front matter is not closed"),
    ("a.md", front_matter("id: a", "title: 'open"), r"a\.md:4: broken front matter"),
    ("a.md", front_matter("id: a", "\ttabs: no"), r"a\.md:3: broken front matter"),
    ("a.md", front_matter("id: a", "b: 1", "title: a\x07bell"), r"a\.md:4: broken front matter"),
    ("a.md", front_matter("- a", "- list"), r"a\.md:1: the front matter must hold `key: value`"),
    ("a.md", front_matter("a: &a [*a]"), r"a\.md:1: broken front matter"),
    ("a.md", front_matter("a: " + "[" * 5000), r"a\.md:\d+: broken front matter"),
    ("a.md", front_matter('title: "\\ud800"'), r"a\.md:1: broken front matter.*surrogate"),
    ("a.md", front_matter("id: a b"), r"a\.md:2: id 'a b': white space"),
    ("a.md", front_matter("title: T", "id: a/b"), r"a\.md:3: id 'a/b'"),
    ("a.md", front_matter("id: a", "lang: fr"), r"a\.md:3: `lang: fr` is not known; use zh or en"),
    ("a.md", front_matter("lang: no"), r"a\.md:2: `lang: False` is not known"),
    (
        "a.md",
        front_matter("id: a", "issued_on: 2023-13-45"),
        r"a\.md:3: `issued_on: 2023-13-45` is not a date; write it as 2023-09-20",
    ),
    ("a.md", front_matter("effective_to: 20 September"), r"a\.md:2: `effective_to: 20 Sep"),
    ("a.md", front_matter("issued_on: 2023-09-20 10:00:00"), r"a\.md:2: `issued_on: 2023-09-20 10"),
    (
        "a.md",
        front_matter("id: a", "source:", "  kind: x", "  published_on: soon"),
        r"a\.md:3: `source\.published_on: soon`",
    ),
    ("a.md", front_matter("source: {publisher: x}"), r"a\.md:2: `source` needs a `kind`"),
    ("a.md", "---\nid: a\n---\n  \n", r"a\.md:1: the document has no text"),
    ("a.md", "", r"a\.md: the file is empty"),
    ("a.txt", " \n\n　\n", r"a\.txt: the file is empty"),
    ("a.jsonl", "\n\n", r"a\.jsonl: the file is empty"),
    ("a.md", "# T\n\n好。\n".encode("gb18030"), r"a\.md:3: not UTF-8 \(byte 0xba\); save the file"),
    ("a.txt", b"one\ntwo\nthree \xff", r"a\.txt:3: not UTF-8 \(byte 0xff\)"),
    ("a.txt", b"one\ntwo\x00", r"a\.txt:2: holds a NUL character; is it a binary file\?"),
    ("a.jsonl", '{"id": 1,}', r"a\.jsonl:1: not JSON \(.* at column 10\)"),
    ("a.jsonl", "[" * 100_000, r"a\.jsonl:1: cannot be read as JSON"),
    ("a.jsonl", '{"id": ' + "9" * 5000 + "}", r"a\.jsonl:1: cannot be read as JSON"),
    ("a.jsonl", "\n[1]", r"a\.jsonl:2: a JSON object is needed"),
    ("a.jsonl", '{"id": "a"}', r"a\.jsonl:1: `text` is missing or empty"),
    ("a.jsonl", record(id=" "), r"a\.jsonl:1: `id` is missing or empty"),
    ("a.jsonl", record(text=["a"]), r"a\.jsonl:1: `text` is missing or empty"),
    ("a.jsonl", record(metadata="none"), r"a\.jsonl:1: `metadata` must be a JSON object"),
    ("a.jsonl", record(metadata=[1]), r"a\.jsonl:1: `metadata` must be a JSON object"),
    ("a.jsonl", '{"id": "a", "text": "a\\u0000b"}', r"a\.jsonl:1: .*NUL"),
    ("a.jsonl", '{"id": "a", "text": "a\\ud83db"}', r"a\.jsonl:1: .*surrogate"),
    ("a.jsonl", "\n" + record(lang="de"), r"a\.jsonl:2: `lang: de`"),
    ("a.jsonl", record(issued_on="yesterday"), r"a\.jsonl:1: `issued_on: yesterday`"),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN)
def test_a_broken_file_is_named_and_the_others_are_loaded(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "good.md").write_text(GOOD)
    loaded = load_corpus(tmp_path)
    assert [document.id for document in loaded.documents] == ["good"]
    (error,) = loaded.errors
    assert re.search(message, str(error))
    assert str(error).startswith(str(tmp_path / name))


def test_one_bad_line_leaves_the_other_lines(tmp_path: Path) -> None:
    lines = [record(id="a"), "{", record(id="b"), '"text"', record(id="c")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    loaded = load_corpus(tmp_path)
    assert [document.id for document in loaded.documents] == ["a", "b", "c"]
    assert [str(error).split(": ")[0][-2:] for error in loaded.errors] == [":2", ":4"]


def test_an_id_is_taken_once_a_language(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(front_matter("id: same", "lang: en"))
    (tmp_path / "b.md").write_text(front_matter("id: same", "lang: zh"))
    (tmp_path / "c.md").write_text(front_matter("id: same", "lang: en", "title: Late"))
    (tmp_path / "d.jsonl").write_text("\n" + record(id="same", lang="zh"))
    loaded = load_corpus(tmp_path)
    assert [(d.id, d.lang, d.title) for d in loaded.documents] == [
        ("same", "en", "Title"),
        ("same", "zh", "Title"),
    ]
    first, second = map(str, loaded.errors)
    assert first.startswith(f"{tmp_path / 'c.md'}: id 'same' (en) is already taken by")
    assert str(tmp_path / "a.md") in first
    assert second.startswith(f"{tmp_path / 'd.jsonl'}:2: id 'same' (zh)")
    assert str(tmp_path / "b.md") in second


def test_a_file_that_cannot_be_read_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "secret.md":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    for name in ("good.md", "secret.md"):
        (tmp_path / name).write_text(GOOD)
    loaded = load_corpus(tmp_path)
    assert [document.id for document in loaded.documents] == ["good"]
    assert str(loaded.errors[0]) == f"{tmp_path / 'secret.md'}: cannot be read: Permission denied"


# -- no corpus ---------------------------------------------------------------------------------


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere: no such folder; name one with --corpus"):
        load_corpus(tmp_path / "nowhere")


@pytest.mark.parametrize("method", ["exists", "iterdir", "rglob"])
def test_a_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def refuse(path: Path, *_: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, method, refuse)
    with pytest.raises(CorpusError, match=r"corpus .*: cannot be read: Permission denied"):
        load_corpus(tmp_path)


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(CorpusError, match=r"cannot be read: File name too long"):
        load_corpus(Path("x" * 5000))


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "readme.rst").write_text("no")
    with pytest.raises(EmptyCorpusError, match=r"no document to index; .*\.md, \.txt, \.jsonl"):
        load_corpus(tmp_path)


def test_a_folder_of_broken_files_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff")
    with pytest.raises(EmptyCorpusError, match=r"no document to index: .*a\.md:1: not UTF-8"):
        load_corpus(tmp_path)
