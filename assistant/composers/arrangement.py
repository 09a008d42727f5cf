"""Who writes an answer, and who takes over where that fails."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.composers import Composer
from assistant.composers.completed import CompletedComposer
from assistant.composers.llm import LlmComposer
from assistant.composers.translated import TranslatedComposer


@dataclass(frozen=True)
class Arrangement:
    """The composers of a pipeline.

    Attributes:
        first: Is asked first.
        quotes: Takes over: it needs no model. Without a chat model it is `first` as well.
    """

    first: Composer
    quotes: Composer


def arrange(quotes: Composer, writer: Composer | None) -> Arrangement:
    """Put quotes and what writes with a chat model together.

    A chat model answers, and translates foreign quotes beside the original. A small one completes
    quotes instead, and translates nothing: it gets names wrong, which no check of figures sees.

    Args:
        quotes: Answers without a model.
        writer: Answers with one; `None` where none is configured.
    """
    if not isinstance(writer, LlmComposer):
        return Arrangement(writer or quotes, quotes)
    if writer.small:
        return Arrangement(CompletedComposer(quotes, writer), quotes)
    return Arrangement(writer, TranslatedComposer(quotes, writer.chat_model))
