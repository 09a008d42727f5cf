"""ShARC without a model: how far conditions, facts and the next question go on other rules.

`python -m evals.benchmarks.sharc --data DIR [--model [--every N]] [--json FILE]` takes the open
part of ShARC (`sharc_dev_605.jsonl`, CC BY-SA 3.0; M. Saeidi et al., "Interpretation of Natural
Language Rules in Conversational Machine Reading", EMNLP 2018). The rule is given. Its conditions
are derived by `rule_text`, follow-up questions that were answered and sentences of the scenario are
matched with conditions by the sentence vectors of the embedding model, and the evaluator gives the
verdict: Yes, No, or More with the fact to ask for next. No word of the set is learnt; the two
thresholds of the matching are set on half of the rules and used on the other half, and the reverse.

Told: micro and macro accuracy against the majority, and how many words the next question shares
with the gold one (token F1) where both ask. There is no goal. With `--model` every Nth record is
also put to the chat model that is configured (`sharc_model`), and one table holds its figures
beside those without it and the majority's, all on these records.

Exit codes: 0 done, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from assistant.chat_model import ChatModel
from assistant.eligibility.evaluation import evaluate
from assistant.eligibility.facts import KnownFact
from assistant.eligibility.measures import Catalogue, Measure
from assistant.eligibility.rule_text import RuleText, read_rule
from assistant.errors import AssistantError
from assistant.opening import model_dir
from assistant.settings import load_settings
from evals.adapters.reading import read_set
from evals.benchmarks.sharc_figures import (
    Outcome,
    interval_of,
    macro_accuracy,
    summed_up,
    table,
)
from evals.benchmarks.sharc_model import asked, compared, majority, open_model
from evals.errors import EvaluationError
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
        question = catalogue.facts[found.next_fact].question["en"] if found.next_fact else ""
        return Outcome(
            record["id"],
            record["rule"],
            record["verdict"],
            _VERDICTS[found.verdict],
            question,
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
    parser.add_argument("--model", action="store_true", help="ask the configured chat model too")
    parser.add_argument("--every", type=int, default=1, help="with --model: take every Nth record")
    parser.add_argument("--json", type=Path, help="file for the figures")
    given = parser.parse_args(arguments)
    if given.every < 1 or (given.every > 1 and not given.model):
        parser.error("--every must be 1 or more, and goes with --model")
    try:
        settings = load_settings()
        records = list(read_set(given.data, FILE))
        chat_model = open_model(settings) if given.model else None
        matcher = Matcher(OnnxEmbedder.open(model_dir(settings), settings.threads))
        found, chosen = crossed(records, matcher)
        columns = beside(records[:: given.every], found, chat_model) if chat_model else {}
    except (AssistantError, EvaluationError, IndexingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    figures, interval = summed_up(found), interval_of(found)
    print(compared(columns) if columns else table(figures, interval))
    for part in chosen:
        print(f"thresholds: history {part.history:.2f}, scenario {part.scenario:.2f}")
    if given.json:
        told = {
            **asdict(figures),
            "interval": asdict(interval) if interval else None,
            "thresholds": [asdict(part) for part in chosen],
        }
        if columns:
            told["compared"] = {name: asdict(summed_up(own)) for name, own in columns.items()}
        given.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


def beside(
    records: Sequence[Mapping[str, Any]], found: Sequence[Outcome], chat_model: ChatModel
) -> dict[str, list[Outcome]]:
    """The outcomes of some records by who judged them.

    Args:
        records: The records that the chat model is asked.
        found: The outcomes without it, of these records and others.
        chat_model: The model.
    """
    without = {one.id: one for one in found}
    own = [without[record["id"]] for record in records]
    said = list(asked(records, chat_model))
    return {chat_model.name: said, "without a model": own, "majority": majority(own)}


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
