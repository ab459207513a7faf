"""Annotation in the formats of other tools, out and in; each writer returns what the format could not take.

prodigy: JSON lines as Prodigy and spaCy recipes use them. brat: a folder of ID.txt and ID.ann. conll: words in columns
with BIO labels. spacy: a DocBin for `spacy train`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from casetrace.formats import brat, conll, prodigy, spacy_docs
from casetrace.formats.loss import Loss, Pair


class Format(NamedTuple):
    """How one format is written and read; `write` yields what is lost."""

    write: Callable[[Iterable[Pair], Path], Iterator[Loss]]
    read: Callable[[Path], Iterator[Pair]]


FORMATS = {
    "prodigy": Format(prodigy.write, prodigy.read),
    "brat": Format(brat.write, brat.read),
    "conll": Format(conll.write, conll.read),
    "spacy": Format(spacy_docs.write, spacy_docs.read),
}

__all__ = ["FORMATS", "Format", "Loss", "Pair"]
