"""Where sentences end, in Chinese and in English."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

# A Chinese sentence ends at 。！？ (a list of clauses also at ；), with closing quotes kept.
_HAN_END = r"[。！？；]+[”’」』）)】》\"']*"
# An English one at . ! ? followed by space and something that can begin a sentence.
_LATIN_END = (
    r"[.!?]+[)\]”’\"']*(?=\s+[\"“‘'(\[]?[A-Z0-9\u4e00-\u9fff]|\s*$)"
    r"|[.!?]+[)”’\"']*(?=[\u4e00-\u9fff])|;(?=\s)"
)
_END = re.compile(f"{_HAN_END}|{_LATIN_END}")
_ABBREVIATION = re.compile(
    r"(?<![A-Za-z.])(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Art|Sec|Fig|vs|etc|e\.g|i\.e|cf|approx|Inc|Ltd|Co|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.K|[A-Z])\.$"
)
_CLAUSE_END = re.compile(r"[，、：,:](?:\s|(?<=[，、：]))")


class Span(NamedTuple):
    """A run of characters, `text[start:end]`."""

    start: int
    end: int


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Cut `text[start:end]` into sentences; the pieces hold no surrounding white space.

    Line breaks count as spaces: give one paragraph or list item at a time.

    Returns:
        Spans over `text`, in order. Only white space lies between them.

    Example:
        >>> t = "Mr. Li pays 1.5 yuan. It is due. 共7个部门。请看！"
        >>> [t[a:b] for a, b in sentence_spans(t)]
        ['Mr. Li pays 1.5 yuan.', 'It is due.', '共7个部门。', '请看！']
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.group().startswith(".") and _is_abbreviation(text, begin, match):
            continue
        spans.append(Span(begin, match.end()))
        begin = match.end()
    spans.append(Span(begin, end))
    trimmed = (trim(text, span) for span in spans)
    return [span for span in trimmed if span.end > span.start]


def clause_spans(text: str, span: Span) -> list[Span]:
    """Cut one sentence at its commas and colons; used only where a sentence is over the limit."""
    cuts = [m.end() for m in _CLAUSE_END.finditer(text, span.start, span.end)]
    edges = [span.start, *cuts, span.end]
    pieces = (trim(text, Span(a, b)) for a, b in pairwise(edges))
    return [piece for piece in pieces if piece.end > piece.start]


def trim(text: str, span: Span) -> Span:
    """Take surrounding white space off a span."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _is_abbreviation(text: str, begin: int, match: re.Match[str]) -> bool:
    if match.end() >= len(text.rstrip()):
        return False
    return bool(_ABBREVIATION.search(text, max(begin, match.start() - 8), match.start() + 1))
