"""A metric in two runs over the same cases: its difference, its margin, and whether it is chance.

Comparisons and gates both look here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Literal

from evals.aggregates import draws, is_mean, scored, values_of
from evals.metrics import Metric
from evals.records import Score
from evals.scored_run import ScoredRun
from evals.statistics import (
    Alternative,
    Interval,
    bootstrap_interval,
    mcnemar_exact,
    mean,
    minimum_detectable_drop,
    sign_flip,
    swap_test,
)

Test = Literal["mcnemar", "sign-flip", "swap"]
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Sides:
    """The scores of one case in both runs, over all repetitions."""

    base: Sequence[Score]
    candidate: Sequence[Score]

    @cached_property
    def values(self) -> tuple[float, float]:
        """The case's mean score in the base and in the candidate."""
        first, second = values_of(self.base), values_of(self.candidate)
        return sum(first) / len(first), sum(second) / len(second)


@dataclass(frozen=True)
class Pairs:
    """The cases of a slice that a metric scored in both runs.

    Attributes:
        metric: The metric.
        clusters: The cases, by what is resampled together.
        slice: The slice.
        unpaired: Cases that it scored in one of the runs only; they are left out.
        plain: Whether the metric's aggregate is the mean. A case then counts once, however often
            it was repeated.
    """

    metric: Metric
    clusters: Mapping[str, Sequence[Sides]]
    slice: str
    unpaired: int
    plain: bool

    @cached_property
    def n(self) -> int:
        """Cases."""
        return sum(len(members) for members in self.clusters.values())

    @cached_property
    def _differences(self) -> Mapping[str, Sequence[float]]:
        """Candidate minus base by case, in clusters."""
        return {
            name: [sides.values[1] - sides.values[0] for sides in members]
            for name, members in self.clusters.items()
        }

    @cached_property
    def values(self) -> tuple[float | None, float | None]:
        """The metric in the base and in the candidate, over these cases."""
        if not self.n:
            return None, None
        everything = [sides for members in self.clusters.values() for sides in members]
        if self.plain:
            pairs = [sides.values for sides in everything]
            return mean([base for base, _ in pairs]), mean([candidate for _, candidate in pairs])
        return self._aggregate(everything, 0), self._aggregate(everything, 1)

    @property
    def difference(self) -> float | None:
        """Candidate minus base."""
        base, candidate = self.values
        return None if base is None or candidate is None else candidate - base

    @property
    def drop(self) -> float | None:
        """How much worse the candidate is; negative where it is better."""
        if self.difference is None:
            return None
        return -self.difference if self.metric.higher_is_better else self.difference

    @property
    def test(self) -> Test:
        """Which test applies: McNemar's where independent cases pass or fail."""
        if not self.plain:
            return "swap"
        alone = all(len(members) == 1 for members in self.clusters.values())
        return "mcnemar" if alone and self._rate else "sign-flip"

    @cached_property
    def _rate(self) -> bool:
        members = (sides for cluster in self.clusters.values() for sides in cluster)
        return all(value in (0.0, 1.0) for sides in members for value in sides.values)

    def p_value(self, permutations: int = 9999, seed: int = 0) -> float | None:
        """Two-sided p-value of the difference; `None` where there is none.

        Args:
            permutations: Drawn where not all can be tried; fewer for no mean, see `draws`.
            seed: Of the draws.
        """
        if self.n and self.test == "mcnemar":
            flat = [value for values in self._differences.values() for value in values]
            return mcnemar_exact(flat.count(-1.0), flat.count(1.0))
        return self._permuted("two-sided", permutations, seed)

    def p_worse(self, permutations: int = 9999, seed: int = 0) -> float | None:
        """One-sided p-value of the candidate's being worse; as `p_value` otherwise."""
        worse: Alternative = "less" if self.metric.higher_is_better else "greater"
        return self._permuted(worse, permutations, seed)

    def interval(
        self, level: float = 0.95, resamples: int = 2000, seed: int = 0
    ) -> Interval | None:
        """Bootstrap interval of the difference.

        Args:
            level: The confidence level.
            resamples: How many; fewer for no mean, see `draws`.
            seed: Of the draws.
        """
        if self.plain:
            return bootstrap_interval(
                self._differences, mean, level=level, resamples=resamples, seed=seed
            )
        fewer = draws(resamples, self.plain, self.slice)
        return bootstrap_interval(
            self.clusters, self._aggregated, level=level, resamples=fewer, seed=seed
        )

    def detectable(
        self,
        level: float = 0.05,
        power: float = 0.8,
        allowed: float = 0.0,
        interval: Interval | None = None,
    ) -> float | None:
        """The smallest drop that these cases would show; see `minimum_detectable_drop`.

        For an aggregate that is no mean, the same with the standard error of the bootstrap, and
        no less than for the mean of its cases' scores.

        Args:
            level: Of the one-sided test.
            power: How often the drop is to be found.
            allowed: The drop that is allowed.
            interval: Of the difference, where it is at hand.
        """
        members = [sides for cluster in self.clusters.values() for sides in cluster]
        bounded = all(0 <= value <= 1 for sides in members for value in sides.values)
        found = minimum_detectable_drop(
            self._differences,
            level=level,
            power=power,
            allowed=allowed,
            largest_fall=1.0 if bounded else 0.0,
        )
        if found is None or self.plain:
            return found
        interval = interval or self.interval()
        if interval is None:
            return None
        error = (interval.high - interval.low) / (2 * _NORMAL.inv_cdf((1 + interval.level) / 2))
        beyond_chance = _NORMAL.inv_cdf(1 - level) * error
        return max(found, max(beyond_chance, allowed) + _NORMAL.inv_cdf(power) * error)

    def _permuted(self, alternative: Alternative, permutations: int, seed: int) -> float | None:
        if not self.n:
            return None
        if self.plain:
            return sign_flip(
                self._differences, alternative=alternative, permutations=permutations, seed=seed
            )
        return swap_test(
            {name: [s for m in members for s in m.base] for name, members in self.clusters.items()},
            {
                name: [s for m in members for s in m.candidate]
                for name, members in self.clusters.items()
            },
            self.metric.aggregate,
            alternative=alternative,
            permutations=draws(permutations, self.plain, self.slice),
            seed=seed,
        )

    def _aggregate(self, members: Sequence[Sides], side: Literal[0, 1]) -> float | None:
        chosen = (sides.candidate if side else sides.base for sides in members)
        return self.metric.aggregate([score for scores in chosen for score in scores])

    def _aggregated(self, members: Sequence[Sides]) -> float | None:
        base, candidate = self._aggregate(members, 0), self._aggregate(members, 1)
        return None if base is None or candidate is None else candidate - base


def pair(
    metric: Metric, base: ScoredRun, candidate: ScoredRun, slice_: str, plain: bool | None = None
) -> Pairs:
    """Pair a metric's scores by case.

    Args:
        metric: The metric.
        base: The run to compare with.
        candidate: The run to judge; its cases say what is resampled together.
        slice_: The slice.
        plain: Whether the metric's aggregate is the mean; found out where not given.
    """
    ours = _by_case(base.scores_of(metric.name, slice_))
    theirs = _by_case(candidate.scores_of(metric.name, slice_))
    clusters: dict[str, list[Sides]] = {}
    both = [name for name in ours if name in theirs]
    for name in both:
        clusters.setdefault(candidate.cases[name].cluster, []).append(
            Sides(ours[name], theirs[name])
        )
    ordered = {name: clusters[name] for name in sorted(clusters)}
    if plain is None:
        plain = is_mean(metric, [score for name in both for score in (*ours[name], *theirs[name])])
    return Pairs(metric, ordered, slice_, len(ours) + len(theirs) - 2 * len(both), plain)


def _by_case(scores: Sequence[Score]) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = {}
    for score in scored(scores):
        found.setdefault(score.case, []).append(score)
    return found
