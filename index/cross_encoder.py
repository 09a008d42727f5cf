"""Reranking by a cross encoder: a model that reads a query and a passage together.

Any `CrossEncoder` of sentence-transformers, out of a folder or from a hub. It is far slower than
late interaction, and there is none unless a user names one: torch and sentence-transformers are
imported when a model is opened, not with this module. It knows nothing of the index.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.embedding import Vector
from index.errors import ModelError
from index.model_store import folder_digest

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

log = logging.getLogger(__name__)

BATCH = 8
"""Pairs of one forward pass; on one core more were no faster."""

_HUB_SECONDS = 5.0
_MEND = "name another with POLICY_RERANKER (a folder or a hub id), or leave it unset"


class Reranker(Protocol):
    """Says how well passages answer a query. Implementations are thread-safe."""

    @property
    def name(self) -> str:
        """What it was asked for by."""

    @property
    def fingerprint(self) -> str:
        """Names the weights; two rerankers with one fingerprint agree."""

    def scores(self, query: str, passages: Sequence[str]) -> Vector:
        """Score passages against a query.

        Args:
            query: A question or keywords.
            passages: Any number of texts, in any order; each is scored for itself.

        Returns:
            `(n_passages,) float32`, finite, higher is better. Comparable within one query.
        """


class CrossEncoderReranker(Reranker):
    """A `Reranker` over a sentence-transformers cross encoder. One call is run at a time.

    Args:
        name: What it was asked for by.
        model: A cross encoder with one score.
        folder: Where its weights were read, unless they came from a hub.
        revision: The hub's commit, where they did.
        batch_size: Pairs of one forward pass.
    """

    def __init__(
        self,
        name: str,
        model: CrossEncoder,
        *,
        folder: Path | None = None,
        revision: str | None = None,
        batch_size: int = BATCH,
    ) -> None:
        self._name = name
        self._model = model
        self._folder = folder
        self._revision = revision
        self._batch_size = batch_size
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls, name: str, threads: int | None = None, *, batch_size: int = BATCH
    ) -> CrossEncoderReranker:
        """Load a cross encoder; one on a hub is downloaded the first time, and not asked for again.

        Args:
            name: A folder, or a name on a hub.
            threads: Threads of torch, for the whole process; torch's own choice if left out.
            batch_size: Pairs of one forward pass.

        Raises:
            ModelError: There is no such model, the hub cannot be reached, or the model cannot be
                loaded or does not give one score a pair.
        """
        folder = Path(name).expanduser()
        if folder.is_dir():
            model, revision = _load(name, str(folder), local_files_only=True), None
        elif name.startswith((".", "/", "~")) or name.count("/") > 1:
            raise ModelError(f"There is no folder {name} to read a reranker from; {_MEND}")
        else:
            model, revision = _from_hub(name)
        _check(name, model)
        if threads:
            import torch

            torch.set_num_threads(threads)
        # On a processor without 16-bit arithmetic such weights are many times slower.
        model.float()
        return cls(
            name,
            model,
            folder=None if revision else folder,
            revision=revision,
            batch_size=batch_size,
        )

    @property
    def name(self) -> str:
        """The folder, or the name on a hub."""
        return self._name

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the folder's files, or of the hub's name and commit."""
        if self._folder:
            return folder_digest(self._folder)
        return hashlib.sha256(f"hub {self._name} {self._revision}".encode()).hexdigest()

    def scores(self, query: str, passages: Sequence[str]) -> Vector:
        """Score passages against a query.

        Args:
            query: A question or keywords.
            passages: Texts; a pair longer than the model reads is cut off at the end of the
                longer text.

        Returns:
            `(n_passages,) float32`, the model's logits: a sigmoid would tie the best.

        Raises:
            ModelError: The model fails on a pair, or gives something that is no number.
        """
        if not passages:
            return np.zeros(0, dtype=np.float32)
        query = _encodable(query)
        pairs: list[Any] = [(query, _encodable(passage)) for passage in passages]
        try:
            with self._lock:
                logits = self._model.predict(
                    pairs, batch_size=self._batch_size, show_progress_bar=False
                )
        except (RuntimeError, IndexError, ValueError, TypeError) as error:
            raise ModelError(
                f"The reranker {self._name} failed: {_first(error)}; {_MEND}"
            ) from error
        found: Vector = np.asarray(logits, dtype=np.float32)
        if found.shape != (len(pairs),) or not np.isfinite(found).all():
            raise ModelError(
                f"The reranker {self._name} gave something else than one number a passage; {_MEND}"
            )
        return found


