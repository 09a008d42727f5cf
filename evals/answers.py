"""What metrics read off a record's answer: status, words, marks, citations, sections.

Takes the JSON object of the product's contract, from `ask` or from `eligibility`. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.texts import TEXTS
from evals.case_files import ANY_SECTION
from evals.cases import Case, SectionRef
from index.lexical import simplified
from index.sentences import Span, sentence_spans

__all__ = [
    "Statement",
    "abstained",
    "citations",
    "cited_sections",
    "declined_rightly",
    "gold",
    "labels",
    "plain_text",
    "statements",
    "status",
    "text",
]

ANSWERING = ("answered", "partial")

# One to three ASCII digits: `[2023]39号` is a document number.
_MARK = re.compile(r"[ \t]*\[([0-9]{1,3}(?:[ ]*[,，、][ ]*[0-9]{1,3})*)\]")
_LINE_START = re.compile(
    r"\s*(?:>\s*)*(?:(?P<heading>#{1,6}\s)|[-*+•·]\s+|\d{1,2}[.)、](?!\d)\s*)?"
)
_CLAUSE_END = re.compile(r"[；;][”’」』）)》\"']*$")
_BOLD_LINE = re.compile(r"\*\*[^*。！？.!?]+\*\*")
# The assistant's own words that stand among the sentences of an answer.
_OWN_WORDS = re.compile(
    "|".join(
        re.sub(r"\\\{\w+\\\}", ".+?", re.escape(words))
        for name in ("correction", "unanswerable")
        for words in TEXTS[name].values()
    )
)


@dataclass(frozen=True)
class Statement:
    """A sentence or list item of an answer.

    Attributes:
        text: Its words, without marks.
        labels: The marks it carries, each once.
        template: It introduces (a colon, no mark), corrects or heads, and need not be cited.
    """

    text: str
    labels: tuple[int, ...]
    template: bool


def status(answer: Mapping[str, Any]) -> str:
    """The answer's status."""
    return str(answer.get("status") or "")


def abstained(answer: Mapping[str, Any]) -> bool:
    """Whether the answer leaves the question open: neither `answered` nor `partial`.

    A verdict on eligibility never does.
    """
    return "verdict" not in answer and status(answer) not in ANSWERING


def declined_rightly(case: Case, answer: Mapping[str, Any]) -> bool:
    """Whether the answer leaves the question open as the case allows; it then owes no content."""
    return abstained(answer) and status(answer) in case.expect.status


def text(answer: Mapping[str, Any]) -> str:
    """The words a person reads; of an eligibility answer its criteria and benefits."""
    if "text" in answer:
        return str(answer["text"] or "")
    parts = [*answer.get("criteria", ()), *answer.get("benefits", ())]
    return "\n".join(f"- {part['text']}" for part in parts)


def plain_text(answer: Mapping[str, Any]) -> str:
    """`text` without citation marks."""
    return _unmarked(text(answer))


def labels(words: str) -> list[int]:
    """The labels of all marks in a text, in order, with repetitions.

    >>> labels("按川人社办发[2023]39号，补贴5年[1][12]。")
    [1, 12]
    """
    return [int(label) for mark in _MARK.finditer(words) for label in re.findall(r"\d+", mark[1])]


def citations(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The answer's citations; of an eligibility answer those of its criteria and benefits."""
    if "citations" in answer:
        return list(answer["citations"])
    parts = [*answer.get("criteria", ()), *answer.get("benefits", ())]
    return [part["citation"] for part in parts if part.get("citation")]


def cited_sections(answer: Mapping[str, Any]) -> list[SectionRef]:
    """The section of each citation, each once, whatever the language of the passage."""
    places = (SectionRef(c["document_id"], c["section"]) for c in citations(answer))
    return list(dict.fromkeys(places))


def gold(case: Case, place: SectionRef) -> SectionRef | None:
    """The gold section of a case that a place belongs to, if any.

    A gold section `*` holds every section of its document.
    """
    for candidate in (place, SectionRef(place.document_id, ANY_SECTION)):
        if candidate in case.expect.sections:
            return candidate
    return None


@lru_cache(maxsize=2048)
def statements(words: str) -> tuple[Statement, ...]:
    """Cut an answer's text into sentences and list items, each with its marks.

    A mark belongs to the sentence that it stands in or behind, also behind its full stop and where
    the next sentence follows without a space (`…补贴。 [1]由…`). Clauses that end in a semicolon
    belong to the sentence that follows unless they carry marks of their own.
    """
    found: list[Statement] = []
    for line in words.splitlines():
        cut = _cut(line)
        if not cut and found:  # a line of marks alone
            last = found[-1]
            marks = dict.fromkeys([*last.labels, *labels(line)])
            found[-1] = Statement(last.text, tuple(marks), last.template)
        found.extend(cut)
    return tuple(found)


def _unmarked(words: str) -> str:
    return _MARK.sub("", re.sub(rf"{_MARK.pattern}(?=\w)", " ", words))


def _cut(line: str) -> list[Statement]:
    start = _LINE_START.match(line)
    begin = start.end() if start else 0
    blanked = " " * begin + _MARK.sub(lambda match: " " * len(match[0]), line)[begin:]
    whole = _unmarked(line).strip()
    heads = bool(start and start["heading"]) or bool(_BOLD_LINE.fullmatch(whole))
    heads = heads or bool(_OWN_WORDS.fullmatch(simplified(whole)))
    marks = [(match.start(), labels(match[0])) for match in _MARK.finditer(line)]
    spans = [s for s in sentence_spans(blanked) if re.search(r"\w", blanked[s.start : s.end])]
    found: list[Statement] = []
    for span, own in _with_marks(_joined(spans, blanked, marks), marks):
        said = " ".join(_unmarked(line[span.start : span.end]).split())
        introduces = said.endswith((":", "：")) and not own
        found.append(Statement(said, own, heads or introduces))
    return found


def _joined(spans: list[Span], line: str, marks: list[tuple[int, list[int]]]) -> list[Span]:
    """Join unmarked clauses to what follows them."""
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        marked = before and any(before.start <= at < span.start for at, _ in marks)
        if before and not marked and _CLAUSE_END.search(line[before.start : before.end]):
            joined[-1] = Span(before.start, span.end)
        else:
            joined.append(span)
    return joined


def _with_marks(
    spans: list[Span], marks: list[tuple[int, list[int]]]
) -> list[tuple[Span, tuple[int, ...]]]:
    own: list[list[int]] = [[] for _ in spans]
    for at, numbers in marks:
        if spans:
            begun = sum(span.start <= at for span in spans)
            own[max(0, begun - 1)].extend(numbers)
    return [(span, tuple(dict.fromkeys(n))) for span, n in zip(spans, own, strict=True)]
