"""The answer while it is written: text so far, citations, and the labels given to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.answer import Citation, Notice, Status, Usage
from assistant.citing import cite
from assistant.composers import Brief, Composed, Draft
from assistant.events import Piece
from assistant.texts import in_script
from assistant.verify import Proof
from index.text import strip_invisible

__all__ = ["Written"]


@dataclass
class Written:
    """An answer while it is written, draft by draft."""

    brief: Brief
    text: str = ""
    status: Status = "answered"
    citations: list[Citation] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    removed: int = 0
    _form: str = ""

    @property
    def unproven(self) -> bool:
        """Whether a model's answer lost so much that too little is left."""
        kept = len(self.citations)
        return self.status != "unanswerable" and (kept == 0 or self.removed > kept)

    def add(self, draft: Draft, proofs: tuple[Proof, ...]) -> Piece:
        """Append a proved draft with its marks."""
        before = len(self.citations)
        labels = dict.fromkeys(self._label(proof) for proof in proofs)
        marks = "".join(f"[{label}]" for label in labels)
        words = strip_invisible(draft.text)
        if proofs and not draft.quoted:
            # A model writes Simplified characters, in which it is proved.
            asked = self.brief.understanding
            words = in_script(words, asked.lang, asked.script)
        words += f" {marks}" if marks else ""
        if draft.form == "row":
            words = f"| {strip_invisible(draft.head)} | {words} |"
        piece = self._separator(draft) + words
        self.text += piece
        self._form = draft.form
        return Piece(piece, tuple(self.citations[before:]))

    def close(self, composed: Composed) -> None:
        """Take what the composer says last."""
        self.status = composed.status
        self.usage = Usage(
            self.usage.prompt_tokens + composed.usage.prompt_tokens,
            self.usage.completion_tokens + composed.usage.completion_tokens,
        )
        self.notices.extend(composed.notices)

    def _separator(self, draft: Draft) -> str:
        item = "- " if draft.form == "item" else ""
        if not self.text:
            return item
        if draft.form == "item":
            return ("\n" if self._form == "item" else "\n\n") + item
        if draft.form == "row":
            return "\n"
        if draft.form in ("lead", "answer") or self._form != "sentence":
            return "\n\n"
        return " " if self.brief.understanding.lang == "en" else ""

    def _label(self, proof: Proof) -> int:
        evidence = next(item for item in self.brief.evidence if item.label == proof.label)
        passage, document = evidence.scored.passage, evidence.document
        for known in self.citations:
            same = known.passage_id == passage.id
            if same and known.start <= proof.start and proof.end <= known.end:
                return known.label
        label = len(self.citations) + 1
        as_of = self.brief.question.as_of
        self.citations.append(cite(label, document, passage, proof.start, proof.end, as_of))
        return label
