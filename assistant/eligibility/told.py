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

from assistant.eligibility.answering import answer_to, passes_over
from assistant.eligibility.asking import is_asking, is_mere_reply, wants_information
from assistant.eligibility.facts import Fact, Facts, KnownFact
from assistant.eligibility.matching import Matching
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import Reader, read_said
from assistant.eligibility.said import readings
from assistant.eligibility.script import is_ours, script_told
from assistant.eligibility.turn_wording import TEXTS, heading_of, last_line
from assistant.eligibility.values import read_facts
from assistant.eligibility.which_turn import offered_in, read_choice
from assistant.questions import Lang, Question, Script, Turn
from index.lexical import simplified
from index.text import language

__all__ = ["Thread", "Told", "read_conversation"]

log = logging.getLogger(__name__)

_TURNS = 60
_RANKED = re.compile(r"^- [✓?✗] \*\*(.+?)\*\*", re.MULTILINE)
_CHANGES = re.compile(
    r"^\W*(?:不对|不是|不，|错了|说错|更正|其实|应该是|no\b|not\b|actually\b|sorry\b|correction\b|rather\b|wait\b"
    r"|i mean)|而不是|不再|改(?:成|为|到)|换(?:成|到)|搬到|不是.{1,12}[，,]?\s*(?:而?是|在)"
    r"|\b(?:instead|rather than|no longer|any ?more|changed|moved)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Thread:
    """The talk about eligibility, as the assistant's last turn about it shows.

    Attributes:
        measure: The measure that was judged; `None` where all were ranked.
        asked: The fact that was asked for last.
        offered: The measures of which one was asked for, where several could be meant.
        shown: The measures that a ranking named, in order.
        lang: The language it was in.
        is_last: Whether nothing else was said since.
    """

    measure: str | None
    asked: str | None
    lang: Lang
    is_last: bool = True
    offered: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a conversation tells.

    Attributes:
        facts: Everything known, by fact.
        now: What the newest message states or answers.
        tells: Whether the newest message tells of the person, be it only that something does not
            hold, and asks nothing.
        answered: Whether the newest message answers the question asked before it, be it after a
            fact or after a measure.
        declined: Facts that the person was asked for and does not know.
        thread: The talk about eligibility, if there was one.
        history: The earlier turns without that talk's questions and answers.
        script: The Chinese characters that the person writes, where they tell.
    """

    facts: Mapping[str, KnownFact] = field(default_factory=dict)
    now: Mapping[str, KnownFact] = field(default_factory=dict)
    tells: bool = False
    answered: bool = False
    declined: frozenset[str] = frozenset()
    thread: Thread | None = None
    history: tuple[Turn, ...] = ()
    script: Script | None = None


def read_conversation(
    question: Question, catalogue: Catalogue, measures: Matching, reader: Reader | None = None
) -> Told:
    """Read a question and all that was said before it.

    Facts that the corpus does not know are left alone: a question can be answered without them.

    Args:
        question: The newest message, with the turns before it.
        catalogue: The facts to look for.
        measures: Knows measures by their titles.
        reader: Reads what the rules miss; where both read one fact, the rules' reading counts.

    Raises:
        InputError: A fact that it knows has an impossible value.
    """
    known = {name: value for name, value in question.facts.items() if name in catalogue.facts}
    if catalogue.facts and (unknown := sorted(question.facts.keys() - known.keys())):
        log.warning("facts that no measure asks for were not used: %s", ", ".join(unknown))
    told = Told(facts=read_facts(catalogue, known))
    if not catalogue.measures:
        return replace(told, history=question.history)
    turns = (*question.history[-_TURNS:], Turn("user", question.text))
    found = reader.read(turns, catalogue) if reader else [{}] * len(turns)
    for turn, further in zip(turns[:-1], found[:-1], strict=True):
        if turn.role == "assistant":
            told = _heard(told, turn, catalogue, measures)
        else:
            told = _said(told, turn.text, catalogue, measures, further)
            kept = () if _is_spent(told, turn.text) else (turn,)
            told = replace(told, history=told.history + kept)
    script = script_told([turn.text for turn in turns if turn.role == "user"])
    return replace(_said(told, question.text, catalogue, measures, found[-1]), script=script)


def _heard(told: Told, turn: Turn, catalogue: Catalogue, measures: Matching) -> Told:
    """After a turn of the assistant's."""
    lang: Lang = "zh" if language(turn.text) == "zh" else "en"
    if offered := offered_in(turn.text, measures):
        return replace(told, thread=Thread(None, None, lang, offered=offered))
    heading = heading_of(turn.text)
    everything = any(is_ours(heading, title) for title in TEXTS["finding"].values())
    measure = measures.titled(heading) if heading and not everything else None
    if not (everything or measure):
        thread = replace(told.thread, is_last=False) if told.thread else None
        return replace(told, thread=thread, history=(*told.history, turn))
    titles = _RANKED.findall(turn.text) if everything else []
    shown = tuple(filter(None, map(measures.titled, titles)))
    line = last_line(turn.text)
    for fact in catalogue.facts.values():
        for spoken, asked in fact.question.items():
            if is_ours(line, asked):
                return replace(told, thread=Thread(measure, fact.id, spoken, shown=shown))
    return replace(told, thread=Thread(measure, None, lang, shown=shown))


def _said(told: Told, text: str, catalogue: Catalogue, measures: Matching, further: Facts) -> Told:
    """After a turn of the person's; of what a reader found, that counts which the rules did not."""
    now = read_said(text, catalogue)
    known = dict(told.facts)
    answered, declined = False, told.declined
    thread = told.thread
    if thread and thread.is_last and thread.offered:
        choice = read_choice(text, thread.offered, measures)
        if choice is not None:
            measure = None if choice == "neither" else choice
            thread = replace(thread, measure=measure, offered=())
            answered = True
    elif thread and thread.is_last and thread.asked:
        fact = catalogue.facts[thread.asked]
        reply = answer_to(text, fact, now, known, catalogue) or further.get(fact.id)
        if reply is not None:
            now = now | {fact.id: reply}
            answered = True
        elif passes_over(text) and not is_asking(text):
            declined |= {fact.id}
            answered = True
    now = {**further, **now}
    changes = bool(_CHANGES.search(simplified(text)))
    for name, one in now.items():
        replaces = changes or (answered and thread is not None and name == thread.asked)
        known[name] = _merged(known.get(name), one, catalogue.facts[name], replaces)
    _take_back(text, now, known, catalogue)
    return replace(
        told,
        facts=known,
        now=now,
        tells=(bool(now) or known != told.facts)
        and not (is_asking(text) or wants_information(text)),
        answered=answered,
        declined=declined - known.keys(),
        thread=thread,
    )


def _is_spent(told: Told, text: str) -> bool:
    """Whether a message said no more than what the talk under way takes from it."""
    if told.thread is None:
        return False
    return told.answered or told.tells or is_mere_reply(text)


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
    """Take away the choices that a text denies; what it states besides stays.

    That a choice does not hold, with no other named, cannot be known: the fact is open again.
    """
    for name in [name for name in known if catalogue.facts[name].kind == "choice"]:
        value = known[name].value
        if not isinstance(value, frozenset):
            continue
        stated = now[name].value if name in now else frozenset()
        found = readings(text, catalogue.facts[name])
        gone = value & {str(one.value) for one in found if one.denied}
        gone -= stated if isinstance(stated, frozenset) else frozenset()
        if not gone:
            continue
        left = value - gone
        words = known[name].words if name in now else text.strip()
        del known[name]
        if left:
            known[name] = KnownFact(name, left, words, "conversation")
