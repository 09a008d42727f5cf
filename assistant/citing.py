"""How the words of a document become a citation. Knows nothing of who cites them, or why."""

from __future__ import annotations

from datetime import date

from assistant.answer import Citation
from assistant.notices import validity
from index.documents import Document
from index.passages import Passage


def cite(
    label: int, document: Document, passage: Passage, start: int, end: int, as_of: date | None
) -> Citation:
    """Cite `document.text[start:end]`.

    Args:
        label: The number in the text that cites.
        document: The document.
        passage: The passage that holds the words.
        start: Offset of their first character in the document's text.
        end: Offset behind their last character.
        as_of: The day for which validity is judged; `None` means today.
    """
    known = document.metadata
    return Citation(
        label=label,
        document_id=document.id,
        title=document.title,
        issuer=known.issuer,
        issued_on=known.issued_on.isoformat() if known.issued_on else None,
        section=passage.section,
        passage_id=passage.id,
        quote=document.text[start:end],
        start=start,
        end=end,
        lang=document.lang,
        url=known.url,
        validity=validity(known, as_of or date.today()),
    )
