"""Makes a prepared embedding model, once per machine, through sentence-transformers.

The only module that imports torch, sentence_transformers and onnx, and only when there is something
to make. The model is exported to ONNX, its weights are cut to 8 bits, and the result is measured
against sentence-transformers on fixed texts before it is let into the cache.
"""

from __future__ import annotations

import errno
import gc
import logging
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError

from index.embedding import Vector
from index.errors import ModelError
from index.fresh_directory import exclusive, publish, workplace
from index.model_store import (
    ADAPTED,
    HIDDEN,
    MANIFEST_FILE,
    ONNX_FILE,
    TOKENIZER_FILE,
    PreparationCheck,
    PreparedFile,
    PreparedModel,
    directory_name,
    file_sha256,
    find_prepared,
    models_root,
    read_manifest,
)
from index.question_adapter import QuestionAdapter

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.reference_model import Reference

Progress = Callable[[str, float], None]
"""Told what is being done and how far the whole is, from 0 to 1."""

MIN_COSINE = 0.97
"""What every fixed text must reach; the default model has .99."""

MIN_ADAPTED_COSINE = 0.95
"""The same for the adapted layers: the default model has .97, since they turn small differences
of questions into large ones."""

CHECK_TEXTS = (
    "我们是做锂电池材料的企业，可以申请哪些补贴？",
    "人才绿卡的配偶没有工作，能得到什么帮助？",
    "对首次认定的高新技术企业，给予一次性奖励２０万元。",
    "各有关部门应当在收到申请后十五个工作日内作出答复，并书面说明理由。",
    "第三条　本办法所称人才，是指具有一定专业知识或者专门技能的人员。",
    "免税。",
    "Which grants can a battery materials company apply for?",
    "What does the talent card offer a spouse who is out of work?",
    "A first-time high-tech enterprise receives a one-off award of 200,000 yuan.",
    "Rent for the first three years is waived; 50% is refunded in the fourth and fifth.",
    "R&D",
    "对新建的公共技术服务平台，按设备投资额的 30% 给予补助，最高不超过 500 万元。" * 8,
)

_OPSET = 17
_DEFAULT_SEQUENCE = 512
_COPIES_ON_DISK = 4
"""While a model is made there are this many copies of its float32 weights in the cache."""

_FULL = {errno.ENOSPC, errno.EDQUOT}
_PREPARED_BY = (
    "torch",
    "sentence-transformers",
    "transformers",
    "tokenizers",
    "onnx",
    "onnxruntime",
)


def prepare(name: str, cache_dir: Path, progress: Progress) -> PreparedModel:
    """Make a model ready for `OnnxEmbedder`, or find that it is ready.

    A run that was killed is repaired by running again; of two processes the second waits.

    Args:
        name: `multilingual-e5-small`, or a sentence-transformers model: a folder or
            a name on a hub.
        cache_dir: Where prepared models are kept, in `models/`.
        progress: Told what is being done.

    Raises:
        ModelError: The model cannot be found, loaded, exported or written, is of an unsupported
            kind, or came out too far from its source.
    """
    if path := find_prepared(name, cache_dir):
        return read_manifest(path)
    root = models_root(cache_dir)
    with (
        _written_to(root),
        exclusive(root, lambda: progress("waiting for another process that prepares a model", 0)),
    ):
        if path := find_prepared(name, cache_dir):
            return read_manifest(path)
        progress("loading torch and the weights", 0.0)
        with workplace(root) as work, _quiet():
            made = _make(name, work, progress)
            final = root / directory_name(name, made.fingerprint)
            publish(made.path, final)
    progress("ready", 1.0)
    return replace(made, path=final)


