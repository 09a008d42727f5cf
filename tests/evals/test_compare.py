"""Comparisons: refusals, differences with their tests, and cases side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.case_changes import case_changes
from evals.cases import Case, Expectation, SectionRef
from evals.compare import Comparison, compare
from evals.compare_markdown import markdown
from evals.errors import ComparisonError
from evals.records import Record
from evals.scored_run import ScoredRun
from evals.statistics import mcnemar_exact
from evals.testing import DIGESTS, ValueMetric, run_of
from evals.word_diff import word_diff, words

RIGHT = ValueMetric("right")
SHARE = ValueMetric("share", passes_at=None)
METRICS = {"right": RIGHT, "share": SHARE}


def alone(n: int) -> list[Case]:
    return [Case(f"{i:03}", ("zh", "en")[i % 2], (f"问 {i}？",)) for i in range(n)]


def both(
    base: Sequence[float | None],
    candidate: Sequence[float | None],
    metric: str = "right",
    cases: Sequence[Case] | None = None,
) -> Comparison:
    asked = cases or alone(len(base))
    runs = (run_of(asked, {metric: values}) for values in (base, candidate))
    return compare(*runs, {metric: METRICS[metric]})


class TestDifference:
    def test_passes_and_fails_are_tested_by_mcnemar(self) -> None:
        row = both([1] * 20 + [0] * 20, [1] * 18 + [0] * 2 + [1] * 12 + [0] * 8).row("right")
        assert (row.base, row.candidate) == (0.5, 0.75)
        assert row.difference == pytest.approx(0.25)
        assert (row.test, row.p) == ("mcnemar", mcnemar_exact(2, 12))
        assert row.interval and 0.05 < row.interval.low < 0.25 < row.interval.high < 0.45
        assert row.verdict == "better"

    def test_of_a_question_and_its_translation_only_one_counts(self) -> None:
        twins = [replace(case, pair=f"p{i // 2}") for i, case in enumerate(alone(40))]
        base, candidate = [1.0] * 40, [0.0] * 8 + [1.0] * 32
        flat = both(base, candidate).row("right")
        clustered = both(base, candidate, cases=twins).row("right")
        assert (flat.test, flat.p) == ("mcnemar", pytest.approx(2 / 2**8))
        assert (clustered.test, clustered.p) == ("sign-flip", pytest.approx(2 / 2**4))
        assert (flat.verdict, clustered.verdict) == ("worse", "no clear difference")

    def test_scores_are_tested_by_flipping_signs(self) -> None:
        row = both([0.5, 0.5, 0.5], [0.8, 0.7, 0.6], "share").row("share")
        assert (row.test, row.p) == ("sign-flip", pytest.approx(2 / 8))
        assert row.difference == pytest.approx(0.2)

    def test_an_aggregate_that_is_no_mean_is_tested_by_swapping(self) -> None:
        slow = ValueMetric(
            "slow",
            higher_is_better=False,
            passes_at=None,
            formula=lambda values: float(np.percentile(values, 95)),
        )
        times = np.random.default_rng(0).gamma(4, 25, 80)
        runs = (run_of(alone(80), {"slow": (times * by).tolist()}) for by in (1, 1.5))
        row = compare(*runs, {"slow": slow}, slices=False).row("slow")
        assert row.test == "swap"
        assert row.base == pytest.approx(np.percentile(times, 95))
        assert row.difference == pytest.approx(0.5 * np.percentile(times, 95))
        assert row.interval and row.interval.low > 0
        assert (row.p, row.verdict) == (pytest.approx(0.001), "worse")
        assert row.detectable is not None and row.detectable > 0

    def test_repetitions_count_as_one_case(self) -> None:
        once = run_of(alone(6), {"share": [0.0] * 6})
        twice = replace(
            once,
            records=[replace(r, repeat=n) for r in once.records for n in range(2)],
            scores=[
                replace(s, repeat=n, value=value)
                for s in once.scores
                for n, value in enumerate((0.2, 0.6))
            ],
        )
        row = compare(once, twice, {"share": SHARE}).row("share")
        assert (row.candidate, row.n) == (pytest.approx(0.4), 6)
        assert row.p == pytest.approx(2 / 64)

    def test_only_cases_that_both_runs_scored(self) -> None:
        row = both([1, 1, 0, None], [1, None, 1, 1]).row("right")
        assert (row.base, row.candidate, row.n, row.unpaired) == (0.5, 1.0, 2, 2)

    def test_nothing_scored(self) -> None:
        row = both([None], [1]).row("right")
        assert (row.difference, row.p, row.n) == (None, None, 0)
        assert row.verdict == "no clear difference"

    def test_many_metrics_are_adjusted_for(self) -> None:
        metrics = {f"m{i}": ValueMetric(f"m{i}") for i in range(5)}
        base = run_of(alone(20), {name: [1.0] * 20 for name in metrics})
        columns = {name: [1.0] * 20 for name in metrics} | {"m0": [0.0] * 6 + [1.0] * 14}
        found = compare(base, run_of(alone(20), columns), metrics)
        assert found.row("m0").p == pytest.approx(2 / 2**6)
        assert found.row("m0").p_holm == pytest.approx(5 * 2 / 2**6)
        assert found.row("m0", "lang=zh").p_holm is None
        assert found.row("m0", "lang=zh").verdict is None

    def test_slices(self) -> None:
        gold = Expectation(sections=(SectionRef("sichuan-eight-measures", "三"),))
        cases = alone(4)
        cases[0] = replace(cases[0], expect=gold, tags=("figures",))
        found = both([0, 1, 0, 1], [1, 1, 0, 0], cases=cases)
        assert {row.slice: row.difference for row in found.rows} == {
            "overall": 0.0,
            "lang=zh": 0.5,
            "lang=en": -0.5,
            "tag=figures": 1.0,
            "policy=sichuan-eight-measures": 1.0,
        }
        with pytest.raises(KeyError, match="right on lang=fr"):
            found.row("right", "lang=fr")

    def test_the_same_run_differs_in_nothing(self) -> None:
        found = both([1, 0, 1, 1], [1, 0, 1, 1])
        row = found.row("right")
        assert (row.difference, row.p, row.verdict) == (0.0, 1.0, "no clear difference")
        assert (found.cases, found.setup, found.data) == ((), (), ())


class TestRefusal:
    def run(self, n: int = 4, **digests: str) -> ScoredRun:
        return run_of(alone(n), {"right": [1.0] * n}, digests=DIGESTS | digests)

    @pytest.mark.parametrize(
        ("candidate", "message"),
        [
            ({"corpus": "c2"}, "corpus: c1 in base, c2 in candidate"),
            ({"data": "d2"}, "data: d1 in base, d2 in candidate"),
        ],
    )
    def test_other_digests(self, candidate: dict[str, str], message: str) -> None:
        with pytest.raises(ComparisonError) as error:
            compare(self.run(), self.run(**candidate), {"right": RIGHT})
        assert message in str(error.value)
        assert "--allow-different" in str(error.value)

    def test_other_cases(self) -> None:
        base, candidate = self.run(), self.run(3)
        with pytest.raises(ComparisonError, match="cases: only in base: 003"):
            compare(base, candidate, {"right": RIGHT})
        many = self.run(12)
        with pytest.raises(ComparisonError, match="004, 005, 006, 007, 008 and 3 more"):
            compare(base, many, {"right": RIGHT})

    def test_an_edited_case(self) -> None:
        base = self.run()
        case = replace(base.cases["002"], expect=Expectation(figures=("14 天",)))
        moved = replace(base.cases["001"], where="cases.jsonl:9")
        edited = replace(base, cases=dict(base.cases) | {"001": moved, "002": case})
        with pytest.raises(ComparisonError, match="question or expectation differs: 002\n"):
            compare(base, edited, {"right": RIGHT})

    def test_a_run_that_is_not_finished(self) -> None:
        base = self.run()
        part = replace(base, records=base.records[:3], scores=base.scores[:3])
        with pytest.raises(ComparisonError, match="candidate is not finished, it lacks: 003"):
            compare(base, part, {"right": RIGHT})

    def test_a_run_without_digests(self) -> None:
        with pytest.raises(ComparisonError, match=r"corpus: no digest in the run\.json of base"):
            compare(replace(self.run(), manifest={}), self.run(), {"right": RIGHT})

    def test_where_allowed_it_compares_what_is_shared_and_says_so(self) -> None:
        found = compare(self.run(4), self.run(3, corpus="c2"), METRICS, allow_different=True)
        assert found.n == found.row("right").n == 3
        assert found.data == (
            "corpus: c1 in base, c2 in candidate",
            "cases: only in base: 003",
        )
        assert "not of the same data" in found.to_markdown()

    def test_nothing_in_common(self) -> None:
        base = run_of([Case("x", "zh", ("问",))], {"right": [1.0]})
        with pytest.raises(ComparisonError, match="no case in common"):
            compare(base, self.run(), {"right": RIGHT}, allow_different=True)

    def test_another_target_is_what_is_compared(self) -> None:
        base = replace(self.run(), manifest={"digests": DIGESTS, "settings": {"rerank": True}})
        digests = DIGESTS | {"code": "k2", "suite": "s2"}
        candidate = replace(
            self.run(), manifest={"digests": digests, "settings": {"rerank": False}}
        )
        found = compare(base, candidate, {"right": RIGHT})
        assert found.setup == ("rerank: True → False", "code: none → k2", "suite: none → s2")


CASES = [
    Case("amount", "zh", ("失业保险待遇申领要多少天？",)),
    Case("who", "en", ("Who may apply?",)),
    Case("when", "zh", ("什么时候截止？",)),
    Case("same", "en", ("Where?",)),
]
BASE = run_of(
    CASES,
    {"right": [1, 0, 1, 1], "share": [1, 0.5, 1, 1]},
    ["应在十四天内办结。[1]", "Nobody.", "6月30日截止。", "At the office."],
)
CANDIDATE = run_of(
    CASES,
    {"right": [0, 1, 1, 1], "share": [0, 0.5, 1, 1]},
    ["应在四天内办结。[1]", "Graduates may apply.", "截止日期为6月30日。", "At the office."],
)


class TestCases:
    def test_broken_fixed_and_changed(self) -> None:
        found = compare(BASE, CANDIDATE, METRICS)
        assert [(change.case.id, change.kind) for change in found.cases] == [
            ("amount", "broken"),
            ("who", "fixed"),
            ("when", "changed"),
        ]
        (flip,) = found.of_kind("broken")[0].flips
        assert (flip.metric, flip.base, flip.candidate, flip.fixed) == ("right", 1, 0, False)

    def test_a_case_that_is_better_and_worse_is_broken(self) -> None:
        metrics = {"right": RIGHT, "brief": ValueMetric("brief")}
        base = run_of(CASES[:1], {"right": [1], "brief": [0]})
        candidate = run_of(CASES[:1], {"right": [0], "brief": [1]})
        (change,) = case_changes(base, candidate, metrics)
        assert change.kind == "broken"
        assert {flip.metric: flip.fixed for flip in change.flips} == {"right": False, "brief": True}

    def test_a_failure_is_broken_even_where_the_metric_says_nothing(self) -> None:
        failed = run_of(CASES[:1], {"right": [None]}, [None])
        silent = replace(failed, scores=[])
        base = run_of(CASES[:1], {"right": [1]})
        for candidate in (failed, silent):
            (change,) = case_changes(base, candidate, METRICS)
            assert (change.kind, change.candidate.status) == ("broken", "error")
            assert change.candidate.text == "timeout"

    def test_a_case_that_could_not_be_judged_is_not_broken(self) -> None:
        base, candidate = (run_of(CASES[:1], {"right": [value]}) for value in (1, None))
        assert case_changes(base, candidate, METRICS) == ()

    def test_a_rate_that_should_be_low(self) -> None:
        alarms = {"alarms": ValueMetric("alarms", higher_is_better=False, passes_at=0.0)}
        base, candidate = (run_of(CASES[:1], {"alarms": [value]}) for value in (1, 0))
        assert [c.kind for c in case_changes(base, candidate, alarms)] == ["fixed"]

    def test_a_citation_that_moved(self) -> None:
        def cited(section: str) -> ScoredRun:
            run = run_of(CASES[:1], {"right": [1]})
            citation = {"label": 1, "document_id": "sichuan-eight-measures", "section": section}
            answer = {"text": "是。[1]", "status": "answered", "citations": [citation]}
            return replace(run, records=[Record("amount", answer=answer)])

        found = compare(cited("三"), cited("八"), METRICS)
        assert [change.kind for change in found.cases] == ["changed"]
        assert "sichuan-eight-measures · 三 → \\[1\\] sichuan-eight-measures · 八" in (
            found.to_markdown()
        )

    def test_rankings_are_shown_by_place(self) -> None:
        def ranked(*documents: str) -> ScoredRun:
            run = run_of(CASES[:1], {"right": [1]})
            results = [{"document_id": name, "section": "一"} for name in documents]
            return replace(run, records=[Record("amount", answer={"results": results})])

        (change,) = case_changes(ranked("a", "b"), ranked("b", "a"), METRICS)
        assert change.base.text == "1. a · 一\n2. b · 一"

    def test_the_repetition_that_differs_is_shown(self) -> None:
        base = run_of(CASES[:1], {"right": [1]}, ["甲"])
        records = [replace(base.records[0], repeat=n) for n in range(2)]
        other = replace(records[1], answer={"text": "乙", "status": "answered", "citations": []})
        twice, changed = replace(base, records=records), replace(base, records=[records[0], other])
        (change,) = case_changes(twice, changed, METRICS)
        assert (change.base.text, change.candidate.text) == ("甲", "乙")


class TestWordDiff:
    @pytest.mark.parametrize(
        ("base", "candidate", "removed", "added"),
        [
            ("应在十四天内办结", "应在四天内办结", ["十四"], ["四"]),  # not 十 alone
            ("补贴14天", "补贴4天", ["14"], ["4"]),
            ("最高补贴５０００元", "最高补贴8000元", ["５０００"], ["8000"]),
            ("企业可以申请。", "企业不可以申请。", [], ["不"]),
            ("within 14 days", "within 4 days", ["14"], ["4"]),
            ("1,000 yuan a month", "1,500 yuan a month", ["1,000"], ["1,500"]),
            ("it can't be", "it can be", ["can't"], ["can"]),
            ("是的。[1]", "是的。[2]", ["[1]"], ["[2]"]),
            ("one two three four", "one five six four", ["two three"], ["five six"]),
            ("晋商晋才", "晋商晋才", [], []),
            ("", "新增", [], ["新增"]),
        ],
    )
    def test_marks_what_differs(
        self, base: str, candidate: str, removed: list[str], added: list[str]
    ) -> None:
        left, right = word_diff(base, candidate)
        assert [span.text for span in left if span.changed] == removed
        assert [span.text for span in right if span.changed] == added

    @given(st.text(alphabet="申请补贴14天 a\n[1]。二"), st.text(alphabet="申请补贴14天 a\n[1]。二"))
    def test_nothing_is_lost(self, base: str, candidate: str) -> None:
        left, right = word_diff(base, candidate)
        assert "".join(span.text for span in left) == base
        assert "".join(span.text for span in right) == candidate
        for spans in (left, right):
            assert all(a.changed != b.changed for a, b in pairwise(spans))
            assert all(span.text for span in spans)

    def test_chinese_is_cut_into_characters(self) -> None:
        assert words("补贴二十五万元") == ["补", "贴", "二十五万", "元"]


class TestOutput:
    def test_json(self) -> None:
        data = json.loads(json.dumps(compare(BASE, CANDIDATE, METRICS).to_dict()))
        assert data["rows"][0]["verdict"] == "no clear difference"
        assert data["cases"][0]["base"]["spans"] == [
            ["应在", False],
            ["十四", True],
            ["天内办结。[1]", False],
        ]

    def test_markdown(self) -> None:
        text = compare(BASE, CANDIDATE, METRICS).to_markdown()
        assert "| right | 0.750 | 0.750 | +0.000 [" in text
        assert "### Cases: 1 broken, 1 fixed, 1 changed, of 4" in text
        assert "- base (answered): 应在<del>十四</del>天内办结。\\[1\\]" in text
        assert "- candidate (answered): 应在<ins>四</ins>天内办结。\\[1\\]" in text

    def test_markdown_holds_back(self) -> None:
        cases = alone(30)
        runs = (run_of(cases, {"right": [v] * 30}) for v in (1.0, 0.0))
        text = markdown(compare(*runs, {"right": RIGHT}), most=5)
        assert text.count("**broken**") == 5
        assert "… and 25 more broken." in text
        assert "2 of 2 slices of metrics differ" in text

    def test_what_an_answer_says_is_no_markup(self) -> None:
        runs = (
            run_of(CASES[:1], {"right": [1]}, [said])
            for said in ("<script>x</script>\n| a |", "<b>*y*</b>")
        )
        text = compare(*runs, {"right": RIGHT}).to_markdown()
        assert "<script>" not in text and "<b>" not in text
        assert "&lt;" in text and "<br>" in text and "\\|" in text
