"""What a reader must know beside an answer: age, origin and language of its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.answer import Notice, Validity
from assistant.questions import Lang
from assistant.texts import say
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


def notices(documents: Sequence[Document], lang: Lang, as_of: date) -> list[Notice]:
    """Notices on the cited documents, one of a kind for each."""
    found: list[Notice] = []
    for document in documents:
        known, title = document.metadata, document.title
        if known.effective_to and known.effective_to < as_of:
            text = say("lapsed", lang, title=title, day=known.effective_to.isoformat())
            found.append(Notice("validity", text))
        elif known.status in _OVER:
            found.append(Notice("validity", say("superseded", lang, title=title)))
        if known.targets_until and known.targets_until < as_of:
            text = say("targets_past", lang, title=title, day=known.targets_until.isoformat())
            found.append(Notice("validity", text))
        if known.source and known.source.kind in _SECOND_HAND:
            found.append(Notice("validity", say("second_hand", lang, title=title)))
        if document.lang != lang:
            found.append(Notice("translation", say("translation", lang, title=title)))
    return found
