"""ConditionalQA: what is cited for an answer, and are unanswerable questions declined?

`python -m evals.benchmarks.evidence --data DIR [--json FILE]` puts the questions of ConditionalQA's
open part, each with its scenario, to the assistant with `quotes`. All pages are searched at once,
where the set itself names the page.

Evidence F1: the set's evidence is a set of HTML elements of a page (H. Sun et al.,
"ConditionalQA", ACL 2022). For each answerable question F1 of the set of elements cited and the set
of gold elements, 0 where nothing is cited; their mean over questions. Beside it F1 of the words:
those quoted against those of the gold elements. The baseline is BM25: the best k elements of all
pages, and of the page that the set names.

Abstention: precision, recall and F1 of declining (neither `answered` nor `partial`) on the
unanswerable questions, beside declining never and always.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.cli.progress import build_progress, share_progress
from assistant.errors import AssistantError
from assistant.opening import open_assistant
from assistant.questions import Question
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.adapters.conditionalqa import PAGES, QUESTIONS, page_id
from evals.adapters.reading import read_set
from evals.answers import abstained
from evals.benchmarks.evidence_rows import (
    Asked,
    Cited,
    EvidenceRow,
    abstention_row,
    evidence_row,
    report,
)
from evals.benchmarks.html_evidence import Element, cited, elements, words_of
from evals.errors import EvaluationError
from evals.suite_cases import prepare
from evals.suites import find_suite, load_suite
from index.errors import IndexingError
from index.lexical import LexicalIndex

_KS = (1, 2, 3, 5, 8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.evidence")
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--json", type=Path, help="file for the figures")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(composer="quotes")
        suite = load_suite(find_suite("conditionalqa-answers"))
        prepared = prepare(suite, settings, data=given.data)
        with build_progress(keep=False) as building:
            assistant = open_assistant(prepared.settings, building)
        known = page_elements(given.data, assistant)
        asked = read_questions(given.data, known)
        ours = ask(assistant, asked, known)
        rows = [evidence_row("assistant", asked, ours)]
        open_only = [(a, c) for a, c in zip(asked, ours, strict=True) if not c.declined]
        answered = evidence_row(
            "assistant, where it answers", [a for a, _ in open_only], [c for _, c in open_only]
        )
        rows += [answered, *baselines(asked, known)]
        abstention = [
            abstention_row("assistant", asked, [one.declined for one in ours]),
            abstention_row("never declines", asked, [False] * len(asked)),
            abstention_row("always declines", asked, [True] * len(asked)),
        ]
        print(report(asked, rows, abstention))
        if given.json:
            figures = {
                "evidence": [asdict(row) for row in rows],
                "abstention": [asdict(row) for row in abstention],
            }
            given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (AssistantError, EvaluationError, IndexingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def page_elements(data: Path, assistant: Assistant) -> list[Element]:
    """The elements of all pages, where they stand in the index's documents."""
    documents = {document.id: document for document in assistant.index.documents()}
    return [
        element
        for page in read_set(data, PAGES)
        for element in elements(documents[page_id(page["url"])], page["sections"])
    ]


def read_questions(data: Path, known: Sequence[Element]) -> list[Asked]:
    """The questions, with their evidence among the known elements."""
    by_words: dict[tuple[str, str], Element] = {}
    for element in known:
        by_words.setdefault((element.page, element.words), element)
    asked = []
    for record in read_set(data, QUESTIONS):
        page = page_id(record["url"])
        found = (by_words.get((page, words_of(html))) for html in record["evidence"])
        gold = frozenset(element for element in found if element)
        text = f"{record['scenario']} {record['question']}"
        asked.append(Asked(page, text, gold, not record["not_answerable"]))
    return asked


def ask(assistant: Assistant, asked: Sequence[Asked], known: Sequence[Element]) -> list[Cited]:
    """What the assistant cites for each question."""
    found = []
    with share_progress() as told:
        for done, one in enumerate(asked, start=1):
            answer = assistant.ask(Question(one.text)).to_dict()
            citations = answer["citations"]
            quotes = tuple(citation["quote"] for citation in citations)
            touched = frozenset(cited(citations, known))
            found.append(Cited(touched, quotes, abstained(answer)))
            told("asking ConditionalQA", done / len(asked))
    return found


def baselines(asked: Sequence[Asked], known: Sequence[Element]) -> list[EvidenceRow]:
    """BM25 over elements: the best k of all pages, and of the page that the set names."""
    everywhere = _ranked(known, asked, lambda _: range(len(known)))
    on_page: dict[str, list[int]] = {}
    for number, element in enumerate(known):
        on_page.setdefault(element.page, []).append(number)
    given = _ranked(known, asked, lambda one: on_page[one.page])
    rows = []
    for where, rankings in (("all pages", everywhere), ("the page given", given)):
        for k in _KS:
            found = [_as_cited(ranking[:k]) for ranking in rankings]
            rows.append(evidence_row(f"BM25, best {k} of {where}", asked, found))
    return rows


def _ranked(
    known: Sequence[Element], asked: Sequence[Asked], within: Callable[[Asked], Sequence[int]]
) -> list[list[Element]]:
    lexical = LexicalIndex.build([element.words for element in known])
    rankings = []
    for one in asked:
        allowed = set(within(one))
        ranking = lexical.search(one.text, len(known))
        rankings.append([known[n] for n, _ in ranking if n in allowed][: max(_KS)])
    return rankings


def _as_cited(found: Sequence[Element]) -> Cited:
    return Cited(frozenset(found), tuple(element.words for element in found))


if __name__ == "__main__":
    sys.exit(main())
