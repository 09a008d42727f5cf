"""What of the evidence and the conversation is told to a chat model with a small window.

Tokens are counted in cl100k_base. Other models' tokenizers differ, and those made for Chinese need
fewer, so shares of the window are given away rather than all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.composers import Evidence
from index.structure import units
from index.tokens import count_tokens

SHORT = 6_000
"""Below so many tokens of prompt a model is told less, and in fewer words."""

_EVIDENCE_SHARE = 0.37
_BETWEEN = 2


def evidence_room(prompt_tokens: int, rest: str) -> int:
    """Tokens that are left for evidence.

    Args:
        prompt_tokens: Most tokens of all messages.
        rest: All that is told besides evidence.

    Returns:
        The share that evidence is meant to have, or what the rest leaves; it can be negative.
    """
    return min(round(_EVIDENCE_SHARE * prompt_tokens), prompt_tokens - count_tokens(rest))


def pack(
    evidence: Sequence[Evidence], room: int, told: Callable[[Evidence, str], str]
) -> list[str]:
    """Choose what is told, best first; what does not fit is left out, and nothing is renumbered.

    Args:
        evidence: Best first.
        room: Most tokens of all of it.
        told: A piece of evidence as it is written into the prompt, with the words given for it.

    Returns:
        The evidence that fits; where none does, the beginning of the best, if that does.
    """
    chosen: list[str] = []
    left = room
    for item in evidence:
        whole = told(item, item.scored.passage.text)
        cost = count_tokens(whole) + _BETWEEN
        if cost <= left:
            chosen.append(whole)
            left -= cost
    if chosen or not evidence:
        return chosen
    return _beginning(evidence[0], room, told)


def _beginning(item: Evidence, room: int, told: Callable[[Evidence, str], str]) -> list[str]:
    """As many whole sentences and items from the beginning of a passage as fit."""
    text = item.scored.passage.text
    fitting: list[str] = []
    for unit in units(text):
        longer = told(item, text[: unit.span.end])
        if count_tokens(longer) + _BETWEEN > room:
            break
        fitting = [longer]
    return fitting
