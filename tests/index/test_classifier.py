from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from index.classifier import Classifier
from index.embedding import Vector

CORNERS = ((0.0, 0.0), (6.0, 0.0), (0.0, 6.0))


def near(points: Vector, others: Vector) -> Vector:
    """How like points of a plane are, `(n, n_others)`: 1 for the same, 0 from afar."""
    apart = ((points[:, None] - others[None]) ** 2).sum(axis=-1)
    return np.asarray(np.exp(-apart / 2), dtype=np.float32)


def fitted(
    points: object, classes: list[int], most: int | None = None
) -> Callable[[float, float], list[float]]:
    """The scores of any point by a classifier fitted to points of a plane."""
    known = np.asarray(points, dtype=np.float32)
    options = {} if most is None else {"most": most}
    classifier = Classifier.fit(lambda part: near(known[part], known), classes, **options)

    def scores(x: float, y: float) -> list[float]:
        found = classifier.scores(near(np.asarray([[x, y]], dtype=np.float32), known)[0])
        assert found.shape == (max(classes) + 1,)
        return [float(score) for score in found]

    return scores


def clusters(each: int) -> tuple[Vector, list[int]]:
    """Points about the corners of a triangle, one class a corner, taken in turn."""
    noise = np.random.default_rng(3).normal(scale=0.6, size=(each * len(CORNERS), 2))
    corners = np.tile(np.asarray(CORNERS), (each, 1))
    return np.asarray(corners + noise, dtype=np.float32), [0, 1, 2] * each


def best(scores: list[float]) -> int:
    return scores.index(max(scores))


# -- telling apart -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "own"),
    [(corner, number) for number, corner in enumerate(CORNERS)]
    + [((0.9, 0.5), 0), ((5.0, -0.5), 1), ((0.5, 5.0), 2)],
)
def test_classes_that_lie_apart_are_told_apart(place: tuple[float, float], own: int) -> None:
    scores = fitted(*clusters(20))(*place)
    assert best(scores) == own
    assert scores[own] > 0.7
    assert max(score for number, score in enumerate(scores) if number != own) < 0.2


def test_a_score_is_about_one_at_an_example_and_about_none_far_away() -> None:
    scores = fitted(CORNERS * 10, [0, 1, 2] * 10)
    for own, place in enumerate(CORNERS):
        expected = [0.0, 0.0, 0.0]
        expected[own] = 1.0
        assert scores(*place) == pytest.approx(expected, abs=0.15)
    assert scores(40, 40) == pytest.approx([0, 0, 0], abs=1e-3)
    assert scores(2, 2) == pytest.approx([0, 0, 0], abs=0.2)


def test_what_two_classes_share_tells_neither() -> None:
    scores = fitted([(0, 0), (0, 0), (6, 0), (0, 6)], [0, 1, 0, 1])
    first, second = scores(0, 0)
    assert first == pytest.approx(second)
    assert first == pytest.approx(0.5, abs=0.1)
    assert best(scores(6, 0)) == 0
    assert best(scores(0, 6)) == 1


# -- many and few ------------------------------------------------------------------------------


@pytest.mark.parametrize("copies", [10, 200])
def test_copies_of_one_example_do_not_outvote_another_class(copies: int) -> None:
    places = [(0.0, 0.0)] * copies + [(1.5, 0.0)]
    scores = fitted(places, [0] * copies + [1])
    alone = fitted([(0.0, 0.0), (1.5, 0.0)], [0, 1])
    # The other class keeps its side of the middle, and the copies say little more than one.
    assert best(scores(1.1, 0)) == 1
    assert best(scores(0.4, 0)) == 0
    assert scores(1.5, 0)[1] > 0.7
    assert scores(0, 0)[0] < 1.5 * alone(0, 0)[0]


@pytest.mark.parametrize(("copies", "share"), [(1, 1 / 2), (16, 1 / 5), (100, 1 / 11)])
def test_of_two_classes_in_one_place_one_outweighs_by_the_root(copies: int, share: float) -> None:
    scores = fitted([(0, 0)] * (copies + 1), [0] * copies + [1])(0, 0)
    assert sum(scores) == pytest.approx(1, abs=0.2)
    assert scores[1] / sum(scores) == pytest.approx(share, rel=0.05)


