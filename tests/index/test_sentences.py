from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import Span, clause_spans, sentence_spans, trim


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("共7个部门。请看！", ["共7个部门。", "请看！"]),
        ("第一，支持；第二，奖励。", ["第一，支持；", "第二，奖励。"]),
        ("他说：“可以。”然后走了。", ["他说：“可以。”", "然后走了。"]),
        ("增长3.5%。It grew 3.5%. Then it fell.", ["增长3.5%。", "It grew 3.5%.", "Then it fell."]),
        (
            "Mr. Li of the U.S. office came. He left.",
            ["Mr. Li of the U.S. office came.", "He left."],
        ),
        ("See e.g. Article 3. It binds.", ["See e.g. Article 3.", "It binds."]),
        ("It ended in v1.2 of the plan", ["It ended in v1.2 of the plan"]),
        ("Is it so? Yes! Good.", ["Is it so?", "Yes!", "Good."]),
        ("他问“行吗？”没有回答。", ["他问“行吗？”", "没有回答。"]),
        ("   ", []),
    ],
)
def test_cuts_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


@given(st.text(alphabet="一二。！；ab. ?\n“”A1", max_size=60))
def test_only_white_space_is_lost(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a < b for a, b in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def test_an_abbreviation_at_the_start_of_a_part_is_seen() -> None:
    text = "xx. Mr. Li came. He left."
    assert [text[a:b] for a, b in sentence_spans(text, 4)] == ["Mr. Li came.", "He left."]


def test_clauses_end_at_commas_and_keep_all_words() -> None:
    text = "支持成都，支持泸州、绵阳，以及宜宾"
    assert [text[a:b] for a, b in clause_spans(text, Span(0, len(text)))] == [
        "支持成都，",
        "支持泸州、",
        "绵阳，",
        "以及宜宾",
    ]


def test_trim() -> None:
    assert trim("  ab ", Span(0, 5)) == Span(2, 4)
