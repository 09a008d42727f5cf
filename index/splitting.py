"""Documents → passages: whole sentences of one section, within the token limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from index.documents import Document
from index.passages import Passage
from index.sentences import Span, clause_spans
from index.structure import Section, Unit, block_units, sections

CountTokens = Callable[[str], int]
MAX_TOKENS = 256


def split(
    document: Document,
    count_tokens: CountTokens,
    *,
    max_tokens: int = MAX_TOKENS,
    hard_limit: Callable[[str], bool] | None = None,
) -> list[Passage]:
    """Cut a document into passages.

    A passage never crosses a section and never ends in mid-sentence. Long sections are cut into
    parts of about equal size. A single sentence over the limit is cut at its commas, and where
    it has none, between characters: the only case in which a sentence is divided.

    Args:
        document: What to cut.
        count_tokens: Counts the tokens of a text (tiktoken).
        max_tokens: Most tokens of a passage.
        hard_limit: Says whether a text also fits the embedding model; none asks nothing.

    Returns:
        Passages in the order of the text, with `document.text[p.start:p.end] == p.text`.
    """
    text = document.text

    def fits(start: int, end: int) -> bool:
        piece = text[start:end]
        if len(piece) > 12 * max_tokens or count_tokens(piece) > max_tokens:
            return False
        return hard_limit is None or hard_limit(piece)

    found: list[Passage] = []
    for section in sections(text, document.title):
        pieces = _pack(_section_units(text, section, fits), fits, text, count_tokens, max_tokens)
        for number, (start, end) in enumerate(pieces, start=1):
            suffix = "" if number == 1 else f"~{number}"
            found.append(
                Passage(
                    id=f"{document.id}/{document.lang}#{section.anchor}{suffix}",
                    document_id=document.id,
                    lang=document.lang,
                    section=section.anchor,
                    heading_path=section.heading_path,
                    text=text[start:end],
                    start=start,
                    end=end,
                )
            )
    return found


def embedding_text(passage: Passage, title: str) -> tuple[str, int]:
    """What is embedded for a passage: its headings and its text.

    Returns:
        The text, and where the passage's own words begin in it.
    """
    headings = [title, *(heading for heading in passage.heading_path if heading != title)]
    context = " > ".join(heading for heading in headings if heading)
    before = f"{context}\n" if context else ""
    return before + passage.text, len(before)


def _section_units(
    text: str, section: Section, fits: Callable[[int, int], bool]
) -> list[tuple[int, int]]:
    """Start and end of each sentence or item; those over the limit are cut smaller."""
    found: list[tuple[int, int]] = []
    for block in section.blocks:
        for unit in block_units(text, block):
            if fits(unit.start, unit.span.end):
                found.append((unit.start, unit.span.end))
            else:
                found.extend(_cut(text, unit, fits))
    return found


def _cut(text: str, unit: Unit, fits: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for clause in clause_spans(text, unit.span):
        joined = parts and fits(parts[-1][0], clause.end)
        if joined:
            parts[-1] = (parts[-1][0], clause.end)
        else:
            parts.extend(_halves(clause, fits))
    return parts


def _halves(span: Span, fits: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    if fits(span.start, span.end) or span.end - span.start < 2:
        return [(span.start, span.end)]
    middle = (span.start + span.end) // 2
    return [*_halves(Span(span.start, middle), fits), *_halves(Span(middle, span.end), fits)]


def _pack(
    spans: Sequence[tuple[int, int]],
    fits: Callable[[int, int], bool],
    text: str,
    count_tokens: CountTokens,
    max_tokens: int,
) -> list[tuple[int, int]]:
    """Join neighbouring sentences into as few passages as the limit allows, of like size."""
    if not spans:
        return []
    if fits(spans[0][0], spans[-1][1]):
        return [(spans[0][0], spans[-1][1])]
    sizes = [count_tokens(text[start:end]) for start, end in spans]
    total = sum(sizes)
    target = total / max(1, -(-total // max_tokens))
    packed = [spans[0]]
    filled = sizes[0]
    done = 0.0
    for (start, end), size in zip(spans[1:], sizes[1:], strict=True):
        enough = done + filled + size / 2 > target * len(packed)
        if not enough and fits(packed[-1][0], end):
            packed[-1] = (packed[-1][0], end)
            filled += size
        else:
            done += filled
            filled = size
            packed.append((start, end))
    assert all(a[1] <= b[0] for a, b in pairwise(packed))
    return packed
