"""A trained network as a spaCy pipeline that needs no torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_suffix_regex
from torch import nn

import casetrace
from casetrace.components import make_encoder
from casetrace.train.config import TrainConfig
from casetrace.train.graph import encoder_graph
from casetrace.train.network import Network, PairNet

Arrays = dict[str, npt.NDArray[np.float32]]
KNOTS = 12
"""Points of a calibration line: ten fitted, and the two ends."""
STEPS = ("encoder", "mentions", "modality", "arguments", "coref")
assert make_encoder


def blank(config: TrainConfig) -> Language:
    """The untrained pipeline: tokenizer, components, and `doc_cleaner`, which drops the word vectors at the end."""
    nlp = spacy.blank("en")
    about = "Entities, events, modality, arguments and coreference in human-rights texts"
    known = {"name": "casetrace", "version": casetrace.__version__, "license": "Apache-2.0", "description": about}
    nlp.meta.update(known | {"requirements": [f"casetrace>={casetrace.__version__}"]})
    split_more(nlp)
    own: dict[str, dict[str, Any]] = {
        "encoder": {"size": config.encoder.size, "context": config.encoder.context},
        "arguments": {"reach": config.heads.reach},
    }
    for step in STEPS:
        nlp.add_pipe(f"casetrace_{step}", config=own.get(step, {}))
    nlp.add_pipe("doc_cleaner", config={"attrs": {"tensor": None}})
    return nlp


def split_more(nlp: Language) -> None:
    """Words that pages run together: footnote digits stuck to a word, a full stop and a digit, wide dashes."""
    defaults: Any = nlp.Defaults
    tokenizer: Any = nlp.tokenizer
    stuck = (r"(?<=[a-z]{2})[0-9¹²³⁴-⁹]+", r"(?<=[a-z0-9])\.[0-9]{1,2}(?=$)", r"(?<=[0-9A-Za-z])[¹²³⁴-⁹]+")
    tokenizer.suffix_search = compile_suffix_regex([*defaults.suffixes, *stuck]).search
    tokenizer.infix_finditer = compile_infix_regex([*defaults.infixes, r"[－―|]"]).finditer


def fill(nlp: Language, network: Network, *, config: TrainConfig) -> Language:
    """Put trained weights into a pipeline; calibration is the identity until `calibrate` is run."""
    parts: dict[str, Any] = {step: nlp.get_pipe(f"casetrace_{step}") for step in STEPS}
    parts["encoder"].take(encoder_graph(network.encoder, size=config.encoder.size), network.encoder.tokenizer)
    plain = np.linspace(0, 1, KNOTS, dtype=np.float32)[None, None].repeat(2, 1)
    parts["mentions"].weights = _linear(network.tags, "tags") | {"calibration": np.repeat(plain, 2, 0)}
    parts["modality"].weights = {
        "hidden": _array(network.modality_hidden.weight).T,
        "labels": _array(network.modality_labels.weight),
        "out": _array(network.modality_out.weight).T,
        "out_bias": _array(network.modality_out.bias),
        "calibration": plain.copy(),
    }
    heads = config.heads
    for step, net, least in (
        ("arguments", network.relations, heads.relations_from),
        ("coref", network.coref, heads.coref_from),
    ):
        thresholds = np.full(net.out.out_features, least, np.float32)
        parts[step].weights = _pair_net(net) | {"calibration": plain.copy(), "thresholds": thresholds}
    return nlp


def _pair_net(net: PairNet) -> Arrays:
    held = {name: _array(getattr(net, name).weight).T for name in ("head", "child", "left", "right", "product")}
    return held | {"features": _array(net.features.weight)} | _linear(net.out, "out")


def _linear(layer: nn.Linear, name: str) -> Arrays:
    return {name: _array(layer.weight).T, f"{name}_bias": _array(layer.bias)}


def _array(values: Any) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(values.detach().cpu().numpy(), np.float32)
