"""The words in which two texts differ; in Chinese, the characters."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

# Numbers, Chinese numerals among them, and [n] marks are whole: 14 is not "1" and a changed "4".
_TOKEN = re.compile(
    r"\[\d+\]"
    r"|\d+(?:[.,:]\d+)*[%％]?"
    r"|[〇零一二三四五六七八九十百千万亿两]+"
    r"|[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*"
    r"|\s+|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Span:
    """A stretch of a text.

    Attributes:
        text: Its words.
        changed: Whether the other text lacks it in this place.
    """

    text: str
    changed: bool


def words(text: str) -> list[str]:
    """Cut a text into what is compared; joined again it is the text.

    Example:
        >>> words("补贴14天 [1]")
        ['补', '贴', '14', '天', ' ', '[1]']
    """
    return _TOKEN.findall(text)


def word_diff(base: str, candidate: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Mark what differs in two texts.

    Ratcliff and Metzener 1988 ("gestalt pattern matching", as in `difflib`) over words.

    Args:
        base: The one text.
        candidate: The other.

    Returns:
        The spans of either text; those of each joined are the text.
    """
    ours, theirs = words(base), words(candidate)
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    left, right = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        left.append(Span("".join(ours[a:b]), kind != "equal"))
        right.append(Span("".join(theirs[c:d]), kind != "equal"))
    return _joined(left), _joined(right)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of one kind in a row made one; a blank between two changes is part of the change."""
    found: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if span.changed and len(found) > 1 and not found[-1].text.strip() and found[-2].changed:
            blank = found.pop()
            found[-1] = Span(found[-1].text + blank.text, changed=True)
        if found and found[-1].changed == span.changed:
            found[-1] = Span(found[-1].text + span.text, span.changed)
        else:
            found.append(span)
    return tuple(found)
