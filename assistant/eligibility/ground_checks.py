"""Whether the documents still hold the anchors and words that measures rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.eligibility.fault import Fault, where_is
from assistant.eligibility.grounds import Grounds, Texts
from assistant.eligibility.kleene import criteria_of
from assistant.eligibility.measures import Catalogue, Ground, Measure
from assistant.errors import InputError
from assistant.questions import Lang

__all__ = ["check_grounds"]

_LANGS: tuple[Lang, ...] = ("zh", "en")


def check_grounds(
    catalogue: Catalogue, index: Texts, lines: Mapping[str, str] | None = None
) -> list[Fault]:
    """Anchors and quoted words that the documents do not hold.

    Args:
        catalogue: The measures.
        index: An open index, or another source of documents and passages.
        lines: File and line of things, as `read_catalogue` gives them.
    """
    policies = {measure.policy for measure in catalogue.measures.values()}
    texts = _Texts.of(index, policies)
    return [
        fault
        for measure in catalogue.measures.values()
        for fault in texts.faults(measure, lines or {})
    ]


@dataclass(frozen=True)
class _Texts:
    grounds: Grounds
    languages: Mapping[str, set[str]]
    sections: Mapping[tuple[str, str], set[str]]

    @classmethod
    def of(cls, index: Texts, policies: set[str]) -> _Texts:
        languages: dict[str, set[str]] = {}
        for document in index.documents():
            languages.setdefault(document.id, set()).add(document.lang)
        sections: dict[tuple[str, str], set[str]] = {}
        for passage in index.passages():
            key = (passage.document_id, passage.lang)
            sections.setdefault(key, set()).add(passage.section)
        return cls(Grounds(index, policies), languages, sections)

    def faults(self, measure: Measure, lines: Mapping[str, str]) -> Iterator[Fault]:
        """What a measure rests on and the documents do not hold."""
        where, policy = where_is(measure.id, lines), measure.policy
        if policy not in self.languages:
            mend = "load its document, or mend `policy`"
            yield Fault(where, f"policy {policy!r} is not in the corpus", mend)
            return
        for lang in sorted(self.languages[policy]):
            if measure.section not in self.sections.get((policy, lang), ()):
                yield self._gone(where, measure.section, policy, lang)
        for name, ground in _grounds(measure):
            for lang in _LANGS:
                if lang in ground.quote:
                    yield from self._quote(where_is(name, lines), policy, ground, lang)

    def _quote(self, where: str, policy: str, ground: Ground, lang: Lang) -> Iterator[Fault]:
        if lang not in self.languages[policy]:
            mend = "load it, or remove the quote"
            yield Fault(where, f"policy {policy!r} has no document in {lang!r}", mend)
            return
        held = self.sections.get((policy, lang), set())
        if ground.section not in held:
            yield self._gone(where, ground.section, policy, lang)
            return
        quote = ground.quote[lang]
        if self._holds(policy, ground.section, quote, lang):
            return
        now = [one for one in sorted(held) if self._holds(policy, one, quote, lang)]
        mend = (
            f"they stand in #{now[0]} now: mend `section`"
            if now
            else "read the section again, and mend the quote or remove what rests on it"
        )
        what = f"quote is no longer there: #{ground.section} of {policy} ({lang}) lacks “{quote}”"
        yield Fault(where, what, mend)

    def _holds(self, policy: str, section: str, quote: str, lang: Lang) -> bool:
        try:
            self.grounds.place(policy, Ground(section, {lang: quote}), lang)
        except InputError:
            return False
        return True

    def _gone(self, where: str, section: str, policy: str, lang: str) -> Fault:
        known = ", ".join(sorted(self.sections.get((policy, lang), ()))) or "none"
        what = f"anchor is gone: {policy} ({lang}) has no section #{section}"
        return Fault(where, what, f"use one of: {known}")


def _grounds(measure: Measure) -> Iterator[tuple[str, Ground]]:
    """What a measure rests on, by the name that `read_catalogue` notes its line under."""
    for number, benefit in enumerate(measure.benefits, start=1):
        yield f"{measure.id}#benefit-{number}", benefit.ground
    for one in criteria_of(measure.criteria):
        yield f"{measure.id}#{one.id}", one.ground