def test_a_class_of_few_examples_stands_against_one_of_many() -> None:
    many, _ = clusters(40)
    scores = fitted([*many, (3.0, 3.0)], [0] * len(many) + [1])
    assert best(scores(3, 3)) == 1
    assert scores(3, 3)[1] > 0.6


@pytest.mark.parametrize("copies", [1, 2, 30])
def test_one_class_is_scored_by_how_near_it_is(copies: int) -> None:
    scores = fitted([(0.0, 0.0)] * copies, [0] * copies)
    (at,), (beside,), (far,) = scores(0, 0), scores(1, 0), scores(30, 0)
    assert at == pytest.approx(1, abs=0.3 if copies < 3 else 0.05)
    assert at > beside > far
    assert far == pytest.approx(0, abs=1e-3)


# -- landmarks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "parts"), [(20, 3), (29, 3), (30, 2), (59, 2), (60, 1), (4096, 1)]
)
def test_all_examples_are_landmarks_dealt_into_parts(most: int, parts: int) -> None:
    points, classes = clusters(20)
    classifier = Classifier.fit(lambda part: near(points[part], points), classes, most)
    assert sorted(classifier.landmarks.tolist()) == list(range(len(points)))
    for part in np.array_split(classifier.landmarks, parts):
        assert len(part) <= most
        # Of each class as many, or one more.
        of_each = np.bincount([classes[n] for n in part.tolist()], minlength=3)
        assert of_each.max() - of_each.min() <= 1
    assert classifier.coefficients.shape == (len(points), 3)
    assert classifier.coefficients.dtype == np.float32


def test_the_score_is_the_mean_over_the_parts() -> None:
    points, classes = clusters(20)
    whole = Classifier.fit(lambda part: near(points[part], points), classes, 30)
    likeness = near(points[:1], points)[0]
    halves = zip(np.split(whole.landmarks, 2), np.split(whole.coefficients, 2), strict=True)
    # What each part says alone is twice what it adds.
    shares = [likeness[landmarks] @ added * 2 for landmarks, added in halves]
    for share in shares:
        assert best(share.tolist()) == classes[0]
    assert np.mean(shares, axis=0) == pytest.approx(whole.scores(likeness), abs=1e-4)


def test_fewer_landmarks_than_examples_tell_the_same_apart() -> None:
    points, classes = clusters(100)
    few, all_of_them = fitted(points, classes, most=100), fitted(points, classes)
    right = sum(best(few(x, y)) == own for (x, y), own in zip(points, classes, strict=True))
    assert right >= 0.98 * len(points)
    for corner in CORNERS:
        assert few(*corner) == pytest.approx(all_of_them(*corner), abs=0.15)


def test_a_class_none_of_whose_examples_is_a_landmark_is_reached() -> None:
    # Nine examples in three parts.
    places = [(x, 0.0) for x in (0.0, 5.2, 4.8, 5.0, 5.0, 5.1, 4.9, 5.0, 10.0)]
    classes = [0, 1, 1, 1, 0, 1, 1, 1, 0]
    scores = fitted(places, classes, most=3)
    assert best(scores(5, 0)) == 1
    assert scores(5, 0)[1] > 0.6
    assert [best(scores(0, 0)), best(scores(10, 0))] == [0, 0]


@pytest.mark.parametrize("most", [4096, 13])
@pytest.mark.parametrize("batch", [1, 7, 60])
def test_batches_make_no_difference(most: int, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    points, classes = clusters(20)
    asked: list[slice] = []

    def kernel(part: slice) -> Vector:
        asked.append(part)
        return near(points[part], points)

    whole = Classifier.fit(kernel, classes, most)
    parts_of = -(-60 // most)
    assert len(asked) == parts_of
    monkeypatch.setattr("index.classifier._BATCH", batch)
    parts = Classifier.fit(kernel, classes, most)
    assert len(asked) == parts_of * (1 + -(-60 // batch))
    assert parts.landmarks.tolist() == whole.landmarks.tolist()
    likeness = near(points, points)[:, whole.landmarks]
    assert likeness @ parts.coefficients == pytest.approx(likeness @ whole.coefficients, abs=1e-3)
