"""Whether a person's words bear a fact that somebody claims to have read in them.

What rules can see is asked of every claim: the words stand in the text and state something, of
their author; figures, days and places are those of the words; a yes or no agrees with what is
denied, and has a word in common with what is asked. Whether the words mean it is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.eligibility import amounts
from assistant.eligibility.clauses import (
    as_of_oneself,
    is_hedged,
    negates,
    sentences,
    standing,
    tells_of_others,
)
from assistant.eligibility.facts import Fact, FactValue, KnownFact
from assistant.eligibility.others import is_of_others
from assistant.eligibility.own_place import is_elsewhere, named_places
from assistant.eligibility.traits import asks_for_a_trait, only_traits
from assistant.eligibility.values import read_value
from assistant.errors import InputError
from assistant.figures import figures
from index.lexical import terms
from index.text import fold, is_han

__all__ = ["Claim", "UnprovenError", "prove"]

_WORDS_MAX = 200
# Characters that say little of what is spoken of.
_MUTE_ZH = frozenset(
    "的了在是我您你们有没不无未个人一二三几十百来到去也就都和与或被把为已还很这那什么吗呢请问上下中里"
)
_PERIODS = frozenset(["year", "quarter", "month", "week", "day"])


class UnprovenError(ValueError):
    """Words do not bear what is claimed; says why."""


@dataclass(frozen=True)
class Claim:
    """A fact that is claimed to stand in a text.

    Attributes:
        fact: The fact.
        value: Its value, as JSON or a person would give it.
        words: The words that are said to state it.
        asked: Whether the text answers a question after just this fact.
    """

    fact: Fact
    value: object
    words: str
    asked: bool = False


def prove(text: str, claim: Claim) -> KnownFact:
    """The fact that is claimed, with the text's own words, of origin `model`.

    Args:
        text: What a person wrote.
        claim: What is claimed of it.

    Raises:
        UnprovenError: The text does not bear it.
    """
    if len(claim.words) > _WORDS_MAX:
        raise UnprovenError("the words are too many to bear one fact")
    try:
        value = read_value(claim.fact, claim.value)
    except InputError as error:
        raise UnprovenError(str(error)) from error
    why = UnprovenError("the words do not stand in the message")
    for start, end in _occurrences(text, claim.words):
        try:
            _require(text, start, end, claim, value)
        except UnprovenError as error:
            why = error
        else:
            return KnownFact(claim.fact.id, value, text[start:end], "model")
    raise why


def _occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a text as whole words; case, width and white space may differ."""
    folded = [(piece, at) for at, char in enumerate(_straight(text)) for piece in fold(char)]
    wanted = fold(_straight(words)).strip(' \t\r\n.。,，;；!！"“”').split()
    if not wanted:
        return
    form = r"\s+".join(map(re.escape, wanted))
    left = r"(?<![a-z0-9])(?<!\d[.,])" if re.match("[a-z0-9]", wanted[0]) else ""
    right = r"(?![a-z0-9]|[.,]\d)" if re.search("[a-z0-9]$", wanted[-1]) else ""
    for match in re.finditer(left + form + right, "".join(piece for piece, _ in folded)):
        yield folded[match.start()][1], folded[match.end() - 1][1] + 1


def _straight(text: str) -> str:
    return text.replace("’", "'")


def _require(text: str, start: int, end: int, claim: Claim, value: FactValue) -> None:
    fact, said = claim.fact, text[start:end]
    if only_traits(said) and not asks_for_a_trait(fact):
        raise UnprovenError("the words say no more than a nationality, a gender or a name")
    denied = _denied(_of_whom(text, start, end, claim), start, end)
    match value:
        case bool():
            _agree(value, denied, fact)
            if not (claim.asked or _content(as_of_oneself(said)) & _vocabulary(fact)):
                raise UnprovenError("the words have nothing in common with what is asked")
        case _ if denied:
            raise UnprovenError("the words deny it")
        case frozenset():
            if not value:
                raise UnprovenError("that none of the choices holds is not stated")
        case Decimal():
            if value not in _numbers(text, start, end, fact):
                raise UnprovenError(f"the words do not give the number {value}")
        case str():
            if value not in _places(text, start, end):
                raise UnprovenError("the words do not say that they are in that place")
        case _:
            if value != amounts.day(text, start, end):
                raise UnprovenError("the words do not give that day")


