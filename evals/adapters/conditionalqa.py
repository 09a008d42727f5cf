"""ConditionalQA (BSD-2, for research): questions with a scenario on GOV.UK pages.

H. Sun et al., "ConditionalQA: A Complex Reading Comprehension Dataset with Conditional Answers"
(ACL 2022). A page is a document with its own sections; gold are the sections that hold the
evidence. All pages are searched at once, where the set itself gives the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from evals.adapters import ExternalSet, Options
from evals.adapters.reading import known, option, read_set
from evals.cases import Case, Expectation, SectionRef

QUESTIONS = "conditionalqa_dev.jsonl"
PAGES = "conditionalqa_pages.jsonl"
_TITLE = re.compile(r"<h1>.*?</h1>\n?", re.DOTALL)
_HEADING = re.compile(r"<h[2-6]>(.*?)</h[2-6]>", re.DOTALL)
_TAG = re.compile(r"</?[a-z][^>]*>")


def read(data: Path, options: Options) -> ExternalSet:
    """Read it.

    Args:
        data: The folder of sets.
        options: `for`: `retrieval` (default; questions without evidence are left out) or
            `answers` (unanswerable questions are in).
    """
    known(options, "for")
    whole = option(options, "for", "retrieval", ("retrieval", "answers")) == "answers"
    pages: dict[str, Mapping[str, str]] = {
        page["url"]: page["sections"] for page in read_set(data, PAGES)
    }
    documents = [_document(url, sections) for url, sections in pages.items()]
    cases = []
    for record in read_set(data, QUESTIONS):
        anchors = [
            f"s{n}"
            for n, text in enumerate(pages[record["url"]].values(), start=1)
            if any(words in text for words in record["evidence"])
        ]
        if not anchors and not whole:
            continue
        refs = tuple(SectionRef(page_id(record["url"]), anchor) for anchor in anchors)
        expect = Expectation(answerable=not record["not_answerable"], sections=refs)
        turns = (f"{record['scenario']} {record['question']}",)
        tags = ("conditional",) if any(needs for _, needs in record["answers"]) else ()
        talk = page_id(record["url"])
        cases.append(Case(record["id"], "en", turns, expect, tags, conversation=talk))
    return ExternalSet(tuple(documents), tuple(cases))


def page_id(url: str) -> str:
    """The document's id of a page."""
    return url.rstrip("/").rsplit("/", 1)[-1]


def _document(url: str, sections: Mapping[str, str]) -> dict[str, str]:
    title = page_id(url).replace("-", " ").capitalize()
    parts = [f"# {title}"]
    for number, (heading, html) in enumerate(sections.items(), start=1):
        parts.append(f"## {heading} {{#s{number}}}\n\n{_markdown(html)}")
    text = "\n\n".join(parts)
    return {"id": page_id(url), "title": title, "text": text, "lang": "en", "url": url}


def _markdown(html: str) -> str:
    """Words of a section; headings inside it become lines, so that they open no section."""
    text = _HEADING.sub(r"\1:", _TITLE.sub("", html))
    lines = []
    for line in text.splitlines():
        words = unescape(_TAG.sub(" ", line)).strip()
        if words:
            lines.append(f"- {words}" if line.lstrip().startswith("<li>") else f"{words}\n")
    return "\n".join(lines).strip()
