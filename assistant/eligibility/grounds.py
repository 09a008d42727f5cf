"""Where the words that measures rest on stand in the corpus, as citations.

Knows documents and passages; knows nothing of facts and verdicts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.answer import Citation
from assistant.citing import cite
from assistant.eligibility.measures import Ground, Measure
from assistant.eligibility.outline import outline
from assistant.errors import InputError
from assistant.questions import Lang
from index.documents import Document
from index.passages import Passage


class Texts(Protocol):
    """Documents and their passages: an open index, or a folder that was read."""

    def documents(self) -> Sequence[Document]:
        """All documents."""

    def passages(self) -> Sequence[Passage]:
        """All passages, those of a section in the order of the text."""


@dataclass(frozen=True)
class FolderTexts:
    """The texts of a corpus folder, read and cut without a store or a model."""

    loaded: tuple[Document, ...]
    cut: tuple[Passage, ...]

    @classmethod
    def read(cls, corpus: Path, policies: Collection[str]) -> FolderTexts:
        """Read a folder, and cut the documents of these policies.

        Raises:
            CorpusError: The folder is missing, cannot be read or holds no document.
        """
        # Imported here, for the encoding takes a third of a second that a chat never needs.
        from index.loaders import load_corpus
        from index.splitting import split
        from index.tokens import count_tokens

        wanted = tuple(d for d in load_corpus(corpus).documents if d.id in policies)
        cut = tuple(passage for document in wanted for passage in split(document, count_tokens))
        return cls(wanted, cut)

    def documents(self) -> Sequence[Document]:
        """The documents of the policies."""
        return self.loaded

    def passages(self) -> Sequence[Passage]:
        """Their passages."""
        return self.cut


@dataclass(frozen=True)
class Place:
    """Words of a document: `document.text[start:end]`, and the passage that holds them."""

    document: Document
    passage: Passage
    start: int
    end: int


class Grounds:
    """Finds what measures rest on.

    Args:
        texts: Where the documents are.
        policies: Ids of the policies that are asked for; all else is passed over.
    """

    def __init__(self, texts: Texts, policies: Collection[str]) -> None:
        """Take the documents and passages of the policies."""
        self._documents = {d.key: d for d in texts.documents() if d.id in policies}
        self._sections: dict[tuple[str, str, str], list[Passage]] = defaultdict(list)
        for passage in texts.passages():
            if passage.document_id in policies:
                key = (passage.document_id, passage.lang, passage.section)
                self._sections[key].append(passage)

    @property
    def titles(self) -> dict[str, list[str]]:
        """The titles of each policy's documents."""
        found: dict[str, list[str]] = defaultdict(list)
        for document in self._documents.values():
            found[document.id].append(document.title)
        return found

    def place(self, policy: str, ground: Ground, lang: Lang) -> Place:
        """Where the words of a ground stand; in the other language where this one has none.

        Raises:
            InputError: The policy, the section or the words are not in the corpus any more.
        """
        other: Lang = "zh" if lang == "en" else "en"
        for one in (lang, other):
            document = self._documents.get((policy, one))
            if document is not None and one in ground.quote:
                return self._find(document, ground.section, ground.quote[one])
        raise InputError(
            f"policy {policy!r}: the corpus has no document of it in a language of the quoted words"
        )

    def section(self, measure: Measure, lang: Lang) -> Place:
        """What to show of a measure: the words of its first benefit, else its section's first.

        Raises:
            InputError: They are not in the corpus any more.
        """
        for benefit in measure.benefits:
            return self.place(measure.policy, benefit.ground, lang)
        other: Lang = "zh" if lang == "en" else "en"
        for one in (lang, other):
            for passage in self._sections.get((measure.policy, one, measure.section), ()):
                document = self._documents[measure.policy, one]
                return Place(document, passage, passage.start, passage.end)
        raise InputError(
            f"policy {measure.policy!r}: it has no section #{measure.section} any more"
        )

    def gone(self, measure: Measure) -> str | None:
        """Why a measure cannot be shown to rest on the corpus; `None` where it can."""
        try:
            for ground in grounds_of(measure):
                langs = [one for one in ("zh", "en") if one in ground.quote]
                for lang in langs:
                    self.place(measure.policy, ground, "zh" if lang == "zh" else "en")
            self.section(measure, "zh")
        except InputError as error:
            return str(error)
        return None

    def _find(self, document: Document, section: str, quote: str) -> Place:
        held = self._sections.get((document.id, document.lang, section), [])
        if not held:
            raise InputError(
                f"policy {document.id!r}: its {document.lang} text has no section #{section}"
            )
        for passage in held:
            at = document.text.find(quote, passage.start, passage.end)
            if at >= 0:
                return Place(document, passage, at, at + len(quote))
        # A long section is cut into passages, and the words may run over a cut.
        at = document.text.find(quote, held[0].start, held[-1].end)
        if at < 0:
            raise InputError(
                f"policy {document.id!r}: section #{section} of its {document.lang} text does not "
                f"hold the words “{quote}”"
            )
        passage = next(p for p in reversed(held) if p.start <= at)
        return Place(document, passage, at, at + len(quote))


class Citations:
    """Numbers places as they are cited: the same words get the same label.

    Args:
        as_of: The day for which validity is judged; `None` means today.
    """

    def __init__(self, as_of: date | None = None) -> None:
        """Begin at 1."""
        self._as_of = as_of
        self._known: dict[tuple[str, int, int], Citation] = {}
        self.documents: dict[tuple[str, str], Document] = {}

    def of(self, place: Place) -> Citation:
        """The citation of a place."""
        key = (place.passage.id, place.start, place.end)
        if key not in self._known:
            label = len(self._known) + 1
            self._known[key] = cite(
                label, place.document, place.passage, place.start, place.end, self._as_of
            )
            self.documents[place.document.key] = place.document
        return self._known[key]


def grounds_of(measure: Measure) -> Iterator[Ground]:
    """Everything that a measure rests on."""
    yield from (benefit.ground for benefit in measure.benefits)
    yield from (leaf.criterion.ground for leaf in outline(measure.criteria))