def _make(name: str, work: Path, progress: Progress) -> PreparedModel:
    """Make the model's directory inside `work`, its manifest last."""
    from index.reference_model import load_reference

    reference = load_reference(name, work)
    _check_space(work, reference.model)
    made = work / "model"
    made.mkdir()
    draft = _draft(name, reference, made)
    expected, adapted = _reference_vectors(reference), _adapted_vectors(reference)
    progress("exporting to ONNX", 0.4)
    exported = _export(name, reference, work)
    backend = reference.model.tokenizer.backend_tokenizer
    (made / TOKENIZER_FILE).write_text(backend.to_str(), encoding="utf-8")
    # The next step wants its memory.
    del reference
    gc.collect()
    progress("cutting the weights to 8 bits", 0.7)
    _quantise(exported, made / ONNX_FILE)
    files = (made / ONNX_FILE, made / TOKENIZER_FILE)
    records = {file.name: PreparedFile(file.stat().st_size, file_sha256(file)) for file in files}
    progress("checking it against sentence-transformers", 0.9)
    model = replace(draft, files=records)
    model = replace(model, check=_check(model, expected, adapted))
    (made / MANIFEST_FILE).write_text(model.to_json(), encoding="utf-8")
    return model


def _draft(name: str, reference: Reference, made: Path) -> PreparedModel:
    """Write down what is known before anything is made."""
    model = reference.model
    return PreparedModel(
        path=made,
        name=name,
        fingerprint=reference.recipe.fingerprint,
        recipe=reference.recipe,
        source=reference.source,
        dim=int(model.get_embedding_dimension() or 0),
        max_sequence=_max_sequence(model),
        pad_id=int(model.tokenizer.pad_token_id or 0),
        normalise=reference.normalise,
        check=PreparationCheck(0, 0.0, 0.0),
        versions={package: metadata.version(package) for package in _PREPARED_BY},
        files={},
    )


def _reference_vectors(reference: Reference) -> Vector:
    """Embed the fixed texts through sentence-transformers: `(n_texts, dim) float32`."""
    vectors = reference.model.encode(
        [reference.recipe.passage_prefix + text for text in CHECK_TEXTS],
        prompt="",
        batch_size=1,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    return np.asarray(vectors, np.float32)


def _adapted_vectors(reference: Reference) -> Vector:
    """Embed the fixed texts by the adapted layers in float32: `(n_texts, dim)`; none without."""
    import torch

    texts = CHECK_TEXTS if reference.recipe.adapter else ()
    outputs = _outputs(reference).eval()
    limit: Any = {"truncation": True, "max_length": _max_sequence(reference.model)}
    vectors = []
    with torch.no_grad():
        for text in texts:
            asked = reference.recipe.query_prefix + text
            encoded = reference.model.tokenizer(asked, return_tensors="pt", **limit)
            _, hidden = outputs(encoded["input_ids"], encoded["attention_mask"])
            vectors.append(torch.nn.functional.normalize(hidden[0].mean(0), dim=0).numpy())
    return np.asarray(vectors, np.float32)


def _outputs(reference: Reference) -> Any:
    """A module: token ids and mask in; token vectors out, then those of the adapter, if any."""
    import torch

    from index.adapted_layers import AdaptedLayers

    class Outputs(torch.nn.Module):
        def __init__(self, transformer: Any, adapter: QuestionAdapter | None) -> None:
            super().__init__()
            self.transformer = transformer
            self.first = adapter.first if adapter else 0
            self.adapted = AdaptedLayers.of(transformer, adapter) if adapter else None

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> Any:
            output = self.transformer(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            )
            if self.adapted is None:
                return output.last_hidden_state
            below = output.hidden_states[self.first]
            return output.last_hidden_state, self.adapted(below, attention_mask)

    adapter = QuestionAdapter.load() if reference.recipe.adapter else None
    return Outputs(reference.model[0].auto_model, adapter)


def _export(name: str, reference: Reference, work: Path) -> Path:
    """Export the transformer: token ids and mask in, token vectors out, any batch and length."""
    import torch

    path = work / "float32.onnx"
    tokenizer = reference.model.tokenizer
    outputs = [HIDDEN, ADAPTED] if reference.recipe.adapter else [HIDDEN]
    names = ["input_ids", "attention_mask", *outputs]
    example = tokenizer(list(CHECK_TEXTS[:2]), padding=True, return_tensors="pt")
    try:
        with torch.no_grad():
            torch.onnx.export(
                _outputs(reference).eval(),
                (example["input_ids"], example["attention_mask"]),
                str(path),
                dynamo=False,
                opset_version=_OPSET,
                input_names=names[:2],
                output_names=names[2:],
                dynamic_axes={axis: {0: "batch", 1: "sequence"} for axis in names},
            )
    except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError) as error:
        raise ModelError(
            f"The embedding model {name} cannot be exported to ONNX: {error}; choose another with "
            "POLICY_EMBEDDING_MODEL"
        ) from error
    return path


