"""What a conversation tells: facts about a person, and the talk about eligibility under way.

Nothing is kept between questions. The person's earlier turns are read again, in order: what they
state, and what they answer to a question of the assistant's, which is known by its words. A later
statement corrects an earlier one, and both correct what a caller gave as facts.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.eligibility import reply_patterns
from assistant.eligibility.asking import is_asking
from assistant.eligibility.facts import Fact, KnownFact
from assistant.eligibility.matching import Matching
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import read_reply, read_said
from assistant.eligibility.said import readings
from assistant.eligibility.turn_wording import TEXTS, heading_of, last_line
from assistant.eligibility.values import read_facts
from assistant.questions import Lang, Question, Turn
from index.text import han_count, language

__all__ = ["Thread", "Told", "read_conversation"]

log = logging.getLogger(__name__)

_TURNS = 60
_SHORT = 24
_ECHO = 3
_SUBJECT = re.compile(r"^\W*(?:i|we|he|she|they|it)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|correct|right|no|nope|nah|not yet|是的?|对的?|没错|有的?|会的?"
    r"|不是的?|没有|还没有?|没|不|否|不会)\s*(?:$|[,，.。;；!！、])",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"^\W*(?:不对|不是|不，|错了|说错|更正|其实|应该是|no\b|not\b|actually\b|sorry\b|correction\b|rather\b|wait\b"
    r"|i mean)|而不是|不再|改(?:成|为|到)|换(?:成|到)|搬到|不是.{1,12}[，,]?\s*(?:而?是|在)"
    r"|\b(?:instead|rather than|no longer|any ?more|changed|moved)\b",
    re.IGNORECASE,
)
_SKIPS = re.compile(
    r"^\W*(?:跳过|下一个|不想(?:说|回答)|(?:skip|next|pass|rather not|prefer not)\b)", re.IGNORECASE
)


@dataclass(frozen=True)
class Thread:
    """The talk about eligibility, as the assistant's last turn about it shows.

    Attributes:
        measure: The measure that was judged; `None` where all were ranked.
        asked: The fact that was asked for last.
        lang: The language it was in.
        is_last: Whether nothing else was said since.
    """

    measure: str | None
    asked: str | None
    lang: Lang
    is_last: bool = True


@dataclass(frozen=True)
class Told:
    """What a conversation tells.

    Attributes:
        facts: Everything known, by fact.
        now: What the newest message states or answers.
        answered: Whether the newest message answers the question asked before it.
        declined: Facts that the person was asked for and does not know.
        thread: The talk about eligibility, if there was one.
        history: The earlier turns without that talk's questions and answers.
    """

    facts: Mapping[str, KnownFact] = field(default_factory=dict)
    now: Mapping[str, KnownFact] = field(default_factory=dict)
    answered: bool = False
    declined: frozenset[str] = frozenset()
    thread: Thread | None = None
    history: tuple[Turn, ...] = ()


def read_conversation(question: Question, catalogue: Catalogue, measures: Matching) -> Told:
    """Read a question and all that was said before it.

    Facts that the corpus does not know are left alone: a question can be answered without them.

    Raises:
        InputError: A fact that it knows has an impossible value.
    """
    known = {name: value for name, value in question.facts.items() if name in catalogue.facts}
    if catalogue.facts and (unknown := sorted(question.facts.keys() - known.keys())):
        log.warning("facts that no measure asks for were not used: %s", ", ".join(unknown))
    told = Told(facts=read_facts(catalogue, known))
    if not catalogue.measures:
        return replace(told, history=question.history)
    for turn in question.history[-_TURNS:]:
        if turn.role == "assistant":
            told = _heard(told, turn, catalogue, measures)
        else:
            told = _said(told, turn.text, catalogue)
            kept = () if told.answered else (turn,)
            told = replace(told, history=told.history + kept)
    return _said(told, question.text, catalogue)


def _heard(told: Told, turn: Turn, catalogue: Catalogue, measures: Matching) -> Told:
    """After a turn of the assistant's."""
    heading = heading_of(turn.text)
    everything = heading and heading in TEXTS["finding"].values()
    measure = measures.titled(heading) if heading and not everything else None
    if not (everything or measure):
        thread = replace(told.thread, is_last=False) if told.thread else None
        return replace(told, thread=thread, history=(*told.history, turn))
    line = last_line(turn.text)
    for fact in catalogue.facts.values():
        for lang, asked in fact.question.items():
            if line == asked:
                return replace(told, thread=Thread(measure, fact.id, lang))
    lang = language(turn.text)
    return replace(told, thread=Thread(measure, None, "zh" if lang == "zh" else "en"))


