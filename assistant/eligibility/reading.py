"""Facts in a person's own words, without a model.

`read_said` reads what a text states, `read_reply` the answer to a question that was just asked.
Nothing is taken from a nationality, a gender or a name. The words by which a fact is said stand
in the catalogue (`said`), places in the gazetteer; whether words state anything is for `clauses`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from assistant.eligibility import amounts, reply_patterns
from assistant.eligibility.facts import Fact, Facts, FactValue, KnownFact
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.own_place import named_places, own_places
from assistant.eligibility.said import compiled, joined, readings
from assistant.questions import Turn
from index.lexical import simplified
from index.text import fold


class Reader(Protocol):
    """Reads facts that the rules of this module miss; a chat model can be one."""

    def read(self, turns: Sequence[Turn], catalogue: Catalogue) -> Sequence[Facts]:
        """The facts that each turn states, by id; none of the assistant's turns.

        Args:
            turns: A conversation in order, the newest message last.
            catalogue: The facts to look for.
        """
        ...


def read_said(text: str, catalogue: Catalogue) -> dict[str, KnownFact]:
    """The facts that a text states of its author, or of the enterprise that it asks for.

    Args:
        text: What a person wrote, in either language.
        catalogue: The facts to look for, and how each is said.

    Returns:
        The known facts by id, each with the words it was read from. Of several values of one
        fact the fact's `take` counts (of yes-or-nos, `greatest` is yes where one is); choices
        that can hold together are joined.
    """
    return {
        fact.id: known
        for fact in catalogue.facts.values()
        if (known := joined(fact, readings(text, fact))) is not None
    }


def read_supposed(text: str, catalogue: Catalogue) -> dict[str, KnownFact]:
    """What a message asks to suppose: `what about Mianyang?`, `如果我们在成都呢`.

    Args:
        text: The message.
        catalogue: The facts to look for.

    Returns:
        The facts by id; none where it supposes nothing. `What about X` supposes places only.
    """
    match = reply_patterns.SUPPOSES.match(simplified(text))
    if match is None:
        return {}
    if match["if_zh"] or match["if_en"]:
        return read_said(match["rest"], catalogue)
    named = list(named_places(match["rest"]))
    if len(named) != 1 or named[0][2] - named[0][1] + 1 < len(match["rest"].strip()):
        return {}
    own = [fact for fact in catalogue.facts.values() if fact.kind == "place" and not fact.said]
    words = match["rest"].strip()
    return {one.id: KnownFact(one.id, named[0][0], words, "conversation") for one in own}


def read_reply(text: str, fact: Fact, catalogue: Catalogue) -> KnownFact | None:
    """The answer in words to a question about one fact.

    What the fact's own patterns find counts before a bare yes or no: a question that denies
    (`Is your spouse without a job?`) is answered either way.

    Args:
        text: The reply, in either language: `yes`, `不是`, `三年`, `在绵阳`, `the first one`.
        fact: What was asked.
        catalogue: All facts: a number that the words give to another one is no answer.

    Returns:
        What the reply says; `None` where it asks back, says that it does not know, or is no
        answer to the question.
    """
    words = simplified(text.replace("’", "'").strip())
    if not words or reply_patterns.ASKS_BACK.search(words) or reply_patterns.UNSURE.search(words):
        return None
    rest = reply_patterns.CORRECTS.sub("", words)
    value: FactValue | None
    if fact.kind == "yes_no":
        value = _yes_or_no(words, rest, fact)
    elif fact.kind == "choice":
        value = _choice(rest, fact)
    elif fact.kind == "number":
        value = _number(rest, fact, catalogue)
    elif fact.kind == "date":
        value = amounts.day(rest, 0, len(rest))
    else:
        value = _place(words, rest)
    return None if value is None else KnownFact(fact.id, value, text.strip(), "conversation")


def _yes_or_no(words: str, rest: str, fact: Fact) -> bool | None:
    stated = joined(fact, readings(words, fact))
    if stated is not None and isinstance(stated.value, bool):
        return stated.value
    for reply in (words, rest):
        if reply_patterns.NO.search(reply):
            return False
        if reply_patterns.YES.search(reply):
            return True
    return None


def _choice(reply: str, fact: Fact) -> frozenset[str] | None:
    stated = joined(fact, readings(reply, fact))
    if stated is not None and isinstance(stated.value, frozenset):
        return stated.value
    if reply_patterns.NONE_OF_THEM.search(reply):
        return frozenset()
    places = listed(reply, len(fact.choices))
    chosen = [fact.choices[n].id for n in places] or _likest(reply, fact)
    return frozenset(chosen if fact.many else chosen[-1:]) or None


def listed(reply: str, count: int) -> list[int]:
    """Which of the choices shown a reply points at: `the second`, `B`, `第一个和第三个`."""
    if alone := reply_patterns.LISTED.match(reply):
        mark = alone[1].lower()
        places = [int(mark) - 1 if mark.isdigit() else ord(mark) - ord("a")]
    else:
        places = [
            n for n, form in enumerate(reply_patterns.ORDINALS) if compiled(form).search(reply)
        ]
        places += [count - 1] if reply_patterns.LAST.search(reply) else []
    return [place for place in places if 0 <= place < count]


def _likest(reply: str, fact: Fact) -> list[str]:
    """The choice whose label shares most words with a reply, where there is just one such."""
    own = set(reply_patterns.WORD.findall(fold(reply))) - reply_patterns.MUTE
    shared = {
        choice.id: max(
            (
                len(own & (set(reply_patterns.WORD.findall(fold(label))) - reply_patterns.MUTE))
                for label in choice.label.values()
            ),
            default=0,
        )
        for choice in fact.choices
    }
    most = max(shared.values(), default=0)
    best = [choice for choice, count in shared.items() if count == most]
    return best if most and len(best) == 1 and most * 2 >= len(own) else []


def _number(reply: str, fact: Fact, catalogue: Catalogue) -> Decimal | None:
    if fact.take != "count":
        stated = joined(fact, readings(reply, fact))
        if stated is not None and isinstance(stated.value, Decimal):
            return stated.value
    others = (other for other in catalogue.facts.values() if other.kind == "number")
    if any(readings(reply, other) for other in others if other.id != fact.id):
        return None
    found = {number for number, *_ in amounts.numbers(reply, fact)}
    if len(found) == 1:
        return found.pop()
    nothing = Decimal(0) if reply_patterns.NOTHING.match(reply) else None
    return nothing if fact.least is None or fact.least <= 0 else None


def _place(words: str, rest: str) -> str | None:
    own = own_places(words)
    if own:
        return own[-1].place
    named = list(named_places(rest))
    return named[-1][0] if named and len(rest) <= 40 else None
