"""Texts → HTML: escaping, both languages at once, and the little Markdown that answers use.

Nothing that comes from a document, a question or a model becomes markup: all of it is escaped
here, and no link or image is ever made of it.
"""

from __future__ import annotations

import re
from html import escape as escape_html

from assistant.ui.texts import Text
from index.text import strip_invisible

_BLOCKS = re.compile(r"\n[ \t]*\n")
_ITEM = re.compile(r"[ \t]*(?:[-*•]|(\d{1,3})[.、)])[ \t]+(?=\S)")
_SIGNED = re.compile(r"([✓✗?])[ \t]+(?=\S)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ROW = re.compile(r"\|[ \t]*(.*?)[ \t]*\|[ \t]*")
_RULE = re.compile(r"\|(?:[ \t]*-{3,}[ \t]*\|)+[ \t]*")
_CELLS = re.compile(r"[ \t]*\|[ \t]*")
_MARK = re.compile(r"(&#?\w+;|[^\s<>])?[ \t]*\[(\d{1,3})\]")


def escape(text: str) -> str:
    """A text without markup, and without characters that hide or turn round what stands there."""
    return escape_html(strip_invisible(text))


def both(text: Text) -> str:
    """A text in both languages; the page's style shows one of them."""
    return (
        f'<span data-l="zh" lang="zh-CN">{escape(text.zh)}</span>'
        f'<span data-l="en" lang="en">{escape(text.en)}</span>'
    )


def unseen(text: Text) -> str:
    """A text for screen readers only."""
    return f'<span class="pa-unseen">{both(text)}</span>'


def mark(turn: int, label: int, name: Text, title: str) -> str:
    """The mark of a citation, which opens its passage.

    Args:
        turn: Number of the turn in the conversation, from 0.
        label: The citation's label.
        name: What it is called ("Source").
        title: Title of the document.
    """
    return (
        f'<button type="button" class="pa-mark" data-act="cite" data-turn="{turn}" '
        f'data-label="{label}" title="{escape(title)}">{unseen(name)}{label}</button>'
    )


def answer_text(text: str, marks: dict[int, str]) -> str:
    """The text of an answer.

    Args:
        text: Markdown of paragraphs, lists, tables and bold words, with `[n]` marks.
        marks: HTML of the marks by label; a `[n]` that is not among them stays as it is.
    """
    return "".join(_block(block, marks) for block in _BLOCKS.split(text) if block.strip())


def _table(lines: list[str], marks: dict[int, str]) -> str:
    """A table whose rows are headed by their first cells, each name once.

    The first of the lines heads the columns, where it has any words, and the second is a rule.
    """
    rows = [_CELLS.split(row[1]) for line in lines if (row := _ROW.fullmatch(line))]
    html: list[str] = []
    if any(rows[0]):
        heads = "".join(f'<th scope="col">{_inline(cell, marks)}</th>' for cell in rows[0])
        html.append(f"<thead><tr>{heads}</tr></thead>")
    before = ""
    for name, *cells in rows[2:]:
        shown = _inline(name, marks) if name != before else ""
        data = "".join(f"<td>{_inline(cell, marks)}</td>" for cell in cells)
        html.append(f'<tr><th scope="row">{shown}</th>{data}</tr>')
        before = name
    return f"<table>{''.join(html)}</table>"


def _block(block: str, marks: dict[int, str]) -> str:
    lines = block.strip("\n").split("\n")
    if len(lines) > 2 and _RULE.fullmatch(lines[1]) and all(map(_ROW.fullmatch, lines)):
        return _table(lines, marks)
    html: list[str] = []
    words: list[str] = []
    items: list[str] = []
    numbered = False

    def close() -> None:
        if words:
            html.append(f"<p>{'<br>'.join(words)}</p>")
        if items:
            kind = "ol" if numbered else "ul"
            html.append(f"<{kind}>{''.join(items)}</{kind}>")
        words.clear()
        items.clear()

    for line in lines:
        item = _ITEM.match(line)
        if item is None:
            if items:
                close()
            words.append(_inline(line, marks))
            continue
        if words or (items and numbered != bool(item[1])):
            close()
        numbered = bool(item[1])
        value = f' value="{int(item[1])}"' if item[1] else ""
        signed = _SIGNED.match(line, item.end())
        if signed:
            value = f' class="pa-signed" data-sign="{signed[1]}"'
        words_of_item = _inline(line[signed.end() if signed else item.end() :], marks)
        if signed:
            words_of_item = f'<span class="pa-sign">{signed[1]}</span><div>{words_of_item}</div>'
        items.append(f"<li{value}>{words_of_item}</li>")
    close()
    return "".join(html)


def _inline(line: str, marks: dict[int, str]) -> str:
    def put(found: re.Match[str]) -> str:
        shown = marks.get(int(found[2]))
        if shown is None:
            return found[0]
        # A mark stays on the line of the character before it.
        return f'<span class="pa-keep">{found[1]}{shown}</span>' if found[1] else shown

    return _MARK.sub(put, _BOLD.sub(r"<strong>\1</strong>", escape(line.strip())))


def highlighted(text: str, start: int, end: int) -> str:
    """A passage, line by line, with some of its words highlighted.

    Args:
        text: The passage; list marks at the beginning of a line become list items.
        start: Offset of the first highlighted character.
        end: Offset behind the last; nothing is highlighted where it is not past `start`.
    """
    html: list[str] = []
    items: list[str] = []
    offset = 0
    for line in text.split("\n"):
        item = _ITEM.match(line)
        skip = item.end() if item and not item[1] else 0
        shown = _marked(line[skip:], start - offset - skip, end - offset - skip)
        if items and not skip:
            html.append(f"<ul>{''.join(items)}</ul>")
            items.clear()
        if skip:
            items.append(f"<li>{shown}</li>")
        elif line.strip():
            html.append(f"<p>{shown}</p>")
        offset += len(line) + 1
    if items:
        html.append(f"<ul>{''.join(items)}</ul>")
    return "".join(html)


def _marked(line: str, start: int, end: int) -> str:
    start, end = max(0, start), max(0, end)
    if not line[start:end].strip():
        return escape(line)
    return f"{escape(line[:start])}<mark>{escape(line[start:end])}</mark>{escape(line[end:])}"
