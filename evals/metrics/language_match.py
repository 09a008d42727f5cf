"""Language match: whether an answer is in the language of the question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evals.answers import Statement, citations, statements, text
from evals.cases import Case
from evals.matching import normalise
from evals.metrics.base import CaseMetric, Judgement
from index.text import language

# Names and quoted terms may be in their own language: 《…》, “…”, (…).
_NAMED = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」|\"[^\"]*\"|（[^）]*）|\([^)]*\)")


class LanguageMatch(CaseMetric):
    """The share of an answer's sentences and list items that are in the language of the case.

    A sentence's language is told by its Chinese characters and Latin words
    (`index.text.language`), names and terms in quotation marks or brackets left out where anything
    else is there; one without words in either script matches. Passages quoted in another language
    are left out, too, where a notice says that they are not translated. Our own definition.
    """

    name = "language_match"

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if "text" not in answer:
            return None
        told = any(n["kind"] == "translation" for n in answer.get("notices", ()))
        foreign = [c for c in citations(answer) if told and c["lang"] != case.lang]
        said = [s for s in statements(text(answer)) if not _quotes(s, foreign)]
        if not said:
            return None if foreign else Judgement(0.0, "says nothing")
        wrong = [s.text for s in said if _language(s.text, case) != case.lang]
        why = f"not in {case.lang}: {' | '.join(wrong)}" if wrong else ""
        return Judgement(1 - len(wrong) / len(said), why)


def _language(words: str, case: Case) -> str:
    own = _NAMED.sub(" ", words)
    return language(own if re.search(r"[^\W\d_]", own) else words, otherwise=case.lang)


def _quotes(statement: Statement, foreign: Sequence[Mapping[str, Any]]) -> bool:
    said = normalise(statement.text)
    return any(c["label"] in statement.labels and said in normalise(c["quote"]) for c in foreign)
