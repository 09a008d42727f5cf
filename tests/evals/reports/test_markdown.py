"""Markdown for a pull request: short, in order, and nothing an answer says is markup."""

from __future__ import annotations

import re

from evals.cases import Case, Expectation, Nugget
from evals.records import Record, Score
from evals.reports import write_markdown
from evals.reports.markdown import MOST_CASES, markdown
from evals.scored_run import ScoredRun


def test_gates_metrics_and_failed_cases_stand_in_that_order(report):
    text = markdown(report)
    assert text.startswith("## policies: 1 of 3 gates failed\n")
    assert "5 cases, 2 passed, 2 failed, 1 errors." in text
    order = [
        "❌ failed | forbidden",
        "❔ unknown | nugget",
        "✅ passed | errors",
        "| fully\\_right |",
    ]
    places = [text.index(words) for words in (*order, "<summary>spouse-zh: 配偶每月补贴多少？")]
    assert places == sorted(places)
    assert "not said: 5000元 / 五千元" in text
    assert "TimeoutError: no reply within 30 s" in text
    cell = report.summary.cell("nugget_recall_strict")
    assert f"| {cell.value:.3f} | {cell.interval.low:.3f} to {cell.interval.high:.3f} |" in text


def test_a_comparison_tells_changes_and_folds_the_broken_cases(compared):
    text = markdown(compared)
    assert "**1 broken**, 1 fixed, 1 changed, of 5 cases." in text
    row = next(line for line in text.splitlines() if line.startswith("| nugget\\_recall\\_strict"))
    assert "no clear difference" in row
    details = text[text.index("<details>") : text.index("</details>")]
    assert "spouse-zh" in details
    assert "补贴<del>5000</del>元" in details and "补贴<ins>500</ins>元" in details
    assert "broken: nugget\\_recall\\_strict 1.000 → 0.000" in details
    assert "<summary>1 fixed</summary>\n\nspouse-en" in text


def test_every_table_row_has_as_many_cells_as_its_head(compared):
    blocks = re.findall(r"(?:^\|.*\n)+", markdown(compared), re.MULTILINE)
    assert len(blocks) == 2
    for block in blocks:
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(cells) == 1, block


def test_answers_are_no_markup_and_notify_nobody(report, compared):
    for text in (markdown(report), markdown(compared)):
        assert "<script" not in text and "<img" not in text
        assert "@everyone" not in text
        assert "evil &amp; &lt;b&gt;" in text or "evil" not in text


def test_many_failures_stay_short(report_over):
    cases = {
        f"c{n}": Case(f"c{n}", "zh", ("长" * 900,), Expectation(nuggets=(Nugget(("元",)),)))
        for n in range(3000)
    }
    records = [Record(name, answer={"status": "answered", "text": "文" * 5000}) for name in cases]
    scores = [Score("nugget_recall_strict", name, value=0.0, why="缺" * 3000) for name in cases]
    text = markdown(report_over(ScoredRun({"suite": "s"}, cases, records, scores)))
    assert text.count("<details>") == MOST_CASES
    assert f"and {3000 - MOST_CASES:,} more failed" in text
    assert len(text) < 30_000, "GitHub refuses comments of more than 65,536 characters"


def test_the_file_is_written_in_utf_8(report, tmp_path):
    write_markdown(
        tmp_path / "r.md", report.run, report.summary, report.gates, metrics=report.metrics
    )
    assert "配偶每月补贴多少？" in (tmp_path / "r.md").read_text(encoding="utf-8")
