"""A composer for LangChain users: any `Composer` as a LangChain `Runnable`."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.composers import Brief, Composed, Composer


def as_runnable(composer: Composer) -> Runnable[Brief, dict[str, Any]]:
    """Offer a composer as a step of a LangChain chain.

    Args:
        composer: The composer.

    Returns:
        A runnable that takes a `Brief` and gives `{"status": …, "sentences": [{"text": …,
        "citations": […]}, …]}`, unverified; it raises what the composer raises.
    """

    def compose(brief: Brief) -> dict[str, Any]:
        status = None
        sentences = []
        for part in composer.compose(brief):
            if isinstance(part, Composed):
                status = part.status
            else:
                citations = [support.label for support in part.supports]
                sentences.append({"text": part.text, "citations": citations})
        return {"status": status, "sentences": sentences}

    return RunnableLambda(compose, name=f"{composer.name}_composer")
