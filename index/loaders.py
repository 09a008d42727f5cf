"""Corpus files → documents (Markdown with front matter, plain text, JSON Lines) and their helps.

Helps are a glossary and sample questions. Knows the forms of files; knows nothing of passages. A
file that cannot be read becomes a `CorpusError` that names file and line; the others are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.documents import Document, Metadata, Source
from index.errors import CorpusError, EmptyCorpusError
from index.glossary import read_terms
from index.sample_questions import SampleQuestion, read_sample_questions
from index.text import language

SUFFIXES = (".md", ".txt", ".jsonl")
GLOSSARY = "glossary.yaml"
QUESTIONS = "questions"
_LANG_SUFFIX = re.compile(r"[._-](zh|en)$", re.IGNORECASE)
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t]*(?:\{#[^}]*\})?[ \t]*#*$", re.MULTILINE)
_DATES = ("issued_on", "effective_from", "effective_to", "targets_until")
_LISTS = ("supersedes", "audiences", "topics")
_KNOWN = {field.name for field in fields(Metadata)} - {"extra"}
_TITLE_MAX = 120


@dataclass(frozen=True)
class Corpus:
    """What a folder of documents held.

    Attributes:
        documents: The documents, in the order of their paths.
        errors: One error for each file, or part of a file, that was left out.
        glossary: Names in Chinese and in English, as pairs.
        questions: Sample questions, and what answers them.
    """

    documents: tuple[Document, ...]
    errors: tuple[CorpusError, ...]
    glossary: tuple[tuple[str, str], ...] = ()
    questions: tuple[SampleQuestion, ...] = ()


def corpus_files(root: Path) -> list[Path]:
    """The files of a corpus, sorted by path; hidden ones and other kinds are passed over.

    Raises:
        CorpusError: The folder is missing or cannot be read.
    """
    try:
        if not root.exists():
            raise CorpusError(
                f"corpus {root}: no such folder; name one with --corpus or POLICY_CORPUS"
            )
        if root.is_file():
            return [root]
        paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
        next(root.iterdir(), None)
    except OSError as error:
        raise CorpusError(f"corpus {root}: cannot be read: {error.strerror}") from error
    hidden = [any(p.startswith(".") for p in path.relative_to(root).parts) for path in paths]
    return [path for path, out in zip(paths, hidden, strict=True) if path.is_file() and not out]


def corpus_sources(root: Path) -> list[Path]:
    """Every file that a corpus is made from: its documents, its glossary, its sample questions.

    Raises:
        CorpusError: The folder is missing or cannot be read.
    """
    glossary = root / GLOSSARY
    return [
        *corpus_files(root),
        *([glossary] if glossary.is_file() else []),
        *_question_files(root),
    ]


def load_corpus(root: Path) -> Corpus:
    """Read every document of a folder, its glossary and its sample questions.

    Args:
        root: A folder, searched through, or one file.

    Raises:
        CorpusError: The folder is missing or cannot be read.
        EmptyCorpusError: It holds no document.
    """
    documents: dict[tuple[str, str], tuple[Document, str]] = {}
    errors: list[CorpusError] = []
    files = corpus_files(root)
    for path in files:
        try:
            for where, document in _load(path, errors):
                if document.key in documents:
                    first = documents[document.key][1]
                    errors.append(
                        CorpusError(
                            f"{where}: id {document.id!r} ({document.lang}) is already taken by "
                            f"{first}; give it another `id` or `lang`"
                        )
                    )
                else:
                    documents[document.key] = (document, where)
        except CorpusError as error:
            errors.append(error)
    if not documents:
        kinds = ", ".join(SUFFIXES)
        why = f": {errors[0]}" if errors else f"; it needs files of these kinds: {kinds}"
        raise EmptyCorpusError(f"corpus {root}: no document to index{why}")
    glossary = _glossary(root / GLOSSARY, errors)
    questions = _questions(root, errors)
    return Corpus(
        tuple(found for found, _ in documents.values()), tuple(errors), glossary, questions
    )


def _load(path: Path, errors: list[CorpusError]) -> Iterator[tuple[str, Document]]:
    """The documents of a file, each with the place that errors name."""
    text = _read(path)
    if not text.strip():
        raise CorpusError(f"{path}: the file is empty; fill it or remove it")
    match path.suffix.lower():
        case ".md":
            yield str(path), _from_markdown(path, text)
        case ".jsonl":
            yield from _from_jsonl(path, text, errors)
        case _:
            yield str(path), _from_text(path, text)


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{path}:{line}: not UTF-8 (byte 0x{data[error.start]:02x}); save the file as UTF-8"
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise CorpusError(f"{path}:{line}: holds a NUL character; is it a binary file?")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _from_markdown(path: Path, text: str) -> Document:
    front, body = _front_matter(path, text)
    lines = _Lines(path, text[: len(text) - len(body)])
    first = _TITLE.search(body)
    title = str(front.get("title") or (first.group(1) if first else path.stem))
    return _document(lines, front, title=title, text=body, default_id=_stem_id(path))


def _from_text(path: Path, text: str) -> Document:
    words = next(line.strip() for line in text.splitlines() if line.strip())
    title = words if len(words) <= _TITLE_MAX and words[-1] not in ":：。." else _stem_id(path)
    given = _LANG_SUFFIX.search(path.stem)
    lang = given.group(1).lower() if given else language(text)
    return Document(id=_stem_id(path), title=title, text=text, lang=lang)


def _from_jsonl(path: Path, text: str, errors: list[CorpusError]) -> Iterator[tuple[str, Document]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield f"{path}:{number}", _from_record(path, number, line)
        except CorpusError as error:
            errors.append(error)


def _from_record(path: Path, number: int, line: str) -> Document:
    where = f"{path}:{number}"
    try:
        record = _plain(json.loads(line))
    except json.JSONDecodeError as error:
        raise CorpusError(f"{where}: not JSON ({error.msg} at column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{where}: cannot be read as JSON: {error}") from error
    if not isinstance(record, dict):
        raise CorpusError(f"{where}: a JSON object is needed, with `id`, `title` and `text`")
    for key in ("id", "text"):
        if not isinstance(record.get(key), str | int) or not str(record[key]).strip():
            raise CorpusError(f"{where}: `{key}` is missing or empty")
    metadata = record.pop("metadata", None) or {}
    if not isinstance(metadata, dict):
        raise CorpusError(f"{where}: `metadata` must be a JSON object")
    front = {**metadata, **record, "id": str(record["id"])}
    body = str(front.pop("text"))
    title = str(record.get("title") or record["id"])
    return _document(_Lines(path, first=number), front, title=title, text=body, default_id="")


class _Lines:
    """Where each key of a file's front matter stands, for error messages."""

    def __init__(self, path: Path, front: str = "", first: int = 1) -> None:
        self._path = path
        self._first = first
        found = (re.match(r"""["']?([\w-]+)["']?[ \t]*:""", line) for line in front.split("\n"))
        self._lines = {m.group(1): n for n, m in enumerate(found, start=first) if m}

    def at(self, key: str = "") -> str:
        """The file with the line of a key; with the first line where the key is not seen."""
        return f"{self._path}:{self._lines.get(key, self._first)}"


