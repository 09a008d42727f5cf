"""Names in Chinese and English: which other-language names belong to those that a query mentions.

Knows pairs of names and how they are written; knows nothing of files or of retrieval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.errors import CorpusError
from index.lexical import simplified, singular
from index.text import fold, han_count

__all__ = ["Glossary", "read_terms"]

Pair = tuple[str, str]

_APOSTROPHE = re.compile("[’‘ʼ`´]")
_POSSESSIVE = re.compile(r"'s(?![a-z0-9])")
_DROPPED = re.compile("['\"“”《》〈〉「」『』]")
_BRACKETS = str.maketrans("〔【[〕】]", "((()))")
_BLANK = re.compile(r"[\s‐-―-]+")
_WORD = re.compile("[a-z0-9]+")
_WITHIN = re.compile("[a-z0-9]{2}")
_EXAMPLE = "`{zh: 人才绿卡, en: talent green card}`"


class Glossary:
    """Pairs of a Chinese and an English name, to be looked up in either direction."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Take (Chinese, English) pairs; a name may stand in many of them."""
        self._others: dict[str, list[str]] = {}
        for zh, en in pairs:
            for name, other in ((zh, en), (en, zh)):
                others = self._others.setdefault(_key(name), [])
                if other not in others:
                    others.append(other)
        self._others.pop("", None)
        self._starting: dict[str, list[str]] = {}
        for key in sorted(self._others, key=len, reverse=True):
            self._starting.setdefault(key[0], []).append(key)

    def all_names(self, text: str) -> list[str]:
        """Every name, in both languages, of what a text mentions, and what was looked up.

        >>> terms = [("八条措施", "Eight Measures"), ("八条", "Eight Measures")]
        >>> Glossary(terms).all_names("四川《八条措施》")
        ['八条措施', 'Eight Measures', '八条']
        """
        found = dict.fromkeys(self._mentioned(_key(text)))
        for _ in range(2):
            found |= dict.fromkeys(other for name in found for other in self._others[_key(name)])
        return list(found)

    def without(self, query: str, names: Iterable[str]) -> str:
        """A query as it is looked up, without some of the names that it mentions.

        >>> Glossary([("八条措施", "Eight Measures")]).without("《八条措施》和通知", ["八条措施"])
        '和通知'

        Args:
            query: A question.
            names: What is to go.
        """
        text = _key(query)
        for name in sorted(map(_key, names), key=len, reverse=True):
            spans = [(m.start(), m.end()) for m in re.finditer(re.escape(name), text)]
            for start, end in reversed(spans):
                if _whole_at(name, text, start):
                    text = f"{text[:start]} {text[end:]}"
        return " ".join(text.split())

    def translations(self, query: str) -> list[str]:
        """The other-language names of every name that a query mentions.

        Capitals, apostrophes, hyphens, quotation marks and Traditional characters make no
        difference. English names are whole words, in the singular or plural. Of two names that
        begin at the same place the longer one counts, and what it covers is not looked up again.

        >>> Glossary([("雅安", "Ya'an"), ("绿卡", "green card")]).translations("雅安市的绿卡")
        ["Ya'an", 'green card']
        >>> Glossary([("雅安", "Ya'an")]).translations("What does YAAN get?")
        ['雅安']

        Args:
            query: A question or a few words, in either language or both.

        Returns:
            The names in the order of the query, those left out that it has in both languages.
        """
        text = _key(query)
        others = (other for name in self._mentioned(text) for other in self._others[name])
        return [other for other in dict.fromkeys(others) if not _stands(_key(other), text)]

    def _mentioned(self, text: str) -> dict[str, None]:
        found: dict[str, None] = {}
        at = 0
        while at < len(text):
            for name in self._starting.get(text[at], ()):
                if _whole_at(name, text, at):
                    found[name] = None
                    at += len(name)
                    break
            else:
                at += 1
        return found


def read_terms(where: str, data: object) -> tuple[list[Pair], list[CorpusError]]:
    """The pairs of a glossary file: every Chinese with every English name of each term.

    Args:
        where: The file, for error messages.
        data: What stands in it: `terms`, a list of `zh` and `en`, each a name or a list of names.

    Returns:
        The pairs, and one error for each term that was left out.

    Raises:
        CorpusError: It has no list of terms.
    """
    terms = data.get("terms") if isinstance(data, dict) else None
    if not isinstance(terms, list):
        raise CorpusError(f"{where}: a list `terms:` is needed, of terms such as {_EXAMPLE}")
    pairs: list[Pair] = []
    errors: list[CorpusError] = []
    for number, term in enumerate(terms, start=1):
        try:
            pairs += _pairs(f"{where}: term {number}", term)
        except CorpusError as error:
            errors.append(error)
    return list(dict.fromkeys(pairs)), errors


def _pairs(where: str, term: object) -> list[Pair]:
    if not isinstance(term, dict):
        raise CorpusError(f"{where}: {term!r} has no `zh` and `en`; write it as {_EXAMPLE}")
    if unknown := sorted(term.keys() - {"zh", "en"}):
        raise CorpusError(f"{where}: `{unknown[0]}` is not known; a term has `zh` and `en`")
    chinese, english = _names(where, "zh", term), _names(where, "en", term)
    if not any(map(han_count, chinese)) and any(map(han_count, english)):
        raise CorpusError(f"{where}: `zh: {chinese[0]}` is not Chinese; swap `zh` and `en`")
    return [(zh, en) for zh in chinese for en in english]


def _names(where: str, lang: str, term: dict[str, object]) -> list[str]:
    given = term.get(lang)
    variants = given if isinstance(given, list) else [given]
    if not variants or None in variants:
        raise CorpusError(f"{where}: `{lang}` is missing or empty; write {_EXAMPLE}")
    names: list[str] = []
    for name in variants:
        if not isinstance(name, str):
            raise CorpusError(f"{where}: `{lang}: {name}` is no text; put it in quotation marks")
        if len(_key(name)) < 2:
            raise CorpusError(f"{where}: `{lang}: {name}` is too short; two characters are needed")
        names.append(" ".join(name.split()))
    return names


def _key(name: str) -> str:
    """A name as it is looked up."""
    text = simplified(_APOSTROPHE.sub("'", fold(name))).translate(_BRACKETS)
    text = _BLANK.sub(" ", _DROPPED.sub("", _POSSESSIVE.sub("", text)))
    return _WORD.sub(lambda word: singular(word[0]), text).strip()


def _whole_at(name: str, text: str, at: int) -> bool:
    """Whether a name stands at a place of a text, and not within a longer word or number."""
    ends = (at, at + len(name))
    return text.startswith(name, at) and not any(
        end and _WITHIN.fullmatch(text[end - 1 : end + 1]) for end in ends
    )


def _stands(name: str, text: str) -> bool:
    return any(_whole_at(name, text, match.start()) for match in re.finditer(re.escape(name), text))
