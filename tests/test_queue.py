"""The order in which documents are put before annotators."""

from __future__ import annotations

from casetrace.markup import read_markup
from casetrace.queue import order
from casetrace.types import Annotation, Document


def scored(text: str, name: str) -> tuple[Document, Annotation]:
    return read_markup(text, doc_id=name)


SURE = scored("The [court|COURT score=0.99] in Lamu [freed|RELEASE score=0.98] the fishermen on Monday", "sure")
UNSURE = scored("Gunmen [seized|ABDUCT score=0.4] a [teacher|ROLE score=0.3] near the river at dawn today", "unsure")
COPY = scored("Gunmen [seized|ABDUCT score=0.4] a [teacher|ROLE score=0.3] near the river at dawn Tuesday", "copy")
MILD = scored("The [court|COURT score=0.1] in Kisumu adjourned because rain had flooded its only room", "mild")
LONG = scored("Gunmen [seized|ABDUCT score=0.4] nobody. " + "Rain fell on the quiet hills. " * 5, "long")


def names(*items: tuple[Document, Annotation | None], known: tuple[Document, ...] = ()) -> list[str]:
    return [items[at][0].id for at in order(items, known=known)]


def test_the_least_sure_for_its_words_comes_first() -> None:
    assert names(SURE, LONG, UNSURE) == ["unsure", "long", "sure"]


def test_a_copy_of_what_is_in_the_queue_comes_last() -> None:
    assert names(SURE, COPY, UNSURE) == ["copy", "unsure", "sure"]
    assert names(SURE, MILD, COPY, UNSURE) == ["copy", "mild", "unsure", "sure"]
    assert names(MILD, COPY, known=(UNSURE[0],)) == ["mild", "copy"]


def test_without_scores_only_newness_counts_and_the_order_is_stable() -> None:
    plain = [(document, None) for document, _ in (SURE, UNSURE, COPY)]
    assert names(*plain) == ["sure", "unsure", "copy"]
    assert order([]) == []
