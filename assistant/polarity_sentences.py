"""Sentences of a claim and of its source, ready to be compared: cues and what they bear on.

Knows words and patterns; says nothing of whether two sentences agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.polarity_patterns import CUES, PASSED_OVER, Family, Lang, masked
from index.lexical import content_words, simplified
from index.sentences import sentence_spans

# Least words that two sentences share.
SHARED = 2
_CLAUSE = re.compile(
    r"[，,；;：:。！？!?（）()]|\.(?=\s|$)|\b(?:but|and|or|if|when|where|because|which)\b|但|而且|如果"
)
_LEADS_IN = re.compile(r"[：:]\s*$")
_SUFFIX = re.compile(r"(?:ied|ies|ing|ed|es|s|e)$")


@dataclass(frozen=True)
class Sentence:
    """One sentence, ready to be compared.

    Attributes:
        text: Folded, with hollow cues blanked.
        lang: Its language.
        words: Stems of its content words, cues left out.
    """

    text: str
    lang: Lang
    words: frozenset[str]

    @classmethod
    def of(cls, text: str, lang: Lang) -> Sentence:
        """Read one."""
        folded = masked(simplified(text), lang)
        return cls(folded, lang, frozenset(stems(folded)))

    def has(self, *families: Family) -> bool:
        """Whether a cue of one of these families stands in it."""
        return any(CUES[self.lang][family].search(self.text) for family in families)

    def heads(self, family: Family) -> list[tuple[str, str]]:
        """Each cue of a family with the stem that it bears on; cues that bear on none left out."""
        found = []
        for match in CUES[self.lang][family].finditer(self.text):
            after = _CLAUSE.split(self.text[match.end() :], maxsplit=1)[0]
            head = next(iter(stems(after)), None)
            if head is None:
                before = _CLAUSE.split(self.text[: match.start()])[-1]
                head = next(reversed(list(stems(before))), None)
            if head:
                found.append((match[0], head))
        return found

    def meets(self, other: Sentence) -> float:
        """How much of the shorter sentence's words the other has too; 0 for less than two."""
        shared = len(self.words & other.words)
        least = min(len(self.words), len(other.words))
        return shared / least if shared >= SHARED else 0.0


def read_sentences(text: str, lang: Lang) -> Iterator[tuple[Sentence, bool]]:
    """The sentences of a source, and whether each is a heading or leads in to what follows."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        for span in sentence_spans(line):
            part = line[slice(*span)]
            heading = number < len(lines) - 1 and not re.search(r"[。！？；.!?;]\W*$", part)
            listed = re.match(r"[-*•·]|[（(]?[一二三四五六七八九十\d]+[）)、.]", line)
            leads = bool(_LEADS_IN.search(part)) or (heading and not listed)
            yield Sentence.of(part, lang), leads


def stems(text: str, *, once: bool = True) -> Iterator[str]:
    """Stems of the content words of a text, in order, words between cue and head left out.

    Args:
        text: The text.
        once: Whether a word counts once only; else once in each clause.
    """
    parts = [text] if once else _CLAUSE.split(text)
    for word in (word for part in parts for word in content_words(part)):
        if word not in PASSED_OVER and not word.endswith("n't"):
            yield stem(word)


def stem(word: str) -> str:
    """An English word without its ending (transferred, transfers: transfer); Chinese as it is.

    >>> [stem(word) for word in ("transferred", "applies", "leasing", "转让")]
    ['transfer', 'appl', 'leas', '转让']
    """
    if not word.isascii() or len(word) < 4:
        return word
    root = _SUFFIX.sub("", word.removesuffix("'s"))
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "sl":
        root = root[:-1]
    return root.rstrip("y") if len(root) > 3 else root
