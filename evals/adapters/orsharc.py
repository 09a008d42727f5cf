"""OR-ShARC (CC BY-SA 3.0): find the rule that decides a person's question.

Y. Gao et al., "Open-Retrieval Conversational Machine Reading" (2021). A rule is a document; the
question is put with the person's scenario, as the set's own retrievers do.
"""

from __future__ import annotations

from pathlib import Path

from evals.adapters import ExternalSet, Options
from evals.adapters.reading import known, option, read_set
from evals.case_files import ANY_SECTION
from evals.cases import Case, Expectation, SectionRef

QUESTIONS = "orsharc_dev.jsonl"
RULES = "orsharc_kb.jsonl"


def read(data: Path, options: Options) -> ExternalSet:
    """Read it.

    Args:
        data: The folder of sets.
        options: `scenario`: `with` (default) or `without` the person's scenario in the query.
    """
    known(options, "scenario")
    told = option(options, "scenario", "with", ("with", "without")) == "with"
    documents = [
        {"id": f"r{rule['id']}", "title": f"r{rule['id']}", "text": rule["text"], "lang": "en"}
        for rule in read_set(data, RULES)
    ]
    cases = []
    for record in read_set(data, QUESTIONS):
        query = f"{record['question']} {record['scenario'] if told else ''}".strip()
        rule = f"r{record['gold_snippet']}"
        expect = Expectation(sections=(SectionRef(rule, ANY_SECTION),))
        tags = ("seen" if record["seen"] else "unseen", str(record["verdict"]).lower())
        # Questions on one rule are no independent evidence.
        cases.append(Case(record["id"], "en", (query,), expect, tags, conversation=rule))
    return ExternalSet(tuple(documents), tuple(cases))
