"""Which sections a corpus has, so that a gold section that is not there is found before a run."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from evals.case_files import ANY_SECTION
from evals.cases import SectionRef
from index.documents import Document
from index.loaders import load_corpus
from index.structure import sections


class CorpusSections:
    """The anchors of each policy, over all its languages."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Cut the documents into sections."""
        self._anchors: dict[str, set[str]] = {}
        for document in documents:
            own = self._anchors.setdefault(document.id, {ANY_SECTION})
            own.update(section.anchor for section in sections(document.text, document.title))

    @classmethod
    def of(cls, corpus: Path) -> CorpusSections:
        """Those of a folder.

        Raises:
            CorpusError: The folder is missing or holds no document.
        """
        return cls(load_corpus(corpus).documents)

    def lacking(self, ref: SectionRef) -> str | None:
        """Why a section is not in the corpus, with the nearest name; `None` where it is."""
        anchors = self._anchors.get(ref.document_id)
        if anchors is None:
            near = _near(ref.document_id, self._anchors)
            return f"the corpus has no policy {ref.document_id!r}{near}"
        if ref.section not in anchors:
            return f"the policy has no section {ref.section!r}{_near(ref.section, anchors)}"
        return None


def _near(name: str, names: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else "; name one that it has"
