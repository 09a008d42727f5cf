"""Gates: bounds, drops against a baseline, and how often they raise a false alarm."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evals.cases import Case
from evals.errors import SuiteError
from evals.gates import Gate, GateOutcome, judge_gates, parse_gate
from evals.records import Score
from evals.scored_run import ScoredRun
from evals.testing import ValueMetric, run_of

QUALITY = ValueMetric()
ALARMS = ValueMetric("alarms", higher_is_better=False, passes_at=0.0)
SHARE = ValueMetric("share", passes_at=None)
METRICS = {"quality": QUALITY, "alarms": ALARMS, "share": SHARE}


def cases(n: int, size: int = 1) -> list[Case]:
    """Cases in clusters of a size, in turn Chinese and English."""
    return [Case(f"{i:04}", ("zh", "en")[i % 2], ("问",), pair=f"p{i // size}") for i in range(n)]


def judged(
    gate: Gate, values: list[float | None], before: list[float | None] | None = None
) -> GateOutcome:
    run = run_of(cases(len(values)), {gate.metric: values})
    base = run_of(cases(len(before)), {gate.metric: before}) if before else None
    return judge_gates([gate], run, METRICS, base)[0]


class TestBounds:
    @pytest.mark.parametrize(
        ("gate", "outcome"),
        [
            (Gate("quality", at_least=0.75), "passed"),
            (Gate("quality", at_least=0.76), "failed"),
            (Gate("quality", at_most=0.75), "passed"),
            (Gate("quality", at_most=0.7), "failed"),
            (Gate("quality", at_least=0.5, at_most=0.8), "passed"),
            (Gate("quality", at_least=1.0, slice="lang=zh"), "passed"),
            (Gate("quality", at_least=1.0, slice="lang=en"), "failed"),
            (Gate("quality", at_least=0.0, slice="tag=none-has-it"), "unknown"),
        ],
    )
    def test_value_against_bound(self, gate: Gate, outcome: str) -> None:
        assert judged(gate, [1, 1, 1, 0]).outcome == outcome

    def test_rounding_is_no_failure(self) -> None:
        assert judged(Gate("quality", at_least=0.3), [0.1, 0.2, 0.6]).outcome == "passed"

    def test_says_by_how_much_and_how_sure(self) -> None:
        found = judged(Gate("quality", at_least=0.8), [1] * 15 + [0] * 5)
        assert found.reason.startswith("quality: 0.750 (95% interval 0.5")
        assert found.reason.endswith("is below 0.8")
        assert found.value == 0.75

    def test_nothing_scored(self) -> None:
        assert judged(Gate("quality", at_least=0.5), [None, None]).outcome == "unknown"

    def test_metric_that_was_not_run(self) -> None:
        found = judge_gates([Gate("faithfulness", 0.5)], run_of(cases(1), {}), METRICS)[0]
        assert (found.outcome, found.reason) == (
            "unknown",
            "faithfulness: this metric was not run; add it to the suite's metrics",
        )

    def test_run_that_is_not_finished(self) -> None:
        run = run_of(cases(3), {"quality": [1, 1, 1]})
        part = ScoredRun(run.manifest, run.cases, run.records[:2], run.scores[:2])
        found = judge_gates([Gate("quality", at_least=0.5)], part, METRICS)[0]
        assert found.outcome == "unknown"
        assert "1 of 3 cases have no answer yet; finish with --resume" in found.reason


class TestDrops:
    def test_large_and_significant(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [1] * 30 + [0] * 10, [1] * 40)
        assert found.outcome == "failed"
        assert found.drop == pytest.approx(0.25)
        assert found.p == pytest.approx(2**-10)
        assert found.baseline == 1.0
        assert "0.250 worse than the baseline (1.000 → 0.750 over 40 cases)" in found.reason
        assert "more than 0.02 and more than chance (p = 0.00098)" in found.reason

    def test_large_but_not_significant(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [1] * 36 + [0] * 4, [1] * 40)
        assert (found.outcome, found.p) == ("passed", pytest.approx(2**-4))
        assert "chance may do that (p = 0.062)" in found.reason
        assert "would have been found 4 times in 5" in found.reason
        # At least the 6.72 of 40 broken that five of five need, and more for the noise seen.
        assert found.detectable is not None and 6.72 / 40 < found.detectable < 0.4

    def test_significant_but_allowed(self) -> None:
        found = judged(Gate("quality", max_drop=0.3), [1] * 30 + [0] * 10, [1] * 40)
        assert found.outcome == "passed"
        assert "0.3 is allowed" in found.reason
        assert found.detectable is not None and found.detectable > 0.3

    def test_no_worse(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [1] * 40, [1] * 39 + [0])
        assert found.outcome == "passed"
        assert found.reason.startswith("quality: not worse than the baseline")

    def test_rise_of_what_should_be_low(self) -> None:
        worse = judged(Gate("alarms", max_drop=0.02), [1] * 10 + [0] * 30, [0] * 40)
        better = judged(Gate("alarms", max_drop=0.02), [0] * 40, [1] * 10 + [0] * 30)
        assert (worse.outcome, better.outcome) == ("failed", "passed")
        assert better.drop == pytest.approx(-0.25)

    def test_more_gates_ask_for_more(self) -> None:
        """Five of five broken cases fail one gate on its own (1/32), but not one of two."""
        run = run_of(cases(40), {"quality": [0] * 5 + [1] * 35, "share": [0.5] * 40})
        base = run_of(cases(40), {"quality": [1] * 40, "share": [0.5] * 40})
        gates = [Gate("quality", max_drop=0.02), Gate("share", max_drop=0.02)]
        assert judge_gates(gates[:1], run, METRICS, base)[0].outcome == "failed"
        first, second = judge_gates(gates, run, METRICS, base)
        assert (first.outcome, first.p) == ("passed", pytest.approx(1 / 16))
        assert second.p == 1.0

    def test_too_few_cases_to_find_anything(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [1, 1, 0], [1, 1, 1])
        assert found.outcome == "passed"
        assert found.detectable is None
        assert "no possible drop would have been found with so few cases" in found.reason

    def test_no_baseline(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [1] * 5)
        assert (found.outcome, found.value) == ("unknown", 1.0)
        assert "no baseline" in found.reason

    def test_baseline_of_other_data(self) -> None:
        run = run_of(cases(5), {"quality": [1] * 5})
        base = run_of(cases(5), {"quality": [1] * 5}, digests={"data": "d1", "corpus": "c0"})
        found = judge_gates([Gate("quality", max_drop=0.02)], run, METRICS, base)[0]
        assert found.outcome == "unknown"
        assert "corpus: c0 in base, c1 in candidate" in found.reason

    def test_cases_scored_in_one_run_only_are_left_out_and_told(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [None] * 10 + [1] * 30, [1] * 40)
        assert (found.outcome, found.drop) == ("passed", 0)
        assert "over 30 cases, 10 more scored in one run only" in found.reason

    def test_both_a_bound_and_a_drop(self) -> None:
        gate = Gate("quality", at_least=0.9, max_drop=0.02)
        found = judged(gate, [1] * 30 + [0] * 10, [1] * 40)
        assert found.outcome == "failed"
        assert "is below 0.9; 0.250 worse" in found.reason
        unknown = judged(gate, [1] * 40)
        assert unknown.outcome == "unknown"
        # A bound that fails is not excused by a missing baseline.
        assert judged(gate, [0] * 40).outcome == "failed"

    def test_an_aggregate_that_is_no_mean(self) -> None:
        def median(values: Any) -> float:
            return float(np.median(values))

        slow = ValueMetric("slow", higher_is_better=False, passes_at=None, formula=median)
        rng = np.random.default_rng(0)
        times = rng.normal(100, 5, 60).tolist()
        base = run_of(cases(60), {"slow": times})
        gate = [Gate("slow", max_drop=5)]
        worse = run_of(cases(60), {"slow": [time + 20 for time in times]})
        same = run_of(cases(60), {"slow": rng.permutation(times).tolist()})
        failed = judge_gates(gate, worse, {"slow": slow}, base)[0]
        assert (failed.outcome, failed.p) == ("failed", pytest.approx(0.001))
        passed = judge_gates(gate, same, {"slow": slow}, base)[0]
        assert passed.outcome == "passed"
        assert passed.detectable is not None and 5 < passed.detectable < 12

    def test_as_json(self) -> None:
        found = judged(Gate("quality", max_drop=0.02), [1] * 40, [1] * 40)
        assert json.loads(json.dumps(found.to_dict()))["gate"]["metric"] == "quality"


class TestParse:
    def test_keys_of_a_suite(self) -> None:
        said = {"metric": "recall@10", "min": 0.9, "max": None, "drop": 0.02, "slice": "lang=zh"}
        assert parse_gate(said) == Gate("recall@10", 0.9, None, 0.02, "lang=zh", 0.05)

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ({"min": 1}, "names no metric"),
            ({"metric": "m"}, "the gate on m has no bound; add min, max or drop"),
            ({"metric": "m", "mim": 1}, "unknown mim; use drop, level, max, metric, min, slice"),
            ({"metric": "m", "min": "0.9"}, "min is '0.9'; it must be a number"),
            ({"metric": "m", "min": True}, "min is True; it must be a number"),
            ({"metric": "m", "min": math.nan}, "min is nan; it must be a number"),
            ({"metric": "m", "drop": -0.1}, "drop is -0.1; say how much worse is allowed"),
            ({"metric": "m", "min": 0.9, "max": 0.1}, "min is above max"),
            ({"metric": "m", "drop": 0.1, "level": 5}, "level is 5; it must lie between 0 and 1"),
            (
                {"metric": "m", "min": 0, "slice": "zh"},
                "slice is 'zh'; write lang=…, tag=…, policy=…",
            ),
        ],
    )
    def test_what_cannot_be(self, said: dict[str, Any], message: str) -> None:
        with pytest.raises(SuiteError) as error:
            parse_gate(said, "first.yaml:12")
        assert str(error.value).startswith("first.yaml:12: ")
        assert message in str(error.value)


class TestRates:
    """What gates promise, in simulations of an assistant that errs at random."""

    CLUSTERS = 40
    GATES = (
        Gate("quality", max_drop=0.02),
        Gate("alarms", max_drop=0.0),
        Gate("share", max_drop=0.01),
        Gate("quality", max_drop=0.02, slice="lang=zh"),
    )

    def noisy(self, rng: np.random.Generator, chances: np.ndarray, run: ScoredRun) -> ScoredRun:
        """A run whose cases of one cluster mostly stand or fall together.

        Args:
            rng: The noise.
            chances: `(clusters,) float64`, chance of success.
            run: Whose cases.
        """
        size = len(run.cases) // len(chances)
        luck = np.repeat(rng.random(len(chances)), size)
        own = rng.random(len(run.cases))
        shared = rng.random(len(run.cases)) < 0.7
        right = np.where(shared, luck, own) < np.repeat(chances, size)
        share = np.clip(right - 0.3 * rng.random(len(right)), 0, 1)
        columns = {"quality": right * 1.0, "alarms": 1.0 - (own < 0.95), "share": share}
        scores = [
            Score(name, case, value=value)
            for name, column in columns.items()
            for case, value in zip(run.cases, column.tolist(), strict=True)
        ]
        return replace(run, scores=scores)

    def test_an_assistant_against_itself_seldom_alarms(self) -> None:
        """At most 5 in 100 of 1,000 comparisons, all gates together, and three standard errors."""
        rng = np.random.default_rng(20)
        n = 2 * self.CLUSTERS
        run = run_of(cases(n, 2), {"quality": [1.0] * n})
        alarms, drops = 0, 0
        for _ in range(1000):
            chances = rng.beta(3.4, 0.6, self.CLUSTERS)
            base, again = (self.noisy(rng, chances, run) for _ in range(2))
            found = judge_gates(self.GATES, again, METRICS, base, permutations=199)
            alarms += any(outcome.outcome == "failed" for outcome in found)
            drops += any((outcome.drop or 0) > (outcome.gate.max_drop or 0) for outcome in found)
        assert alarms / 1000 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1000)
        # Size alone would have cried wolf in most of them.
        assert drops / 1000 > 0.5
        # And the gates are not deaf: a test this far below its level would find nothing.
        assert alarms / 1000 > 0.005

    def test_ignoring_clusters_would_alarm_too_often(self) -> None:
        rng = np.random.default_rng(21)
        n, size = 60, 6
        together, apart = cases(n, size), cases(n, 1)
        gate = [Gate("quality", max_drop=0.0)]
        rates = {}
        for name, asked in (("clustered", together), ("flat", apart)):
            failed = 0
            for _ in range(400):
                sides = [np.repeat(rng.random(n // size) < 0.8, size) * 1.0 for _ in range(2)]
                base, again = (run_of(asked, {"quality": side.tolist()}) for side in sides)
                failed += judge_gates(gate, again, METRICS, base)[0].outcome == "failed"
            rates[name] = failed / 400
        assert rates["clustered"] <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
        assert rates["flat"] > 0.15

    @pytest.mark.parametrize("gates", [1, 3])
    def test_a_drop_of_the_detectable_size_is_caught_four_times_in_five(self, gates: int) -> None:
        rng = np.random.default_rng(22)
        n = 160
        run = run_of(cases(n, 2), {"quality": [1.0] * n})
        chances = np.full(n // 2, 0.9)
        asked = self.GATES[:gates]
        stated = []
        for _ in range(20):
            base, same = (self.noisy(rng, chances, run) for _ in range(2))
            quiet = judge_gates(asked, same, METRICS, base, permutations=199)[0]
            assert quiet.detectable is not None
            stated.append(quiet.detectable)
        drop = float(np.mean(stated))
        assert 0.05 < drop < 0.25
        caught = 0
        for _ in range(200):
            base = self.noisy(rng, chances, run)
            # A cluster that breaks takes with it what it had, 0.9 on average.
            broken = np.where(rng.random(n // 2) < drop / 0.9, 0.0, chances)
            worse = self.noisy(rng, broken, run)
            found = judge_gates(asked, worse, METRICS, base, permutations=199)[0]
            caught += found.outcome == "failed"
        assert 0.7 <= caught / 200 <= 0.92
