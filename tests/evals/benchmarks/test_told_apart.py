from __future__ import annotations

import pytest

from evals.benchmarks.told_apart import (
    Cuts,
    class_f1,
    fit_cuts,
    macro_f1,
    majority,
    table,
    told_apart,
    told_by_threshold,
)

CLASSES = ("yes", "no", "perhaps")


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("yes", "yes"), ("no", "no")], {"yes": 1.0, "no": 1.0}),
        ([("yes", "yes"), ("yes", "no"), ("no", "no")], {"yes": 2 / 3, "no": 2 / 3}),
        # A class that is only told costs a gold class its recall, and has no F1.
        ([("yes", "perhaps"), ("yes", "yes")], {"yes": 2 / 3}),
        ([("yes", "no"), ("no", "yes")], {"yes": 0.0, "no": 0.0}),
    ],
)
def test_f1_by_gold_class(pairs: list[tuple[str, str]], expected: dict[str, float]) -> None:
    assert class_f1(pairs) == pytest.approx(expected)
    assert macro_f1(pairs) == pytest.approx(sum(expected.values()) / len(expected))


def test_nothing_has_no_macro_f1() -> None:
    assert macro_f1([]) is None
    with pytest.raises(ValueError, match="no case"):
        told_apart("x", [], [], [])


def test_the_majority_is_told_of_all() -> None:
    assert majority(["no", "yes", "yes"]) == ["yes", "yes", "yes"]


def test_cuts_tell_three_ranges() -> None:
    cuts = Cuts(0.2, 0.6, ("no", "perhaps", "yes"))
    told = [cuts.tell(score) for score in (0.1, 0.2, 0.59, 0.6, 1.0)]
    assert told == ["no", "perhaps", "perhaps", "yes", "yes"]


@pytest.mark.parametrize("order", [("no", "perhaps", "yes"), ("yes", "no", "perhaps")])
def test_cuts_find_what_a_score_tells_apart(order: tuple[str, str, str]) -> None:
    scores = [n / 30 for n in range(30)]
    gold = [order[n // 10] for n in range(30)]
    cuts = fit_cuts(scores, gold, CLASSES)
    assert [cuts.tell(score) for score in scores] == gold


def test_cuts_can_leave_a_range_empty() -> None:
    scores = [n / 20 for n in range(20)]
    gold = ["no"] * 10 + ["yes"] * 10
    cuts = fit_cuts(scores, gold, CLASSES)
    assert [cuts.tell(score) for score in scores] == gold


def test_a_threshold_is_fitted_without_the_fold_it_judges() -> None:
    scores = [float(n % 2) for n in range(40)]
    gold = ["yes" if n % 2 else "no" for n in range(40)]
    clusters = [f"c{n}" for n in range(40)]
    assert told_by_threshold(scores, gold, clusters, CLASSES) == gold
    # A lone case of a class in its fold cannot have been learnt from.
    alone = ["perhaps", *gold]
    told = told_by_threshold([1.0, *scores], alone, ["c", *clusters], CLASSES)
    assert told[0] == "yes"


def test_the_interval_resamples_clusters_and_the_table_shows_it() -> None:
    gold = ["yes", "no"] * 20
    told = ["yes", "no"] * 15 + ["no", "yes"] * 5
    found = told_apart("ours", gold, told, [f"c{n // 2}" for n in range(40)])
    assert found.macro_f1 == pytest.approx(0.75)
    assert found.interval is not None
    assert found.interval.low < 0.75 < found.interval.high
    lines = table([found]).splitlines()
    assert lines[0] == "|  | macro F1 (95 %) | F1 no | F1 yes |"
    assert lines[2].startswith("| ours | 0.750 (")
