"""Self-training: real articles that nobody annotated, labelled by a pipeline that was trained before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import spacy

from casetrace.corpus import SPLITS, hrdsattack_articles
from casetrace.docs import to_annotation
from casetrace.jsonl import rows
from casetrace.train.config import TrainConfig
from casetrace.types import Annotation, Document

MOST_CHARACTERS = 4_000


def silver_pairs(config: TrainConfig) -> list[tuple[Document, Annotation]]:
    """Unannotated articles of the HRDsAttack copy with what the teacher finds in them; none without a teacher."""
    if not config.silver.teacher or not config.paths.hrdsattack:
        return []
    nlp = spacy.load(config.silver.teacher)
    documents = list(islice(_unannotated(config), config.silver.articles))
    docs = nlp.pipe(document.text for document in documents)
    found = zip(documents, docs, strict=True)
    return [(document, to_annotation(doc, document=document, made_by="silver")) for document, doc in found]


def _unannotated(config: TrainConfig) -> Iterator[Document]:
    """The beginnings of all articles that are in no split, dev and test included."""
    folder = Path(config.paths.root) / "annotations" / "external"
    known = {row["id"] for split in SPLITS for _, row in rows(folder / f"{split}.jsonl")}
    for name in ("train.json", "dev.json"):
        for document in hrdsattack_articles(Path(config.paths.hrdsattack) / name):
            if document.id not in known:
                cut = document.text.rfind("\n\n", 0, MOST_CHARACTERS)
                text = document.text[:cut] if len(document.text) > MOST_CHARACTERS and cut > 0 else document.text
                yield Document(id=document.id, text=text)
