"""The steps of training, in order: centre, map, find candidates, gate, judge relevance.

Everything that is measured is measured on questions that its estimates have not seen: sets that are
trained on by cross-validation, the others by what was fitted to the whole of those.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evals.fitting.candidates import Candidates
from evals.fitting.embedded import EmbeddedSet
from evals.fitting.figures import Reliability, reliability
from evals.fitting.folds import folds_by_group
from evals.fitting.gate import Gate, GateOptions, Judged, fit_gate
from evals.fitting.parameters import LANGS
from evals.fitting.query_map import Lesson, MapOptions, Preserved, fit_query_map, mapped
from evals.fitting.relevance import Examples, cross_validated, fit_relevance, probabilities
from evals.fitting.search import PAIRS, Figures, Rows, Search, Space
from index.embedding import Vector

SEED = 7
LESSONS = ("lecoqa", "orsharc")
PRESERVED = tuple((f"xquad-{ask}", f"xquad-{find}") for ask in LANGS for find in LANGS)
GATE_WEIGHTS = {"lecoqa": 1.0, "orsharc": 1.0, "xquad-en": 3.0, "xquad-zh": 3.0}
TRAINED = frozenset(GATE_WEIGHTS)
_OTHERS = {"zh": ("lecoqa",), "en": ("mtrag", "conditionalqa")}
_OTHERS_MOST = 1500


@dataclass(frozen=True)
class Outcome:
    """What training gives.

    Attributes:
        arrays: The parameters, by name.
        held_out: Figures of each ranking of questions not seen, by pair and ranking.
        in_sample: The same of questions seen, where there are such.
        shares: Mean g of the questions of each set.
        relevance: Agreement of probabilities with labels, by pair.
    """

    arrays: Mapping[str, NDArray[Any] | float]
    held_out: Mapping[str, Figures]
    in_sample: Mapping[str, Figures]
    shares: Mapping[str, float]
    relevance: Mapping[str, Reliability]


def train(
    sets: Mapping[str, EmbeddedSet],
    folds: int,
    map_options: MapOptions | None = None,
    gate_options: GateOptions | None = None,
) -> Outcome:
    """Estimate everything, and measure it.

    Args:
        sets: Every set of `evals.fitting.sets`.
        folds: Of cross-validation.
        map_options: How the map is fitted.
        gate_options: How the gate is fitted.
    """
    # Sums depend on how they are shared out, and with them the last digits of every figure.
    torch.set_num_threads(1)
    space = Space.of(sets)
    rows = {name: np.arange(len(own.collection.questions)) for name, own in sets.items()}
    dealt = {name: folds_by_group(own.collection.groups, folds, SEED) for name, own in sets.items()}

    def map_of(kept: Rows) -> Vector:
        return _fit_map(sets, space, kept, map_options or MapOptions())

    def gate_of(found: Mapping[str, Sequence[Candidates]], kept: Rows) -> Gate:
        return _fit_gate(space, found, kept, gate_options or GateOptions())

    final_map = map_of(rows)
    _say("map fitted")
    final = {name: mapped(final_map, own) for name, own in space.questions.items()}
    unseen = dict(final) | {name: np.zeros_like(final[name]) for name in TRAINED}
    for fold in range(folds):
        fold_map = map_of(_without(dealt, fold))
        for name in TRAINED:
            own = dealt[name] == fold
            unseen[name][own] = mapped(fold_map, space.questions[name][own])
        _say(f"map fitted without fold {fold}")

    searches = {pair.name: Search(pair, sets, space) for pair in PAIRS}
    found = {name: search.candidates(unseen) for name, search in searches.items()}
    _say("candidates found")
    final_gate = gate_of(found, rows)
    gates = {name: [final_gate] * len(own) for name, own in rows.items()}
    for fold in range(folds):
        fold_gate = gate_of(found, _without(dealt, fold))
        for name in TRAINED:
            for number in np.flatnonzero(dealt[name] == fold):
                gates[name][number] = fold_gate
    _say("gates fitted")

    held_out = {
        name: search.figures(unseen, found[name], gates) for name, search in searches.items()
    }
    new = _new_gold(sets["lecoqa"], dealt["lecoqa"])
    if new.size:
        held_out[f"lecoqa, {len(new)} on articles new to the fold"] = searches["lecoqa"].figures(
            unseen, found["lecoqa"], gates, only=new
        )
    in_sample = {}
    for name, search in searches.items():
        if search.pair.asked in TRAINED:
            seen = search.candidates(final)
            in_sample[name] = search.figures(final, seen, {key: [final_gate] for key in rows})
    examples = {
        name: search.examples(unseen, found[name], gates, dealt)
        for name, search in searches.items()
    }
    weights, judged = _relevance(examples, folds)
    _say("relevance fitted")
    return Outcome(
        arrays={
            **space.means,
            "query_map": final_map,
            "gate": final_gate.direction,
            "gate_bias": final_gate.bias,
            "lexical_weight": final_gate.lexical_weight,
            **weights,
        },
        held_out=held_out,
        in_sample=in_sample,
        shares={
            name: float(
                np.mean([g.shares(q[None])[0] for g, q in zip(gates[name], own, strict=True)])
            )
            for name, own in space.questions.items()
        },
        relevance=judged,
    )


def _fit_map(
    sets: Mapping[str, EmbeddedSet], space: Space, rows: Rows, options: MapOptions
) -> Vector:
    lessons = []
    for name in LESSONS:
        gold = sets[name].collection.gold_passages()
        own = rows[name]
        lessons.append(
            Lesson(space.questions[name][own], space.passages[name], [gold[n] for n in own])
        )
    others = {}
    for lang, names in _OTHERS.items():
        passages = np.concatenate([space.passages[name] for name in names])
        most = min(len(passages), _OTHERS_MOST) if lang == "zh" else len(passages)
        chosen = np.random.default_rng(SEED).choice(len(passages), most, replace=False)
        others[lang] = passages[chosen]
    preserved = [
        Preserved(
            space.questions[asked][rows[asked]],
            np.concatenate([space.passages[found], others[sets[found].collection.lang]]),
        )
        for asked, found in PRESERVED
    ]
    return fit_query_map(lessons, preserved, options, SEED)


def _fit_gate(
    space: Space, found: Mapping[str, Sequence[Candidates]], rows: Rows, options: GateOptions
) -> Gate:
    judged = [
        Judged(space.questions[name][rows[name]], [found[name][n] for n in rows[name]], weight)
        for name, weight in GATE_WEIGHTS.items()
    ]
    return fit_gate(judged, options)


def _relevance(
    examples: Mapping[str, Examples], folds: int
) -> tuple[dict[str, NDArray[np.float64]], dict[str, Reliability]]:
    weights, judged = {}, {}
    for same, array in ((True, "relevance_same"), (False, "relevance_across")):
        pairs = [pair for pair in PAIRS if pair.same_language == same]
        fitted = [pair.name for pair in pairs if pair.relevance]
        own = [examples[name] for name in fitted]
        weights[array] = fit_relevance(own)
        found = dict(zip(fitted, cross_validated(own, folds), strict=True))
        for pair in pairs:
            features = examples[pair.name].features
            values = found.get(pair.name, probabilities(weights[array], features))
            judged[pair.name] = reliability(values, examples[pair.name].answers)
    return weights, {pair.name: judged[pair.name] for pair in PAIRS}


def _without(dealt: Rows, fold: int) -> dict[str, NDArray[np.int64]]:
    return {name: np.flatnonzero(folds != fold) for name, folds in dealt.items()}


def _new_gold(own: EmbeddedSet, folds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Questions none of whose gold is gold of a question in another fold."""
    gold = own.collection.gold

    def seen(fold: int) -> set[str]:
        others: Iterable[frozenset[str]] = (gold[n] for n in np.flatnonzero(folds != fold).tolist())
        return set().union(*others)

    taught = {fold: seen(fold) for fold in np.unique(folds).tolist()}
    return np.array(
        [n for n, fold in enumerate(folds.tolist()) if not gold[n] & taught[fold]], np.int64
    )


_BEGAN = time.monotonic()


def _say(what: str) -> None:
    print(f"{time.monotonic() - _BEGAN:5.0f} s  {what}", file=sys.stderr, flush=True)
