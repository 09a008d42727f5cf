"""What the evidence benchmark sums up: rows of evidence and of abstention, and their tables.

It knows questions with gold elements and what was cited for them; not who cited it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.benchmarks.html_evidence import Element, set_f1, word_f1
from evals.statistics import Interval, bootstrap_interval, mean


@dataclass(frozen=True)
class Asked:
    """A question of the set.

    Attributes:
        page: The document that it is about.
        text: Scenario and question.
        gold: Its evidence; empty where it is not answerable.
        answerable: Whether the page answers it.
    """

    page: str
    text: str
    gold: frozenset[Element]
    answerable: bool


@dataclass(frozen=True)
class Cited:
    """What was cited for a question.

    Attributes:
        elements: The elements.
        quotes: The words.
        declined: Whether the question was left open.
    """

    elements: frozenset[Element]
    quotes: tuple[str, ...]
    declined: bool = False


@dataclass(frozen=True)
class EvidenceRow:
    """What one way of citing came to, over the answerable questions.

    Attributes:
        name: Who cites.
        f1: Mean F1 of the elements.
        interval: Its 95 % interval, by resampling pages.
        precision: Mean share of the cited elements that are gold, where any is cited.
        recall: Mean share of the gold elements that are cited.
        words_f1: Mean F1 of the words.
        cited: Mean number of elements cited.
    """

    name: str
    f1: float
    interval: Interval | None
    precision: float
    recall: float
    words_f1: float
    cited: float


@dataclass(frozen=True)
class AbstentionRow:
    """How declining fits the unanswerable questions.

    Attributes:
        name: Who declines.
        declined: How many questions were.
        precision: Share of these that are unanswerable; `None` where none was declined.
        recall: Share of the unanswerable ones that were declined.
        f1: Of both.
        interval: Of F1, 95 %, by resampling pages.
    """

    name: str
    declined: int
    precision: float | None
    recall: float
    f1: float
    interval: Interval | None


def evidence_row(name: str, asked: Sequence[Asked], found: Sequence[Cited]) -> EvidenceRow:
    """Sum up what was cited for the answerable questions."""
    both = [(one, c) for one, c in zip(asked, found, strict=True) if one.answerable and one.gold]
    f1: dict[str, list[float]] = {}
    for one, own in both:
        f1.setdefault(one.page, []).append(set_f1(set(own.elements), set(one.gold)))
    precision = [len(c.elements & one.gold) / len(c.elements) for one, c in both if c.elements]
    recall = [len(c.elements & one.gold) / len(one.gold) for one, c in both]
    words = [word_f1(c.quotes, (element.words for element in one.gold)) for one, c in both]
    return EvidenceRow(
        name,
        mean([value for values in f1.values() for value in values]) or 0.0,
        bootstrap_interval(f1, mean),
        mean(precision) or 0.0,
        mean(recall) or 0.0,
        mean(words) or 0.0,
        mean([float(len(c.elements)) for _, c in both]) or 0.0,
    )


def abstention_row(name: str, asked: Sequence[Asked], declined: Sequence[bool]) -> AbstentionRow:
    """Sum up who was declined."""
    pairs: dict[str, list[tuple[bool, bool]]] = {}
    for one, made in zip(asked, declined, strict=True):
        pairs.setdefault(one.page, []).append((not one.answerable, made))
    every = [pair for own in pairs.values() for pair in own]
    hits = sum(due and made for due, made in every)
    owed, given = sum(due for due, _ in every), sum(made for _, made in every)
    return AbstentionRow(
        name,
        given,
        hits / given if given else None,
        hits / owed if owed else 0.0,
        _f1(every) or 0.0,
        bootstrap_interval(pairs, _f1),
    )


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    total = sum(due for due, _ in pairs) + sum(made for _, made in pairs)
    return 2 * sum(due and made for due, made in pairs) / total if total else None


def report(
    asked: Sequence[Asked],
    evidence: Sequence[EvidenceRow],
    abstention: Sequence[AbstentionRow],
) -> str:
    """The figures in Markdown."""
    open_ = sum(not one.answerable for one in asked)
    head = (
        f"ConditionalQA, open part: {len(asked)} questions, {open_} of them unanswerable, "
        "all pages searched at once."
    )
    lines = [["", "evidence F1 (95 %)", "precision", "recall", "words F1", "elements cited"]]
    for row in evidence:
        values = (row.precision, row.recall, row.words_f1)
        shown = [f"{value:.3f}" for value in values]
        lines.append([row.name, _with(row.f1, row.interval), *shown, f"{row.cited:.1f}"])
    below = [["", "declined", "precision", "recall", "F1 (95 %)"]]
    for own in abstention:
        precision = "–" if own.precision is None else f"{own.precision:.3f}"
        f1 = _with(own.f1, own.interval)
        below.append([own.name, str(own.declined), precision, f"{own.recall:.3f}", f1])
    return "\n\n".join([head, _table(lines), _table(below)])


def _with(value: float, interval: Interval | None) -> str:
    return f"{value:.3f}" + (f" ({interval.low:.3f}–{interval.high:.3f})" if interval else "")


def _table(lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in lines[0][1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))
