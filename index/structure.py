"""The structure of a text: blocks, and the sections that headings and numbered clauses make.

Reads Markdown and plain text alike: `#` headings with `{#anchor}`, list items, table rows,
numbered clauses (第一章, 第一条, 一、, （一）) and, in plain text, short lines that stand as
headings.
Knows nothing of tokens or passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from index.sentences import Span, sentence_spans, trim

BlockKind = Literal["heading", "paragraph", "item", "row"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ANCHOR = re.compile(r"[ \t]*\{#([^\s{}]+)\}[ \t]*$")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•·]|\d{1,3}[.)、](?!\d)|[(（]\d{1,3}[)）]|[①-⑳])[ \t]*(?=\S)")
_QUOTE = re.compile(r"^[ \t]*>[ \t]?")
_NUMERAL = "[一二三四五六七八九十百零〇两]+"
_CLAUSES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (10, re.compile(rf"^\s*第{_NUMERAL}[编篇]")),
    (11, re.compile(rf"^\s*第(?:{_NUMERAL}|\d+)章")),
    (12, re.compile(rf"^\s*第(?:{_NUMERAL}|\d+)节")),
    (13, re.compile(rf"^\s*第(?:{_NUMERAL}|\d+)条")),
    (14, re.compile(rf"^\s*{_NUMERAL}、")),
    (15, re.compile(rf"^\s*[（(]{_NUMERAL}[）)]")),
)
_PARENTHESISED = 15
_LEADS_IN = re.compile(r"[：；:;]$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}")
_LINE_ENDS = re.compile(r"[。！？；：.!?;:…][”’」』）)】》\"']*$")
_LINE_HEADING_MAX = 100
_HEADING_MAX = 40
_PLAIN_LEVEL = 9
INTRO = "intro"


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or table row.

    Attributes:
        kind: What it is.
        start: Offset of its first character, list marker included.
        content: Offset of its first word.
        end: Offset behind its last character.
        level: For a heading or a clause that opens a section: its level, 1 is the title.
        heading: The words of that heading.
        anchor: The anchor given in the text, if any.
    """

    kind: BlockKind
    start: int
    content: int
    end: int
    level: int = 0
    heading: str = ""
    anchor: str | None = None


@dataclass(frozen=True)
class Section:
    """The blocks under one heading, headings below it excluded.

    Attributes:
        anchor: Names the section within its document.
        heading_path: Headings from the title down to this section.
        blocks: Its paragraphs, items and rows.
    """

    anchor: str
    heading_path: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Unit:
    """A sentence or a list item: the smallest thing that is quoted.

    Attributes:
        span: The words themselves.
        start: Offset with the list marker, where the unit opens a list item.
        kind: The kind of block it stands in.
    """

    span: Span
    start: int
    kind: BlockKind


def units(text: str, start: int = 0, end: int | None = None) -> list[Unit]:
    """Sentences and list items of `text[start:end]`, with offsets into `text`."""
    part = text[start:end]
    found: list[Unit] = []
    for block in blocks(part):
        if block.kind != "heading":
            for unit in block_units(part, block):
                span = Span(unit.span.start + start, unit.span.end + start)
                found.append(Unit(span, unit.start + start, unit.kind))
    return found


def block_units(text: str, block: Block) -> Iterator[Unit]:
    """The sentences of one block; a table row is one unit."""
    if block.kind == "row":
        yield Unit(Span(block.content, block.end), block.start, block.kind)
        return
    for number, span in enumerate(sentence_spans(text, block.content, block.end)):
        yield Unit(span, block.start if number == 0 else span.start, block.kind)


def sections(text: str, title: str = "") -> list[Section]:
    """Cut a text into sections, in order. Sections without words are left out.

    Anchors are those of the text (`## Heading {#anchor}`) or made of the heading's words;
    a second section of one name gets `-2`.
    """
    found: list[Section] = []
    path: list[tuple[int, str]] = [(0, title)] if title else []
    anchor = INTRO
    seen: dict[str, int] = {}
    current: list[Block] = []

    def close() -> None:
        if current:
            seen[anchor] = seen.get(anchor, 0) + 1
            unique = anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"
            headings = tuple(words for _, words in path if words)
            found.append(Section(unique, headings, tuple(current)))
            current.clear()

    for block in blocks(text):
        if block.level:
            close()
            while path and path[-1][0] >= block.level:
                path.pop()
            is_title = block.level == 1 and block.anchor is None and _same(block.heading, title)
            if not is_title:
                path.append((block.level, block.heading))
            anchor = block.anchor or (INTRO if is_title else _slug(block.heading) or INTRO)
        if block.kind != "heading":
            current.append(replace(block, level=0))
    close()
    return found


