"""Whether a sentence denies, restricts or excepts otherwise than the passage it rests on.

For sentences in a model's own words. Compares a sentence with the source's sentence that shares
most of its words: a negation, an exception, an "only", a duty or an "all" that bears on shared
words and stands on one side alone is a conflict. It is built to be right when it speaks: where
wordings differ much, or the source denies in any other way, it says nothing. Across languages words
cannot be compared: a ban (不得, "must not") is a conflict where the other side denies nothing.

It knows no synonyms, and nothing of what follows from what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.polarity_patterns import BANS, CUES, DENIES, OPPOSITES, Family, Lang, masked
from assistant.polarity_sentences import SHARED, Sentence, read_sentences, stems
from index.text import language

__all__ = ["polarity_conflict"]

# Least share of the shorter sentence's words that the other has.
_ALIKE = 0.6
# 才可以 after 人 may be "only then" or the end of 人才.
_PERHAPS_ONLY = re.compile("才[可能会]")


def polarity_conflict(sentence: str, source: str) -> str | None:
    """Why a sentence contradicts its source in polarity; `None` where nothing shows it.

    Args:
        sentence: What is said, one sentence.
        source: What it rests on: a passage, its headings on lines of their own before it. The
            fewer sentences, the more is seen.

    Returns:
        The reason, such as `"not" is not in the source`.

    Example:
        >>> polarity_conflict("Cards may not be lent to others.", "Cards may be lent to others.")
        'the sentence says "not" of "lent", the source does not'
    """
    lang, other = language(sentence), language(source)
    if lang != other:
        return _across(sentence, lang, source, other)
    said = Sentence.of(sentence, lang)
    lines = list(read_sentences(source, lang))
    leads = [line for line, leads in lines if leads]
    stated = [line for line, leads in lines if not leads] or leads
    near = [line for line in stated if said.meets(line) >= _ALIKE]
    if not near:
        return None
    best = max(near, key=lambda line: len(said.words & line.words))
    rules = (_negation, _only, _exception, _duty, _quantity, _opposite)
    context = _Source(tuple(stated), tuple(leads), tuple(near), best)
    return next((reason for rule in rules if (reason := rule(said, context))), None)


@dataclass(frozen=True)
class _Source:
    """A source as a sentence sees it.

    Attributes:
        stated: Its sentences.
        leads: Headings and introductions: what they deny, they deny of what follows.
        near: Sentences that share most of their words with the sentence.
        best: The one that shares most.
    """

    stated: tuple[Sentence, ...]
    leads: tuple[Sentence, ...]
    near: tuple[Sentence, ...]
    best: Sentence

    def leads_with(self, *families: Family) -> bool:
        """Whether an introduction has such a cue."""
        return any(line.has(*families) for line in self.leads)

    def others(self, said: Sentence) -> list[Sentence]:
        """Sentences that share as many words with what is said as the best does."""
        most = len(said.words & self.best.words)
        return [line for line in self.near if len(said.words & line.words) >= most]


def _negation(said: Sentence, source: _Source) -> str | None:
    for cue, head in said.heads("negation"):
        holders = [line for line in source.near if head in line.words]
        denied = source.leads_with("negation", "exception", "only") or any(
            head in line.words and DENIES[line.lang].search(line.text) for line in source.stated
        )
        if holders and not denied and not DENIES[source.best.lang].search(source.best.text):
            return f'the sentence says "{cue}" of "{head}", the source does not'
    if DENIES[said.lang].search(said.text):
        return None
    for cue, head in source.best.heads("negation"):
        affirmed = _often(source.best, head) or any(
            head in line.words and not line.has("negation") and len(line.words & said.words) > 1
            for line in source.stated
        )
        if head in said.words and not affirmed and _same(said, source.best):
            return f'the source says "{cue}" of "{head}", the sentence does not'
    return None


def _only(said: Sentence, source: _Source) -> str | None:
    restricts: tuple[Family, ...] = ("only", "exception", "negation")
    for cue, head in said.heads("only"):
        free = not any(line.has(*restricts) for line in (*source.stated, *source.leads))
        if free and head in source.best.words:
            return f'the sentence says "{cue}" of "{head}", the source does not'
    if said.has(*restricts) or said.has("must") or _PERHAPS_ONLY.search(said.text):
        return None
    for cue, head in source.best.heads("only"):
        open_ = any(not line.has("only") for line in source.others(said))
        if head in said.words and not open_ and _same(said, source.best):
            return f'the source says "{cue}" of "{head}", the sentence does not'
    return None


def _exception(said: Sentence, source: _Source) -> str | None:
    restricts: tuple[Family, ...] = ("exception", "negation", "only")
    if said.has("exception"):
        free = not any(line.has(*restricts) for line in (*source.stated, *source.leads))
        return "the sentence makes an exception, the source makes none" if free else None
    if said.has(*restricts) or not source.best.has("exception"):
        return None
    main = _without_exception(source.best)
    whole = len(main & said.words) >= max(SHARED, _ALIKE * len(main))
    others = [line for line in source.others(said) if not line.has("exception")]
    if whole and not others and not (source.best.words - main) & said.words:
        return "the source makes an exception, the sentence makes none"
    return None


_DUTIES: tuple[tuple[Family, Family, str], ...] = (
    ("must", "may", "a duty of what the source permits"),
    ("may", "must", "a permission of what the source demands"),
)


def _duty(said: Sentence, source: _Source) -> str | None:
    for mine, theirs, words in _DUTIES:
        if said.has(theirs, "negation", "only") or source.best.has(mine, "negation", "only"):
            continue
        own = {head: cue for cue, head in said.heads(mine)}
        for _, head in source.best.heads(theirs):
            elsewhere = any(line.has(mine) and head in line.words for line in source.stated)
            if head in own and not elsewhere:
                return f'the sentence makes {words} ("{own[head]}")'
    return None


def _quantity(said: Sentence, source: _Source) -> str | None:
    own = {head: cue for cue, head in said.heads("all")}
    if said.has("some", "negation") or source.best.has("all", "negation"):
        return None
    for cue, head in source.best.heads("some"):
        elsewhere = any(line.has("all") and head in line.words for line in source.stated)
        if head in own and not elsewhere:
            return f'the sentence says "{own[head]}" of "{head}", the source "{cue}"'
    return None


def _opposite(said: Sentence, source: _Source) -> str | None:
    best = source.best
    for pair in OPPOSITES[said.lang]:
        for mine, theirs in (pair, pair[::-1]):
            here, there = mine.search(said.text), theirs.search(best.text)
            if not here or not there:
                continue
            both = theirs.search(said.text) or any(
                _alone(mine, theirs, line.text) for line in source.stated
            )
            denied = _rest_denies(said, here) or _rest_denies(best, there)
            if not both and not denied:
                return f'the sentence says "{here[0]}", the source "{there[0]}"'
    return None


def _alone(mine: re.Pattern[str], theirs: re.Pattern[str], text: str) -> bool:
    """Whether a word stands in a text otherwise than within its opposite (包括 in 不包括)."""
    return bool(mine.search(theirs.sub("　", text)))


def _rest_denies(sentence: Sentence, match: re.Match[str]) -> bool:
    text = sentence.text[: match.start()] + "　" + sentence.text[match.end() :]
    return bool(CUES[sentence.lang]["negation"].search(text))


def _same(said: Sentence, source: Sentence) -> bool:
    """Whether each of two sentences has most of the other's words."""
    most = max(len(said.words), len(source.words))
    return len(said.words & source.words) >= _ALIKE * most


def _often(sentence: Sentence, head: str) -> bool:
    """Whether a sentence has a word more than once: denied here, perhaps affirmed there."""
    return list(stems(sentence.text, once=False)).count(head) > 1


def _without_exception(sentence: Sentence) -> frozenset[str]:
    """The words of a sentence less those of its exceptions."""
    if sentence.lang == "zh":
        text = re.sub(r"除(?:了)?[^，。；]{1,40}?外|但[^。；]*除外", "　", sentence.text)
    else:
        cue = CUES["en"]["exception"].pattern
        text = re.sub(rf"(?:{cue})[^,.;]*", " ", sentence.text)
    return frozenset(stems(text))


def _across(sentence: str, lang: Lang, source: str, other: Lang) -> str | None:
    """A ban on one side, where the other denies nothing whatever."""
    said, held = masked(sentence, lang), masked(source, other)
    ban = BANS[lang].search(said)
    if ban and not DENIES[other].search(held):
        return f'the sentence says "{ban[0]}", the source denies nothing'
    single = len([line for line, leads in read_sentences(source, other) if not leads]) == 1
    ban = BANS[other].search(held)
    if ban and single and not DENIES[lang].search(said):
        return f'the source says "{ban[0]}", the sentence denies nothing'
    return None
