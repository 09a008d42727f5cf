"""Verdicts a second on one core, beside plain recursion over JSON; and whether memory stays flat.

`python -m evals.benchmarks.eligibility [N [M]]` judges the measures of the default corpus by N
(2,000) sets of facts, drawn with a fixed seed from the answers that the criteria tell apart, each
fact known or not. It times the verdict alone, the whole evaluation, and the evaluation with the
next fact; the peer, rules of the json-logic kind over dictionaries, gives two-valued verdicts
alone. All take turns over the same facts, and must agree wherever the verdict is not open. Then it
evaluates M (100,000) times and compares the memory.
"""

from __future__ import annotations

import gc
import json
import operator
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import cycle, islice
from typing import Any as Anything

from assistant.eligibility.answers import possible_answers
from assistant.eligibility.evaluation import Verdict, evaluate, verdict_of
from assistant.eligibility.facts import Facts, KnownFact
from assistant.eligibility.kleene import criteria_of, limit_of
from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.measures import (
    All,
    Any,
    Catalogue,
    Compare,
    CompareDate,
    Criterion,
    Is,
    Measure,
    Not,
    OneOf,
    Scale,
    Tree,
    Within,
)
from assistant.eligibility.places import lies_within
from assistant.settings import load_settings

_ROUNDS = 7
_Judge = Callable[[Anything, Anything], object]
_COMPARE: dict[str, Callable[[Anything, Anything], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_SIGNS = {
    "at_least": ">=",
    "at_most": "<=",
    "more_than": ">",
    "less_than": "<",
    "on_or_after": ">=",
    "on_or_before": "<=",
    "after": ">",
    "before": "<",
}


def main(count: int = 2_000, evaluations: int = 100_000) -> None:
    """Measure and print."""
    catalogue = load_catalogue(load_settings(composer="quotes").corpus)
    measures = list(catalogue.measures.values())
    if not measures:
        raise SystemExit("the corpus describes no measures; there is nothing to time")
    cases = _cases(catalogue, measures, count)
    rules = {one.id: _rule(one.criteria) for one in measures}
    plain = [(rules[one.id], {name: known.value for name, known in facts.items()})
             for one, facts in cases]  # fmt: skip
    systems: dict[str, Callable[[], None]] = {
        "verdict": lambda: _each(verdict_of, cases),
        "evaluation": lambda: _each(lambda m, f: evaluate(m, f, catalogue, ask=False), cases),
        "evaluation with next fact": lambda: _each(lambda m, f: evaluate(m, f, catalogue), cases),
        "rules over dictionaries": lambda: _each(_applies, plain),
    }
    seconds: dict[str, list[float]] = {name: [] for name in systems}
    for _ in range(_ROUNDS):
        for name, run in systems.items():
            began = time.process_time()
            run()
            seconds[name].append(time.process_time() - began)
    best = {name: min(times) for name, times in seconds.items()}
    peer = best["rules over dictionaries"]
    verdicts = [evaluate(one, facts, catalogue).verdict for one, facts in cases]
    found = {
        "measures": len(measures),
        "criteria": sum(len(criteria_of(one.criteria)) for one in measures),
        "cases": len(cases),
        "verdicts": {name: verdicts.count(name) for name in sorted(set(verdicts))},
        "per_second": {name: round(len(cases) / spent) for name, spent in best.items()},
        "ratio_to_rules": {name: round(peer / spent, 2) for name, spent in best.items()},
        "decided_as_by_rules": _agreeing(verdicts, plain),
        "evaluations": evaluations,
        "kept_bytes": _kept(catalogue, cases, evaluations),
    }
    print(json.dumps(found, indent=2))


def _cases(
    catalogue: Catalogue, measures: Sequence[Measure], count: int
) -> list[tuple[Measure, Facts]]:
    """Measures in turn, each with facts that make its criteria come out every way."""
    draw = random.Random(7)
    cases: list[tuple[Measure, Facts]] = []
    for measure in islice(cycle(measures), count):
        facts: dict[str, KnownFact] = {}
        criteria = criteria_of(measure.criteria)
        for name in dict.fromkeys(one.fact for one in criteria if one.fact):
            if draw.random() < 0.6:
                asking = [one for one in criteria if one.fact == name]
                answers = possible_answers(catalogue.facts[name], asking, facts)
                facts[name] = KnownFact(name, draw.choice(answers))
        cases.append((measure, facts))
    return cases


def _each(judge: _Judge, cases: Sequence[tuple[Anything, Anything]]) -> None:
    for what, facts in cases:
        judge(what, facts)


def _agreeing(
    verdicts: Sequence[Verdict], plain: Sequence[tuple[dict[str, Anything], dict[str, Anything]]]
) -> float:
    """The share of decided verdicts that the rules give too."""
    same = [
        (verdict == "eligible") == _applies(rule, facts)
        for verdict, (rule, facts) in zip(verdicts, plain, strict=True)
        if verdict != "more_information_needed"
    ]
    return sum(same) / len(same)


def _kept(catalogue: Catalogue, cases: Sequence[tuple[Measure, Facts]], evaluations: int) -> int:
    """Bytes that are held more after so many evaluations than before them."""
    _each(lambda one, facts: evaluate(one, facts, catalogue), cases)
    tracemalloc.start()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for measure, facts in islice(cycle(cases), evaluations):
        evaluate(measure, facts, catalogue)
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return kept


def _rule(tree: Tree) -> dict[str, Anything]:
    """A tree as a rule of the json-logic kind: an operator with its arguments."""
    match tree:
        case All(parts):
            return {"and": [_rule(part) for part in parts]}
        case Any(parts):
            return {"or": [_rule(part) for part in parts]}
        case Not(part):
            return {"!": [_rule(part)]}
        case Criterion(fact=name, test=test):
            return _test_rule(name or "", test)


def _test_rule(name: str, test: object) -> dict[str, Anything]:
    value = {"var": name}
    match test:
        case Is(wanted):
            return {"==": [value, wanted]}
        case OneOf(choices):
            return {"some": [value, choices]}
        case Within(places):
            return {"within": [value, places]}
        case CompareDate(how, day):
            return {_SIGNS[how]: [value, day]}
        case Compare(how, limit):
            scaled = isinstance(limit, Scale)
            return {_SIGNS[how]: [value, {"scale": limit} if scaled else limit]}
        case _:
            return {"false": []}


def _applies(rule: Mapping[str, Anything], facts: Mapping[str, Anything]) -> bool:
    """Whether a rule holds; what is not known does not hold."""
    ((sign, arguments),) = rule.items()
    match sign:
        case "and":
            return all(_applies(one, facts) for one in arguments)
        case "or":
            return any(_applies(one, facts) for one in arguments)
        case "!":
            return not _applies(arguments[0], facts)
        case "false":
            return False
    value = facts.get(arguments[0]["var"])
    if value is None:
        return False
    match sign:
        case "==":
            return bool(value == arguments[1])
        case "some":
            return any(one in value for one in arguments[1])
        case "within":
            return any(lies_within(value, one) for one in arguments[1])
    limit = arguments[1]
    if isinstance(limit, dict):
        limit = _scaled(limit["scale"], facts)
    return limit is not None and _COMPARE[sign](value, limit)


def _scaled(scale: Scale, facts: Mapping[str, Anything]) -> Decimal | None:
    number = facts.get(scale.by)
    return None if number is None else limit_of(scale, {scale.by: KnownFact(scale.by, number)})


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:]))
    sys.stdout.flush()