def _from_hub(name: str) -> tuple[CrossEncoder, str]:
    """Load what was downloaded before; ask the hub only where that is missing or not whole."""
    from huggingface_hub import resolve_revision
    from huggingface_hub.errors import (
        HFValidationError,
        RepositoryNotFoundError,
        RevisionResolutionError,
    )

    # sentence-transformers reads a name without an owner so.
    place = name if "/" in name else f"cross-encoder/{name}"
    try:
        revision = resolve_revision(place, local_files_only=True)
        return _load(name, place, revision=revision, local_files_only=True), str(revision)
    except RevisionResolutionError:
        log.warning("reranker %s: not on this machine yet, to be downloaded from the hub", name)
    except HFValidationError as error:
        raise ModelError(
            f"The reranker {name!r} is neither a folder nor a name that a hub can have; {_MEND}"
        ) from error
    except ModelError as error:
        log.warning("%s", error)
    failure = _ask_hub(place)
    if isinstance(failure, RepositoryNotFoundError):
        raise ModelError(
            f"The reranker {name} is not on the hub, or needs a login there, and there is no "
            f"folder of that name; {_MEND}"
        ) from failure
    if failure:
        raise ModelError(
            f"The hub with the reranker {name} cannot be reached ({_first(failure)}), and the "
            "model was not downloaded whole before; name a folder that holds it with "
            "POLICY_RERANKER, leave that unset, or try again with a connection"
        ) from failure
    # The branch is asked for, not the commit: only so is it remembered which one was downloaded.
    model = _load(name, place)
    return model, str(resolve_revision(place, local_files_only=True))


def _ask_hub(place: str) -> Exception | None:
    """What keeps the hub from naming a model; sentence-transformers itself tries for a minute.

    It is asked in a thread: looking up a host's name has no time limit of its own.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    # The bases of the client's error are those of its HTTP library, which changes with versions.
    errors: Any = (*HfHubHTTPError.__bases__, OSError, RuntimeError, ValueError)
    answers: SimpleQueue[Exception | None] = SimpleQueue()

    def ask() -> None:
        try:
            HfApi().model_info(place, timeout=_HUB_SECONDS)
            answers.put(None)
        except errors as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=_HUB_SECONDS)
    except Empty:
        return TimeoutError(f"no answer in {_HUB_SECONDS:.0f} seconds")


def _load(
    name: str, place: str, *, revision: str | None = None, local_files_only: bool = False
) -> CrossEncoder:
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder

    try:
        with _quiet():
            model: CrossEncoder = CrossEncoder(
                place,
                device="cpu",
                revision=revision,
                local_files_only=local_files_only,
                activation_fn=torch.nn.Identity(),
            )
            return model
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ImportError,
        RuntimeError,
        SafetensorError,
    ) as error:
        raise ModelError(
            f"The reranker {name} cannot be loaded by sentence-transformers: {_first(error)}; "
            f"{_MEND}"
        ) from error


def _check(name: str, model: CrossEncoder) -> None:
    """Refuse what would rank by chance: an encoder without a trained head is given a random one."""
    if model.num_labels != 1:
        raise ModelError(
            f"The reranker {name} gives {model.num_labels} scores a pair instead of one; {_MEND}"
        )
    architectures = (model.config and model.config.architectures) or []
    task = getattr(model[0], "transformer_task", "")
    if task == "sequence-classification" and not any(
        kind.endswith("ForSequenceClassification") for kind in architectures
    ):
        raise ModelError(
            f"The reranker {name} is no cross encoder: it is a "
            f"{' or '.join(architectures) or 'model of no known kind'}, which scores no pairs; "
            f"{_MEND}"
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the progress bars and reports of transformers off the terminal."""
    import transformers.utils.logging as transformers_logging

    reports: Any = transformers_logging
    level = reports.get_verbosity()
    reports.set_verbosity_error()
    reports.disable_progress_bar()
    try:
        yield
    finally:
        reports.enable_progress_bar()
        reports.set_verbosity(level)


def _encodable(text: str) -> str:
    """A text without lone surrogates, which no tokenizer reads."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
