"""What to ask next: questions on sections that the search found and the answer did not use.

A suggestion is made of a section's heading, so that this section answers it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from assistant.places import known_places
from assistant.questions import Lang, Script
from assistant.selection import RELATED_MIN
from assistant.texts import in_script, say
from assistant.titles import short_title
from index.documents import Document
from index.passages import Passage, ScoredPassage

__all__ = ["question_on", "suggest"]

_MOST = 3
# Sections about the text itself, not about the policy.
_OF_THE_TEXT = ("source", "not-stated")
_ABSENT = re.compile(
    r"未写明|没有(?:写明|说明)|without a (?:year|date)|\bnot (?:say|state|stated|given)\b",
    re.IGNORECASE,
)
# Kinds of headings; the text that asks after each is `ask_` and its name.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("support", re.compile(r"^(?:支持|扶持|Support for )\s*(?P<place>[^：:]+)[：:]")),
    (
        "overview",
        re.compile(r"^(?:.{0,6}(?:概览|概要|简介)|(?:.{0,20} )?at a glance)$", re.IGNORECASE),
    ),
    ("issuers", re.compile(r"^(?:发文|印发)(?:部门|机关|单位)$|^Issuing bodies$", re.IGNORECASE)),
    (
        "date",
        re.compile(r"^(?:发布|印发|发文)日期$|^Date of (?:issue|publication)$", re.IGNORECASE),
    ),
    (
        "part",
        re.compile(
            r"^(?P<part>第[\d一二三四五六七八九十]+[个项条](?:措施|方面|任务)|"
            r"(?:Measure|Aspect|Area|Task) \d+)[：:] ?(?P<topic>.+)$"
        ),
    ),
    ("targets", re.compile(r"目标$|^(?:\w+ )?(?:targets|goals)\b", re.IGNORECASE)),
    (
        "asked",
        re.compile(r"谁|哪|什么|多少|怎|如何|何时|^Who (?!the\b)(?:was|is|are|\w+(?:ed|s))\b"),
    ),
)


def suggest(
    ranking: Sequence[ScoredPassage],
    documents: Mapping[tuple[str, str], Document],
    used: Collection[str],
    lang: Lang,
    script: Script | None = None,
) -> tuple[str, ...]:
    """Up to three questions that the corpus answers, near to what was asked.

    Args:
        ranking: What the search found.
        documents: Documents by id and language.
        used: Ids of passages that the answer cites.
        lang: The language of the answer.
        script: The Chinese characters that the person writes. A question is in these as a whole,
            for it is the person's once it is asked.
    """
    found: dict[str, None] = {}
    sections = {identity.split("~")[0] for identity in used}
    for scored in ranking:
        passage = scored.passage
        near = scored.components["relevance"] >= RELATED_MIN
        fresh = passage.id.split("~")[0] not in sections
        if fresh and near and passage.lang == lang:
            question = question_on(passage, documents[passage.document_id, passage.lang])
            if question:
                found[in_script(question, lang, script)] = None
        if len(found) == _MOST:
            break
    return tuple(found)


def question_on(passage: Passage, document: Document) -> str | None:
    """The question that the section of a passage answers.

    None is made of sections about the text itself and of what the text does not say.

    Args:
        passage: A passage of the section.
        document: Its document.
    """
    if not passage.heading_path or passage.section.startswith(_OF_THE_TEXT):
        return None
    heading = passage.heading_path[-1].strip()
    if heading == document.title or len(passage.heading_path) == 1 or _ABSENT.search(heading):
        return None
    lang: Lang = "zh" if document.lang == "zh" else "en"
    title = short_title(document)
    for kind, pattern in _KINDS:
        match = pattern.search(heading)
        if not match:
            continue
        if kind == "support":
            place = match["place"].strip()
            if not known_places(place):
                continue
            return say("ask_support", lang, title=title, place=place)
        if kind == "part":
            part = match["part"] if lang == "zh" else match["part"].lower()
            return say("ask_part", lang, title=title, part=part, topic=match["topic"])
        if kind == "asked" and lang == "zh" and known_places(heading):
            return f"{heading}？"
        return say(f"ask_{kind}", lang, title=title, topic=_within(heading, lang))
    if lang == "en" and ":" not in heading:
        return say("ask_topic", lang, title=title, topic=_within(heading, lang))
    return say("ask_heading", lang, title=title, topic=heading)


def _within(heading: str, lang: Lang) -> str:
    """A heading as it stands within a sentence."""
    first, _, rest = heading.partition(" ")
    is_name = (
        lang == "zh"
        or first[1:] != first[1:].lower()
        or bool(known_places(first))
        or (rest[:1].isupper() and first.lower() not in ("who", "what", "why", "how"))
    )
    return heading if is_name else first.lower() + heading[len(first) :]
