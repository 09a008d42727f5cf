"""Understanding a question: language, intent, the kind of thing asked for, a standalone query.

Rules only; no model and no index. What cannot be told stays a policy question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.errors import InputError
from assistant.instructions import without_commands
from assistant.places import is_wide, place_spans
from assistant.question_patterns import (
    CLOSING,
    FOLLOW_UP,
    INTENTS,
    KIN_EN,
    KIN_ZH,
    LEVEL_EN,
    LEVEL_ZH,
    OPENING,
    POLICY_WORDS,
    WANTS,
)
from assistant.questions import Intent, Lang, Question, Turn, Understanding, Wants
from index.lexical import content_words
from index.text import language, strip_invisible

QUESTION_MAX_CHARS = 4_000


def read_question_text(text: object) -> str:
    """Check a question's text and take invisible characters out.

    Raises:
        InputError: It is no text, empty, too long, or binary.
    """
    if not isinstance(text, str):
        raise InputError("question: a text is needed; put it in quotation marks")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise InputError("question: it is not valid UTF-8; check the terminal's or file's encoding")
    clean = strip_invisible(text).strip()
    if not clean:
        why = "holds no visible character" if text.strip() else "is empty"
        raise InputError(f"question: it {why}; write what you want to know")
    if len(clean) > QUESTION_MAX_CHARS:
        raise InputError(
            f"question: {len(clean):,} characters; ask in at most {QUESTION_MAX_CHARS:,}, or load "
            "the text as a document"
        )
    hidden = sum(1 for char in text if (char < " " and char not in "\t\n\r") or char == "\ufffd")
    if hidden > len(text) / 10:
        raise InputError("question: it looks like binary data; write it as text")
    return clean


def understand(question: Question) -> Understanding:
    """Understand a question; `question.text` must have passed `read_question_text`."""
    text = question.text
    lang: Lang = question.lang or language(text, otherwise=_language_of(question.history))
    found = [name for name, pattern in INTENTS if pattern.search(text)]
    intent: Intent = found[0] if found else "policy"
    query = text
    if intent == "policy":
        earlier = [
            turn.text for turn in question.history if turn.role == "user" and turn.text.strip()
        ]
        query = standalone(without_commands(text), earlier)
    return Understanding(query=query, lang=lang, intent=intent, wants=wants(query))


def is_about_policy(text: str) -> bool:
    """Whether a question uses the words of government support, whatever the corpus holds."""
    return bool(POLICY_WORDS.search(text))


def wants(text: str) -> Wants:
    """The kind of thing a question asks for."""
    found: list[Wants] = [name for name, pattern in WANTS if pattern.search(text)]
    if (
        "yes_no" in found
        and "list" in found
        and re.search(r"\W(?:right|correct)\W*$|吗|对吧", text)
    ):
        return "yes_no"
    return found[0] if found else "text"


def standalone(text: str, earlier: Sequence[str]) -> str:
    """Make a follow-up stand alone by what was asked before it.

    A place or a family member that the follow-up names takes the place of the one in the
    question before ("那雅安呢？" after "遂宁有什么支持？" gives "雅安有什么支持？"); any other
    follow-up keeps its words and is told the subject of the question that it continues.

    Args:
        text: The newest question.
        earlier: Earlier questions of the same person, oldest first.
    """
    if not earlier or not is_follow_up(text):
        return text
    before = standalone(earlier[-1], earlier[:-1])
    focus = CLOSING.sub("", OPENING.sub("", text)).strip() or text
    for find in (place_spans, _kin_spans, _level_spans):
        new, old = find(focus), find(before)
        if new and old and len(focus) <= 40:
            name = focus[slice(*new[-1])]
            alike = [span for span in old if is_wide(before[slice(*span)]) == is_wide(name)]
            start, end = (alike or old)[-1]
            return before[:start] + name + before[end:]
    subject = content_words(before)
    return f"{text} ({' '.join(subject)})" if subject else f"{before} {text}"


def is_follow_up(text: str) -> bool:
    """Whether a question leans on what was said before it."""
    if FOLLOW_UP.search(text):
        return True
    if language(text) == "zh":
        return len(re.sub(r"\W", "", text)) <= 6
    return len(text.split()) <= 3


def _level_spans(text: str) -> list[tuple[int, int]]:
    return [m.span() for p in (LEVEL_ZH, LEVEL_EN) for m in p.finditer(text)]


def _kin_spans(text: str) -> list[tuple[int, int]]:
    return [m.span(m.lastindex or 0) for p in (KIN_EN, KIN_ZH) for m in p.finditer(text)]


def _language_of(history: Sequence[Turn]) -> Lang:
    return language(history[-1].text) if history else "en"
