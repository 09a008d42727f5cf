"""Verdicts, listings and rankings of measures as people and programs get them.

Puts the evaluator's verdicts, the words that they rest on and the next question together; how a
verdict comes about the evaluator knows, and who asks the front ends.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from assistant.eligibility.evaluation import CriterionVerdict, Evaluation, evaluate
from assistant.eligibility.facts import Facts
from assistant.eligibility.fits import Fit, fit_of, ranked, reasons
from assistant.eligibility.grounds import Citations, Grounds, Texts
from assistant.eligibility.listing import Filters, listed_as, period_of
from assistant.eligibility.measures import Catalogue, Criterion, Measure
from assistant.eligibility.naming import measure_named
from assistant.eligibility.next_question import question_about
from assistant.eligibility.outline import Leaf, outline
from assistant.eligibility.values import jsonable, read_facts
from assistant.eligibility.wording import joined, localized, say
from assistant.errors import InputError, MeasureError
from assistant.notices import notices
from assistant.questions import Lang

log = logging.getLogger(__name__)


class Eligibility:
    """The measures of a corpus, asked and listed. Thread-safe.

    A measure whose words the corpus does not hold any more answers nothing: it is left out of
    listings, and asked for by name it says why.
    """

    def __init__(self, catalogue: Catalogue, index: Texts, fault: str = "") -> None:
        """Take a catalogue and the texts that it rests on.

        Args:
            catalogue: Measures and facts.
            index: An open index, or another source of documents and passages.
            fault: Why there is no catalogue, where its files are wrong: whoever asks for a
                measure is told.
        """
        self.catalogue = catalogue
        self.fault = fault
        policies = {measure.policy for measure in catalogue.measures.values()}
        self._grounds = Grounds(index, policies)
        self._gone: dict[str, str] = {}
        for identity, measure in catalogue.measures.items():
            if why := self._grounds.gone(measure):
                self._gone[identity] = why
                if not measure.draft:
                    log.warning(
                        "measure %s is not offered: %s; run `policy-assistant measures check`",
                        identity,
                        why,
                    )
        self._offered = {
            identity: measure
            for identity, measure in catalogue.measures.items()
            if not measure.draft and identity not in self._gone
        }

    @property
    def offered(self) -> Mapping[str, Measure]:
        """The measures that answer, by id: no drafts, none whose words are gone."""
        return self._offered

    @property
    def policy_names(self) -> Mapping[str, Sequence[str]]:
        """The titles of each policy, in every language that the corpus has it in."""
        return self._grounds.titles

    def read_facts(self, data: Mapping[str, Any]) -> Facts:
        """Typed facts out of JSON; see `assistant.eligibility.values.read_facts`."""
        return read_facts(self.catalogue, data)

    def measure(self, name: str) -> Measure:
        """A measure by its id, or by the part behind the slash where only one has it.

        Raises:
            InputError: There is none, several share the name, it is a draft, or the corpus does
                not hold its words any more.
        """
        self._require_whole()
        identity = measure_named(name, self.catalogue)
        if self.catalogue.measures[identity].draft:
            raise InputError(
                f"measure {identity!r}: it is a draft (`draft: true`) and answers nothing; have a "
                "person check it against the document, then take `draft: true` out of its file"
            )
        if identity in self._gone:
            raise InputError(
                f"measure {identity!r}: {self._gone[identity]}; run `policy-assistant measures "
                "check` and mend its file"
            )
        return self.catalogue.measures[identity]

    def judge(
        self,
        measure_id: str,
        facts: Facts,
        lang: Lang,
        identity: str | None = None,
        as_of: date | None = None,
    ) -> dict[str, Any]:
        """Whether a measure can be had, as the JSON object of the contract.

        Beside the contract's keys it has `lang`, `text` (the verdict in a sentence), `period`
        and `notices` (as an answer's), and each criterion has `decides` (whether the verdict rests
        on it), `note` (that the document does not define a term), `words` (the person's, where the
        value was read from them), `negated` (whether being met speaks against), `group` (the number
        of the alternatives that it belongs to) and `alternative` (which of them).

        Args:
            measure_id: The measure; see `measure`.
            facts: What is known.
            lang: The language of texts and, where there are two, of quotes.
            identity: The caller's own mark, handed back.
            as_of: The day for which validity is judged; `None` means today.

        Raises:
            InputError: There is no such measure, or it does not answer.
        """
        measure = self.measure(measure_id)
        evaluation = evaluate(measure, facts, self.catalogue)
        cited = Citations(as_of)
        found = {one.criterion.id: one for one in evaluation.criteria}
        criteria = [
            self._criterion(measure, leaf, found[leaf.criterion.id], evaluation, lang, cited)
            for leaf in outline(measure.criteria)
        ]
        benefits = [
            {
                "text": localized(benefit.text, lang),
                "citation": asdict(
                    cited.of(self._grounds.place(measure.policy, benefit.ground, lang))
                ),
            }
            for benefit in measure.benefits
        ]
        day = as_of or date.today()
        about = notices(list(cited.documents.values()), lang, day)
        asked = evaluation.next_fact
        return {
            "id": identity,
            "measure": measure.id,
            "title": localized(measure.title, lang),
            "verdict": evaluation.verdict,
            "criteria": criteria,
            "benefits": benefits,
            "next_question": question_about(asked, measure, self.catalogue, lang)
            if asked
            else None,
            "lang": lang,
            "text": _verdict_text(measure, evaluation, lang),
            "period": period_of(measure, lang, day),
            "notices": [asdict(notice) for notice in about],
        }

    def measures(
        self,
        lang: Lang,
        audience: str | None = None,
        jurisdiction: str | None = None,
        industry: str | None = None,
        facts: Facts | None = None,
        as_of: date | None = None,
    ) -> list[dict[str, Any]]:
        """The measures that pass the filters, as JSON objects.

        In the order of their files; where facts are given, ranked by fit to them, each with
        `fit` (`eligible`, `possible`, `not_for_you`), `verdict`, `why` and `missing`.

        Args:
            lang: The language of texts and, where there are two, of quotes.
            audience: An audience's id or name, in either language.
            jurisdiction: A code (`CN-SC`) or place; what covers it and what lies in it is listed.
            industry: An id or name of a choice of the fact `industry`.
            facts: What is known.
            as_of: The day for which periods and validity are judged; `None` means today.

        Raises:
            InputError: A filter's value is not known.
            MeasureError: The corpus's files of measures are wrong.
        """
        self._require_whole()
        filters = Filters.read(self.catalogue, audience, jurisdiction, industry)
        passed = [measure for measure in self._offered.values() if filters.pass_(measure)]
        if facts is None:
            return [self._listed(measure, lang, as_of) for measure in passed]
        found = ranked(fit_of(measure, facts, self.catalogue, as_of) for measure in passed)
        return [
            self._listed(fit.measure, lang, as_of) | self._fitted(fit, facts, lang) for fit in found
        ]

    def fits(self, facts: Facts, as_of: date | None = None) -> list[Fit]:
        """All measures ranked by fit to what is known; see `assistant.eligibility.fits`."""
        offered = self._offered.values()
        return ranked(fit_of(measure, facts, self.catalogue, as_of) for measure in offered)

    def why(self, fit: Fit, facts: Facts, lang: Lang) -> list[str]:
        """Why a measure fits, or what speaks against it or is missing, in words."""
        return reasons(fit, facts, self.catalogue, lang)

    def _require_whole(self) -> None:
        if self.fault:
            raise MeasureError(
                f"the corpus's measures cannot be used: {self.fault}; `policy-assistant measures "
                "check` names every fault"
            )

    def _criterion(
        self,
        measure: Measure,
        leaf: Leaf,
        judged: CriterionVerdict,
        evaluation: Evaluation,
        lang: Lang,
        cited: Citations,
    ) -> dict[str, Any]:
        criterion: Criterion = leaf.criterion
        known = judged.known
        fact = self.catalogue.facts[criterion.fact] if criterion.fact else None
        place = self._grounds.place(measure.policy, criterion.ground, lang)
        return {
            "id": criterion.id,
            "text": localized(criterion.text, lang),
            "verdict": judged.verdict,
            "fact": criterion.fact,
            "value": jsonable(known.value, fact) if known and fact else None,
            "citation": asdict(cited.of(place)),
            "decides": criterion.id in evaluation.deciding,
            "note": localized(criterion.undefined, lang) if criterion.undefined else None,
            "words": known.words or None if known else None,
            "negated": leaf.negated,
            "group": leaf.group,
            "alternative": leaf.alternative,
        }

    def _listed(self, measure: Measure, lang: Lang, as_of: date | None) -> dict[str, Any]:
        citation = Citations(as_of).of(self._grounds.section(measure, lang))
        shown = listed_as(measure, lang, self.catalogue, as_of or date.today())
        return shown | {"citation": asdict(citation)}

    def _fitted(self, fit: Fit, facts: Facts, lang: Lang) -> dict[str, Any]:
        return {
            "fit": fit.standing,
            "verdict": fit.evaluation.verdict,
            "why": self.why(fit, facts, lang),
            "missing": list(fit.missing),
        }


def _verdict_text(measure: Measure, evaluation: Evaluation, lang: Lang) -> str:
    """The verdict in a sentence or two that name what it rests on."""
    found = outline(measure.criteria)
    if not found:
        return say("eligible_no_conditions", lang)
    by_id = {leaf.criterion.id: leaf for leaf in found}
    deciding = [by_id[identity] for identity in evaluation.deciding]
    criteria = joined((leaf.text(lang) for leaf in deciding), lang)
    text = say(evaluation.verdict, lang, criteria=criteria)
    if evaluation.verdict == "more_information_needed":
        undefined = [leaf.criterion.undefined for leaf in deciding if leaf.criterion.undefined]
        parts = [text, *(localized(one, lang) for one in undefined)]
        if evaluation.next_fact is None:
            parts.append(say("never_settled", lang))
        text = (" " if lang == "en" else "").join(dict.fromkeys(parts))
    return text