def _glossary(path: Path, errors: list[CorpusError]) -> tuple[tuple[str, str], ...]:
    if not path.is_file():
        return ()
    try:
        pairs, wrong = read_terms(str(path), _from_yaml(path, _read(path), "YAML", first=1))
    except CorpusError as error:
        errors.append(error)
        return ()
    errors.extend(wrong)
    return tuple(pairs)


def _question_files(root: Path) -> list[Path]:
    return sorted(path for path in (root / QUESTIONS).glob("*.yaml") if path.is_file())


def _questions(root: Path, errors: list[CorpusError]) -> tuple[SampleQuestion, ...]:
    found: list[SampleQuestion] = []
    for path in _question_files(root):
        try:
            data = _from_yaml(path, _read(path), "YAML", first=1)
            read, wrong = read_sample_questions(str(path), data)
        except CorpusError as error:
            errors.append(error)
            continue
        found += read
        errors += wrong
    return tuple(dict.fromkeys(found))


class _YamlLoader(yaml.SafeLoader):
    """YAML whose dates stay text, so that a wrong one is named with its key."""


_YamlLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any], str]:
    """Front matter and body."""
    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    end = re.search(r"\n---[ \t]*(?:\n|$)", text)
    if end is None:
        raise CorpusError(f"{path}:1: the front matter is not closed; end it with a line `---`")
    body = text[end.end() :]
    block = text[text.index("\n") + 1 : end.start() + 1]
    front = _from_yaml(path, block, "front matter", first=2) or {}
    if not isinstance(front, dict):
        raise CorpusError(f"{path}:1: the front matter must hold `key: value` lines")
    return front, body


