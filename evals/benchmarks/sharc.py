"""ShARC without a model: how far conditions, facts and the next question go on other rules.

`python -m evals.benchmarks.sharc --data DIR [--json FILE]` takes the open part of ShARC
(`sharc_dev_605.jsonl`, CC BY-SA 3.0; M. Saeidi et al., "Interpretation of Natural Language Rules
in Conversational Machine Reading", EMNLP 2018). The rule is given. Its conditions are derived by
`rule_text`, follow-up questions that were answered and sentences of the scenario are matched with
conditions by the sentence vectors of the embedding model, and the evaluator gives the verdict:
Yes, No, or More with the fact to ask for next. No word of the set is learnt; the two thresholds of
the matching are set on half of the rules and used on the other half, and the reverse.

Told: micro and macro accuracy against the majority, and how many words the next question shares
with the gold one (token F1) where both ask. There is no goal.

Exit codes: 0 done, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from assistant.eligibility.evaluation import evaluate
from assistant.eligibility.facts import KnownFact
from assistant.eligibility.measures import Catalogue, Measure
from assistant.eligibility.rule_text import RuleText, read_rule
from assistant.errors import AssistantError
from assistant.opening import model_dir
from assistant.settings import load_settings
from evals.adapters.reading import read_set
from evals.errors import EvaluationError
from evals.statistics import Interval, bootstrap_interval
from index.embedding import Embedder, Vector
from index.errors import IndexingError
from index.onnx_embedder import OnnxEmbedder
from index.sentences import sentence_spans

FILE = "sharc_dev_605.jsonl"
_VERDICTS = {
    "eligible": "Yes",
    "not_eligible": "No",
    "more_information_needed": "More",
}
_ANSWERS = {"yes": True, "no": False}
_NEGATED = re.compile(r"\b(?:not?|never|without|neither)\b|n['’]t\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")
_GRID = tuple(round(0.80 + 0.02 * step, 2) for step in range(11))
_STRANGE = 2.0  # a threshold that no cosine reaches: the scenario is not used


@dataclass(frozen=True)
class Thresholds:
    """From which cosine on words are taken for a condition.

    Attributes:
        history: Of a follow-up question that was answered.
        scenario: Of a sentence of the scenario.
    """

    history: float
    scenario: float


@dataclass(frozen=True)
class Outcome:
    """What was said of one record.

    Attributes:
        rule: The rule's text, which records share.
        gold: `Yes`, `No` or `More`.
        verdict: The same, as it was judged.
        question: The next question where it is `More`, else empty.
        followup: The gold one, else empty.
    """

    rule: str
    gold: str
    verdict: str
    question: str
    followup: str


@dataclass(frozen=True)
class Figures:
    """The outcomes in figures.

    Attributes:
        records: How many.
        rules: Of how many rules.
        micro: Share of right verdicts.
        macro: Mean share over the gold classes.
        majority: Share of the most frequent class.
        question_f1: Mean token F1 of the next question, where gold and verdict are `More`; `None`
            where there is no such record.
        asked: How many those are.
        confusion: Counts by `gold>verdict`.
    """

    records: int
    rules: int
    micro: float
    macro: float
    majority: float
    question_f1: float | None
    asked: int
    confusion: Mapping[str, int]


class Matcher:
    """Judges records with the vectors of an embedder, each text embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        """Take the embedder."""
        self._embedder = embedder
        self._vectors: dict[str, Vector] = {}
        self.rule = cache(read_rule)

    def cosine(self, a: str, b: str) -> float:
        """The cosine of two texts."""
        missing = list(dict.fromkeys(text for text in (a, b) if text not in self._vectors))
        for text, embedding in zip(missing, self._embedder.embed_passages(missing), strict=True):
            self._vectors[text] = embedding.sentence
        return float(self._vectors[a] @ self._vectors[b])

    def judge(self, record: Mapping[str, Any], thresholds: Thresholds) -> Outcome:
        """The verdict on one record, and the question that comes next."""
        rule = self.rule(record["rule"])
        facts = self._facts(record, rule, thresholds)
        catalogue = Catalogue({fact.id: fact for fact in rule.facts}, {})
        found = evaluate(_measure(rule), facts, catalogue)
        asked = catalogue.facts[found.next_fact].question["en"] if found.next_fact else ""
        return Outcome(
            record["rule"],
            record["verdict"],
            _VERDICTS[found.verdict],
            asked,
            record["followup"] or "",
        )

    def _facts(
        self, record: Mapping[str, Any], rule: RuleText, thresholds: Thresholds
    ) -> dict[str, KnownFact]:
        """What scenario and answers say of the conditions; an answer counts before a scenario."""
        scenario = record["scenario"] or ""
        sentences = [scenario[slice(*span)] for span in sentence_spans(scenario)]
        told = [(sentence, True, thresholds.scenario) for sentence in sentences]
        for turn in record["history"]:
            answer = _ANSWERS.get(str(turn["follow_up_answer"]).lower())
            if answer is not None:
                told.append((turn["follow_up_question"], answer, thresholds.history))
        known: dict[str, KnownFact] = {}
        for words, answer, least in told:
            near = max(rule.facts, key=lambda fact: self.cosine(words, fact.label["en"]))
            condition = near.label["en"]
            if self.cosine(words, condition) >= least:
                turned = bool(_NEGATED.search(words)) != bool(_NEGATED.search(condition))
                known[near.id] = KnownFact(near.id, answer != turned, words, "conversation")
        return known


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.sharc")
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--json", type=Path, help="file for the figures")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings()
        records = list(read_set(given.data, FILE))
        matcher = Matcher(OnnxEmbedder.open(model_dir(settings), settings.threads))
        found, chosen = crossed(records, matcher)
    except (AssistantError, EvaluationError, IndexingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    figures, interval = summed_up(found), interval_of(found)
    print(table(figures, interval))
    for part in chosen:
        print(f"thresholds: history {part.history:.2f}, scenario {part.scenario:.2f}")
    if given.json:
        text = json.dumps(
            {
                **asdict(figures),
                "interval": asdict(interval) if interval else None,
                "thresholds": [asdict(part) for part in chosen],
            },
            indent=2,
        )
        given.json.write_text(text + "\n", encoding="utf-8")
    return 0


def crossed(
    records: Sequence[Mapping[str, Any]], matcher: Matcher
) -> tuple[list[Outcome], list[Thresholds]]:
    """Judge every record with the thresholds of the half of the rules that it is not in."""
    rules = list(dict.fromkeys(record["rule"] for record in records))
    halves = [set(rules[::2]), set(rules[1::2])]
    parts = [[record for record in records if record["rule"] in half] for half in halves]
    found: list[Outcome] = []
    chosen = []
    for own, other in ((parts[0], parts[1]), (parts[1], parts[0])):
        thresholds = fitted(other, matcher)
        chosen.append(thresholds)
        found += [matcher.judge(record, thresholds) for record in own]
    return found, chosen


def fitted(records: Sequence[Mapping[str, Any]], matcher: Matcher) -> Thresholds:
    """The thresholds with the best macro accuracy; of equals the highest, which assume least."""

    def macro(thresholds: Thresholds) -> float:
        return macro_accuracy([matcher.judge(record, thresholds) for record in records])

    grid = [Thresholds(a, b) for a, b in product(_GRID, (*_GRID, _STRANGE))]
    return max(reversed(grid), key=macro)


def summed_up(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of some outcomes."""
    gold = Counter(one.gold for one in outcomes)
    asked = [one for one in outcomes if one.gold == one.verdict == "More" and one.followup]
    scores = [token_f1(one.question, one.followup) for one in asked]
    return Figures(
        len(outcomes),
        len({one.rule for one in outcomes}),
        sum(one.gold == one.verdict for one in outcomes) / max(1, len(outcomes)),
        macro_accuracy(outcomes),
        max(gold.values(), default=0) / max(1, len(outcomes)),
        sum(scores) / len(scores) if scores else None,
        len(asked),
        dict(sorted(Counter(f"{one.gold}>{one.verdict}" for one in outcomes).items())),
    )


def macro_accuracy(outcomes: Iterable[Outcome]) -> float:
    """The mean over gold classes of the share that is right."""
    shares: dict[str, list[bool]] = {}
    for one in outcomes:
        shares.setdefault(one.gold, []).append(one.gold == one.verdict)
    return sum(sum(own) / len(own) for own in shares.values()) / len(shares) if shares else 0.0


def token_f1(said: str, gold: str) -> float:
    """The harmonic mean of precision and recall of the words, each counted as often as it stands.

    >>> token_f1("Are you a student?", "Are you a refugee?")
    0.75
    """
    a, b = (Counter(_WORD.findall(text.lower())) for text in (said, gold))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def interval_of(outcomes: Sequence[Outcome]) -> Interval | None:
    """The interval of the macro accuracy, by rules."""
    clusters: dict[str, list[Outcome]] = {}
    for one in outcomes:
        clusters.setdefault(one.rule, []).append(one)
    statistic: Callable[[Sequence[Outcome]], float | None] = macro_accuracy
    return bootstrap_interval(clusters, statistic)


def table(figures: Figures, interval: Interval | None) -> str:
    """The figures as a Markdown table."""
    bounds = f" ({interval.low:.3f} to {interval.high:.3f})" if interval else ""
    f1 = "–" if figures.question_f1 is None else f"{figures.question_f1:.3f} of {figures.asked}"
    rows = [
        ("records", str(figures.records)),
        ("rules", str(figures.rules)),
        ("micro accuracy", f"{figures.micro:.3f}"),
        ("macro accuracy, 95 % interval", f"{figures.macro:.3f}{bounds}"),
        ("majority", f"{figures.majority:.3f}"),
        ("token F1 of the next question", f1),
        *((pair, str(count)) for pair, count in figures.confusion.items()),
    ]
    return "\n".join(["| figure | value |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)])


def _measure(rule: RuleText) -> Measure:
    return replace(_EMPTY, criteria=rule.tree)


_EMPTY = Measure(
    id="sharc/rule",
    policy="sharc",
    title={"en": "rule"},
    summary={"en": "rule"},
    audience=("talent",),
    jurisdiction="CN",
    given={"en": ""},
    acts={"en": ""},
    section="",
    benefits=(),
    criteria=read_rule("you apply").tree,
)


if __name__ == "__main__":
    sys.exit(main())
