"""The conditions of a rule written in English, as a tree of yes-or-no criteria.

Reads what the writing shows: bullets under `any of` or `all of`, `if`, `unless`, `and`, `or`, and
whether the rule grants or refuses. It does not know what the words mean; a person approves what
is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.eligibility.facts import Fact
from assistant.eligibility.measures import All, Any, Criterion, Ground, Is, Not, Tree

_BULLET = re.compile(r"^\s*(?:[*•–-]|\(?[a-z\d]{1,2}[.)])\s+(?=\S)")
_HEADING = re.compile(r"^\s*#+\s")
_ANY = re.compile(
    r"\b(?:any|one|either|at least one|some) of\b|\bany\b[^.]{0,20}:|\bone or more\b|\bor\b\s*$"
    r"|\b(?:eligible|qualifying|following) (?:items|costs|expenses|examples|categories)\b|\binclud",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|both|each) of\b|\ball\b[^.]{0,20}:|\bmust\b|\band\b\s*$", re.I)
_ENDS_IN_OR = re.compile(r"[,;]?\s*\bor\b[;,]?\s*$", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:unless|except(?: if| when| where)?|apart from)\b", re.IGNORECASE)
_IF = re.compile(
    r"\b(?:only if|if|when|where|provided(?: that)?|as long as|in order to)\b\s*", re.IGNORECASE
)
_REFUSES = re.compile(
    r"\b(?:not|cannot|never|may not|ineligible|no longer)\b|n't\b|\bexclud|\bdisqualif", re.I
)
_THEN = re.compile(r",\s+(?:then\s+)?(?=(?:you|they|he|she|it|the|this|your|a|an|we)\b)", re.I)
_NEEDS = re.compile(
    r"\b(?:must(?: also)?|need(?:s)? to|have to|has to|required to)\b\s*(?:(?:be|have)\b)?", re.I
)
_OR = re.compile(r"\s*,?\s+or\s+(?=\w)", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+and\s+(?=\w)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:you|your|the|it|be|have|are)\b", re.IGNORECASE)
_LEAST_WORDS = 2
_DO = (
    (re.compile(r"^(?:you're|you are)\b\s*", re.I), "Are you "),
    (re.compile(r"^(?:you've|you have)\b\s*", re.I), "Do you have "),
    (re.compile(r"^your (.+?) (is|was|has|does)\b\s*", re.I), r"\2 your \1 "),
    (re.compile(r"^you (?=\w+)", re.I), "Do you "),
    (re.compile(r"^be\b\s*", re.I), "Are you "),
    (
        re.compile(r"^(?=(?:an?|the|aged|over|under|at least|in|located|born|enrolled)\b)", re.I),
        "Are you ",
    ),
    (re.compile(r"^"), "Is this so: "),
)


@dataclass(frozen=True)
class RuleText:
    """A rule with its conditions.

    Attributes:
        tree: What has to hold, each condition a yes-or-no fact `c1`, `c2`, …
        facts: The facts, with a question for each.
    """

    tree: Tree
    facts: tuple[Fact, ...]


def read_rule(text: str, section: str = "") -> RuleText:
    """Derive the conditions of a rule.

    Args:
        text: The rule, with its bullets on lines of their own.
        section: Anchor that the criteria are to rest on.

    Returns:
        The tree, each condition with its words; one condition of the whole text where nothing in
        it shows a condition.

    Example:
        >>> rule = read_rule("You get it if you are 18 or over and you live here.")
        >>> [fact.label["en"] for fact in rule.facts]
        ['you are 18 or over', 'you live here']
    """
    reader = _Reader(section, [])
    return RuleText(reader.tree(text), tuple(reader.facts))


def as_question(condition: str) -> str:
    """A yes-or-no question for a condition: `you are a refugee` → `Are you a refugee?`."""
    words = condition.replace("’", "'").strip(" .,;:*")
    pattern, start = next(pair for pair in _DO if pair[0].match(words))
    asked = pattern.sub(start, words, count=1)
    return f"{asked[:1].upper()}{asked[1:]}?"


@dataclass(frozen=True)
class _Reader:
    section: str
    facts: list[Fact]

    def tree(self, text: str) -> Tree:
        lines = [line for line in text.splitlines() if line.strip() and not _HEADING.match(line)]
        parts, at = [], 0
        while at < len(lines):
            items: list[str] = []
            while at + 1 + len(items) < len(lines) and _BULLET.match(lines[at + 1 + len(items)]):
                items.append(lines[at + 1 + len(items)])
            if _BULLET.match(lines[at]) and not lines[at].rstrip().endswith(":"):
                items, lead = [lines[at], *items], ""
            else:
                lead = lines[at]
            parts += [self._listed(lead, items)] if items else list(self._prose(lead))
            at += len(items) + (1 if lead else 0)
        found = [part for part in parts if part is not None]
        return (
            found[0]
            if len(found) == 1
            else All(tuple(found))
            if found
            else self._leaf("\n".join(lines) or text)
        )

    def _listed(self, lead: str, items: list[str]) -> Tree:
        words = [_BULLET.sub("", item).strip() for item in items]
        either = bool(_ANY.search(lead)) or any(_ENDS_IN_OR.search(item) for item in words)
        either = either or not (_ALL.search(lead) or _IF.search(lead))
        leaves = tuple(self._leaf(_ENDS_IN_OR.sub("", item)) for item in words)
        one = len(leaves) == 1
        tree: Tree = leaves[0] if one else Any(leaves) if either else All(leaves)
        return Not(Any(leaves)) if _EXCEPT.search(lead) or _REFUSES.search(lead) else tree

    def _prose(self, line: str) -> Iterator[Tree]:
        for whole in re.split(r"(?<=[.;])\s+", line):
            exception = _EXCEPT.search(whole)
            if exception:
                yield Not(self._condition(whole[exception.end() :]))
            sentence = whole[: exception.start()] if exception else whole
            condition, needs = _IF.search(sentence), _NEEDS.search(sentence)
            if condition and not sentence[condition.end() :].lstrip().lower().startswith("qualify"):
                rest = sentence[condition.end() :]
                rule = _THEN.split(rest, maxsplit=1)
                said = sentence[: condition.start()] + " ".join(rule[1:])
                tree = self._condition(rule[0])
                yield Not(tree) if _REFUSES.search(said) else tree
            elif needs:
                tree = self._condition(sentence[needs.end() :])
                yield Not(tree) if _REFUSES.search(sentence[: needs.end() + 4]) else tree

    def _condition(self, words: str) -> Tree:
        for cut, group in ((_OR, Any), (_AND, All)):
            parts = [part for part in cut.split(words) if len(part.split()) >= _LEAST_WORDS]
            if len(parts) > 1 and all(_CLAUSE.match(part) for part in parts[1:]):
                return group(tuple(self._condition(part) for part in parts))
        return self._leaf(words)

    def _leaf(self, words: str) -> Criterion:
        said = words.strip(" .,;:\n")
        name = f"c{len(self.facts) + 1}"
        question = as_question(said)
        self.facts.append(Fact(name, "yes_no", {"en": said}, {"en": question}))
        ground = Ground(self.section, {"en": said})
        return Criterion(name, {"en": said}, ground, name, Is(value=True))
