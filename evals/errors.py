"""Errors of the evaluation harness.

EvaluationError
├── SuiteError         a suite, a case file or a spreadsheet is wrong; names file, line, mend
├── RunError           a run directory cannot be used
│   └── IncompleteRunError   answers are missing; finish it with --resume
└── ComparisonError    two runs cannot be compared
"""


class EvaluationError(Exception):
    """Base of all errors that the `evals` package raises on purpose."""


class SuiteError(EvaluationError):
    """A suite, a case file or a spreadsheet is wrong."""


class RunError(EvaluationError):
    """A run directory cannot be used."""


class IncompleteRunError(RunError):
    """Answers are missing in a run."""


class ComparisonError(EvaluationError):
    """Two runs cannot be compared."""
