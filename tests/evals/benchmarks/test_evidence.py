from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.service import Assistant
from assistant.settings import Settings
from evals.adapters.conditionalqa import PAGES, QUESTIONS
from evals.benchmarks.evidence import ask, baselines, main, page_elements, read_questions
from evals.benchmarks.evidence_rows import Asked, Cited, abstention_row, evidence_row, report
from evals.benchmarks.html_evidence import (
    Element,
    cited,
    elements,
    set_f1,
    word_f1,
    words_of,
)
from evals.suite_cases import prepare
from evals.suites import find_suite, load_suite
from index.documents import Document, Metadata
from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update

URL = "https://www.gov.uk/lithium-grant"
SECTIONS = {
    "Who": "<h1>Who</h1>\n<p>Lithium plants may apply. They need\na licence &amp; a plan.</p>\n"
    "<li>a <a>form</a></li>\n<li>a fee</li>\n",
    "How": "<h1>How</h1>\n<h2>By post</h2>\n<p>Send the form.</p>\n<p>Send the form.</p>\n",
}
OTHER = {"Rent": "<h1>Rent</h1>\n<p>Spouses receive rent from the county.</p>\n"}


def question(name: str, text: str, *evidence: str) -> dict[str, object]:
    return {
        "id": name,
        "url": URL,
        "scenario": "I own a plant.",
        "question": text,
        "answers": [["yes", []]] if evidence else [],
        "evidence": list(evidence),
        "not_answerable": not evidence,
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    pages = [
        {"url": URL, "sections": SECTIONS},
        {"url": "https://www.gov.uk/rent", "sections": OTHER},
    ]
    asked = [
        question("q1", "May lithium plants apply?", "<li>a fee</li>", "<p>Send the form.</p>"),
        question("q2", "Who painted the ceiling?"),
    ]
    for name, lines in ((PAGES, pages), (QUESTIONS, asked)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def assistant(data: Path) -> Iterator[Assistant]:
    settings = Settings(cache=data / "cache", composer="quotes")
    suite = load_suite(find_suite("conditionalqa-answers"))
    prepared = prepare(suite, settings, data=data)
    embedder = HashEmbedder()
    store = Store(Path(prepared.settings.store_place))
    update(store, prepared.settings.corpus, InProcessBuilder(embedder), embedder.fingerprint)
    opened = Assistant(store, embedder)
    yield opened
    opened.index.close()


def test_an_element_is_known_by_its_words() -> None:
    assert words_of("<p>A licence &amp;\n<a>a  plan</a></p>") == "A licence & a plan"


def test_elements_are_found_in_the_document() -> None:
    text = "## Who\n\nOne  rule.\nIt holds.\n\n- a fee\n\nBy post:\n"
    html = "<h1>Who</h1><p>One rule. It holds.</p><li>a fee</li><h2>By post</h2><p>Lost</p>"
    found = elements(Document("d", "D", text, "en", Metadata()), {"Who": html})
    assert [element.words for element in found] == ["One rule. It holds.", "a fee", "By post"]
    assert text[found[0].start : found[0].end] == "One  rule.\nIt holds."


def test_a_citation_touches_every_element_that_it_overlaps() -> None:
    known = [Element("d", "one", 0, 10), Element("d", "two", 12, 20), Element("e", "one", 0, 10)]
    citation = {"document_id": "d", "start": 5, "end": 13}
    assert cited([citation], known) == {known[0], known[1]}
    assert cited([citation | {"start": 10, "end": 12}], known) == set()


def test_elements_with_the_same_words_count_as_one() -> None:
    assert {Element("d", "one", 0, 3), Element("d", "one", 9, 12)} == {Element("d", "one", 0, 3)}


@pytest.mark.parametrize(
    ("told", "gold", "expected"),
    [("ab", "ab", 1.0), ("ab", "bc", 0.5), ("a", "abc", 0.5), ("", "a", 0.0), ("", "", 1.0)],
)
def test_f1_of_sets(told: str, gold: str, expected: float) -> None:
    def made(names: str) -> set[Element]:
        return {Element("d", name, 0, 1) for name in names}

    assert set_f1(made(told), made(gold)) == expected


@pytest.mark.parametrize(
    ("told", "gold", "expected"),
    [
        (["The fee."], ["the fee"], 1.0),
        (["a", "b"], ["a b c d"], 2 / 3),
        (["a a"], ["a"], 2 / 3),
        ([], ["a"], 0.0),
        ([], [], 1.0),
    ],
)
def test_f1_of_words(told: list[str], gold: list[str], expected: float) -> None:
    assert word_f1(told, gold) == pytest.approx(expected)


def test_every_element_of_the_set_is_found_and_gold_is_among_them(
    data: Path, assistant: Assistant
) -> None:
    known = page_elements(data, assistant)
    assert [element.words for element in known if element.page == "lithium-grant"] == [
        "Lithium plants may apply. They need a licence & a plan.",
        "a form",
        "a fee",
        "By post",
        "Send the form.",
        "Send the form.",
    ]
    first, second = read_questions(data, known)
    assert {element.words for element in first.gold} == {"a fee", "Send the form."}
    assert first.answerable
    assert not second.answerable
    assert second.gold == frozenset()


def test_what_the_assistant_cites_is_known_elements(data: Path, assistant: Assistant) -> None:
    known = page_elements(data, assistant)
    asked = read_questions(data, known)
    found = ask(assistant, asked, known)
    assert len(found) == 2
    for one in found:
        assert one.elements <= set(known)
        assert bool(one.quotes) == bool(one.elements)
        assert one.declined != bool(one.quotes)


def test_bm25_is_asked_of_all_pages_and_of_the_page_given(data: Path, assistant: Assistant) -> None:
    known = page_elements(data, assistant)
    rent = Asked("lithium-grant", "rent fee form", frozenset({known[2]}), answerable=True)
    rows = {row.name: row for row in baselines([rent], known)}
    assert rows["BM25, best 3 of all pages"].cited == 3
    assert rows["BM25, best 8 of the page given"].recall == 1.0
    assert rows["BM25, best 1 of all pages"].f1 in (0.0, 1.0)


E1, E2, E3 = (Element("d", name, 0, 1) for name in ("e1", "e2", "e3"))


def test_evidence_is_summed_over_answerable_questions() -> None:
    asked = [
        Asked("p", "q", frozenset({E1, E2}), answerable=True),
        Asked("r", "q", frozenset({E1}), answerable=True),
        Asked("r", "q", frozenset(), answerable=False),
    ]
    found = [
        Cited(frozenset({E1, E3}), ("e1",)),
        Cited(frozenset(), ()),
        Cited(frozenset({E1}), ()),
    ]
    row = evidence_row("x", asked, found)
    assert (row.f1, row.precision, row.recall, row.cited) == (0.25, 0.5, 0.25, 1.0)
    assert row.words_f1 == pytest.approx((2 / 3) / 2)


@pytest.mark.parametrize(
    ("declined", "precision", "recall", "f1"),
    [
        ([True, False, False], 1.0, 0.5, 2 / 3),
        ([True, True, True], 2 / 3, 1.0, 0.8),
        ([False, False, False], None, 0.0, 0.0),
        ([False, False, True], 0.0, 0.0, 0.0),
    ],
)
def test_abstention(
    declined: list[bool], precision: float | None, recall: float, f1: float
) -> None:
    answerable = (False, False, True)
    asked = [Asked(f"p{n}", "q", frozenset(), own) for n, own in enumerate(answerable)]
    row = abstention_row("x", asked, declined)
    assert (row.precision, row.recall) == (precision, recall)
    assert row.f1 == pytest.approx(f1)
    assert "| x |" in report(asked, [], [row])


def test_a_missing_set_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "conditionalqa" in capsys.readouterr().err
