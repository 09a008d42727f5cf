"""What a chat model is asked for, and whether one is configured at all.

Pure data and pure functions: nothing here imports LangChain, opens a connection or reads the
environment by itself.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from assistant.errors import ConfigurationError

StructuredOutput = Literal["auto", "json_schema", "function_calling", "json_mode"]

LOCAL = "local"
"""The value of `POLICY_LLM` that is kept for a model which this product runs by itself."""


@dataclass(frozen=True)
class ChatModelSettings:
    """Which chat model to use, and how.

    Attributes:
        model: `provider:model` as LangChain's `init_chat_model` reads it; with `base_url`, the
            name that the server knows the model by.
        base_url: Address of an OpenAI-compatible server, up to and including `/v1`.
        api_key: The key; `None` leaves it to the provider's own variable, and means that no key
            is needed where `base_url` is given.
        timeout_s: Longest silence in one request, in seconds.
        deadline_s: Longest time for a whole answer, retries included, in seconds.
        max_retries: How often a request that failed at its start is sent again.
        structured_output: How the model is held to the reply's schema. `auto` takes
            `json_schema` for OpenAI and compatible servers, and tool calls for the others.
        temperature: Sampling temperature; `None` does not send one.
        max_tokens: Longest reply in tokens.
        context: The model's window in tokens, prompt and reply together; `None` where it is wide
            enough for whatever is sent.

    Raises:
        ConfigurationError: A value cannot work.
    """

    model: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout_s: float = 30.0
    deadline_s: float = 120.0
    max_retries: int = 1
    structured_output: StructuredOutput = "auto"
    temperature: float | None = 0.0
    max_tokens: int = 1500
    context: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot work before anything is connected."""
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            raise ConfigurationError(
                f"the chat model's base URL {self.base_url!r} is no HTTP address:"
                " write it as http://host:port/v1 (POLICY_LLM_BASE_URL)"
            )
        if self.structured_output not in get_args(StructuredOutput):
            raise ConfigurationError(
                f"structured output {self.structured_output!r} is unknown:"
                f" use one of {', '.join(get_args(StructuredOutput))}"
            )
        for name in ("timeout_s", "deadline_s", "max_tokens"):
            if getattr(self, name) <= 0:
                raise ConfigurationError(f"the chat model's {name} must be greater than 0")
        if self.max_retries < 0:
            raise ConfigurationError("the chat model's max_retries must be 0 or more")
        if self.context is not None and self.context < 2 * self.max_tokens:
            raise ConfigurationError(
                f"a reply of {self.max_tokens} tokens takes more than half of the chat model's "
                f"window of {self.context}: lower POLICY_LLM_MAX_TOKENS or raise POLICY_LLM_CONTEXT"
            )


@dataclass(frozen=True)
class _KeyedProvider:
    """A provider that is used when only its key is found in the environment."""

    key: str
    package: str
    model: str
    base_url: str | None = None
    structured_output: StructuredOutput = "auto"


# In the order in which they are preferred. DashScope and DeepSeek speak OpenAI's protocol, so
# langchain-openai serves them; neither takes a JSON schema on all of its models.
_KEYED_PROVIDERS = (
    _KeyedProvider("OPENAI_API_KEY", "langchain_openai", "openai:gpt-4.1-mini"),
    _KeyedProvider("ANTHROPIC_API_KEY", "langchain_anthropic", "anthropic:claude-haiku-4-5"),
    _KeyedProvider(
        "DASHSCOPE_API_KEY",
        "langchain_openai",
        "qwen-plus",
        base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
        structured_output="json_mode",
    ),
    _KeyedProvider(
        "DEEPSEEK_API_KEY",
        "langchain_openai",
        "deepseek-chat",
        base_url="https://api.deepseek.com/v1",
        structured_output="json_mode",
    ),
)


def _importable(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def configured_model(
    environ: Mapping[str, str], *, importable: Callable[[str], bool] = _importable
) -> ChatModelSettings | None:
    """Find out which chat model an environment asks for.

    The first of these that applies decides; a variable that is empty or blank counts as absent:

    1. `POLICY_LLM_BASE_URL`: an OpenAI-compatible server; the model is `POLICY_LLM` without an
       `openai:` in front (`default` where there is none), the key `POLICY_LLM_API_KEY`.
    2. `POLICY_LLM`: that model, with `POLICY_LLM_API_KEY` or the provider's own key; `local` is
       the model that this product runs by itself.
    3. A provider's key (`OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `DASHSCOPE_API_KEY`,
       `DEEPSEEK_API_KEY`, in this order) whose LangChain package is installed: a small model of
       that provider. A key without the package is passed over.

    Args:
        environ: Variables by name, such as `os.environ`.
        importable: Whether a package is installed.

    Returns:
        Settings with the defaults of `ChatModelSettings` for the rest, or `None` where no chat
        model is configured.

    Raises:
        ConfigurationError: An address that is none.
    """
    present = {name: value.strip() for name, value in environ.items() if value.strip()}
    model = present.get("POLICY_LLM")
    base_url = present.get("POLICY_LLM_BASE_URL")
    api_key = present.get("POLICY_LLM_API_KEY")
    if base_url:
        name = (model or "default").removeprefix("openai:")
        return ChatModelSettings(model=name, base_url=base_url, api_key=api_key)
    if model:
        return ChatModelSettings(model=model, api_key=api_key)
    for provider in _KEYED_PROVIDERS:
        if provider.key in present and importable(provider.package):
            return ChatModelSettings(
                model=provider.model,
                base_url=provider.base_url,
                api_key=present[provider.key],
                structured_output=provider.structured_output,
            )
    return None


def refuse_local(model: str) -> None:
    """Raise where `model` is the local model and there is no server of it to connect to.

    Args:
        model: The name of a chat model.

    Raises:
        ConfigurationError: It is `local`.
    """
    if model == LOCAL:
        raise ConfigurationError(
            "the chat model local can only write answers (POLICY_LLM=local); name another here, or"
            " the address of a llama.cpp, Ollama or vLLM server (such as http://127.0.0.1:8080/v1)"
        )