def _of_whom(text: str, start: int, end: int, claim: Claim) -> str:
    """The text as of whom the fact is; what is told of others counts for facts about others."""
    if not any(tells_of_others(label) for label in claim.fact.label.values()):
        if tells_of_others(text[start:end]):
            raise UnprovenError("the words tell of somebody else")
        return text
    around = next(one for one in sentences(text) if start < one.end)
    if is_of_others("", text[around.start : end]):
        raise UnprovenError("the words tell of somebody else's family")
    if not (claim.asked or tells_of_others(text[around.start : max(around.end, end)])):
        raise UnprovenError("the words do not tell of the one whom the fact is about")
    return as_of_oneself(text)


def _denied(text: str, start: int, end: int) -> bool:
    """Whether the words at `text[start:end]` deny.

    Raises:
        UnprovenError: They ask, suppose, demand or hope, or it is not plain what they deny.
    """
    found = set()
    for clause in (clause for sentence in sentences(text) for clause in sentence.clauses):
        begin, stop = max(start, clause.start), min(end, clause.end)
        said = text[begin:stop] if begin < stop else ""
        if not said.strip(" \t\r\n,，.。"):
            continue
        stands = standing(text, begin, stop)
        if stands in ("asked", "neither") or is_hedged(said):
            raise UnprovenError("the words ask, suppose or hope, or tell of somebody else")
        if stands == "denied" and negates(said):
            raise UnprovenError("it is not plain what the words deny")
        found.add(stands == "denied" or negates(said))
    return True in found


def _agree(value: bool, denied: bool, fact: Fact) -> None:
    """See that yes or no goes with what is denied; a fact can itself be that something is not."""
    if any(negates(label) for label in fact.label.values()):
        if denied and not value:
            raise UnprovenError("the words deny something, as the fact does")
    elif value == denied:
        raise UnprovenError("yes is not denied, and no is stated with a denial")


def _vocabulary(fact: Fact) -> frozenset[str]:
    """The content of a fact's label and question and of the patterns by which it is said."""
    texts = [*fact.label.values(), *fact.question.values()]
    texts += [form for said in fact.said for forms in said.patterns.values() for form in forms]
    return _content(re.sub(r"\\\w", " ", " ".join(texts)))


def _content(text: str) -> frozenset[str]:
    """English words without their endings, and Chinese characters."""
    found = set()
    for term in terms(text):
        if is_han(term[0]):
            found.update(set(term) - _MUTE_ZH)
        elif term.isalpha() and len(term) > 2:
            found.add(term[:5])
    return frozenset(found)


def _numbers(text: str, start: int, end: int, fact: Fact) -> Iterator[Decimal]:
    """The numbers of words in a fact's unit; bounds and estimates are none."""
    found = [one for one in figures(text[start:end]) if one.kind == "quantity"]
    for figure in found:
        alike = figure.unit in ("", "item", fact.unit) or {figure.unit, fact.unit} <= {
            "year",
            "age",
        }
        if figure.qualifier or not (alike or {figure.unit, fact.unit} <= _PERIODS):
            continue
        number = amounts.number(text, start + figure.start, start + figure.end, fact)
        if number is not None:
            yield number
    if not found:
        spelled = amounts.number(text, start, end, fact)
        yield from () if spelled is None else (spelled,)


def _places(text: str, start: int, end: int) -> Iterator[str]:
    for place, begin, stop in named_places(text[start:end]):
        if not is_elsewhere(text, start + begin, start + stop):
            yield place
