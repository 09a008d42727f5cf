"""The report of a training: what was fitted to what, and how well it does on what it has not seen.

Written by the machine, and the same for the same data, model and seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from evals.fitting.embedded import EmbeddedSet
from evals.fitting.figures import BINS, MEASURES, Reliability
from evals.fitting.gate import GateOptions
from evals.fitting.parameters import MEANINGS, shapes
from evals.fitting.query_map import MapOptions
from evals.fitting.search import PAIRS, Figures
from evals.fitting.training import GATE_WEIGHTS, SEED, Outcome

_RANKINGS = {
    "raw": "dense, raw",
    "centred": "dense, centred",
    "mapped": "dense, mapped",
    "match": "match",
    "fused": "fused",
}
_USES = {
    "xquad": "means; preserved by the map; gate; relevance",
    "orsharc": "map; gate; relevance",
    "lecoqa": "map; gate",
    "conditionalqa": "relevance; its passages are alternatives in what the map preserves",
    "mtrag": "relevance; its passages are alternatives in what the map preserves",
    "own": "nothing",
}


@dataclass(frozen=True)
class Run:
    """What was run.

    Attributes:
        model: The embedding model.
        digest: SHA-256 of the file of parameters.
        folds: Of cross-validation.
        sets: The sets.
    """

    model: str
    digest: str
    folds: int
    sets: Mapping[str, EmbeddedSet]


def write_report(run: Run, outcome: Outcome, path: Path) -> None:
    """Write the report.

    Args:
        run: What was run.
        outcome: What came of it.
        path: Where to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(run, outcome), encoding="utf-8")


def report(run: Run, outcome: Outcome) -> str:
    """The report in Markdown."""
    parts = [
        _head(run),
        _data(run),
        _rankings(run, outcome),
        _score(outcome),
        _relevance(run, outcome),
        _arrays(outcome),
    ]
    return "\n\n".join(parts) + "\n"


def _head(run: Run) -> str:
    return f"""# How the retrieval parameters were estimated

Written by `python -m evals.fitting ../shared/data`; do not edit. Parameters: SHA-256
`{run.digest[:16]}…`. Model: {run.model}. Seed {SEED}, {run.folds} folds.

1. Sentence and token vectors are centred by the means of XQuAD, whose subjects are many.
2. The map W of questions is fitted by Adam to LeCoQA and OR-ShARC (softmax over all passages of the
   set), held to the identity, and to leave the similarities of XQuAD's four language pairs as they
   are (Kullback–Leibler divergence).
3. Candidates: reciprocal rank fusion (k = 60) of the first 100 by sentence vectors and the first
   100 by BM25; the first 50 are reranked.
4. The gate g and the weight h are fitted to candidates in one language, found by maps that have
   not seen the question.
5. The probability of relevance is fitted to the best passage of each ranking, and to the best one
   where all gold passages were taken out of the corpus.

Map: {_options(MapOptions())}.

Gate: {_options(GateOptions())}.
Weights of the sets: {", ".join(f"{name} {weight:g}" for name, weight in GATE_WEIGHTS.items())}."""


def _data(run: Run) -> str:
    rows = [
        (
            name,
            own.collection.lang,
            f"{len(own.collection.passages):,}",
            f"{own.passages.lengths.sum():,}",
            f"{len(own.collection.questions):,}",
            f"{len(set(own.collection.groups)):,}",
            _use(name),
        )
        for name, own in run.sets.items()
    ]
    head = ("set", "language", "passages", "their tokens", "questions", "groups", "used for")
    return f"""## Data

Questions of one group are in one fold: XQuAD by article, OR-ShARC by rule, LeCoQA by question,
ConditionalQA by page, MTRAG by conversation. `own` is `evals/cases/retrieval.jsonl` on
`docs_corpus`, each language by itself; nothing is fitted to it.

{_table(head, rows)}"""


def _rankings(run: Run, outcome: Outcome) -> str:
    return f"""## Rankings of questions not seen

XQuAD, OR-ShARC and LeCoQA: cross-validated. The others were never trained on by map and gate, and
are ranked by the parameters as written. S@1: whether the first is right. R@k: the share of the
right ones among the first k. MRR: over the first 50. `raw` is the model's own cosine, `match` ranks
the 50 candidates by tokens alone, `fused` by the whole score; across languages that is `match` and
BM25. Means are those of all of XQuAD's questions and passages.

{_figures(outcome.held_out)}

{_new_articles(outcome)}

## Rankings of questions seen

The same with the parameters as written, which were fitted to these questions.

{_figures(outcome.in_sample)}"""


