"""What a reader must know beside an answer: age, origin and language of its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.answer import Notice, Validity
from assistant.eligibility.jurisdictions import JURISDICTIONS
from assistant.eligibility.places import lies_within
from assistant.places import in_language, known_places
from assistant.questions import Lang, Script
from assistant.texts import in_script, say
from index.documents import Document, Metadata

_SECOND_HAND = frozenset({"news_report", "news_article", "interpretation", "commentary"})
_OVER = frozenset({"lapsed", "superseded", "repealed", "expired"})


def validity(metadata: Metadata, as_of: date) -> Validity:
    """Whether a document is in force on a day, as far as its metadata says."""
    if metadata.effective_to and metadata.effective_to < as_of:
        return "lapsed"
    if metadata.status in _OVER:
        return "lapsed"
    begun = metadata.effective_from is not None and metadata.effective_from <= as_of
    if metadata.status == "in_force" or (begun and metadata.effective_to):
        return "in_force"
    return "unknown"


def notices(
    documents: Sequence[Document], lang: Lang, as_of: date, script: Script | None = None
) -> list[Notice]:
    """Notices on the cited documents, one of a kind for each.

    Args:
        documents: The cited documents.
        lang: The language of the answer.
        as_of: The day for which validity is judged.
        script: The Chinese characters that the person writes; titles stay as they are.
    """
    found: list[Notice] = []
    for document in documents:
        known, title = document.metadata, document.title
        if known.effective_to and known.effective_to < as_of:
            day = known.effective_to.isoformat()
            found.append(Notice("validity", say("lapsed", lang, script, title=title, day=day)))
        elif known.status in _OVER:
            found.append(Notice("validity", say("superseded", lang, script, title=title)))
        if known.targets_until and known.targets_until < as_of:
            day = known.targets_until.isoformat()
            text = say("targets_past", lang, script, title=title, day=day)
            found.append(Notice("validity", text))
        if known.source and known.source.kind in _SECOND_HAND:
            found.append(Notice("validity", say("second_hand", lang, script, title=title)))
        if document.lang != lang:
            found.append(Notice("translation", say("translation", lang, script, title=title)))
    return found


def jurisdiction_notice(
    query: str, documents: Sequence[Document], lang: Lang, script: Script | None = None
) -> Notice | None:
    """A notice where the cited documents are of another place than all that a question names.

    A national document is for every place. Nothing is said where it cannot be told whether a place
    lies in the jurisdiction of a document.

    Args:
        query: The question as it stands alone.
        documents: The cited documents.
        lang: The language of the answer.
        script: The Chinese characters that the person writes.
    """
    named = [in_language(query[slice(*span)], "zh") for span in known_places(query)]
    asked = [name for name in (_bare(name) for name in named) if name not in ("中国", "全国")]
    regions = [JURISDICTIONS.get(document.metadata.jurisdiction or "") for document in documents]
    if not asked or not documents or None in regions or "中国" in regions:
        return None
    for place in asked:
        for region in regions:
            if lies_within(place, region or "") is not False:
                return None
    place, region = asked[-1], regions[0] or ""
    said, stated = (in_script(in_language(n, lang), lang, script) for n in (place, region))
    text = say("elsewhere", lang, script, title=documents[0].title, asked=said, place=stated)
    return Notice("validity", text)


def _bare(place: str) -> str:
    """A Chinese name without what it is: 遂宁 of 遂宁市."""
    return place[:-1] if len(place) > 2 and place[-1] in "省市州" else place
