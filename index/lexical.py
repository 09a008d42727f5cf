"""Lexical search: BM25 over Chinese and English terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import rjieba
from numpy.typing import NDArray

from index.errors import StoreError
from index.numerals import numbers
from index.text import fold, is_han

_RUN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+"
    r"|[a-z0-9]+(?:[.,'’_][a-z0-9]+)*"
)
_FUNCTION_WORDS = (
    "a an and are as at be been by can could did do does for from had has have how i if in into is "
    "it its me my of on or our shall should so than that the their them then there these they this "
    "to us was we were what when where which who whom whose why will with would you your "
    "的 了 在 是 和 与 及 或 等 对 将 把 被 为 于 之 其 有 吗 呢 吧 啊 么 "
    "什么 哪些 哪个 哪 如何 怎么 怎样 请问 我 我们 你 你们 他 他们 这 那 这个 那个 一个 个"
)
_STOP = frozenset(_FUNCTION_WORDS.split())


def terms(text: str) -> list[str]:
    """Cut a text into search terms, function words left out.

    Chinese runs give the words of a segmenter in search mode (`人力`, `资源`, `人力资源`) and the
    character pairs that no word covers, so that a name the segmenter does not know is still
    found. English words lose their plural s (the S stemmer: Harman 1991, "How effective is
    suffixing?"). Traditional characters count as Simplified ones, and a number in words adds its
    digits.

    >>> terms("Three parks in 遂寧")
    ['three', '3', 'park', '遂宁']
    """
    found: list[str] = []
    folded = simplified(fold(text))
    in_words = numbers(folded)[::-1]
    for match in _RUN.finditer(folded):
        run = match.group()
        if run[0] > "\u2e7f":
            words = [word for word in rjieba.cut_for_search(run) if word not in _STOP]
            covered = set(words)
            found.extend(words)
            found.extend(
                pair
                for pair in (run[i : i + 2] for i in range(len(run) - 1))
                if pair not in covered and pair not in _STOP
            )
        elif run not in _STOP:
            found.append(singular(run.replace("’", "'").removesuffix("'s").replace(",", "")))
        while in_words and in_words[-1].end <= match.end():
            found.append(in_words.pop().digits)
    found.extend(number.digits for number in reversed(in_words))
    return found


def simplified(text: str) -> str:
    """Each Traditional character as its Simplified one; the length stays.

    Character by character, so that a part of a text is converted like the whole.

    >>> simplified("臺灣的補貼")
    '台湾的补贴'
    """
    return text if text.isascii() else text.translate(_simplified_characters())


def traditional(text: str) -> str:
    """A Chinese text in Traditional characters as Taiwan writes them; for words of our own only.

    >>> traditional("文件没有写明发布日期")
    '文件沒有寫明發布日期'
    """
    converted: str = _converter("s2tw").convert(text)
    return converted


class _SimplifiedCharacters(dict[int, str]):
    """What `str.translate` looks characters up in; converts each when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_han(char):
            found: str = _converter("t2s").convert(char)
            char = found if len(found) == 1 else char
        self[code] = char
        return char


@cache
def _simplified_characters() -> _SimplifiedCharacters:
    return _SimplifiedCharacters()


@cache
def _converter(conversion: str) -> Any:
    # It loads its tables, which a text without Chinese does not need.
    from opencc import OpenCC

    return OpenCC(conversion)


def singular(word: str) -> str:
    """An English word in lower case without its plural s (the S stemmer).

    >>> [singular(word) for word in ("batteries", "cards", "bus", "5g")]
    ['battery', 'card', 'bus', '5g']
    """
    if len(word) > 3 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word


class LexicalIndex:
    """BM25 scores over a fixed list of texts (Robertson and Zaragoza 2009; Lucene's variant)."""

    def __init__(self, model: bm25s.BM25) -> None:
        """Wrap a bm25s model; use `build` or `open`."""
        self._model = model

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts; the position of a text is its number in every result."""
        model = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        model.index([terms(text) or [""] for text in texts], show_progress=False)
        return cls(model)

    @classmethod
    def open(cls, directory: Path) -> LexicalIndex:
        """Open what `save` wrote.

        Raises:
            StoreError: It is not there or cannot be read.
        """
        try:
            return cls(bm25s.BM25.load(str(directory), mmap=True, show_progress=False))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise StoreError(
                f"lexical index {directory}: cannot be read ({error}); run "
                "`policy-assistant index build`"
            ) from error

    def save(self, directory: Path) -> None:
        """Write the index into a folder."""
        self._model.save(str(directory), show_progress=False)

    def search(self, query: str, n: int) -> list[tuple[int, float]]:
        """The best `n` texts with a score above zero, as (number, score), best first."""
        known = self._model.vocab_dict
        wanted = [term for term in terms(query) if term in known]
        if not wanted:
            return []
        scores: NDArray[np.float32] = self._model.get_scores(wanted)
        count = min(n, int((scores > 0).sum()))
        if not count:
            return []
        best = np.argpartition(-scores, count - 1)[:count]
        best = best[np.lexsort((best, -scores[best]))]
        return [(int(i), float(scores[i])) for i in best]

    @staticmethod
    def matched(query: str, text: str) -> list[str]:
        """The terms of a query that stand in a text too, in the order of the query.

        >>> LexicalIndex.matched("Which 7 parks?", "Seven parks in 四川")
        ['7', 'park']
        """
        held = set(terms(text))
        return list(dict.fromkeys(term for term in terms(query) if term in held))


def content_words(text: str) -> list[str]:
    """The words of a text that name things: nouns and verbs in Chinese, no function words."""
    found: list[str] = []
    for match in _RUN.finditer(fold(text)):
        run = match.group()
        if run[0] > "\u2e7f":
            tagged = rjieba.tag(run)
            found.extend(w for w, kind in tagged if kind[:1] in "njv" and len(w) > 1)
        elif run not in _STOP and not run.isdigit():
            found.append(run)
    return list(dict.fromkeys(found))


def place_names(text: str) -> list[tuple[int, int]]:
    """Spans of the place names that the segmenter knows in a Chinese text.

    Those are words of the part of speech `ns`, and counties and cities that it takes for people.
    """
    spans: list[tuple[int, int]] = []
    at = 0
    for word, kind in rjieba.tag(text):
        if kind == "ns" or (kind == "nr" and word[-1] in "县市"):
            spans.append((at, at + len(word)))
        at += len(word)
    return spans
