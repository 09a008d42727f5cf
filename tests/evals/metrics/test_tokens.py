from __future__ import annotations

from evals.metrics.testing import answer, applies, case, score
from evals.metrics.tokens import Tokens


def test_the_mean_of_what_the_server_counted() -> None:
    metric = Tokens("prompt")
    usages = ({"prompt_tokens": 300, "completion_tokens": 5}, {"prompt_tokens": 0})
    scores = [score(metric, case(), answer(usage=usage)) for usage in usages]
    assert metric.aggregate(scores) == 150.0


def test_chinese_is_not_counted_by_words_or_characters() -> None:
    # Split at spaces these twelve characters are one word; a tokenizer makes about 14 of them.
    given = answer("由用人单位发放生活补贴。", usage={"completion_tokens": 14})
    assert score(Tokens("completion"), case(), given).value == 14.0


def test_failures_are_unscored_and_answers_without_usage_are_left_out() -> None:
    assert score(Tokens("prompt"), case(), None).value is None
    assert not applies(Tokens("prompt"), case(), answer())
