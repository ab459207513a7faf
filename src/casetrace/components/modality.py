"""Modality: whether each event is told as fact, demanded, possible or denied."""

from __future__ import annotations

from typing import cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from casetrace.components import tags
from casetrace.components.pairnet import Floats, Ints, Weights, calibrate, span_vectors
from casetrace.components.stored import Stored
from casetrace.docs import EVENTS, group
from casetrace.schema import MODALITIES

NAMES = tuple(MODALITIES)


@Language.factory("casetrace_modality", requires=["doc.tensor", "doc.spans"], assigns=["doc.spans"])
def make_modality(nlp: Language, name: str) -> ModalityClassifier:
    """Writes `modality` and `modality_scores` into the attributes of `doc.spans["events"]`."""
    return ModalityClassifier(name)


class ModalityClassifier(Stored):
    """One modality for each event, with a calibrated probability."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.weights = {}

    def __call__(self, doc: Doc) -> Doc:
        """Classify the events of one document."""
        weights = self.needed()
        events = group(doc, EVENTS)
        if not len(events):
            return doc
        starts = np.array([span.start for span in events])
        ends = np.array([span.end for span in events])
        labels = np.array([tags.NUMBERS[span.label_] for span in events])
        logits = modality_logits(weights, span_vectors(cast(Floats, doc.tensor), starts, ends), labels)
        shares = np.exp(logits - logits.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        best = shares.argmax(1)
        sure = calibrate(shares.max(1), weights["calibration"][0])
        events.attrs["modality"] = [NAMES[number] for number in best.tolist()]
        events.attrs["modality_scores"] = [round(value, 4) for value in sure.tolist()]
        return doc


def modality_logits(weights: Weights, spans: Floats, labels: Ints) -> Floats:
    """Logits (events x modalities) of a network with one hidden layer."""
    hidden = spans @ weights["hidden"] + weights["labels"][labels]
    return np.asarray(np.maximum(hidden, 0) @ weights["out"] + weights["out_bias"])
