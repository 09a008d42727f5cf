"""Whom a question is asked for: `what can a lithium-battery maker in Suining get?`.

A question states nothing, but one about an enterprise says what enterprise it has in mind. The
words that name it are found here; what they mean is read elsewhere. Persons are not described so:
`Can a doctor apply?` asks about a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.eligibility.clauses import sentences
from assistant.eligibility.own_place import is_beyond, named_places

_ZH = re.compile(
    r"^\W*(?:请问|那么?|想问|想问问|问一下)?(?:一家|一个|我们?这?种?)?(?P<body>[^，。？！,?]{0,24}?"
    r"(?:企业|公司|厂商|厂家|工厂|机构|制造商|生产商))"
    r"(?=(?:现在|目前|都|还|又|也|一般|具体)*(?:有|能|可|是否|享|申请|获|适用|如何|怎么|该|想|会))"
)
_BODIES = (
    r"(?:compan(?:y|ies)|firms?|makers?|enterprises?|business(?:es)?|manufacturers?|producers?"
    r"|agenc(?:y|ies)|start-?ups?|plants?|factor(?:y|ies)|employers?|institutes?)"
)
_IN_PLACE = (
    r"(?: (?:that|which) makes? (?:[\w-]+ ?){1,4}?)?"
    r"(?: (?:based |located |registered )?(?:in|from) (?-i:[A-Z])[\w']+(?:, (?-i:[A-Z])[\w']+)?)?"
)
_EN = (
    re.compile(
        r"\b(?:what(?! (?:is|are) an?\b)|which|how|whether|can|could|does|do|would|will|may"
        r"|(?<!what )(?:is|are))\b[^.?!]*?"
        rf"(?P<body>\b(?:an?|our|my) (?:[\w-]+ ){{0,5}}?{_BODIES}\b{_IN_PLACE})",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:what|which)(?: \w+){0,2}? (?:can|could|do|(?:is|are)(?= there| for))"
        r"(?: there)?(?: for)? "
        rf"(?P<body>(?:[\w-]+ ){{0,5}}?{_BODIES}\b{_IN_PLACE})",
        re.IGNORECASE,
    ),
)


_AFTER_CUT = 8  # characters: a clause may be cut before what the enterprise asks
_WITHOUT_A_MARK = r"哪些|什么|多少|如何|怎么|能否|吗|\b(?:what|which|how|whether)\b"


@dataclass(frozen=True)
class Described:
    """What a text says of the enterprise that it asks for.

    Attributes:
        spans: The runs of words that name it, as offsets in characters.
        place: The place that they name, with its span; `None` where they name none.
    """

    spans: tuple[tuple[int, int], ...] = ()
    place: tuple[str, int, int] | None = None


@lru_cache(maxsize=64)
def described_spans(text: str) -> Described:
    """Find whom the questions of a text are asked for."""
    spans: list[tuple[int, int]] = []
    for whole in sentences(text):
        if whole.question or _opens(text, whole.start):
            for part in whole.clauses:
                if match := _ZH.search(text[part.start : part.end + _AFTER_CUT]):
                    spans.append((part.start + match.start("body"), part.start + match.end("body")))
            for form in _EN:
                spans += [m.span("body") for m in form.finditer(text, whole.start, whole.end)]
    named = list(named_places(text.replace("’", "'"))) if spans else []
    places = [
        place
        for a, b in spans
        for place in named
        if a <= place[1] and place[2] <= b and not is_beyond(text, place[2])
    ]
    return Described(tuple(spans), places[-1] if places else None)


def _opens(text: str, start: int) -> bool:
    """Whether a sentence without a question mark asks all the same (`成都的机构有哪些支持`)."""
    return bool(re.search(_WITHOUT_A_MARK, text[start : start + 80], re.IGNORECASE))
