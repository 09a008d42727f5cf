"""Intervals, tests for paired runs, and what a suite could detect; numpy alone.

Everything is resampled by cluster (a conversation, or a question with its translation), because
cases of one cluster succeed and fail together. It knows numbers and clusters; neither metrics nor
runs.
"""

from evals.statistics.intervals import (
    Interval,
    bootstrap_interval,
    clustered_wilson,
    mean,
    wilson,
)
from evals.statistics.power import minimum_detectable_drop
from evals.statistics.significance import (
    Alternative,
    holm,
    mcnemar_exact,
    sign_flip,
    swap_test,
)

__all__ = [
    "Alternative",
    "Interval",
    "bootstrap_interval",
    "clustered_wilson",
    "holm",
    "mcnemar_exact",
    "mean",
    "minimum_detectable_drop",
    "sign_flip",
    "swap_test",
    "wilson",
]
