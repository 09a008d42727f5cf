"""Proving drafts: what cannot be shown in the evidence does not reach a person.

A sentence passes when its citations exist, every figure in it stands in a cited passage with the
same unit, every body, place and programme does too, the cited words support it as well as any
others of the evidence would, and nothing is denied, limited or left open that they do not deny,
limit or leave open. Knows nothing of how a draft was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.composers import Draft, Evidence, Support
from assistant.figures import agree, figures, unsupported
from assistant.instructions import is_instruction
from assistant.named import unsupported_names
from assistant.polarity import polarity_conflict
from assistant.texts import TEXTS
from index.embedding import Vector
from index.gazetteer import PLACE_NAMES
from index.glossary import Glossary
from index.passages import ScoredPassage
from index.search import SearchResult
from index.structure import units

# Mean centred MaxSim of a sentence's tokens with the passage it cites, by whether both are in one
# language: 95% of faithful sentences of the open sets lie above it (docs/support-threshold.md).
SUPPORT_MIN = 0.47
SUPPORT_MIN_ACROSS = 0.34
# A citation is wrong where another passage of the evidence supports the sentence better by this;
# 2 to 4% of faithful sentences fall, and some 80 to 90% of those that cite the next best passage.
RIVAL_MARGIN = 0.04

# Headings are embedded before a passage's own words, at negative offsets.
_FAR = 1_000_000
# What joins the parts of a short answer and the cells of a row.
_JOINTS = re.compile(r"\s\|\s|[：、]|: |, |[.。]$")
_COMMANDED = "it rests on an instruction in the document, which proves nothing"

GAZETTEER = Glossary(PLACE_NAMES)

Match = Callable[[SearchResult, ScoredPassage, Sequence[tuple[int, int]]], Vector]
Embed = Callable[[str], SearchResult]


@dataclass(frozen=True)
class Proof:
    """The words that a sentence rests on: `document.text[start:end]` of one piece of evidence."""

    label: int
    start: int
    end: int


@dataclass(frozen=True)
class Verdict:
    """What became of a draft.

    Attributes:
        draft: The draft.
        proofs: What it rests on; empty where it failed or is an introduction.
        reason: Why it failed; `None` where it passed.
        support: How well the cited passages meet it; `None` where that was not computed.
    """

    draft: Draft
    proofs: tuple[Proof, ...] = ()
    reason: str | None = None
    support: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the draft may be shown."""
        return self.reason is None


