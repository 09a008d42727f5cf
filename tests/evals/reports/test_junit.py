"""JUnit XML: a test case a gate and a case, counted right, and XML whatever an answer holds."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from evals.cases import Case
from evals.records import Record
from evals.reports import write_junit
from evals.reports.junit import junit
from evals.scored_run import ScoredRun


def outcome(test: ET.Element) -> str:
    tags = [child.tag for child in test if child.tag != "system-out"]
    return tags[0] if tags else "passed"


def test_every_gate_and_every_case_is_a_test_case(report):
    root = ET.fromstring(junit(report))
    gates, cases = root.findall("testsuite")
    assert [(test.get("name"), outcome(test)) for test in gates.findall("testcase")] == [
        ("forbidden: at least 0.99", "failure"),
        ("errors: at most 0.5", "passed"),
        (
            "nugget_recall_strict (lang=zh): no more than 0.02 worse than the baseline",
            "skipped",
        ),
    ]
    assert {test.get("name"): outcome(test) for test in cases.findall("testcase")} == {
        "spouse-zh": "failure",
        "spouse-en": "passed",
        "evil & <b>": "failure",
        "broken-zh": "error",
        "nothing-en": "passed",
    }
    failure = cases.find("testcase[@name='spouse-zh']/failure")
    assert failure.get("message") == "fully_right, nugget_recall_strict"
    assert "question: 配偶每月补贴多少？" in failure.text and "五千元" in failure.text
    assert cases.find("testcase[@name='spouse-zh']").get("file") == "cases/policies.jsonl:1"


def test_the_counts_are_those_of_the_elements(report):
    root = ET.fromstring(junit(report))
    for element in (root, *root.findall("testsuite")):
        tests = list(element.iter("testcase"))
        assert int(element.get("tests")) == len(tests)
        for attribute, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert int(element.get(attribute)) == sum(outcome(test) == tag for test in tests)
    assert root.findall("testsuite")[1].get("time") == "0.085"


def test_characters_that_xml_has_no_place_for_are_replaced(report, report_over):
    assert b"\x00" not in junit(report)
    odd = "a\x00\x1b[31m\ud800\ufffe\U0001f600中"
    cases = {odd: Case(odd, "zh", (odd,))}
    run = ScoredRun({"suite": odd}, cases, [Record(odd, error=odd)], ())
    root = ET.fromstring(junit(report_over(run)))
    [test] = root.iter("testcase")
    assert test.get("name") == "a\ufffd\ufffd[31m\ufffd\ufffd\U0001f600中"
    assert outcome(test) == "error"


def test_a_case_without_answer_or_judgement_is_skipped(report, report_over):
    run = ScoredRun(report.run.manifest, report.run.cases, report.run.records[:1], ())
    root = ET.fromstring(junit(report_over(run)))
    said = [skipped.get("message") for skipped in root.iter("skipped")]
    assert said == ["no metric judges it", *["not answered yet"] * 4]


def test_the_file_is_written(report, tmp_path):
    write_junit(
        tmp_path / "r.xml", report.run, report.summary, report.gates, metrics=report.metrics
    )
    assert ET.parse(tmp_path / "r.xml").getroot().tag == "testsuites"
