"""What drop a suite could detect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

_NORMAL = NormalDist()
_HALVINGS = 40


def minimum_detectable_drop(
    values_by_cluster: Mapping[str, Sequence[float]],
    *,
    level: float = 0.05,
    power: float = 0.8,
    allowed: float = 0.0,
    paired: bool = True,
    largest_fall: float = 1.0,
) -> float | None:
    """The smallest true drop of the mean that a gate finds with that power.

    It must be seen to exceed what is allowed, and a one-sided sign-flip test must reject chance.

    The normal approximation of the test (Lehmann and Romano 2005, "Testing Statistical
    Hypotheses", 15.2): with K clusters whose sums differ by -m on average, with variance v, the
    test rejects with probability `power` where

        sqrt(K) m = z_power sqrt(v) + z_level sqrt(v + m^2).

    v is the noise seen between the runs, plus the scatter that a drop itself brings: at worst it
    comes as whole clusters that turn from right to wrong, which has variance m (c - m) for
    clusters of c cases. Without this term two runs that agree everywhere would seem able to
    detect anything. Few broken clusters are too few for the approximation, so enough of them must
    turn for the exact test as well: five of five have p = 1/32, and that five turn is likely
    enough where 6.7 are expected.

    Args:
        values_by_cluster: Paired differences; or, not `paired`, the scores of one run.
        level: Of the one-sided test; divide it by the number of gates for Holm's first step.
        power: How often the drop is to be found.
        allowed: The drop that is allowed, in units of the mean.
        paired: Whether the values are differences. The scores of one run stand for two runs that
            err independently: the variance of a difference is taken to be twice theirs, which is
            more than that of real pairs.
        largest_fall: How far the score of a case can fall: 1 for a score from 0 to 1; 0 where
            scores have no bounds and a drop is taken to be the same for all.

    Returns:
        The drop, in units of the mean; `None` where no possible drop would be found.
    """
    filled = [values for values in values_by_cluster.values() if values]
    k = len(filled)
    if k < 2 or 0.5**k > level:
        return None
    sums = np.array([math.fsum(values) for values in filled])
    counts = np.array([len(values) for values in filled], dtype=np.float64)
    residuals = sums - sums.sum() / counts.sum() * counts
    noise = float((residuals**2).sum()) / (k - 1) * (1 if paired else 2)
    broken = largest_fall * float((counts**2).sum() / counts.sum())
    fewest = math.ceil(math.log2(1 / level))
    least = allowed * float(counts.sum()) / k
    z_level, z_power = _NORMAL.inv_cdf(1 - level), _NORMAL.inv_cdf(power)

    def found(m: float) -> bool:
        variance = noise + max(0.0, m * (broken - m))
        if broken and _at_least(fewest, k, min(1.0, m / broken)) < power:
            return False
        chance = z_level * math.sqrt(variance + m**2)
        return math.sqrt(k) * m > z_power * math.sqrt(variance) + max(chance, math.sqrt(k) * least)

    high = broken
    if largest_fall <= 0:
        # Nothing is known of how far scores scatter where they never differed.
        if noise == 0 or k <= z_level**2:
            return None
        high = math.sqrt(noise)
        while not found(high):
            high *= 2
    elif not found(high):
        return None
    low = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high * k / float(counts.sum())


def _at_least(fewest: int, n: int, chance: float) -> float:
    """The probability that a binomial number of `n` is at least `fewest`."""
    fewer = range(min(fewest, n + 1))
    return 1 - math.fsum(math.comb(n, j) * chance**j * (1 - chance) ** (n - j) for j in fewer)
