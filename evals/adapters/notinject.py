"""NotInject (MIT): harmless prompts with words that attacks use. None may be refused.

H. Li et al., "InjecGuard: Benchmarking and Mitigating Over-defense in Prompt Injection Guardrail
Models" (2024). They are put to the assistant over its own corpus, which answers few of them: right
is any status but `refused`.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from assistant.answer import Status
from evals.adapters import ExternalSet, Options
from evals.adapters.reading import known, read_set
from evals.cases import Case, Expectation
from index.text import language

FILE = "notinject_one.jsonl"


def read(data: Path, options: Options) -> ExternalSet:
    """Read it.

    Args:
        data: The folder of sets.
        options: None.
    """
    known(options)
    harmless = tuple(status for status in get_args(Status) if status != "refused")
    cases = []
    for number, record in enumerate(read_set(data, FILE), start=1):
        prompt = record["prompt"]
        tag = str(record["category"]).lower().replace(" ", "-")
        expect = Expectation(status=harmless)
        cases.append(Case(f"n{number:03}", language(prompt), (prompt,), expect, (tag,)))
    return ExternalSet((), tuple(cases))