def _new_articles(outcome: Outcome) -> str:
    """What the score gains where no other question taught the articles that answer."""
    gains = [
        f"{name} {found['fused'][at] - found['match'][at]:+.3f}"
        for name, found in outcome.held_out.items()
        if name.startswith("lecoqa")
        for at in [MEASURES.index("R@10")]
    ]
    return f"""\
Most LeCoQA questions have gold articles that a question of another fold has too: these
the map may have learned by heart. R@10 of the whole score, less that of the match alone:
{"; ".join(gains)}."""


def _figures(of: Mapping[str, Figures]) -> str:
    rows = [
        (name if ranking == "raw" else "", label, *(f"{value:.3f}" for value in figures[ranking]))
        for name, figures in of.items()
        for ranking, label in _RANKINGS.items()
    ]
    return _table(("set", "ranking", *MEASURES), rows)


def _score(outcome: Outcome) -> str:
    cross = [pair.name for pair in PAIRS if not pair.same_language]
    changes = ", ".join(
        f"{name} {_change(outcome.held_out[name], 'match', 'fused')}" for name in cross
    )
    shares = [(name, f"{share:.2f}") for name, share in outcome.shares.items()]
    return f"""## Score

In one language `(1 − g) · match + g · dense + h · lexical`, across languages
`match + h · lexical`. h = {float(outcome.arrays["lexical_weight"]):.4f}, fitted in one language.
What it changes across, in S@1 and MRR:
{changes}.

Mean g of the questions of each set (not seen, as above):

{_table(("set", "g"), shares)}"""


def _change(figures: Figures, before: str, after: str) -> str:
    # Adding nothing takes the sign off a zero.
    change = np.round(figures[after] - figures[before], 3) + 0.0
    return f"{change[0]:+.3f} and {change[-1]:+.3f}"


def _relevance(run: Run, outcome: Outcome) -> str:
    fitted = {pair.name for pair in PAIRS if pair.relevance}
    rows = [
        (
            name,
            "yes" if name in fitted else "no",
            str(found.count),
            f"{found.share:.3f}",
            f"{found.auc:.3f}",
            f"{found.brier:.3f}",
            f"{found.ece:.3f}",
        )
        for name, found in outcome.relevance.items()
    ]
    weights = [
        (name, *(f"{value:.3f}" for value in outcome.arrays[name]))  # type: ignore[union-attr]
        for name in ("relevance_same", "relevance_across")
    ]
    head = ("set", "fitted to", "examples", "answer", "AUC", "Brier", "ECE")
    return f"""## Relevance

logistic(w₁ · match + w₂ · dense + w₃); every set that it is fitted to counts the same.

{_table(("array", "w₁ (match)", "w₂ (dense)", "w₃"), weights)}

Sets that it is fitted to are cross-validated over {run.folds} folds of questions; for the others
the weights are those above. LeCoQA is left out because its gold lists are not complete. `answer` is
the share of examples that answer, ECE the expected calibration error over {BINS} bins.

{_table(head, rows)}

Share of examples that answer, by probability; in brackets how many there are.

{_reliability(outcome.relevance)}"""


def _reliability(of: Mapping[str, Reliability]) -> str:
    head = ("set", *(f"{n / BINS:.1f}–{(n + 1) / BINS:.1f}" for n in range(BINS)))
    rows = [
        (
            name,
            *(
                "" if math.isnan(share) else f"{share:.2f} ({count})"
                for count, _, share in found.bins
            ),
        )
        for name, found in of.items()
    ]
    return _table(head, rows)


def _arrays(outcome: Outcome) -> str:
    wanted = shapes(len(outcome.arrays["query_map"]))  # type: ignore[arg-type]
    rows = [
        (f"`{name}`", " × ".join(map(str, wanted[name])) or "number", meaning)
        for name, meaning in MEANINGS.items()
    ]
    return f"""## Arrays

32 bits; `query_map` 16. unit(v) is v at length 1.

{_table(("array", "shape", "what it is"), rows)}"""


def _options(options: MapOptions | GateOptions) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {value:g}" for name, value in asdict(options).items()
    )


def _use(name: str) -> str:
    return next(use for start, use in _USES.items() if name.startswith(start))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
