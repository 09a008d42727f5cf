"""MTRAG-UN (Apache-2.0): conversations whose last question is answerable, or is not.

Y. Katsis et al., "MTRAG: A Multi-Turn Conversational Benchmark for Evaluating Retrieval-Augmented
Generation Systems" (2025), and its set of unanswerable questions. The passages that came with the
tasks make one corpus, in which the assistant finds its own. Earlier questions are asked again; the
answers that stand in the history are the assistant's. As a retrieval set it asks the last question
alone, as it stands.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from evals.adapters import ExternalSet, Options
from evals.adapters.reading import known, option, read_set
from evals.case_files import ANY_SECTION
from evals.cases import Case, Expectation, SectionRef

FILE = "mtrag_un_open.jsonl"
_STATUS: dict[str, tuple[bool | None, tuple[str, ...]]] = {
    "ANSWERABLE": (True, ("answered", "partial")),
    "PARTIAL": (True, ("answered", "partial")),
    "UNANSWERABLE": (False, ("unanswerable", "off_topic", "clarify")),
    "UNDERSPECIFIED": (None, ("clarify",)),
    "CONVERSATIONAL": (None, ("off_topic",)),
}


def read(data: Path, options: Options) -> ExternalSet:
    """Read it.

    Args:
        data: The folder of sets.
        options: `for`: `answers` (default) or `retrieval` (only the questions whose contexts are
            known to answer them; the corpus is the same).
    """
    known(options, "for")
    only_gold = option(options, "for", "answers", ("answers", "retrieval")) == "retrieval"
    documents: dict[str, dict[str, str]] = {}
    cases = []
    for record in read_set(data, FILE):
        passages = [document(context) for context in record["contexts"]]
        documents.update({passage["id"]: passage for passage in passages if passage["text"]})
        kind = str(record["answerability"][0]).upper()
        answerable, status = _STATUS.get(kind, (None, ()))
        found = [passage["id"] for passage in passages if answerable and passage["text"]]
        refs = tuple(SectionRef(name, ANY_SECTION) for name in dict.fromkeys(found))
        if only_gold and not refs:
            continue
        turns = tuple(turn["text"] for turn in record["input"] if turn["speaker"] == "user")
        expect = Expectation(
            answerable=answerable, status=status, sections=tuple(dict.fromkeys(refs))
        )
        tags = (kind.lower(), str(record["Collection"]))
        name = hashlib.sha256(record["task_id"].encode()).hexdigest()[:12]
        talk = record["conversation_id"]
        cases.append(Case(name, "en", turns, expect, tags, conversation=talk))
    return ExternalSet(tuple(documents.values()), tuple(cases))


def document(context: dict[str, Any]) -> dict[str, str]:
    """A context as a document."""
    text = str(context["text"]).strip()
    name = f"c-{context['document_id']}".replace("/", "-").replace(" ", "-")
    return {"id": name, "title": name, "text": text, "lang": "en"}
