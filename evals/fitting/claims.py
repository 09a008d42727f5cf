"""Sentences and the passages that bear them out, from the open sets.

    lecoqa          zh, zh  a sentence of a reference answer that names one of its articles
    mtrag           en, en  a sentence of a reference answer, and the contexts it was written from
    conditionalqa   en, en  an extracted answer of four words or more, and its sections
    xquad           both    a sentence of a passage, and the passage's translation

What a sentence says of where it stands ("under Article 4 of …") is taken off: a verifier is to hear
whether it is supported, not where it claims to stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evals.adapters.conditionalqa import PAGES, QUESTIONS, page_id
from evals.adapters.conditionalqa import read as read_conditionalqa
from evals.adapters.lecoqa import QUESTIONS as LECOQA
from evals.adapters.mtrag import FILE as MTRAG
from evals.adapters.mtrag import document as mtrag_document
from evals.adapters.reading import read_set
from evals.adapters.xquad import FILE as XQUAD
from evals.case_files import ANY_SECTION
from evals.cases import Case, Expectation, Lang, SectionRef
from evals.fitting.sets import Collection, collection
from index.documents import Document, Metadata
from index.embedding import Embedder
from index.numerals import chinese_number
from index.sentences import sentence_spans

_MOST = 600
_LEAST = {"zh": 10, "en": 25}
_ARTICLE = re.compile(r"第\s*([一二三四五六七八九十百千零〇两]+|\d+)\s*条")
_GREETING = re.compile(
    r"^\s*(?:您好|你好)[，,。！!]?\s*|^\s*(?:\d+|[一二三四五六七八九十])\s*[.、．]\s*(?!\d)"
)
_NAMED = re.compile(
    r"(?:根据|依据|按照|依照|依|按|由)?(?:我国|中华人民共和国)?《[^》]*》(?:第?[^，。；《]{0,4}编)?"
    r"(?:第\s*[一二三四五六七八九十百千零〇两\d]+\s*[条款项][、和及]?)+(?:的|之|中的)?(?:明确)?(?:规定)?[，,：:]?"
)
_ABSENT = re.compile(r"\b(?:I (?:do not|don['’]t|am)|I['’]m|sorry|apolog|no information)\b", re.I)
_WORDS = 4


def read_claims(data: Path, embedder: Embedder) -> dict[str, Collection]:
    """The sentences of each set as questions on its passages; at most 600, spread evenly.

    Args:
        data: The folder of open sets.
        embedder: Says what fits it.

    Raises:
        SuiteError: A file of a set is missing or broken.
    """
    sets = {
        "lecoqa": _lecoqa(read_set(data, LECOQA)),
        "mtrag": _mtrag(read_set(data, MTRAG)),
        "conditionalqa": _conditionalqa(data),
    }
    parallel = list(read_set(data, XQUAD))
    pairs: tuple[tuple[Lang, Lang], ...] = (("zh", "en"), ("en", "zh"))
    for lang, other in pairs:
        sets[f"xquad-{lang}-{other}"] = _parallel(parallel, lang, other)
    found = {}
    for name, (documents, cases) in sets.items():
        step = max(1.0, len(cases) / _MOST)
        kept = [cases[int(n * step)] for n in range(min(_MOST, len(cases)))]
        mark = f"claims-{name}"
        found[name] = collection(mark, documents, kept, lambda case: case.cluster, embedder)
    return found


Set = tuple[list[Document], list[Case]]


def _lecoqa(records: Iterable[Mapping[str, Any]]) -> Set:
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    for record in records:
        numbers: dict[int, str] = {}
        for title, text in record["相关法规"].items():
            documents.setdefault(title, _document(title, title, text, "zh"))
            if number := _number(title):
                numbers[number] = title
        for sentence in _sentences(record["答案文本"]):
            named = {n for match in _ARTICLE.finditer(sentence) if (n := _value(match[1]))}
            told = _NAMED.sub("", sentence)
            article = numbers.get(min(named)) if len(named) == 1 else None
            if article and not _ARTICLE.search(told):
                cases += _case(f"q{record['query_id']}-{len(cases)}", "zh", told, [article])
    return list(documents.values()), cases


def _mtrag(records: Iterable[Mapping[str, Any]]) -> Set:
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    for record in records:
        passages = [mtrag_document(context) for context in record["contexts"]]
        for passage in passages:
            if passage["text"]:
                own = _document(passage["id"], passage["title"], passage["text"], "en")
                documents.setdefault(own.id, own)
        gold = [passage["id"] for passage in passages if passage["text"]]
        if str(record["answerability"][0]).upper() == "ANSWERABLE" and gold:
            for target in record["targets"]:
                for told in _sentences(target["text"]):
                    if not _ABSENT.search(told):
                        name = f"{record['task_id']}-{len(cases)}"
                        cases += _case(name, "en", told, gold, record["conversation_id"])
    return list(documents.values()), cases


def _conditionalqa(data: Path) -> Set:
    pages = {page["url"]: page["sections"] for page in read_set(data, PAGES)}
    lines = read_conditionalqa(data, {"for": "answers"}).documents
    documents = [_document(line["id"], line["title"], line["text"], "en") for line in lines]
    cases: list[Case] = []
    for record in read_set(data, QUESTIONS):
        page = page_id(record["url"])
        for answer, _ in record["answers"]:
            refs = [
                SectionRef(page, f"s{n}")
                for n, html in enumerate(pages[record["url"]].values(), start=1)
                if any(words in html for words in record["evidence"])
            ]
            if len(answer.split()) >= _WORDS and refs:
                expect = Expectation(sections=tuple(refs))
                name = f"{record['id']}-{len(cases)}"
                cases.append(Case(name, "en", (answer,), expect, conversation=page))
    return documents, cases


def _parallel(records: Iterable[Mapping[str, Any]], lang: Lang, other: Lang) -> Set:
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    for record in records:
        name = f"p-{record['id']}"
        text = record[other]["context"]
        if all(own.text != text.strip() for own in documents.values()):
            # The title would be the same English words in both languages.
            documents[name] = _document(name, name, text, other)
            for sentence in _sentences(record[lang]["context"]):
                told = f"{name}-{len(cases)}"
                cases += _case(told, lang, sentence, [name], record[lang]["title"])
    return list(documents.values()), cases


def _document(name: str, title: str, text: str, lang: Lang) -> Document:
    return Document(name, title, text.strip(), lang, Metadata())


def _case(name: str, lang: Lang, told: str, gold: Iterable[str], group: str = "") -> list[Case]:
    """A case, where the sentence is long enough to say something."""
    if len(told) < _LEAST[lang]:
        return []
    refs = tuple(SectionRef(document, ANY_SECTION) for document in dict.fromkeys(gold))
    expect = Expectation(sections=refs)
    return [Case(name, lang, (told,), expect, conversation=group)]


def _sentences(text: object) -> list[str]:
    """The sentences of an answer, without greeting and number; of what is no text, none."""
    if not isinstance(text, str):
        return []
    lines = (line for line in text.splitlines() if line.strip())
    cut = (line[slice(*span)] for line in lines for span in sentence_spans(line))
    return [_GREETING.sub("", _GREETING.sub("", sentence)).strip() for sentence in cut]


def _number(title: str) -> int | None:
    found = _ARTICLE.findall(title)
    return _value(found[-1]) if found else None


def _value(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    value = chinese_number(written)
    return None if value is None else int(value)
