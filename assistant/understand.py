"""Understanding a question: language, intent, the kind of thing asked for, a standalone query.

Rules only; no model and no index. What cannot be told stays a policy question, which those who
hold its vector may compare with exemplars (`assistant.exemplars`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.errors import InputError
from assistant.figures import figures
from assistant.follow_ups import is_follow_up, readings, standalone, untold
from assistant.instructions import is_question, without_commands
from assistant.intents import read_message
from assistant.places import in_language, known_places
from assistant.question_patterns import ASKS_FURTHER, EACH, POLICY_WORDS, TASKS, WANTS, WHETHER
from assistant.questions import Lang, Question, Script, Task, Turn, Understanding, Wants
from assistant.subjects import anchors
from index.lexical import simplified
from index.sentences import sentence_spans
from index.text import han_count, language, strip_invisible

__all__ = [
    "QUESTION_MAX_CHARS",
    "is_about_policy",
    "is_follow_up",
    "read_question_text",
    "readings",
    "script_of",
    "standalone",
    "task_of",
    "understand",
    "wants",
]

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
    message = read_message(text)
    own = without_commands(message.policy)
    lang: Lang = question.lang or asked_in(own or text, question.history)
    script = script_of(text) if lang == "zh" else None
    if message.intent != "policy":
        return Understanding(text, lang, message.intent, wants(text), script)
    said = [turn.text for turn in question.history if turn.role == "user" and turn.text.strip()]
    earlier = [before.policy for before in map(read_message, said) if before.intent == "policy"]
    found = readings(own, list(map(without_commands, earlier)))
    if script == "hant":
        # What follows reads Simplified characters.
        found = tuple(map(simplified, found))
    return Understanding(
        query=found[0],
        lang=lang,
        wants=wants(found[0]),
        script=script,
        task=task_of(found[0]),
        readings=found,
    )


def asked_in(text: str, history: Sequence[Turn] = ()) -> Lang:
    """The language of a question: of mixed ones the one that its sentence is built in.

    >>> asked_in("green card 的 spouse allowance 是多少？"), asked_in("What is 晋商晋才?")
    ('zh', 'en')
    """
    otherwise: Lang = language(history[-1].text) if history else "en"
    found = language(text, otherwise=otherwise)
    if found == "en" and _BUILT_IN_ZH.search(text) and not _BUILT_IN_EN.search(text):
        return "zh"
    return found


def script_of(text: str) -> Script | None:
    """Whether a text is in Traditional characters; `None` where it has no Chinese ones.

    A single character may be the same word's form in both, so one in eight is asked for.

    >>> script_of("山西人才綠卡有什麼待遇"), script_of("人才绿卡"), script_of("green card")
    ('hant', 'hans', None)
    """
    characters = han_count(text)
    if not characters:
        return None
    other = sum(a != b for a, b in zip(text, simplified(text), strict=True))
    return "hant" if 8 * other >= characters else "hans"


def is_about_policy(text: str) -> bool:
    """Whether a question uses the words of government support, whatever the corpus holds."""
    return bool(POLICY_WORDS.search(simplified(text)))


def wants(text: str) -> Wants:
    """The kind of thing a question asks for; of several sentences the one that asks decides."""
    said = simplified(text)
    asking = [part for part in (said[slice(*s)] for s in sentence_spans(said)) if is_question(part)]
    if len(asking) == 1:
        return _wants(asking[0])
    return _wants(said)


def _wants(said: str) -> Wants:
    found: Wants = next((name for name, pattern in WANTS if pattern.search(said)), "text")
    # "Is there a hotline?" asks for its number.
    if found == "phone":
        return found
    # "A permit of ten years?" is a claim in doubt.
    doubts = found == "text" and _IN_DOUBT.search(said) and figures(said)
    if (WHETHER.search(said) or doubts) and not ASKS_FURTHER.search(untold(said)):
        return "yes_no"
    return found


def task_of(text: str) -> Task:
    """What is to be done with a policy question."""
    said = simplified(text)
    found: Task = next((name for name, pattern in TASKS if pattern.search(said)), "answer")
    if found == "answer" and EACH.search(said):
        places = {in_language(said[slice(*span)], "zh") for span in known_places(said)}
        named = [name for name in anchors(said) if name[0] in '《“"2']
        return "comparison" if len(places) > 1 or len(named) > 1 else "answer"
    return found


_IN_DOUBT = re.compile(r"[?？]\W*$")
_BUILT_IN_ZH = re.compile(
    r"什么|怎|哪|谁|吗|呢|多少|几|是否|的|给|能|有没有|麼|嗎|誰|給|幾", re.IGNORECASE
)
_BUILT_IN_EN = re.compile(
    r"\b(?:what|which|who|where|when|why|how|is|are|do|does|did|can|the|of|in|for|to|and)\b",
    re.IGNORECASE,
)
