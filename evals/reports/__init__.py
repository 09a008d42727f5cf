"""Reports of a run: one HTML page, Markdown for a pull request, JUnit XML for CI."""

from evals.reports.html import write_html
from evals.reports.junit import write_junit
from evals.reports.markdown import write_markdown

__all__ = ["write_html", "write_junit", "write_markdown"]
