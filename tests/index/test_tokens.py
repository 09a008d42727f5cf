"""The network is refused here, so these counts also prove that nothing is downloaded."""

from __future__ import annotations

import pytest

from index.tokens import count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("hello world", 2),
        # The counts that the OpenAI cookbook gives for cl100k_base.
        ("tiktoken is great!", 6),
        ("antidisestablishmentarianism", 6),
        ("2 + 2 = 4", 7),
        ("お誕生日おめでとう", 9),
    ],
)
def test_counts_of_cl100k(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_a_chinese_character_is_about_one_token() -> None:
    text = "支持遂宁建设锂电新材料枢纽，对新建生产线给予补助。"
    assert 1.0 < count_tokens(text) / len(text) < 1.5


@pytest.mark.parametrize("special", ["<|endoftext|>", "<|fim_prefix|>", "<|endofprompt|>"])
def test_a_special_token_written_out_is_plain_text(special: str) -> None:
    assert count_tokens(special) > 1
    assert count_tokens(f"a {special} b") > 3
