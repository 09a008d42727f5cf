"""One question back, where a question could be asked of several policies and names none.

"What is the deadline?" names no policy, no place and no subject; where more than one policy speaks
to it, the person is asked which one is meant, with choices taken from what was found. Each choice
is the question made whole, so that it can be asked as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.eligibility.jurisdictions import JURISDICTIONS
from assistant.follow_ups import is_told
from assistant.places import in_language, known_places
from assistant.questions import Lang, Understanding
from assistant.selection import RELATED_MIN
from assistant.subjects import is_pointing, names_subject, points, unnamed
from assistant.texts import in_script, say
from assistant.titles import short_title
from index.documents import Document
from index.lexical import content_words
from index.passages import ScoredPassage
from index.text import language

__all__ = ["Clarification", "clarify"]

By = Literal["policy", "place", "province"]

_MOST = 5
# A policy speaks to the question where it is this share as likely to answer as the best one.
_RIVAL = 0.3
# One that stands alone with more than this is answered from, whatever the question leaves open.
_PLAIN = 0.6
_CHOICE = 0.2
_CITY = re.compile(
    r"(?:我们|咱们|本|这|该|我)?(?:市里?(?!场|民|级)|城市|市州|市（州）|州里)|当地|地方上|"
    r"\b(?:in |for )?(?:my|our|this|the|a) (?:\w+ )?(?:city|cities|prefecture|town)\b",
    re.IGNORECASE,
)
_PROVINCE = re.compile(
    r"(?:我们|咱们|本|我)?省(?:里|内)?(?!级|市)|"
    r"\b(?:in |for )?(?:my|our|this|the) (?:own )?province\b",
    re.IGNORECASE,
)
_END = re.compile(r"[\s?？.。!！]+$")
_THING = re.compile(r"its?|this|that|these|those|它们?|(?:这|那|该|此)[个项份些]?", re.IGNORECASE)


@dataclass(frozen=True)
class Clarification:
    """A question to the person.

    Attributes:
        text: The question, with the names to choose from.
        choices: The person's question made whole, once for each name.
        by: What is to be chosen.
    """

    text: str
    choices: tuple[str, ...]
    by: By


def clarify(
    text: str,
    understanding: Understanding,
    ranking: Sequence[ScoredPassage],
    documents: Mapping[tuple[str, str], Document],
    history: Sequence[str] = (),
    *,
    is_plain: bool = False,
) -> Clarification | None:
    """Ask back, where a question leaves open what it is about; `None` where it does not.

    Args:
        text: The question as it was asked.
        understanding: What was understood of it.
        ranking: What the search found, with the component `relevance`.
        documents: Documents by id and language.
        history: What was said before, by either side.
        is_plain: Whether it is known of which policy this is asked; then only a question that
            points at something ("it") leaves that open.
    """
    query, lang = understanding.query, understanding.lang
    bare = not names_subject(query)
    if understanding.task == "measures" or is_told(query):
        return None
    if not content_words(query) or not (bare or unnamed(text, history)):
        return None
    best: dict[str, float] = {}
    for scored in ranking:
        policy = scored.passage.document_id
        best[policy] = max(best.get(policy, 0.0), scored.components["relevance"])
    order = sorted(best, key=lambda policy: -best[policy])
    if len(order) < 2:
        return None
    top, second = best[order[0]], best[order[1]]
    rivalled = second >= _RIVAL * top
    pointing = bare and is_pointing(query)
    if not pointing and (is_plain or not (rivalled or (bare and top < _PLAIN))):
        return None
    if not bare and top < RELATED_MIN:
        return None
    rivals = [policy for policy in order if best[policy] >= _CHOICE * top] if rivalled else order
    by, names = _names(query, lang, ranking, documents, rivals[:_MOST])
    if len(names) < 2:
        return None
    shown = ("、" if lang == "zh" else "; ").join(names)
    script = understanding.script
    # Names are the corpus's; what is asked of them is in the person's characters.
    choices = tuple(
        name.join(in_script(part, lang, script) for part in _whole(query, name, by).split(name))
        for name in names
    )
    return Clarification(say(f"clarify_{by}", lang, script, choices=shown), choices, by)


def _names(
    query: str,
    lang: Lang,
    ranking: Sequence[ScoredPassage],
    documents: Mapping[tuple[str, str], Document],
    rivals: Sequence[str],
) -> tuple[By, list[str]]:
    """What to choose from: cities or provinces where one was meant, else policies."""
    if _CITY.search(query):
        headings = [s.passage.heading_path[-1] for s in ranking if s.passage.heading_path]
        found = [in_language(h[slice(*span)], lang) for h in headings for span in known_places(h)]
        cities = [name for name in dict.fromkeys(found) if not _is_region(name)]
        if len(cities) > 1:
            return "place", cities[:_MOST]
    about = [_of(policy, lang, documents) for policy in rivals]
    if _PROVINCE.search(query):
        codes = dict.fromkeys(document.metadata.jurisdiction for document in about)
        regions = [JURISDICTIONS[code] for code in codes if code in JURISDICTIONS and code != "CN"]
        if len(regions) > 1:
            return "province", [in_language(region, lang) for region in regions]
    return "policy", list(dict.fromkeys(short_title(document) for document in about))


def _is_region(place: str) -> bool:
    return in_language(place, "zh") in JURISDICTIONS.values()


def _of(policy: str, lang: Lang, documents: Mapping[tuple[str, str], Document]) -> Document:
    """A policy's document in a language, or in the one there is."""
    own = documents.get((policy, lang))
    return own or next(one for (name, _), one in documents.items() if name == policy)


def _whole(query: str, name: str, by: By) -> str:
    """The question asked of what was chosen."""
    pattern = {"place": _CITY, "province": _PROVINCE}.get(by)
    lang = language(query)
    if pattern:
        preposition = "" if lang == "zh" else "in "
        found = pattern.search(query)
        if found:
            kept = found.group().lower().split(" ")[0] in ("in", "for") or lang == "zh"
            filled = preposition + name if kept else name
            return query[: found.start()] + filled + query[found.end() :]
    spans = [span for span in points(query) if _THING.fullmatch(query[slice(*span)])]
    if by == "policy" and spans:
        start, end = spans[0]
        owned = "'s" if query[start:end].lower() == "its" else ""
        return query[:start] + name + owned + _rest(query[end:])
    if lang == "zh":
        return f"{name}{query}"
    return f"{_END.sub('', query)} under {name}?"


def _rest(text: str) -> str:
    """What follows `这个` less the common noun that the name takes the place of."""
    return re.sub(r"^(?:政策|措施|文件|通知|意见|办法|规划|补贴|项目)(?!.{0,1}[是有]哪)", "", text)
