"""The chat model: how one is connected, asked, and given up on.

The only module that imports LangChain's chat models, and it does so when a model is connected,
not when the module is imported. It knows messages, schemas, tokens and failures; it does not
know what an answer is.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.chat_deltas import Delta, deltas_of
from assistant.chat_failures import failure_of, in_short
from assistant.chat_settings import (
    ChatModelSettings,
    StructuredOutput,
    configured_model,
    refuse_local,
)
from assistant.errors import ChatModelError, ChatModelUnreachableError, ConfigurationError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

__all__ = ["ChatModel", "ChatModelSettings", "Delta", "configured_model", "connect"]

_CONNECT_S = 5.0
"""A server that does not take a connection in this time is down, whatever the timeout."""


@dataclass(frozen=True)
class ChatModel:
    """A LangChain chat model that is asked for JSON, within a time, with failures told apart.

    Attributes:
        model: Any LangChain chat model.
        name: What it is called in answers and messages.
        structured_output: How it is held to a schema; `auto` takes a JSON schema for
            langchain-openai, a tool call for models that offer one, and else the prompt alone.
        deadline_s: Longest time for a whole reply, retries included, in seconds.
        address: Where it runs, for messages.
        prompt_tokens: Most tokens of the messages that are sent; `None` for no limit.
    """

    model: BaseChatModel
    name: str
    structured_output: StructuredOutput = "auto"
    deadline_s: float = 120.0
    address: str | None = None
    prompt_tokens: int | None = None

    @property
    def where(self) -> str:
        """The model and its address, for messages."""
        return f"chat model {self.name!r}" + (f" at {self.address}" if self.address else "")

    def stream(
        self, system: str, user: str, schema: Mapping[str, Any]
    ) -> Generator[Delta, None, None]:
        """Ask, and hand on the reply as it arrives.

        The model is read in a thread of its own, because only that bounds the whole call: a
        client's timeout starts anew with every byte, and a server can send bytes for ever.
        Closing the iterator lets go of the model.

        Args:
            system: The system message.
            user: The user's message.
            schema: JSON schema of the reply, with `title` and `description`.

        Yields:
            Pieces of the reply.

        Raises:
            ChatModelUnreachableError: No connection, no permission, or no reply in time.
            ChatModelReplyError: The request was refused, or the reply broke off.
            ConfigurationError: The model cannot be held to a schema in the way that is set.
        """
        bound = self._held_to(schema)
        messages = [("system", system), ("human", user)]
        deadline = time.monotonic() + self.deadline_s
        relay: queue.SimpleQueue[Delta | Exception | None] = queue.SimpleQueue()
        abandoned = threading.Event()

        def read() -> None:
            try:
                with closing(deltas_of(bound, messages)) as deltas:
                    for delta in deltas:
                        relay.put(delta)
                        if abandoned.is_set():
                            return
                        if time.monotonic() > deadline:
                            raise self._too_late()
                relay.put(None)
            except Exception as error:  # noqa: BLE001 - raised by whoever reads the relay
                relay.put(error)

        thread = threading.Thread(target=copy_context().run, args=(read,), daemon=True)
        thread.start()
        received = ""
        try:
            while True:
                try:
                    item = relay.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise self._too_late() from None
                if item is None:
                    return
                if isinstance(item, Exception):
                    raise self._failure(item, received) from item
                received += item.text
                yield item
        finally:
            abandoned.set()

    def _held_to(self, schema: Mapping[str, Any]) -> Runnable[Any, AIMessage]:
        method = self.structured_output
        if method == "auto":
            is_openai = type(self.model).__module__.startswith("langchain_openai.")
            method = "json_schema" if is_openai else "function_calling"
        if method == "json_mode":
            return self.model.bind(response_format={"type": "json_object"})
        name = str(schema["title"])
        if method == "json_schema":
            definition = {"name": name, "schema": dict(schema), "strict": True}
            form = {"type": "json_schema", "json_schema": definition}
            return self.model.bind(response_format=form)
        function = {"name": name, "description": schema["description"], "parameters": dict(schema)}
        try:
            return self.model.bind_tools(
                [{"type": "function", "function": function}], tool_choice=name
            )
        except NotImplementedError:
            if self.structured_output == "auto":
                return self.model
            raise ConfigurationError(
                f"chat model {self.name!r} has no tool calls:"
                " set POLICY_LLM_STRUCTURED_OUTPUT to json_schema, json_mode or auto"
            ) from None

    def _failure(self, error: Exception, received: str) -> Exception:
        if isinstance(error, ChatModelError):
            return error
        return failure_of(error, self.where, received) or error

    def _too_late(self) -> ChatModelUnreachableError:
        return ChatModelUnreachableError(
            f"{self.where} did not finish within {self.deadline_s:g} s:"
            " take a faster model or server, or raise POLICY_LLM_DEADLINE"
        )


def connect(settings: ChatModelSettings) -> ChatModel:
    """Make a chat model ready to be asked. Nothing is sent yet.

    Args:
        settings: Which model, and how.

    Returns:
        The model.

    Raises:
        ConfigurationError: The provider is unknown, its package or its key is missing, or the
            model is one that this version does not have.
    """
    model = _compatible_model(settings) if settings.base_url else _provider_model(settings)
    return ChatModel(
        model,
        settings.model,
        settings.structured_output,
        settings.deadline_s,
        re.sub(r"//[^/@]*@", "//", settings.base_url) if settings.base_url else None,
        settings.context - settings.max_tokens if settings.context else None,
    )


def _compatible_model(settings: ChatModelSettings) -> BaseChatModel:
    # Imported here, for half a second is for those who need it.
    from langchain_openai import ChatOpenAI
    from openai import Timeout
    from pydantic import SecretStr

    return ChatOpenAI(
        model=settings.model,
        base_url=settings.base_url,
        # Never the key that is meant for OpenAI.
        api_key=SecretStr(settings.api_key or "not-needed"),
        temperature=settings.temperature,
        timeout=Timeout(settings.timeout_s, connect=min(_CONNECT_S, settings.timeout_s)),
        max_retries=settings.max_retries,
        stream_usage=True,
        use_responses_api=False,
        # ChatOpenAI would send `max_completion_tokens`, which many of these servers ignore.
        extra_body={"max_tokens": settings.max_tokens},
    )


def _provider_model(settings: ChatModelSettings) -> BaseChatModel:
    refuse_local(settings.model)
    from langchain.chat_models import init_chat_model
    from openai import OpenAIError
    from pydantic import SecretStr

    options: dict[str, Any] = {
        "timeout": settings.timeout_s,
        "max_retries": settings.max_retries,
        "max_tokens": settings.max_tokens,
        "temperature": settings.temperature,
        "api_key": settings.api_key,
    }
    given = {name: value for name, value in options.items() if value is not None}
    provider = settings.model.partition(":")[0]
    try:
        model: BaseChatModel = init_chat_model(settings.model, **given)
    except ImportError as error:
        package = re.search(r"langchain-[a-z-]+", str(error))
        raise ConfigurationError(
            f"POLICY_LLM={settings.model} needs a package that is not installed or does not load:"
            f" pip install {package[0] if package else f'langchain-{provider}'}"
        ) from error
    except (ValueError, OpenAIError) as error:
        raise ConfigurationError(
            f"POLICY_LLM={settings.model} cannot be used: {in_short(str(error))};"
            f" write it as provider:model and set POLICY_LLM_API_KEY or"
            f" {provider.upper()}_API_KEY"
        ) from error
    for name, variable in model.lc_secrets.items():
        secret = getattr(model, name, None)
        if isinstance(secret, SecretStr) and not secret.get_secret_value():
            raise ConfigurationError(
                f"POLICY_LLM={settings.model} has no key: set POLICY_LLM_API_KEY or {variable}"
            )
    return model
