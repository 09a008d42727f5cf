"""A small run, and the base it is compared with: every kind of case that a report must show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evals.cases import Case, Expectation, Nugget, SectionRef
from evals.compare import compare
from evals.gates import Gate, judge_gates
from evals.metrics.registry import metric
from evals.records import Record
from evals.reports.report import Report
from evals.scored_run import ScoredRun
from evals.scoring import score_answers
from evals.summary import summarise

METRICS = {
    name: metric(name)
    for name in ("fully_right", "nugget_recall_strict", "forbidden", "errors", "latency_p50:call")
}
EVIL = "</script><script>window.hit=1</script><img src=https://evil.test/x.png onerror=alert(1)>"
CASES = (
    Case(
        "spouse-zh",
        "zh",
        ("绿卡有什么用？", "配偶每月补贴多少？"),
        Expectation(
            answerable=True,
            status=("answered",),
            sections=(SectionRef("shanxi-talent-reform", "spouse"),),
            nuggets=(Nugget(("5000元", "五千元")), Nugget(("最长3年",), vital=False)),
            figures=("5000元",),
        ),
        tags=("figures",),
        pair="spouse",
        where="cases/policies.jsonl:1",
    ),
    Case(
        "spouse-en",
        "en",
        ("How much does a spouse get a month?",),
        Expectation(nuggets=(Nugget(("5,000 yuan",)),)),
        tags=("figures",),
        pair="spouse",
    ),
    Case("evil & <b>", "en", (EVIL,), Expectation(forbidden=("alert",))),
    Case("broken-zh", "zh", ("有什么支持？",), Expectation(nuggets=(Nugget(("补贴",)),))),
    Case("nothing-en", "en", ("Hello?",)),
)


def answer(text: str, lang: str = "zh", **more: Any) -> dict[str, Any]:
    citation = {
        "label": 1,
        "document_id": "shanxi-talent-reform",
        "title": "山西人才改革",
        "issuer": None,
        "issued_on": None,
        "section": "spouse",
        "passage_id": "p1",
        "quote": "每月补贴5000元",
        "start": 0,
        "end": 9,
        "lang": "zh",
        "url": "javascript:alert(1)",
        "validity": "unknown",
    }
    return {
        "id": None,
        "question": "…",
        "query": "…",
        "lang": lang,
        "status": "answered",
        "text": text,
        "citations": [citation],
        "notices": [],
        "suggestions": [],
        "composer": "quotes",
        "model": None,
        "timings_ms": {"retrieve": 12.0, "total": 20.0},
        "usage": {"prompt_tokens": 0, "completion_tokens": 0},
    } | more


def run_of(answers: dict[str, dict[str, Any] | str], **manifest: Any) -> ScoredRun:
    """A run with an answer, or the message of an error, for each case that is named."""
    records = [
        Record(name, error=given, ms=5.0)
        if isinstance(given, str)
        else Record(name, answer=given, ms=20.0)
        for name, given in answers.items()
    ]
    by_key = {(record.case, record.repeat): record for record in records}
    told = {
        "suite": "policies",
        "started_at": "2025-11-22T01:02:03+00:00",
        "form": {"about": "五项政策 & <more>"},
        "digests": {"data": "aa", "corpus": "bb", "code": "cc"},
    }
    return ScoredRun(
        told | manifest,
        {case.id: case for case in CASES},
        records,
        score_answers(CASES, 1, by_key, tuple(METRICS.values())),
    )


GIVEN: dict[str, dict[str, Any] | str] = {
    "spouse-zh": answer("配偶每月补贴500元。[1]"),
    "spouse-en": answer("A spouse gets 5,000 yuan a month. [1]", "en"),
    "evil & <b>": answer(f"{EVIL} [1]", "en"),
    "broken-zh": "TimeoutError: no reply within 30 s\x00\x0b",
    "nothing-en": answer("Hello @everyone.", "en", citations=[]),
}


@pytest.fixture
def report() -> Report:
    """The run alone."""
    return reported(None)


@pytest.fixture
def compared() -> Report:
    """The run against a base in which the Chinese answer was right and the English one wrong."""
    base = GIVEN | {
        "spouse-zh": answer("配偶每月补贴5000元。[1]"),
        "spouse-en": answer("A spouse gets 50 yuan a month. [1]", "en"),
        "nothing-en": answer("Good day.", "en", citations=[]),
    }
    return reported(run_of(base, started_at="2025-11-20", digests={"data": "aa", "corpus": "bb"}))


@pytest.fixture
def report_over() -> Callable[[ScoredRun], Report]:
    """Makes the report of a run of one's own."""
    return lambda run: Report(run, METRICS, summarise(run, METRICS, resamples=50))


def reported(base: ScoredRun | None) -> Report:
    run = run_of(GIVEN)
    gates = judge_gates(
        (
            Gate("forbidden", at_least=0.99),
            Gate("errors", at_most=0.5),
            Gate("nugget_recall_strict", max_drop=0.02, slice="lang=zh"),
        ),
        run,
        METRICS,
        base,
        permutations=99,
    )
    comparison = (
        compare(base, run, METRICS, resamples=50, permutations=99) if base is not None else None
    )
    return Report(run, METRICS, summarise(run, METRICS, resamples=50), gates, comparison)