def _quantise(exported: Path, target: Path) -> None:
    """Cut the weights to 8 bits a channel; activations are cut while it runs.

    Seven of the bits are used: on processors without VNNI the products of eight overflow, and the
    loss is small (mean cosine to float32 .9964 instead of .9968).
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        exported, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )


def _max_sequence(model: SentenceTransformer) -> int:
    """Tokens that the model reads at once; its tokenizer says 10**30 where nobody knows."""
    positions = getattr(model[0].config, "max_position_embeddings", None) or _DEFAULT_SEQUENCE
    return int(min(model.max_seq_length or positions, positions))


def _check(model: PreparedModel, expected: Vector, adapted: Vector) -> PreparationCheck:
    """Compare vectors with sentence-transformers' own, through the code that searches."""
    from index.onnx_embedder import OnnxEmbedder

    embedder = OnnxEmbedder(model)
    found = [embedder.embed_passages([text])[0].sentence for text in CHECK_TEXTS]
    check = _compare(model, np.stack(found), expected, MIN_COSINE)
    again = [embedder.embed_adapted([text]) for text in CHECK_TEXTS]
    if kept := [vectors for vectors in again if vectors is not None]:
        _compare(model, np.concatenate(kept), adapted, MIN_ADAPTED_COSINE)
    return check


def _compare(
    model: PreparedModel, found: Vector, expected: Vector, least: float
) -> PreparationCheck:
    """Compare vectors of the fixed texts; `ModelError` where they are too far apart."""
    if not found.shape == expected.shape == (len(CHECK_TEXTS), model.dim):
        raise ModelError(
            f"The embedding model {model.name} gave vectors of {found.shape[1]} numbers where "
            f"sentence-transformers gave {expected.shape[1]} and announced {model.dim}; choose "
            "another with POLICY_EMBEDDING_MODEL"
        )
    cosines = np.sum(found * expected, axis=1).tolist()
    check = PreparationCheck(len(cosines), float(np.mean(cosines)), min(cosines))
    # Written this way round, not-a-number fails too.
    if not check.min_cosine >= least:
        raise ModelError(
            f"The prepared form of the embedding model {model.name} is too far from its source: a "
            f"cosine of {check.min_cosine:.4f} on “{CHECK_TEXTS[int(np.argmin(cosines))][:40]}”, "
            f"at least {least} is asked; choose another with POLICY_EMBEDDING_MODEL"
        )
    return check


def _check_space(work: Path, model: SentenceTransformer) -> None:
    weights = sum(parameter.numel() * parameter.element_size() for parameter in model.parameters())
    needed = weights * _COPIES_ON_DISK - sum(f.stat().st_size for f in work.rglob("*"))
    if shutil.disk_usage(work).free < needed:
        raise OSError(errno.ENOSPC, f"about {needed / 1e6:,.0f} MB are needed")


@contextmanager
def _written_to(root: Path) -> Iterator[None]:
    """Explain what keeps the cache from being written."""
    try:
        yield
    except (OSError, RuntimeError, SafetensorError) as error:
        full = "No space left" in str(error) or getattr(error, "errno", None) in _FULL
        if not full and not isinstance(error, OSError):
            raise
        what = "no space is left" if full else "it cannot be written"
        raise ModelError(
            f"The embedding model was not prepared in {root}: {what} ({error}); free some there, "
            "or name another cache directory with POLICY_CACHE, and run "
            "`policy-assistant models prepare` again"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the progress bars, reports and warnings of the libraries off the terminal."""
    import transformers.utils.logging as transformers_logging

    reports: Any = transformers_logging
    level, disabled = reports.get_verbosity(), logging.root.manager.disable
    reports.set_verbosity_error()
    reports.disable_progress_bar()
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        reports.enable_progress_bar()
        reports.set_verbosity(level)