def _from_yaml(path: Path, text: str, what: str, first: int) -> Any:
    """What a YAML text says; its first line is line `first` of the file."""
    try:
        return _plain(yaml.load(text, _YamlLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first if error.problem_mark else 1
        raise CorpusError(f"{path}:{line}: broken {what}: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + first
        raise CorpusError(f"{path}:{line}: broken {what}: {error.reason}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CorpusError(f"{path}:1: broken {what}: {error}") from error


def _document(
    lines: _Lines, front: Mapping[str, Any], *, title: str, text: str, default_id: str
) -> Document:
    if not text.strip():
        raise CorpusError(f"{lines.at()}: the document has no text; fill it or remove it")
    identity = str(front.get("id") or default_id).strip()
    if re.search(r"[\s#/~]", identity):
        raise CorpusError(
            f"{lines.at('id')}: id {identity!r}: white space, `#`, `/` and `~` may not stand in "
            "an id"
        )
    lang = _language(lines, front, text)
    return Document(identity, title.strip(), text, lang, _metadata(lines, front))


def _plain(value: Any) -> Any:
    """A value out of YAML or JSON as JSON and SQLite can hold it.

    Raises:
        ValueError: A string has a NUL or a lone surrogate, which an escape can bring in though
            the file itself cannot hold it.
        RecursionError: It is nested too deeply.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a NUL character")
        value.encode()
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _metadata(lines: _Lines, front: Mapping[str, Any]) -> Metadata:
    known: dict[str, Any] = {}
    for key in _KNOWN & front.keys():
        value = front[key]
        if value is None:
            continue
        if key in _DATES:
            known[key] = _date(lines, key, value)
        elif key in _LISTS:
            known[key] = tuple(str(v) for v in (value if isinstance(value, list) else [value]))
        elif key == "source":
            known[key] = _source(lines, value)
        elif isinstance(value, list):
            known[key] = ", ".join(str(v) for v in value)
        else:
            known[key] = str(value)
    rest = {k: v for k, v in front.items() if k not in _KNOWN and k not in ("id", "title", "lang")}
    return Metadata(**known, extra=rest)


def _source(lines: _Lines, value: object) -> Source:
    if isinstance(value, str):
        return Source(kind=value)
    if not isinstance(value, dict) or "kind" not in value:
        raise CorpusError(f"{lines.at('source')}: `source` needs a `kind`, such as official_text")
    published = value.get("published_on")
    return Source(
        kind=str(value["kind"]),
        publisher=str(value["publisher"]) if value.get("publisher") else None,
        published_on=_date(lines, "source.published_on", published) if published else None,
    )


def _date(lines: _Lines, key: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise CorpusError(
            f"{lines.at(key.split('.')[0])}: `{key}: {value}` is not a date; write it as 2023-09-20"
        ) from error


def _language(lines: _Lines, front: Mapping[str, Any], body: str) -> str:
    given = front.get("lang")
    if given is None:
        return language(body)
    lang = str(given).lower().replace("_", "-").split("-")[0]
    if lang not in ("zh", "en"):
        raise CorpusError(f"{lines.at('lang')}: `lang: {given}` is not known; use zh or en")
    return lang


def _stem_id(path: Path) -> str:
    return re.sub(r"[\s#/~]+", "-", _LANG_SUFFIX.sub("", path.stem)) or "document"
