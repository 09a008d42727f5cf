"""Whose fact it is, over the project's own catalogue: the author's, or somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.others import goes_on_of_others, is_of_others
from assistant.eligibility.reading import read_said
from assistant.settings import PROJECT


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(Path(PROJECT / "docs_corpus"))


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("我同事的配偶没有工作", "The spouse of my colleague has no job"),
        ("我邻居的妻子没有工作", "My neighbour's wife has no job"),
        ("我老板的爱人跟他一起来，没有工作", "My boss's wife moved with him and has no job"),
        ("我哥哥的妻子没有工作", "My brother's wife has no job"),
        ("我同事在太原工作", "My colleague works in Taiyuan"),
        ("我客户是遂宁的锂电企业", "My client is a lithium battery maker in Suining"),
        ("我朋友已被认定为高层次人才", "My friend has been recognised as a high-level talent"),
        # a clause that names nobody goes on about the one before it
        ("我同事在山西工作，爱人没有工作", "My colleague works in Shanxi, her husband has no job"),
        ("我有个朋友是德国人，在太原工作", "I have a friend who is German and works in Taiyuan"),
        ("他的妻子没有工作", "His wife has no job"),
    ],
)
def test_what_is_somebody_elses_is_not_the_authors(catalogue: Catalogue, zh: str, en: str) -> None:
    assert read_said(zh, catalogue) == {}
    assert read_said(en, catalogue) == {}


@pytest.mark.parametrize(
    ("zh", "en", "fact", "value"),
    [
        ("我妻子没有工作", "My wife has no job", "spouse_without_work", True),
        ("我和同事在太原工作", "I work in Taiyuan with my colleagues", "works_in_shanxi", True),
        (
            "我老板已经认定我为高层次人才",
            "My boss has recognised me as a high-level talent",
            "high_level_talent",
            True,
        ),
        (
            "同事说可以申请，我配偶没有工作",
            "A colleague told me of it: my spouse has no job",
            "spouse_without_work",
            True,
        ),
        # a client's company is asked for as if it were one's own
        (
            "我们的客户公司在遂宁，有什么支持？",
            "What can my client company in Suining get?",
            "location",
            "遂宁",
        ),
        (
            "我们在成都，客户在绵阳",
            "We are in Chengdu, our clients are in Mianyang",
            "location",
            "成都",
        ),
    ],
)
def test_what_is_the_authors_is_read(
    catalogue: Catalogue, zh: str, en: str, fact: str, value: object
) -> None:
    assert read_said(zh, catalogue)[fact].value == value
    assert read_said(en, catalogue)[fact].value == value


@pytest.mark.parametrize(
    ("before", "said", "of_others"),
    [
        ("我们是其他", "制造企业", False),
        ("他的", "配偶没有工作", True),
        ("My friend and I ", "work in Taiyuan", False),
        ("我的客户公司", "在遂宁", False),
    ],
)
def test_words_and_what_stands_before_them(before: str, said: str, of_others: bool) -> None:
    assert is_of_others(before, said) is of_others


@pytest.mark.parametrize(
    ("earlier", "own", "of_others"),
    [
        (["我朋友在山西"], "配偶没有工作", True),
        (["我朋友在山西"], "我的配偶没有工作", False),
        (["朋友推荐的", "我们是成都的企业"], "做锂电材料", False),
        ([], "配偶没有工作", False),
    ],
)
def test_a_clause_after_others(earlier: list[str], own: str, of_others: bool) -> None:
    assert goes_on_of_others(earlier, own) is of_others


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("What is a chain-master enterprise?", set()),
        ("What is there for a lithium battery company in Suining?", {"location", "industry"}),
        ("Is a lithium battery company in Suining eligible?", {"location", "industry"}),
    ],
)
def test_a_definition_is_asked_for_nobody(catalogue: Catalogue, text: str, facts: set[str]) -> None:
    found = read_said(text, catalogue)
    assert facts <= found.keys()
    assert facts or not found
