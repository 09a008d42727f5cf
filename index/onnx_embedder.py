"""Runs a prepared embedding model on ONNX Runtime.

The only module that imports onnxruntime and tokenizers for searching. It knows neither torch nor
sentence-transformers nor transformers, nor where prepared models are kept: it is given a directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
from tokenizers import Tokenizer

from index.calibration import Calibration
from index.embedding import Embedder, Embedding, Vector
from index.errors import ModelError
from index.model_store import (
    ADAPTED,
    DEFAULT_MODEL,
    HIDDEN,
    MEND,
    ONNX_FILE,
    TOKENIZER_FILE,
    PreparedModel,
    check_files,
    read_manifest,
)

BATCH_TOKENS = 2048
"""Tokens of one forward pass, padding counted; more took more memory and was slower."""

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_QUIET = 3
_ONNX_ERRORS = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)


@dataclass(frozen=True)
class _Encoded:
    """A text as the model reads it.

    Attributes:
        ids: Leading specials, prefix, text, trailing specials.
        first: Where in `ids` the text's own tokens begin.
        offsets: `(n_tokens, 2) int32`, of the text's own tokens.
    """

    ids: list[int]
    first: int
    offsets: NDArray[np.int32]


class OnnxEmbedder(Embedder):
    """An `Embedder` over a prepared model. Thread-safe: ONNX Runtime's sessions are.

    Args:
        model: What the manifest of the model says.
        threads: Threads of one forward pass; as many as there are cores if left out.

    Raises:
        ModelError: A file of the model is missing or broken.
    """

    def __init__(self, model: PreparedModel, threads: int | None = None) -> None:
        check_files(model)
        self._model = model
        self._tokenizer = _tokenizer(model.path / TOKENIZER_FILE)
        self._session = _session(model.path / ONNX_FILE, threads)
        recipe = model.recipe
        self._lead, self._trail = self._special_tokens()
        self._prefix_tokens = {
            prefix: self._count(prefix) for prefix in (recipe.query_prefix, recipe.passage_prefix)
        }
        specials = len(self._lead) + len(self._trail)
        self._max_tokens = model.max_sequence - specials - max(self._prefix_tokens.values())

    @classmethod
    def open(cls, model_dir: Path, threads: int | None = None) -> OnnxEmbedder:
        """Open a prepared model; its files are checked for their sizes only, see `verify`.

        Args:
            model_dir: Its directory; see `index.model_store.find_prepared`.
            threads: Threads of one forward pass; as many as there are cores if left out.

        Raises:
            ModelError: The directory or a file in it is missing or broken.
        """
        return cls(read_manifest(model_dir), threads)

    def verify(self) -> None:
        """Compare the SHA-256 of every file with the manifest.

        Raises:
            ModelError: A file was changed since it was made.
        """
        check_files(self._model, digests=True)

    @property
    def name(self) -> str:
        """The name that the model was asked for by."""
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the weights' digest and all that was decided in preparing them."""
        return self._model.fingerprint

    @property
    def dim(self) -> int:
        """Length of every vector."""
        return self._model.dim

    @property
    def max_tokens(self) -> int:
        """Tokens of text that one passage may have, prefix and special tokens not counted."""
        return self._max_tokens

    @cached_property
    def calibration(self) -> Calibration | None:
        """What was estimated for the default model; nothing for any other."""
        return Calibration.load() if self._model.name == DEFAULT_MODEL else None

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` in the model's own vocabulary, without prefix and special tokens."""
        prefix = self._model.recipe.passage_prefix
        return self._count(prefix + text) - self._prefix_tokens[prefix]

    def embed_query(self, text: str) -> Embedding:
        """Embed a question."""
        return self.embed_queries([text])[0]

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed questions, in order; for batches see `embed_passages`."""
        return self._embed(texts, self._model.recipe.query_prefix)

    def embed_adapted(self, texts: Sequence[str]) -> Vector | None:
        """Vectors of questions by the adapted layers, `(n_texts, dim) float32`, L2-normalised.

        `None` where the model has no question adapter; for batches see `embed_passages`.
        """
        recipe = self._model.recipe
        if not recipe.adapter:
            return None
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for i, text, hidden in self._run(texts, recipe.query_prefix, ADAPTED):
            vectors[i] = hidden[: len(text.ids)].mean(axis=0)
        return _normalised(vectors)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed passages, in order. Texts over `max_tokens` are cut off at it.

        The int8 scales of activations are taken over a whole batch, so a passage's vector depends
        a little (cosine above .99) on the passages that it shares a batch with.
        """
        return self._embed(texts, self._model.recipe.passage_prefix)

    def _embed(self, texts: Sequence[str], prefix: str) -> list[Embedding]:
        found = {i: self._pool(own, text) for i, text, own in self._run(texts, prefix, HIDDEN)}
        return [found[i] for i in range(len(texts))]

    def _run(
        self, texts: Sequence[str], prefix: str, output: str
    ) -> Iterator[tuple[int, _Encoded, Vector]]:
        """Run texts batch by batch: number, text and `(longest, dim)` of each."""
        encoded = [self._encode(text, prefix) for text in texts]
        for batch in _batches([len(text.ids) for text in encoded]):
            hidden = self._forward([encoded[i].ids for i in batch], output)
            for row, i in enumerate(batch):
                yield i, encoded[i], hidden[row]

    def _encode(self, text: str, prefix: str) -> _Encoded:
        encoding = self._tokenizer.encode(_utf8(prefix + text), add_special_tokens=False)
        offsets = np.asarray(encoding.offsets, np.int32).reshape(-1, 2) - len(prefix)
        # A token that joins the prefix's last character to the text belongs to the text.
        own = int(np.count_nonzero(offsets[:, 1] <= 0))
        end = own + self._max_tokens
        ids = [*self._lead, *encoding.ids[:end], *self._trail]
        return _Encoded(ids, len(self._lead) + own, np.maximum(offsets[own:end], 0))

    def _forward(self, ids: Sequence[Sequence[int]], output: str) -> Vector:
        """Run one batch: `(batch, longest, dim) float32`."""
        tokens = np.full((len(ids), max(map(len, ids))), self._model.pad_id, np.int64)
        mask = np.zeros_like(tokens)
        for row, text in enumerate(ids):
            tokens[row, : len(text)] = text
            mask[row, : len(text)] = 1
        feed = {"input_ids": tokens, "attention_mask": mask}
        hidden: Vector = self._session.run([output], feed, _only_what_is_asked())[0]
        return hidden

    def _pool(self, hidden: Vector, text: _Encoded) -> Embedding:
        sentence = hidden[: len(text.ids)].mean(axis=0)
        if self._model.recipe.pooling == "cls":
            sentence = hidden[0]
        own = hidden[text.first : text.first + len(text.offsets)]
        return Embedding(_normalised(sentence), _normalised(own), text.offsets)

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode(_utf8(text), add_special_tokens=False).ids)

    def _special_tokens(self) -> tuple[list[int], list[int]]:
        """Learn from one letter which ids stand before and behind every text."""
        bare = self._tokenizer.encode("a", add_special_tokens=False).ids
        full = self._tokenizer.encode("a").ids
        starts = range(len(full) - len(bare) + 1)
        start = next(i for i in starts if full[i : i + len(bare)] == bare)
        return full[:start], full[start + len(bare) :]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group texts of like length, so that little is padded and no batch is over the budget."""
    batches: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batches and (len(batches[-1]) + 1) * lengths[i] <= BATCH_TOKENS:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def _only_what_is_asked() -> Any:
    """Run nothing that the output does not need: layers adapted for questions are left out."""
    options = onnxruntime.RunOptions()
    options.only_execute_path_to_fetches = True
    return options


def _normalised(vectors: Vector) -> Vector:
    """Scale the last axis to length 1; rows of zeros stay."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    return scaled


def _utf8(text: str) -> str:
    """Replace what UTF-8 cannot hold, character by character so that offsets stay."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)


def _tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing narrower
        raise ModelError(f"{path} is no tokenizer ({error}); {MEND}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # `</s>` written in a text is text.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _session(path: Path, threads: int | None) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.log_severity_level = _QUIET
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _ONNX_ERRORS as error:
        raise ModelError(f"{path} cannot be run by ONNX Runtime ({error}); {MEND}") from error
