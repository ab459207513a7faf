"""The same encoder in spacy-curated-transformers (torch) under spaCy's `ner`: the usual way to a transformer in spaCy.

Weights are as they start, which does not change the time. Needs `pip install "spacy-curated-transformers<2"`: later
versions need another spaCy.
"""

from __future__ import annotations

import json
from typing import Any

import spacy

from casetrace.schema import LABELS
from casetrace.train.pretrained import source_folder
from casetrace.train.start import depth

PACKAGE = "spacy-curated-transformers"


def curated_form(nlp: Any, source: str) -> Any:
    """A pipeline of transformer and `ner`, as wide and deep as the encoder of `nlp`, made from the same source."""
    import spacy_curated_transformers  # noqa: F401  (registers its factories)

    twin = spacy.blank("en")
    twin.add_pipe("curated_transformer", config={"model": _transformer(source, depth(nlp.path))})
    ner: Any = twin.add_pipe("ner", config={"model": _ner(_width(source))})
    for label in LABELS:
        ner.add_label(label)
    loader = {"@model_loaders": f"{PACKAGE}.WordpieceLoader.v1", "path": str(source_folder(source) / "vocab.txt")}
    twin.config["initialize"]["components"] = {"curated_transformer": {"piecer_loader": loader}}
    twin.initialize()
    return twin


def _transformer(source: str, layers: int) -> dict[str, Any]:
    held = json.loads((source_folder(source) / "config.json").read_text("utf-8"))
    return {
        "@architectures": f"{PACKAGE}.BertTransformer.v1",
        "vocab_size": held["vocab_size"],
        "hidden_width": held["hidden_size"],
        "intermediate_width": held["intermediate_size"],
        "num_attention_heads": held["num_attention_heads"],
        "num_hidden_layers": layers,
        "piece_encoder": {"@architectures": f"{PACKAGE}.BertWordpieceEncoder.v1"},
        "with_spans": {"@architectures": f"{PACKAGE}.WithStridedSpans.v1"},
    }


def _ner(width: int) -> dict[str, Any]:
    listener = {"@architectures": f"{PACKAGE}.LastTransformerLayerListener.v1", "width": width,
                "pooling": {"@layers": "reduce_mean.v1"}}  # fmt: skip
    return {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False,
            "hidden_width": 64, "maxout_pieces": 2, "use_upper": False, "tok2vec": listener}  # fmt: skip


def _width(source: str) -> int:
    return int(json.loads((source_folder(source) / "config.json").read_text("utf-8"))["hidden_size"])
