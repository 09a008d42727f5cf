"""Numbers that can be checked by hand or against a formula of another form; then simulations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import (
    bootstrap_interval,
    clustered_wilson,
    holm,
    mcnemar_exact,
    mean,
    minimum_detectable_drop,
    sign_flip,
    swap_test,
    wilson,
)


def alone(values: Sequence[float]) -> dict[str, list[float]]:
    """Each value a cluster of its own."""
    return {f"c{i:04}": [value] for i, value in enumerate(values)}


class TestWilson:
    @pytest.mark.parametrize(
        ("successes", "n", "low", "high"),
        [
            (8, 10, 0.4902, 0.9433),  # Newcombe 1998 gives such values to four places
            (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
            (15, 148, 0.0624, 0.1605),  # the same
            (0, 20, 0.0, 0.1611),  # the same
            (1, 29, 0.0061, 0.1718),  # the same
        ],
    )
    def test_published_values(self, successes: int, n: int, low: float, high: float) -> None:
        interval = wilson(successes, n)
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)

    def test_all_right_is_not_certain(self) -> None:
        assert wilson(20, 20).low == pytest.approx(1 - 0.1611, abs=5e-5)
        assert wilson(20, 20).high == 1.0

    @pytest.mark.parametrize(("successes", "n"), [(1, 0), (3, 2), (-1, 2)])
    def test_refuses_what_is_no_rate(self, successes: int, n: int) -> None:
        with pytest.raises(ValueError, match="has no interval"):
            wilson(successes, n)


class TestClusteredWilson:
    def test_single_cases_give_wilson(self) -> None:
        # Of 10 single cases, the design effect 10/9 comes from the n - 1 of the variance alone.
        assert clustered_wilson(alone([1] * 8 + [0] * 2)) == wilson(7.2, 9)

    def test_twins_count_once(self) -> None:
        twins = {f"c{i}": [float(i < 8)] * 2 for i in range(10)}
        assert clustered_wilson(twins) == clustered_wilson(alone([1] * 8 + [0] * 2))

    def test_all_right_counts_clusters(self) -> None:
        assert clustered_wilson({f"c{i}": [1.0, 1.0] for i in range(20)}) == wilson(20, 20)

    def test_nothing(self) -> None:
        assert clustered_wilson({}) is None


class TestBootstrap:
    def test_same_seed_same_interval(self) -> None:
        values = alone([0.1, 0.5, 0.9, 1.0, 0.3])
        assert bootstrap_interval(values, mean, seed=3) == bootstrap_interval(values, mean, seed=3)
        assert bootstrap_interval(values, mean, seed=3) != bootstrap_interval(values, mean, seed=4)

    def test_the_two_paths_agree(self) -> None:
        rng = np.random.default_rng(0)
        values = {f"c{i}": rng.random(1 + i % 3).tolist() for i in range(30)}
        fast = bootstrap_interval(values, mean, resamples=4000)
        slow = bootstrap_interval(values, lambda drawn: sum(drawn) / len(drawn), resamples=4000)
        assert fast and slow
        assert (fast.low, fast.high) == pytest.approx((slow.low, slow.high), abs=0.01)

    def test_symmetric_scores_give_the_usual_margin(self) -> None:
        # Half 0, half 1, 100 clusters: 1.96 * 0.5 / sqrt(100) = 0.098 on either side.
        interval = bootstrap_interval(alone([0, 1] * 50), mean, resamples=20_000)
        assert interval
        assert (interval.low, interval.high) == pytest.approx((0.402, 0.598), abs=0.012)

    def test_twins_are_no_more_information(self) -> None:
        rng = np.random.default_rng(1)
        values = rng.random(40).tolist()
        once = bootstrap_interval(alone(values), mean)
        twice = bootstrap_interval({f"c{i:04}": [v, v] for i, v in enumerate(values)}, mean)
        assert once and twice
        assert (once.low, once.high) == pytest.approx((twice.low, twice.high))

    def test_any_statistic(self) -> None:
        interval = bootstrap_interval(alone(range(101)), lambda v: float(np.median(v)))
        assert interval
        assert interval.low < 50 < interval.high
        # Standard error of a uniform median: 100 / (2 sqrt(101)) = 5.0.
        assert interval.high - interval.low == pytest.approx(4 * 5.0, rel=0.25)

    def test_undefined_resamples_are_left_out(self) -> None:
        def of_ones(values: Sequence[float]) -> float | None:
            return 1.0 if 1.0 in values else None

        often, seldom = alone([1, 1, 0, 0, 0]), alone([1] + [0] * 99)
        assert bootstrap_interval(often, of_ones)
        assert bootstrap_interval(alone([0] * 5), of_ones) is None
        # One of a hundred is drawn in 63 % of resamples.
        assert bootstrap_interval(seldom, of_ones)

    @pytest.mark.parametrize("values", [{}, {"a": [1.0, 0.0]}, {"a": [1.0], "b": []}])
    def test_one_cluster_says_nothing(self, values: Mapping[str, Sequence[float]]) -> None:
        assert bootstrap_interval(values, mean) is None

    def test_equal_values(self) -> None:
        interval = bootstrap_interval(alone([0.7] * 30), mean)
        assert interval
        assert (interval.low, interval.high) == pytest.approx((0.7, 0.7))


def suites(rng: np.random.Generator, n: int, clusters: int) -> list[dict[str, list[float]]]:
    """Clusters of one or two cases that share a chance of success of 0.9 on average."""
    found = []
    for _ in range(n):
        chances = rng.beta(3.6, 0.4, clusters)
        sizes = rng.integers(1, 3, clusters)
        found.append(
            {
                str(i): (rng.random((size, 2)) < chance).mean(axis=1).tolist()
                for i, (size, chance) in enumerate(zip(sizes, chances, strict=True))
            }
        )
    return found


class TestCoverage:
    """How often intervals hold the truth; the slack is three standard errors of the simulation."""

    def test_bootstrap_of_skewed_clustered_scores(self) -> None:
        drawn = suites(np.random.default_rng(7), 600, clusters=60)
        intervals = [bootstrap_interval(suite, mean, resamples=800) for suite in drawn]
        held = np.mean([interval.low <= 0.9 <= interval.high for interval in intervals if interval])
        assert 0.95 - 0.03 <= held <= 0.95 + 0.03

    def test_ignoring_clusters_would_be_wrong(self) -> None:
        rng = np.random.default_rng(8)
        held_clustered, held_flat = [], []
        for _ in range(400):
            right = rng.random(40) < 0.7
            suite = {str(i): [float(value)] * 4 for i, value in enumerate(right)}
            flat = alone([value for members in suite.values() for value in members])
            for values, held in ((suite, held_clustered), (flat, held_flat)):
                interval = bootstrap_interval(values, mean, resamples=500)
                assert interval
                held.append(interval.low <= 0.7 <= interval.high)
        assert np.mean(held_clustered) >= 0.92
        assert np.mean(held_flat) <= 0.80

    def test_clustered_wilson_of_a_high_rate(self) -> None:
        rng = np.random.default_rng(9)
        held = []
        for _ in range(1000):
            chances = rng.beta(3.6, 0.4, 50)
            suite = {
                str(i): (rng.random(2) < p).astype(float).tolist() for i, p in enumerate(chances)
            }
            interval = clustered_wilson(suite)
            assert interval
            held.append(interval.low <= 0.9 <= interval.high)
        assert np.mean(held) >= 0.93


class TestMcNemar:
    @pytest.mark.parametrize(
        ("b", "c", "p"),
        [
            (0, 0, 1.0),
            (1, 1, 1.0),
            (6, 0, 2 / 64),
            (0, 6, 2 / 64),
            (8, 2, 2 * (1 + 10 + 45) / 1024),
        ],
    )
    def test_by_hand(self, b: int, c: int, p: float) -> None:
        assert mcnemar_exact(b, c) == pytest.approx(p)

    def test_large_numbers(self) -> None:
        # z = (600 - 400 - 1) / sqrt(1000) = 6.293, two-sided normal tail 3.1e-10.
        assert mcnemar_exact(600, 400) == pytest.approx(2.7e-10, rel=0.3)


class TestSignFlip:
    def test_by_hand(self) -> None:
        # Of the 8 patterns of ±0.3 ±0.2 ±0.1, two reach 0.6 in size: all plus and all minus.
        values = alone([0.3, 0.2, 0.1])
        assert sign_flip(values) == pytest.approx(2 / 8)
        assert sign_flip(values, alternative="greater") == pytest.approx(1 / 8)
        assert sign_flip(values, alternative="less") == pytest.approx(1.0)

    def test_a_tie_counts_as_extreme(self) -> None:
        # ±0.1 ±0.2 ±0.3 from 0.1 + 0.2 - 0.3: rounding must not make 0 more than 0.
        assert sign_flip(alone([0.1, 0.2, -0.3])) == pytest.approx(1.0)

    def test_clusters_flip_as_one(self) -> None:
        assert sign_flip({"a": [0.3, 0.3], "b": [0.1, 0.3]}) == pytest.approx(0.5)
        assert sign_flip(alone([0.3, 0.3, 0.1, 0.3])) == pytest.approx(2 / 16)

    def test_no_difference(self) -> None:
        assert sign_flip(alone([0.0] * 50)) == 1.0
        assert sign_flip({"pair": [0.1, -0.1]}) == 1.0
        assert sign_flip({}) == 1.0

    @given(st.integers(0, 40), st.integers(0, 40))
    def test_single_passes_and_fails_are_mcnemar(self, b: int, c: int) -> None:
        values = alone([-1.0] * b + [1.0] * c + [0.0] * 7)
        assert sign_flip(values) == pytest.approx(mcnemar_exact(b, c), rel=1e-9)

    @given(st.lists(st.integers(-3, 3), max_size=10))
    def test_whole_numbers_are_as_enumerated(self, values: list[int]) -> None:
        by_table = sign_flip(alone(values))
        by_patterns = sign_flip(alone([value * 0.37 for value in values]))
        assert by_table == pytest.approx(by_patterns)

    def test_drawn_patterns_come_near_the_exact(self) -> None:
        rng = np.random.default_rng(2)
        whole = rng.integers(-2, 4, 40)
        exact = sign_flip(alone(whole.tolist()))
        drawn = sign_flip(alone((whole * 0.37).tolist()), permutations=40_000)
        assert 0.001 < exact < 0.2
        assert drawn == pytest.approx(exact, rel=0.15)

    def test_never_zero(self) -> None:
        assert sign_flip(alone([0.37] * 100), permutations=99) == pytest.approx(0.01)

    def test_same_seed_same_p(self) -> None:
        values = alone(np.random.default_rng(3).normal(0.1, 1, 50).tolist())
        assert sign_flip(values, seed=1) == sign_flip(values, seed=1)

    def test_holds_its_level_without_a_difference(self) -> None:
        rng = np.random.default_rng(4)
        p_values = [
            sign_flip(alone(rng.normal(0, 1, 30).tolist()), permutations=199) for _ in range(1000)
        ]
        # Three standard errors of 1,000 draws at 5 %: 2.1 points.
        assert np.mean(np.array(p_values) <= 0.05) == pytest.approx(0.05, abs=0.021)


class TestSwap:
    def test_of_means_is_sign_flip(self) -> None:
        base, candidate = alone([0.1, 0.5, 0.4]), alone([0.4, 0.7, 0.5])
        assert swap_test(base, candidate, mean) == pytest.approx(2 / 8)
        assert swap_test(base, candidate, mean, alternative="greater") == pytest.approx(1 / 8)
        assert swap_test(base, candidate, mean, alternative="less") == pytest.approx(1.0)

    def test_drawn_patterns_find_a_shift_of_the_median(self) -> None:
        rng = np.random.default_rng(5)
        base = rng.normal(0, 1, 60)
        better = alone((base + 1).tolist())

        def median(values: Sequence[float]) -> float:
            return float(np.median(values))

        assert swap_test(alone(base.tolist()), better, median) == pytest.approx(0.001)
        assert swap_test(alone(base.tolist()), alone(base.tolist()), median) == 1.0

    def test_undefined(self) -> None:
        assert swap_test(alone([1, 2]), alone([1, 2]), lambda _values: None) is None


class TestHolm:
    def test_by_hand(self) -> None:
        assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])

    @pytest.mark.parametrize(
        ("given", "adjusted"), [([], []), ([0.2], [0.2]), ([0.9, 0.6], [1.0, 1.0])]
    )
    def test_few(self, given: list[float], adjusted: list[float]) -> None:
        assert holm(given) == pytest.approx(adjusted)


class TestDetectableDrop:
    def test_runs_that_agree_need_some_broken_cases(self) -> None:
        # Five broken and none fixed have p = 1/32; a Poisson number of mean 6.72 is at least
        # five with probability 0.8.
        drop = minimum_detectable_drop(alone([0.0] * 10_000))
        assert drop is not None
        assert drop * 10_000 == pytest.approx(6.72, abs=0.01)

    def test_noise_alone(self) -> None:
        # Standard error 1 / sqrt(400): (0.8416 + 1.6449) / 20 = 0.1243, and a little for m^2.
        values = alone([1.0, -1.0] * 200)
        drop = minimum_detectable_drop(values, largest_fall=0)
        assert drop == pytest.approx(0.1243, rel=0.01)

    def test_one_run_stands_for_two_that_err_apart(self) -> None:
        one = minimum_detectable_drop(alone([1.0, -1.0] * 200), paired=False, largest_fall=0)
        assert one == pytest.approx(0.1243 * math.sqrt(2), rel=0.02)

    def test_an_allowed_drop_must_be_exceeded(self) -> None:
        # 0.2 is far beyond chance, so what is left is z_power standard errors above it.
        drop = minimum_detectable_drop(alone([1.0, -1.0] * 200), allowed=0.2, largest_fall=0)
        assert drop == pytest.approx(0.2 + 0.8416 / 20, rel=0.01)

    def test_more_gates_need_more(self) -> None:
        values = alone([0.0] * 100)
        few, many = (minimum_detectable_drop(values, level=0.05 / m) for m in (1, 10))
        assert few and many and few < many

    @pytest.mark.parametrize("clusters", [0, 1, 4])
    def test_too_few_clusters(self, clusters: int) -> None:
        # Four clusters that all turn wrong have p = 1/16.
        assert minimum_detectable_drop(alone([0.0] * clusters)) is None

    def test_scores_without_bounds_that_never_differ(self) -> None:
        assert minimum_detectable_drop(alone([0.0] * 50), largest_fall=0) is None

    @pytest.mark.parametrize(
        ("clusters", "size", "noisy"), [(100, 1, 0.0), (40, 2, 0.0), (60, 2, 0.1), (400, 1, 0.3)]
    )
    def test_is_found_about_four_times_in_five(
        self, clusters: int, size: int, noisy: float
    ) -> None:
        """Clusters turn wrong at random so that the mean drops by what is said to be detectable."""
        rng = np.random.default_rng(11)

        def differences(broken: float) -> dict[str, list[float]]:
            noise = rng.choice(
                [-1.0, 0.0, 1.0], (clusters, size), p=[noisy / 2, 1 - noisy, noisy / 2]
            )
            falls = rng.random(clusters) < broken
            return {
                str(i): [-1.0] * size if falls[i] else noise[i].tolist() for i in range(clusters)
            }

        drop = minimum_detectable_drop(differences(0.0))
        assert drop is not None
        p_values = [sign_flip(differences(drop), alternative="less") for _ in range(400)]
        assert 0.74 <= np.mean(np.array(p_values) <= 0.05) <= 0.92
