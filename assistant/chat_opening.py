"""From settings to the composer that writes with a chat model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.chat_settings import LOCAL, ChatModelSettings, configured_model
from assistant.errors import ConfigurationError, LocalModelError
from assistant.local.models import MEND, find_local, local_model
from assistant.local.server import LocalServer

if TYPE_CHECKING:
    from assistant.composers.llm import LlmComposer
    from assistant.settings import Settings

# What a model on this machine is given where nothing is set: on two cores a window of 4,096 tokens
# is read in a minute, and nobody waits longer for an answer.
LOCAL_CONTEXT = 4_096
_LOCAL_TIMEOUT_S = 300.0
_LOCAL_MAX_TOKENS = 700
_TIMEOUT_S = 30.0
_DEADLINE_S = 120.0
_MAX_TOKENS = 1_500


def open_composer(settings: Settings) -> LlmComposer | None:
    """The composer with a chat model that the settings ask for; `None` for quotes.

    A server of others is not connected yet: one that is down is found out by the first question.
    A model on this machine is started.

    Raises:
        ConfigurationError: A chat model is asked for that is not configured or cannot be set up.
        LocalModelError: The local model is not there, or cannot be served.
    """
    if settings.composer == "quotes":
        return None
    chosen = configured_model(_environment(settings))
    if chosen is None:
        if settings.composer == "llm":
            raise ConfigurationError(
                "POLICY_COMPOSER=llm, but no chat model is configured: set "
                "POLICY_LLM=provider:model, or POLICY_LLM_BASE_URL to an OpenAI-compatible server"
            )
        return None
    chosen = _with_limits(chosen, settings)
    if runs_locally(settings):
        chosen = _serve(chosen, settings)
    from assistant.chat_model import connect
    from assistant.composers.llm import LlmComposer

    return LlmComposer(connect(chosen))


def runs_locally(settings: Settings) -> bool:
    """Whether the settings ask for a model that this product runs by itself."""
    asked = (settings.llm or "").strip() == LOCAL and not (settings.llm_base_url or "").strip()
    return asked and settings.composer != "quotes"


def _environment(settings: Settings) -> Mapping[str, str]:
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    given = {
        "POLICY_LLM": settings.llm or "",
        "POLICY_LLM_BASE_URL": settings.llm_base_url or "",
        "POLICY_LLM_API_KEY": key,
    }
    return {**os.environ, **given}


def _with_limits(chosen: ChatModelSettings, settings: Settings) -> ChatModelSettings:
    local = runs_locally(settings)
    form = settings.llm_structured_output
    return replace(
        chosen,
        timeout_s=settings.llm_timeout or (_LOCAL_TIMEOUT_S if local else _TIMEOUT_S),
        deadline_s=settings.llm_deadline or (_LOCAL_TIMEOUT_S if local else _DEADLINE_S),
        max_retries=settings.llm_max_retries,
        max_tokens=settings.llm_max_tokens or (_LOCAL_MAX_TOKENS if local else _MAX_TOKENS),
        context=settings.llm_context or (LOCAL_CONTEXT if local else None),
        structured_output=chosen.structured_output if form == "auto" else form,
    )


def _serve(chosen: ChatModelSettings, settings: Settings) -> ChatModelSettings:
    model = local_model(settings.local_model)
    path = find_local(model, settings.cache)
    if path is None:
        raise LocalModelError(
            f"POLICY_LLM=local: {model.name} was not fetched to this machine yet; {MEND}"
        )
    server = LocalServer.start(
        path, model.name, context=chosen.context or LOCAL_CONTEXT, threads=settings.threads
    )
    return replace(chosen, model=model.name, base_url=server.base_url, api_key=server.key)
