import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Document
from index.splitting import embedding_text, split
from index.tokens import count_tokens

SENTENCES = st.sampled_from(
    [
        "支持遂宁建设锂电新材料枢纽。",
        "每年不少于2场；",
        "The plan names 12 tasks.",
        "It runs to 2025.",
        "力争超过35%！",
    ]
)


def document(text: str) -> Document:
    return Document("policy", "Policy 政策", text, "zh")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=30), min_size=1, max_size=6))
def test_passages_are_whole_sentences_within_the_limit(parts: list[list[str]]) -> None:
    text = "\n\n".join(f"## Part {n}\n\n" + " ".join(part) for n, part in enumerate(parts))
    passages = split(document(text), count_tokens, max_tokens=60)
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert count_tokens(passage.text) <= 60
        assert re.search(r"[。；！.]$", passage.text)
    assert len({p.id for p in passages}) == len(passages)
    kept = "".join("".join(p.text.split()) for p in passages)
    assert kept == "".join("".join("".join(part).split()) for part in parts)


def test_parts_of_a_long_section_are_of_like_size() -> None:
    text = "## A {#a}\n\n" + "支持遂宁建设锂电新材料枢纽。" * 30
    sizes = [count_tokens(p.text) for p in split(document(text), count_tokens, max_tokens=256)]
    assert len(sizes) > 1
    assert min(sizes) > 0.6 * max(sizes)


def test_ids_depend_on_the_section_only() -> None:
    one = split(document("## A {#a}\n\n甲。\n\n## B {#b}\n\n乙。\n"), count_tokens)
    two = split(document("## New {#new}\n\n新。\n\n## B {#b}\n\n乙。\n"), count_tokens)
    assert [p.id for p in one] == ["policy/zh#a", "policy/zh#b"]
    assert two[1].id == one[1].id


@pytest.mark.parametrize("sentence", ["很长的一句话，" * 120 + "完。", "无标点" * 400])
def test_a_sentence_over_the_limit_is_cut_and_nothing_is_lost(sentence: str) -> None:
    passages = split(document(sentence), count_tokens, max_tokens=100)
    assert "".join(p.text for p in passages) == sentence
    assert all(count_tokens(p.text) <= 100 for p in passages)


def test_embedding_text_names_the_headings_and_where_the_words_begin() -> None:
    passage = split(document("## Part\n\n### Sub\n\n甲。"), count_tokens)[0]
    text, begins = embedding_text(passage, "Policy 政策")
    assert text == "Policy 政策 > Part > Sub\n甲。"
    assert text[begins:] == passage.text