class Verifier:
    """Proves drafts against the evidence of one question."""

    def __init__(
        self,
        evidence: Sequence[Evidence],
        embed: Embed,
        match: Match,
        glossary: Glossary = GAZETTEER,
    ) -> None:
        """Take the evidence.

        Args:
            evidence: What drafts may cite.
            embed: Embeds a sentence as a query.
            match: Matches an embedded sentence with parts of a passage; see `Index.match`.
            glossary: Names in both languages.
        """
        self._evidence: Mapping[int, Evidence] = {item.label: item for item in evidence}
        self._embed = embed
        self._match = match
        self._glossary = glossary

    def verify(self, draft: Draft) -> Verdict:
        """Judge one draft."""
        if draft.form == "lead":
            return Verdict(draft)
        if not draft.text.strip():
            return Verdict(draft, reason="empty")
        if not draft.supports:
            return Verdict(draft, reason="no citation")
        unknown = [s.label for s in draft.supports if s.label not in self._evidence]
        if unknown:
            return Verdict(draft, reason=f"cites [{unknown[0]}], which is not among the evidence")
        return self._quote(draft) if draft.quoted else self._statement(draft)

    def _quote(self, draft: Draft) -> Verdict:
        proofs = []
        for support in draft.supports:
            proof = _known(support)
            if proof is None or not self._inside(proof):
                return Verdict(draft, reason="the quote is not within the cited passage")
            if is_instruction(self._words(proof)):
                return Verdict(draft, reason=_COMMANDED)
            proofs.append(proof)
        quoted = " ".join(self._words(proof) for proof in proofs)
        if not _is_quoted(draft, quoted):
            return Verdict(draft, reason="the quote differs from the document")
        return Verdict(draft, tuple(proofs))

    def _statement(self, draft: Draft) -> Verdict:
        cited = [self._evidence[support.label] for support in draft.supports]
        texts = [self._context(item) for item in cited]
        missing = unsupported(draft.text, texts)
        if missing:
            return Verdict(draft, reason=f"figure {missing[0].text!r} is not in the cited passage")
        unknown = unsupported_names(draft.text, texts, self._glossary)
        if unknown:
            return Verdict(draft, reason=f"{unknown[0]!r} is not named in the cited passage")
        sentence = self._embed(draft.text)
        proofs, values = [], []
        for item in cited:
            proof, met = self._best(sentence, item)
            if is_instruction(self._words(proof)):
                return Verdict(draft, reason=_COMMANDED)
            proofs += [proof, *self._bearing(draft.text, proof, item)]
            values.append(met)
        support = float(np.max(np.stack(values), axis=0).mean()) if values[0].size else 0.0
        reason = self._too_little(sentence, cited, support) or self._contrary(draft, proofs)
        if reason:
            return Verdict(draft, reason=reason, support=support)
        return Verdict(draft, tuple(dict.fromkeys(proofs)), support=support)

    def _bearing(self, text: str, proof: Proof, item: Evidence) -> list[Proof]:
        """Units of a passage, beside a proof, that bear figures which the proof does not."""
        found = []
        missing = unsupported(text, [self._words(proof)])
        passage = item.scored.passage
        for unit in units(item.document.text, passage.start, passage.end):
            other = Proof(item.label, *unit.span)
            words = self._words(other)
            borne = [f for f in missing if any(agree(f, own) for own in figures(words))]
            if borne and not is_instruction(words):
                found.append(other)
                missing = [figure for figure in missing if figure not in borne]
        return found

    def _too_little(
        self, sentence: SearchResult, cited: Sequence[Evidence], support: float
    ) -> str | None:
        """Why what is cited supports a sentence too little."""
        same = any(item.document.lang == sentence.lang for item in cited)
        least = SUPPORT_MIN if same else SUPPORT_MIN_ACROSS
        if support < least:
            return f"support {support:.2f} is below {least}"
        langs = {item.document.lang for item in cited}
        for item in self._evidence.values():
            # Passages of two languages are not met alike.
            if item in cited or item.document.lang not in langs:
                continue
            rival = float(self._met(sentence, item).mean())
            if rival > support + RIVAL_MARGIN:
                return f"[{item.label}] supports it better ({rival:.2f}) than what it cites"
        return None

    def _contrary(self, draft: Draft, proofs: Sequence[Proof]) -> str | None:
        """Why a sentence contradicts what it rests on; only where all of that does."""
        reasons = [polarity_conflict(draft.text, self._words(proof)) for proof in proofs]
        return reasons[0] if all(reasons) else None

    def _met(self, sentence: SearchResult, item: Evidence) -> Vector:
        """How well each token of a sentence is met in a passage with its headings."""
        end = item.scored.passage.end
        return np.asarray(self._match(sentence, item.scored, [(-_FAR, end)])[:, 0])

    def _best(self, sentence: SearchResult, item: Evidence) -> tuple[Proof, Vector]:
        """The unit of a passage that supports a sentence best, and how the passage meets it."""
        passage = item.scored.passage
        spans = [unit.span for unit in units(item.document.text, passage.start, passage.end)]
        spans = spans or [(passage.start, passage.end)]  # type: ignore[list-item]
        values = self._match(sentence, item.scored, [*spans, (-_FAR, passage.end)])
        best = int(values[:, :-1].mean(axis=0).argmax()) if values.size else 0
        return Proof(item.label, *spans[best]), values[:, -1]

    def _context(self, item: Evidence) -> str:
        """All that the reader of a passage is shown: title, issuer, day, headings and words."""
        metadata = item.document.metadata
        known = (item.document.title, metadata.issuer, metadata.document_number, metadata.issued_on)
        passage = item.scored.passage
        return "\n".join([*(str(k) for k in known if k), *passage.heading_path, passage.text])

    def _inside(self, proof: Proof) -> bool:
        passage = self._evidence[proof.label].scored.passage
        return passage.start <= proof.start < proof.end <= passage.end

    def _words(self, proof: Proof) -> str:
        return self._evidence[proof.label].document.text[proof.start : proof.end]


def _known(support: Support) -> Proof | None:
    if support.start is None or support.end is None:
        return None
    return Proof(support.label, support.start, support.end)


def _is_quoted(draft: Draft, quoted: str) -> bool:
    """Whether a draft's words are those quoted; a short answer or a row joins several parts."""
    if draft.form not in ("answer", "row"):
        return _squeeze(draft.text) in _squeeze(quoted)
    if draft.form == "answer" and draft.text in TEXTS["yes"].values():
        return True
    held = _squeeze(quoted).lower()
    return all(_squeeze(part).lower() in held for part in _JOINTS.split(draft.text))


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
