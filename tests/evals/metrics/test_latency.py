from __future__ import annotations

import pytest

from evals.metrics.latency import Latency
from evals.metrics.testing import answer, applies, case, record, score


def timed(ms: float, text: str = "…") -> dict[str, object]:
    return answer(text, timings_ms={"total": ms, "retrieve": ms / 10})


@pytest.mark.parametrize(
    ("percentile", "step", "value"),
    [
        (50, "total", 30.0),
        (95, "total", 48.0),  # 4 ranks: 0.95 × 4 = 3.8, four fifths from 40 to 50
        (50, "retrieve", 3.0),
    ],
)
def test_percentiles_are_interpolated(percentile: int, step: str, value: float) -> None:
    metric = Latency(percentile, step)
    scores = [score(metric, case(), timed(ms)) for ms in (50, 10, 40, 20, 30)]
    assert metric.aggregate(scores) == pytest.approx(value)
    assert metric.aggregate([]) is None


def test_a_long_chinese_answer_takes_as_long_as_it_took() -> None:
    # Per word split at spaces, 2,000 characters would be one word and a hundred times as slow.
    metric = Latency(50, "total")
    zh = score(metric, case("zh"), timed(200.0, "发放生活补贴用时5秒。" * 200))
    en = score(metric, case("en"), timed(200.0, "It pays an allowance. " * 100))
    assert zh.value == en.value == 200.0


def test_the_call_is_timed_by_the_harness() -> None:
    found = Latency(95, "call").score(case(), record(case(), answer("…"), ms=12.5), {})
    assert found is not None
    assert found.value == 12.5


def test_failures_are_unscored_and_steps_not_told_of_are_left_out() -> None:
    for step in ("total", "call"):
        failed = score(Latency(50, step), case(), None)
        assert (failed.value, failed.why) == (None, "failed: timed out")
    assert not applies(Latency(50, "embed"), case(), timed(1.0))
