"""The evaluation harness that staff run: suites, metrics, runs, reports."""