def _said(told: Told, text: str, catalogue: Catalogue) -> Told:
    """After a turn of the person's."""
    now = read_said(text, catalogue)
    known = dict(told.facts)
    answered, declined = False, told.declined
    thread = told.thread
    if thread and thread.is_last and thread.asked:
        fact = catalogue.facts[thread.asked]
        reply = _reply(text, fact, now, known, catalogue)
        if reply is not None:
            now = now | {fact.id: reply}
            answered = True
        elif (reply_patterns.UNSURE.search(text) or _SKIPS.match(text)) and not is_asking(text):
            declined |= {fact.id}
            answered = True
    changes = bool(_CHANGES.search(text))
    for name, one in now.items():
        replaces = changes or (answered and thread is not None and name == thread.asked)
        known[name] = _merged(known.get(name), one, catalogue.facts[name], replaces)
    _take_back(text, now, known, catalogue)
    return replace(told, facts=known, now=now, answered=answered, declined=declined - known.keys())


def _reply(
    text: str,
    fact: Fact,
    now: Mapping[str, KnownFact],
    known: Mapping[str, KnownFact],
    catalogue: Catalogue,
) -> KnownFact | None:
    """What a text answers to the question after a fact; `None` where it speaks of something else.

    “No, in Mianyang” after another question corrects the place, and answers nothing.
    """
    if fact.id in now:
        return now[fact.id]
    if is_asking(text):
        return None
    corrected = any(name in known and known[name].value != one.value for name, one in now.items())
    if corrected:
        return None
    reply = read_reply(text, fact, catalogue)
    if reply is None and fact.kind == "choice" and not now and len(text) <= _SHORT:
        reply = _as_sentence(text, fact, catalogue)
    if reply is not None and now and fact.kind in ("choice", "number"):
        return None  # What was stated of other facts is no choice of this one.
    if reply is not None and fact.kind == "yes_no" and not _is_clear(text, bool(now)):
        return None
    return reply


def _is_clear(text: str, states_others: bool) -> bool:
    """Whether a bare yes or no answers, and does not open a statement: `We are a small firm`."""
    if states_others:
        return bool(_YES_OR_NO.match(text))
    return not (_SUBJECT.match(text) and len(text.split()) > _ECHO)


def _as_sentence(text: str, fact: Fact, catalogue: Catalogue) -> KnownFact | None:
    """What a word or two say of a person: `博士` as `我是博士`."""
    sentence = f"我是{text}" if han_count(text) else f"I am a {text}"
    said = read_said(sentence, catalogue).get(fact.id)
    return replace(said, words=text.strip()) if said else None


def _merged(old: KnownFact | None, new: KnownFact, fact: Fact, replaces: bool) -> KnownFact:
    """What is known after a further statement; choices that can hold together add up."""
    if old is None or replaces or not fact.many:
        return new
    if not isinstance(old.value, frozenset) or not isinstance(new.value, frozenset):
        return new
    if new.value <= old.value:
        return old
    words = "; ".join(dict.fromkeys(words for words in (old.words, new.words) if words))
    return replace(new, value=old.value | new.value, words=words)


def _take_back(
    text: str, now: Mapping[str, KnownFact], known: dict[str, KnownFact], catalogue: Catalogue
) -> None:
    """Take away choices that a text denies, where it names no others."""
    for name in [name for name in known if catalogue.facts[name].kind == "choice"]:
        value = known[name].value
        if name in now or not isinstance(value, frozenset):
            continue
        denied = {one.value for one in readings(text, catalogue.facts[name]) if one.denied}
        if value & denied:
            left = value - denied
            del known[name]
            if left:
                known[name] = KnownFact(
                    name, frozenset(map(str, left)), text.strip(), "conversation"
                )
