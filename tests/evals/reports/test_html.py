"""The HTML page as a file: what it holds, that it is one file, that nothing in it can run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.errors import RunError
from evals.records import Record
from evals.reports import write_html
from evals.reports.html import html
from evals.reports.page_data import RESULTS_SHOWN, page_data
from evals.scored_run import ScoredRun


class Page(HTMLParser):
    """Elements with their attributes, texts of scripts and styles, and the words to read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.held: dict[str, list[str]] = {"script": [], "style": []}
        self.words = ""
        self._within: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._within.append(tag)

    def handle_endtag(self, tag):
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data):
        within = self._within[-1] if self._within else ""
        if within in self.held:
            self.held[within].append(data)
        else:
            self.words += data

    @property
    def data(self):
        return json.loads(self.held["script"][0])


def test_scores_gates_slices_and_every_case_are_in_the_page(report):
    page = Page(html(report))
    for words in ("policies", "五项政策 & <more>", "1 of 3 gates failed", "nugget_recall_strict"):
        assert words in page.words
    assert "no baseline to compare with" in page.words
    assert "is below 0.99" in page.words
    cell = report.summary.cell("nugget_recall_strict")
    assert f"{cell.interval.low:.3f} to {cell.interval.high:.3f}" in page.words
    slices = [a["data-slices"] for _, a in page.elements if "data-slices" in a]
    assert slices == list(report.metrics)
    for name in ("Chinese", "figures", "shanxi-talent-reform"):
        assert name in page.words
    cases = {case["id"]: case for case in page.data["cases"]}
    assert {name: case["outcome"] for name, case in cases.items()} == {
        "spouse-zh": "failed",
        "spouse-en": "passed",
        "evil & <b>": "failed",
        "broken-zh": "error",
        "nothing-en": "passed",
    }
    spouse = cases["spouse-zh"]
    assert spouse["turns"] == ["绿卡有什么用？", "配偶每月补贴多少？"]
    assert spouse["expect"]["nuggets"][0] == {"any": ["5000元", "五千元"], "vital": True}
    assert spouse["expect"]["sections"] == ["shanxi-talent-reform#spouse"]
    [run] = spouse["runs"]
    assert run["answer"]["text"] == "配偶每月补贴500元。[1]"
    assert run["answer"]["citations"][0]["quote"] == "每月补贴5000元"
    [why] = [one["why"] for one in run["scores"] if one["metric"] == "nugget_recall_strict"]
    assert "5000元" in why
    assert cases["broken-zh"]["runs"][0]["error"].startswith("TimeoutError")


def test_a_comparison_lists_broken_and_fixed_cases_with_the_words_that_differ(compared):
    page = Page(html(compared))
    assert "Broken (1)" in page.words and "Fixed (1)" in page.words
    assert {"href": "#case-spouse-zh"} in [a for tag, a in page.elements if tag == "a"]
    cases = {case["id"]: case for case in page.data["cases"]}
    change = cases["spouse-zh"]["change"]
    assert change["kind"] == "broken"
    assert ["5000", True] in change["base"]["spans"]
    assert ["500", True] in change["candidate"]["spans"]
    assert cases["nothing-en"]["change"]["kind"] == "changed"
    assert cases["broken-zh"]["change"] is None


def test_nothing_is_loaded_and_only_the_pages_own_script_may_run(compared):
    text = html(compared)
    page = Page(text)
    loads = {"src", "srcset", "data", "action", "poster", "background", "style", "srcdoc"}
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "image"), tag
        assert not loads & attributes.keys(), attributes
        assert not [name for name in attributes if name.startswith("on")], attributes
        if tag in ("a", "use"):
            assert attributes["href"].startswith("#")
    [style], [_, script] = page.held["style"], page.held["script"]
    assert not re.search(r"@import|url\(|https?:", style)
    assert "innerHTML" not in script and "fetch(" not in script
    [policy] = [a["content"] for _, a in page.elements if "http-equiv" in a]
    assert policy.startswith("default-src 'none'; ")
    for inline in (style, script):
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "'unsafe" not in policy


def test_html_in_an_answer_stays_text(compared):
    text = html(compared)
    page = Page(text)
    assert len(page.held["script"]) == 2, "an answer has ended the script that holds the data"
    assert "<img" not in text and "</script><script>window" not in text
    evil = next(case for case in page.data["cases"] if case["id"] == "evil & <b>")
    assert evil["runs"][0]["answer"]["text"].startswith("</script><script>window.hit=1</script>")
    assert "evil & <b>" in [case["id"] for case in page.data["cases"]]


def test_chinese_is_marked_as_such(compared):
    text = html(compared)
    assert '<html lang="en">' in text
    assert '<span lang="zh-Hans">配偶每月补贴多少？</span>' in text


def test_odd_values_do_not_break_the_data(report, report_over):
    records = [
        *report.run.records[:2],
        Record("evil & <b>", answer={"text": "a\u2028\ud800", "n": float("nan")}, ms=1.0),
    ]
    run = ScoredRun(report.run.manifest, report.run.cases, records, ())
    text = html(report_over(run)).encode(errors="replace").decode()
    case = Page(text).data["cases"][2]
    assert case["runs"][0]["answer"] == {"text": "a\u2028?", "n": None}
    assert case["outcome"] == "unjudged"


def test_a_long_ranking_is_cut_and_says_so(report, report_over):
    results = [
        {"rank": n, "score": 1 / n, "document_id": "d", "section": f"s{n}", "text": "文"}
        for n in range(1, RESULTS_SHOWN + 6)
    ]
    records = [Record("spouse-zh", answer={"id": None, "query": "…", "results": results})]
    run = ScoredRun(report.run.manifest, report.run.cases, records, ())
    answer = page_data(report_over(run))["cases"][0]["runs"][0]["answer"]
    assert len(answer["results"]) == RESULTS_SHOWN and answer["left_off"] == 5


def test_an_unfinished_or_partial_run_says_so(report, report_over):
    manifest = {**report.run.manifest, "selection": {"cases": [], "tags": ["figures"]}}
    run = ScoredRun(manifest, report.run.cases, report.run.records[:1], ())
    words = Page(html(report_over(run))).words
    assert "4 of 5 cases are not fully answered yet" in words and "--resume" in words
    assert "Only a part of the suite was run" in words


def test_a_page_that_cannot_be_written_is_said(report, tmp_path: Path):
    arguments = (report.run, report.summary, report.gates)
    write_html(tmp_path / "report.html", *arguments, metrics=report.metrics)
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!doctype html>")
    with pytest.raises(RunError, match="cannot be written"):
        write_html(tmp_path / "none" / "report.html", *arguments, metrics=report.metrics)