def blocks(text: str) -> list[Block]:
    """Cut a text into blocks, in order; only white space and markup lies between them."""
    lines = list(_lines(text))
    found: list[Block] = []
    fenced = False
    listed = False
    row = 0
    while row < len(lines):
        start, end = lines[row]
        line = text[start:end]
        row += 1
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if not line.strip() or (not fenced and _TABLE_RULE.match(line)):
            continue
        if not fenced and (heading := _HEADING.match(line)):
            found.append(_markdown_heading(heading, start, end))
            continue
        if not fenced and line.lstrip().startswith("|"):
            span = trim(text, Span(start, end))
            found.append(Block("row", span.start, span.start, span.end))
            continue
        clause = _clause_level(line)
        listed = bool(clause) and _is_listed(text, lines, row - 1, clause, in_list=listed)
        if not clause and _stands_as_heading(text, lines, row - 1):
            found.append(_plain_heading(text, start, end))
            continue
        short = len(line.strip()) <= _HEADING_MAX
        alone = bool(clause) and short and not _LINE_ENDS.search(line)
        while (
            not alone
            and row < len(lines)
            and _continues(text, lines, row, in_item=bool(_ITEM.match(line)))
        ):
            end = lines[row][1]
            row += 1
        if listed:
            span = trim(text, Span(start, end))
            found.append(Block("item", span.start, span.start, span.end))
        else:
            found.append(_prose(text, Span(start, end), clause))
    return found


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line.rstrip("\r\n"))
        start += len(line)


def _markdown_heading(match: re.Match[str], start: int, end: int) -> Block:
    words = match.group(2)
    given = _ANCHOR.search(words)
    return Block(
        "heading",
        start,
        start + match.start(2),
        end,
        level=len(match.group(1)),
        heading=_ANCHOR.sub("", words).strip(),
        anchor=given.group(1) if given else None,
    )


def _plain_heading(text: str, start: int, end: int) -> Block:
    span = trim(text, Span(start, end))
    words = text[span.start : span.end]
    return Block("heading", span.start, span.start, span.end, level=_PLAIN_LEVEL, heading=words)


def _prose(text: str, span: Span, clause: int) -> Block:
    span = trim(text, span)
    body = text[span.start : span.end]
    marker = _ITEM.match(body) or _QUOTE.match(body)
    content = span.start + (marker.end() if marker else 0)
    kind: BlockKind = "item" if _ITEM.match(body) else "paragraph"
    if not clause:
        return Block(kind, span.start, content, span.end)
    heading = _clause_heading(body)
    whole = len(heading) == len(body)
    return Block(
        "heading" if whole else "paragraph",
        span.start,
        span.start,
        span.end,
        level=clause,
        heading=heading,
    )


def _clause_level(line: str) -> int:
    return next((level for level, pattern in _CLAUSES if pattern.match(line)), 0)


def _is_listed(
    text: str, lines: list[tuple[int, int]], row: int, clause: int, *, in_list: bool
) -> bool:
    """Whether a numbered clause is an item of a list in a sentence, and no section of its own.

    It follows a line that leads in to it (下列情形之一：), or an item, or ends like one (；).
    """
    line = text[slice(*lines[row])].rstrip()
    if clause < _PARENTHESISED - 1 or not _LINE_ENDS.search(line):
        return False
    before = next(
        (words for n in range(row - 1, -1, -1) if (words := text[slice(*lines[n])].strip())), ""
    )
    led_in = clause == _PARENTHESISED and bool(_LEADS_IN.search(before))
    return in_list or led_in or line.endswith(("；", ";"))


def _clause_heading(body: str) -> str:
    first = re.split(r"[。：；\n]", body, maxsplit=1)[0]
    if re.match(r"^\s*第\S+条", first) and len(first) > _HEADING_MAX:
        return re.split(r"[\s　]", first, maxsplit=1)[0]
    return first[:_HEADING_MAX].strip()


def _stands_as_heading(text: str, lines: list[tuple[int, int]], row: int) -> bool:
    """A short plain line without a sentence's end, before a longer line that begins afresh."""
    line = text[slice(*lines[row])].strip()
    closed = _LINE_ENDS.search(line.rstrip("?？"))
    if not 2 <= len(line) <= _LINE_HEADING_MAX or closed or _ITEM.match(line):
        return False
    if re.search(r"[。，；,]", line) or _QUOTE.match(line):
        return False
    before = text[slice(*lines[row - 1])].strip() if row else ""
    if before and not _LINE_ENDS.search(before):
        return False
    after = [text[slice(*lines[n])].strip() for n in range(row + 1, min(row + 3, len(lines)))]
    following = next((words for words in after if words), "")
    return len(following) > max(len(line), _HEADING_MAX) and bool(_LINE_ENDS.search(following))


def _continues(text: str, lines: list[tuple[int, int]], row: int, *, in_item: bool) -> bool:
    """Whether a line runs on from the one before it (a soft line break)."""
    line = text[slice(*lines[row])]
    before = text[slice(*lines[row - 1])].rstrip()
    if not line.strip() or _ITEM.match(line) or _HEADING.match(line) or _clause_level(line):
        return False
    if line.lstrip().startswith("|") or _FENCE.match(line):
        return False
    if in_item and line[:1] in " \t":
        return True
    if _LINE_ENDS.search(before):
        return len(before) < _LINE_HEADING_MAX and bool(re.match(r"[a-z]", line.lstrip()))
    return True


def _slug(heading: str) -> str:
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-_")[:_HEADING_MAX].rstrip("-")


def _same(heading: str, title: str) -> bool:
    return not title or _slug(heading) == _slug(title)
