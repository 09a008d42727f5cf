"""Figure fidelity: whether the figures of an answer are those of its sources and of the case.

Figures are compared by normalised value and unit (`assistant.figures`): `１４天`, `十四天` and
`14 days` agree, `4 days` is not in `14 days`. Traditional characters are read as Simplified ones.
Our own definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from assistant.figures import Figure, agree, figures, unsupported
from evals.answers import abstained, citations, declined_rightly, plain_text, statements, text
from evals.cases import Case
from evals.matching import contains
from evals.metrics.base import CaseMetric, Judgement
from index.lexical import simplified


class FigurePrecision(CaseMetric):
    """The share of the figures in an answer that stand in what it cites.

    A sentence is held against the citations it marks: quote, title, issuer and day, as the reader
    sees them. A sentence without a mark is held against all citations (`citation_coverage` counts
    the missing mark), and an introduction or correction against these and the question, whose
    mistaken figure it may repeat. Answers without figures, and such as leave the question open,
    are not judged.
    """

    name = "figure_precision"

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if abstained(answer):
            return None
        cited = citations(answer)
        shown = tuple((c["label"], _shown(c)) for c in cited)
        total, wrong = 0, list[str]()
        for statement in statements(text(answer)):
            own = tuple(words for label, words in shown if label in statement.labels)
            if statement.template or not statement.labels:
                own = tuple(words for _, words in shown)
            if statement.template:
                own += case.turns
            total += len(_figures(statement.text))
            wrong += _unsupported(statement.text, own)
        if not total:
            return None
        return Judgement(
            1 - len(wrong) / total, f"in no source: {', '.join(wrong)}" if wrong else ""
        )


class FigureRecall(CaseMetric):
    """The share of the expected figures that the answer states, in any notation.

    An expected string may hold several figures (`3至5年`), which must all be stated; one in which
    no figure can be read (`1+N`) is looked for as it is written. A coarser date that is expected
    (`2025年`) is stated by a finer one (`2025-12-31`). Not judged are cases that expect no figures
    and answers that leave the question open where the case allows it.
    """

    name = "figure_recall"

    def applies(self, case: Case) -> bool:
        """Whether the case expects figures."""
        return bool(case.expect.figures)

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if declined_rightly(case, answer):
            return None
        said = plain_text(answer)
        missing = [wanted for wanted in case.expect.figures if not _states(said, wanted)]
        why = f"not stated: {', '.join(missing)}" if missing else ""
        return Judgement(1 - len(missing) / len(case.expect.figures), why)


def _shown(cited: Mapping[str, Any]) -> str:
    parts = (cited.get(key) for key in ("title", "issuer", "issued_on", "quote"))
    return "\n".join(str(part) for part in parts if part)


def _states(said: str, wanted: str) -> bool:
    expected = _figures(wanted)
    if not expected:
        return contains(said, wanted)
    stated = _figures(said)
    return all(any(agree(figure, other) for other in stated) for figure in expected)


@lru_cache(maxsize=4096)
def _figures(words: str) -> tuple[Figure, ...]:
    return tuple(figures(simplified(words)))


def _unsupported(words: str, sources: tuple[str, ...]) -> list[str]:
    borne = [figure for source in sources for figure in _figures(source)]
    if all(any(agree(figure, other) for other in borne) for figure in _figures(words)):
        return []
    # What a spelled-out one may be is for `assistant.figures` to say.
    missing = unsupported(simplified(words), [simplified(source) for source in sources])
    return [figure.text for figure in missing]
