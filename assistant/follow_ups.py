"""Follow-ups made to stand alone by what was asked before, without a model.

A follow-up either fills a slot of the question before it anew ("那雅安呢？" after
"遂宁有什么支持？") or is told the subject of that question. Which of several readings was meant can
be seen from what each of them finds: `readings` gives them all, the likeliest first. Knows no
documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.places import in_language, is_wide, known_places, place_spans
from assistant.subjects import anchors, is_pointing, names_subject, subject_words
from index.lexical import content_words
from index.text import language

__all__ = ["is_follow_up", "is_told", "readings", "standalone", "untold"]

Spans = Callable[[str], list[tuple[int, int]]]

_FOCUS_MAX = 60
_LEANING = re.compile(
    r"^\W*(?:那么?(?!个|些|种|里|边|年|次|位|份|项)|还有|另外|以及|再说|其(?!他|它|中|余|次|实))|"
    r"^\W*具体(?=[是有都到在指说])|"
    r"呢\W*$|"
    r"^\W*(?:(?:ok(?:ay)?|cool|fine|great|right|i see|thanks|thank you)\W+)?"
    r"(?:and|what about|how about|also|but what|then|same for)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:(?:那么?|还有|另外|以及|请问|换成|换作|如果是|(?:and|what about|how about|also|but|"
    r"then|same for|"
    r"for|in|the case of)\b)[\s,，]*)+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:的(?:话|情况)?|又)?(?:又?是?(?:什么|啥|怎么)(?:情况|样|说))?(?:呢|怎么样|如何|怎样)?[^\w》”\"）)]*$"
)
_FRESH = re.compile(
    r"^\W*(?:换(?:个|一个)(?:问题|话题)|(?:另|再)问(?:一)?(?:个)?(?:别的|其他|"
    r"另外)?(?:的)?(?:问题|事)?|"
    r"(?:问|说)(?:点|个)别的|另(?:外)?一个问题|"
    r"(?:(?:ok(?:ay)?|now|and|so)\W+)?(?:(?:a|one|on to a) )?(?:different|new|another|separate|"
    r"unrelated) "
    r"(?:question|topic|matter)|(?:let['’]s |let us )?chang(?:e|ing) (?:the )?(?:subject|topic))"
    r"\s*[,，:：。.!！;；—-]+\s*",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\b(?:(?:my|the|their|our|his|her) (?:\w+ )?)(spouse|wife|husband|partner|children|child|"
    r"kids?|son|daughter|parents?|family)\b|"
    r"(配偶|爱人|妻子|丈夫|老婆|老公|太太|先生|子女|孩子|小孩|儿子|女儿|父母|爸妈|家属)",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"国家级|省级|市级|县级|乡级|\b(?:national|provincial|municipal|county)(?:-level)?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TOLD = re.compile(r"(?<=\S) \([^()]+\)$")
_QUOTED = re.compile(r"《[^》]{2,60}》")
_PLACE_ONLY = re.compile(
    r"^\W*(?:是|在|for|in|to|of|the|省|市|州|这边|'s|’s|\W)*\W*$", re.IGNORECASE
)


def readings(text: str, earlier: Sequence[str] = ()) -> tuple[str, ...]:
    """The ways to read a question after what was asked before it, the likeliest first.

    A place, a year, a family member, a level or a title that a follow-up names takes the place of
    the one in the question before; any other follow-up keeps its words and is told the subject of
    the question that it continues. A question with a subject of its own stays as it is.

    >>> readings("那雅安呢？", ["遂宁有什么支持？"])[0]
    '雅安有什么支持？'
    >>> readings("What about my children?", ["What does it give my spouse?"])[0]
    'What does it give my children?'

    Args:
        text: The newest question.
        earlier: Earlier questions of the same person, oldest first.
    """
    before = ""
    for asked in earlier:
        before = _read(asked, before)[0]
    return _read(text, before)


def standalone(text: str, earlier: Sequence[str] = ()) -> str:
    """The likeliest reading; see `readings`."""
    return readings(text, earlier)[0]


def is_follow_up(text: str) -> bool:
    """Whether a question leans on what was said before it."""
    if _FRESH.match(text):
        return False
    return bool(_LEANING.search(text)) or is_pointing(text) or not names_subject(text)


def is_told(query: str) -> bool:
    """Whether a reading was told the subject of the question before it."""
    return untold(query) != query


def untold(query: str) -> str:
    """A reading less the subject that it was told."""
    return _TOLD.sub("", query)


def _read(text: str, before: str) -> tuple[str, ...]:
    fresh = _FRESH.match(text)
    if fresh and fresh.end() < len(text):
        return (text[fresh.end() :],)
    focus = _CLOSING.sub("", _OPENING.sub("", text)).strip() or text
    if not before:
        return (_about_place(text, focus) or text,)
    filled = _filled(focus, before) if len(focus) <= _FOCUS_MAX else None
    if filled:
        return (filled,)
    told = _told(text, focus, before)
    if is_follow_up(text):
        return told
    if anchors(text):
        return (text,)
    return tuple(dict.fromkeys((text, *told)))


def _filled(focus: str, before: str) -> str | None:
    """The question before with what the follow-up names, where it names that and no more."""
    for find in (place_spans, _quoted, _kin, _level, _years):
        new = find(focus)
        if not new:
            continue
        start, end = new[-1]
        rest = focus[:start] + " " + focus[end:]
        if names_subject(rest):
            continue
        name = focus[start:end]
        old = (known_places if find is place_spans else find)(before)
        if old:
            alike = [span for span in old if is_wide(before[slice(*span)]) == is_wide(name)]
            begin, stop = (alike or old)[-1]
            if find is place_spans:
                name = in_language(name, language(before))
            return before[:begin] + name + before[stop:]
        if _PLACE_ONLY.match(rest) and find in (place_spans, _quoted, _years):
            return _with(name, before)
    return None


def _with(name: str, question: str) -> str:
    """A question asked of something that it does not name."""
    if language(question) == "zh":
        return f"{name}{question}"
    return f"{question} ({name})"


def _told(text: str, focus: str, before: str) -> tuple[str, ...]:
    """A follow-up with the subject of the question before, and with no more than its names."""
    gone = {
        word
        for find in (place_spans, _quoted, _kin, _level, _years)
        if find(focus)
        for span in find(before)
        for word in (before[slice(*span)].lower(), *content_words(before[slice(*span)]))
    }
    said = set(content_words(text))
    names = [n for n in anchors(before) if n.lower() not in gone and n not in text]
    words = subject_words(before) or ([] if names else content_words(before))
    held = " ".join(names).lower()
    subject = [*names, *(w for w in words if w not in gone and w not in said and w not in held)]
    found = [f"{text} ({' '.join(part)})" for part in (subject, names) if part]
    return tuple(dict.fromkeys((*(found or (f"{before} {text}",)), text)))


def _about_place(text: str, focus: str) -> str | None:
    """A bare place, asked about with nothing before: what there is for it."""
    if not _LEANING.search(text) or len(focus) > _FOCUS_MAX:
        return None
    spans = known_places(focus)
    if len(spans) != 1:
        return None
    (start, end), name = spans[0], focus[slice(*spans[0])]
    if not _PLACE_ONLY.match(focus[:start] + " " + focus[end:]):
        return None
    return f"{name}有什么支持？" if language(text) == "zh" else f"What support does {name} get?"


def _kin(text: str) -> list[tuple[int, int]]:
    return [match.span(match.lastindex or 0) for match in _KIN.finditer(text)]


def _level(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _LEVEL.finditer(text)]


def _years(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _YEAR.finditer(text)]


def _quoted(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _QUOTED.finditer(text)]
