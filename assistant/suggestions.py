"""What to ask next: sections that the search found and the answer did not use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from assistant.questions import Lang
from assistant.selection import RELATED_MIN
from assistant.texts import say
from index.documents import Document
from index.passages import ScoredPassage

_MOST = 3


def suggest(
    ranking: Sequence[ScoredPassage],
    documents: Mapping[tuple[str, str], Document],
    used: Collection[str],
    lang: Lang,
) -> tuple[str, ...]:
    """Up to three questions that the corpus answers, near to what was asked.

    Args:
        ranking: What the search found.
        documents: Documents by id and language.
        used: Ids of passages that the answer cites.
        lang: The language of the answer.
    """
    found: dict[str, None] = {}
    sections = {identity.split("~")[0] for identity in used}
    for scored in ranking:
        passage = scored.passage
        near = scored.components["relevance"] >= RELATED_MIN
        fresh = passage.id.split("~")[0] not in sections
        if fresh and passage.lang == lang and near and passage.heading_path:
            title = documents[passage.document_id, passage.lang].title
            heading = passage.heading_path[-1]
            if heading != title:
                found[say("suggestion", lang, title=title, heading=heading)] = None
        if len(found) == _MOST:
            break
    return tuple(found)
