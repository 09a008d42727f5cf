"""English words that a person mistyped, as the corpus spells them.

Knows words, those of a dictionary and those that texts use; knows nothing of what they mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property

from spellchecker import SpellChecker

from index.gazetteer import PLACE_NAMES

__all__ = ["Spelling"]

# In lower case: a capital begins a name, which may be spelt in any way.
_WORD = re.compile(r"(?<![\w'’./@-])[a-z]{5,}(?![\w'’@/-]|\.\w)")
_ANY_WORD = re.compile(r"[A-Za-z]+")
# A word that is met less often may itself be mistyped.
_OFTEN = 2
_PLACES = frozenset(part.lower() for _, en in PLACE_NAMES for part in en.split())


class Spelling:
    """Puts words right that no dictionary has and that are one letter from a word of the corpus.

    One letter is left out, put in or another, or two have changed places (Damerau 1964, "A
    technique for computer detection and correction of spelling errors"). What is near to no word
    of the corpus stays as it is, and no word is made a place's name: Suzhou is not Luzhou.
    """

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        """Spelling by texts.

        Args:
            texts: Gives the texts of the corpus; called once, when a word is first looked up.
        """
        self._texts = texts

    def corrected(self, text: str) -> str:
        """A text with its mistyped English words put right.

        >>> Spelling(lambda: ["sessions", "Sessions"]).corrected("which sesions?")
        'which sessions?'
        """
        return _WORD.sub(lambda match: self._corrected(match.group()), text)

    def _corrected(self, word: str) -> str:
        if self._words[word] >= _OFTEN or word in _PLACES or word in self._dictionary:
            return word
        near = self._dictionary.edit_distance_1(word)
        known = [one for one in near if self._words[one] >= _OFTEN and one not in _PLACES]
        return max(known, key=lambda one: (self._words[one], one), default=word)

    @cached_property
    def _words(self) -> Counter[str]:
        return Counter(
            match.group().lower() for text in self._texts() for match in _ANY_WORD.finditer(text)
        )

    @cached_property
    def _dictionary(self) -> SpellChecker:
        # It takes 0.2 s and 37 MB, which a person who types well does not need.
        return SpellChecker("en", distance=1)
