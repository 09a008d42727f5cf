"""Faults of suites and case files: `index.faults`, raised as the harness's own error."""

from __future__ import annotations

from dataclasses import dataclass

from evals.errors import SuiteError
from index import faults
from index.faults import one_fault

__all__ = ["Faults", "one_fault"]


@dataclass
class Faults(faults.Faults):
    """Faults found so far, raised as a `SuiteError`."""

    error: type[Exception] = SuiteError
