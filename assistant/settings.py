"""Settings from the environment and `.env`. Read by the entry points only."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import ConfigurationError
from assistant.local.models import DEFAULT_LOCAL_MODEL

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_MODEL = "multilingual-e5-small"


class Settings(BaseSettings):
    """Every setting of the product; the environment variable is `POLICY_` and the name."""

    model_config = SettingsConfigDict(
        env_prefix="POLICY_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    corpus: Path = Field(PROJECT / "docs_corpus", description="Folder of policy documents.")
    store: str | None = Field(None, description="Folder or Chroma URL of the index.")
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("policy-assistant"),
        description="Where prepared models are kept.",
    )
    embedding_model: str = Field(
        DEFAULT_MODEL,
        description="A sentence-transformers model: the default, a folder or a hub id.",
    )
    reranker: str | None = Field(
        None, description="A sentence-transformers CrossEncoder that reranks: a folder or a hub id."
    )
    threads: int | None = Field(
        None, ge=1, description="Threads of the embedding model, the reranker and a local model."
    )
    composer: Literal["auto", "quotes", "llm"] = Field("auto", description="Who writes answers.")
    llm: str | None = Field(None, description="provider:model as LangChain reads it, or local.")
    llm_base_url: str | None = Field(None, description="An OpenAI-compatible server.")
    llm_api_key: SecretStr | None = Field(None, description="Its key.")
    llm_timeout: float | None = Field(
        None, gt=0, description="Seconds without a sign of life: 30, or 300 for a local model."
    )
    llm_deadline: float | None = Field(
        None, gt=0, description="Seconds for a whole reply: 120, or 300 for a local model."
    )
    llm_max_retries: int = Field(1, ge=0, description="Retries of a call that failed.")
    llm_structured_output: Literal["auto", "json_schema", "function_calling", "json_mode"] = Field(
        "auto", description="How the model is held to its form."
    )
    llm_max_tokens: int | None = Field(
        None, ge=64, description="Most tokens of a reply: 1500, or 700 for a local model."
    )
    llm_context: int | None = Field(
        None, ge=2_048, description="The model's window in tokens, if it is to be kept within one."
    )
    local_model: str = Field(
        DEFAULT_LOCAL_MODEL,
        min_length=1,
        description="For POLICY_LLM=local: a packaged model, a .gguf file or owner/name[:file].",
    )
    evidence_tokens: int = Field(2_400, ge=200, description="Tokens of evidence for an answer.")
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(7860, ge=0, le=65_535, description="Port to serve on.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="What is logged to stderr."
    )

    @field_validator("corpus", "cache")
    @classmethod
    def _at_home(cls, path: Path) -> Path:
        return path.expanduser()

    @property
    def store_place(self) -> str:
        """Where the index is: as set, or in `.store/` beside the project's corpus."""
        if self.store:
            return self.store
        home = PROJECT if (PROJECT / "pyproject.toml").is_file() else self.cache
        if self.corpus.resolve() == PROJECT / "docs_corpus":
            return str(home / ".store")
        mark = hashlib.sha256(str(self.corpus.resolve()).encode()).hexdigest()[:12]
        return str(home / ".store" / "corpora" / mark)


def load_settings(**given: object) -> Settings:
    """Settings of the environment, with what the command line gave on top.

    Args:
        given: Settings by name; `None` is passed over.

    Raises:
        ConfigurationError: One has a value it cannot have.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"POLICY_{name.upper()}={first.get('input')!r}: {first['msg']}"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(".env: not UTF-8; save the file as UTF-8") from error
