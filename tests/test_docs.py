"""Annotation to Doc and back, and Docs on which other components have set entities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from casetrace.components import antecedents, pairs, tags
from casetrace.components.mentions import read as read_mentions
from casetrace.docs import to_annotation, to_doc, to_docbin
from casetrace.markup import read_markup
from casetrace.schema import SchemaError
from casetrace.types import Annotation, Document

MARKED = """[Ruth Oba|PERSON score=0.9 has_role=_10@0.8], [journalist|ROLE score=0.7],
was [arrested|ARREST score=0.95 subject=_0@0.6].

[She|ANAPHOR score=0.5 coref=_0@0.4] denies [fraud|CHARGE score=0.5];
we demand her [release|RELEASE:DEMANDED score=0.25]."""


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return spacy.blank("en")


def spread(annotation: Annotation) -> tuple[list[object], set[object]]:
    return [span.model_dump() for span in annotation.spans], {
        tuple(item.model_dump().values()) for item in annotation.relations
    }


def test_annotation_survives_a_doc(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    doc, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
    assert misfits == []
    assert [entity.text for entity in doc.ents] == ["Ruth Oba", "journalist", "She", "fraud"]
    assert doc.spans["events"].attrs["modality"] == ["ASSERTED", "DEMANDED"]
    assert spread(to_annotation(doc, document=document)) == spread(annotation)


def test_mentions_without_scores_are_taken_as_sure(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup("[Police|ORG o] [held|DETAIN subject=p agent=o] [Ruth|PERSON p].", doc_id="a")
    doc, _ = to_doc(nlp.make_doc, document, annotation=annotation)
    found, spans = read_mentions(doc)
    assert list(zip(map(str, spans), found.scores.tolist(), strict=True)) == [("Police", 1), ("held", 1), ("Ruth", 1)]


def test_annotation_survives_a_docbin(nlp: spacy.language.Language, tmp_path: Path) -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    doc, _ = to_doc(nlp.make_doc, document, annotation=annotation)
    to_docbin([doc], tmp_path / "a.spacy")
    (read,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(nlp.vocab)
    assert spread(to_annotation(read, document=document)) == spread(annotation)


def test_span_inside_a_word_is_widened_and_told(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup("An [arrest|ARREST]2 was [made|SUE].", doc_id="a")
    doc, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
    assert [(misfit.span.text, misfit.words) for misfit in misfits] == [("arrest", "arrest2")]
    assert [span.text for span in doc.spans["events"]] == ["arrest2", "made"]


def test_span_that_shares_its_word_is_lost_and_told(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup("[abc|GPE][def|GPE] x", doc_id="a")
    _, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
    assert [misfit.words for misfit in misfits] == ["abcdef", None]


def test_doc_of_another_text_is_refused(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    doc, _ = to_doc(nlp.make_doc, document, annotation=annotation)
    with pytest.raises(SchemaError):
        to_annotation(doc, document=Document(id="a", text="Something else altogether, " * 20))


def test_empty_doc(nlp: spacy.language.Language) -> None:
    document = Document(id="a", text="")
    assert to_annotation(nlp(""), document=document) == Annotation(doc_id="a", sha256=document.sha256)


RULED = Document(id="a", text="Police arrested Ruth Oba in Kisumu. She was freed.")
FOUND = [(1, 2, "ARREST"), (2, 4, "PERSON"), (5, 6, "GPE"), (7, 8, "ANAPHOR"), (9, 10, "RELEASE")]
SURE_HALF = np.array([[[0, 1], [0.5, 0.5]]], np.float32)


@Language.component("casetrace_test_vectors")
def vectors(doc: Doc) -> Doc:
    """Word vectors that are the tag scores of FOUND."""
    starts, ends, labels = zip(*FOUND, strict=True)
    numbers = np.array([tags.NUMBERS[label] for label in labels])
    gold = tags.encode(len(doc), np.array(starts), np.array(ends), numbers)
    doc.tensor = np.eye(tags.COUNT, dtype=np.float32)[gold] * 12
    return doc


def pair_weights(sizes: tuple[int, ...], count: int) -> dict[str, Any]:
    """A pair network that takes every pair for even odds."""
    wide = 2 * tags.COUNT  # first and last word
    shapes = {"head": (wide, 4), "child": (wide, 4), "left": (wide, 2), "right": (wide, 2), "product": (2, 4),
              "features": (sum(sizes), 4), "out": (4, count), "out_bias": (count,), "thresholds": (count,)}  # fmt: skip
    return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()} | {"calibration": SURE_HALF}


@pytest.fixture
def ruled() -> Language:
    """Mentions, arguments and coreference that find FOUND and every relation the vocabulary allows."""
    nlp = spacy.blank("en")
    nlp.add_pipe("casetrace_test_vectors")
    plain = {"tags": np.eye(tags.COUNT, dtype=np.float32), "tags_bias": np.zeros(tags.COUNT, np.float32)}
    trained = {
        "mentions": plain | {"calibration": SURE_HALF.repeat(2, 0)},
        "arguments": pair_weights(pairs.SIZES, len(pairs.LABELS)),
        "coref": pair_weights(antecedents.SIZES, 1),
    }
    for name, weights in trained.items():
        component: Any = nlp.add_pipe(f"casetrace_{name}")
        component.weights = weights
    return nlp


def add_rules(nlp: Language, rules: dict[str, str], **how: Any) -> None:
    ruler: Any = nlp.add_pipe("entity_ruler", **how)
    words = {text: [{"TEXT": word} for word in text.split()] for text in rules}
    ruler.add_patterns([{"pattern": words[text], "label": label, "id": "rule"} for text, label in rules.items()])


def rows(annotation: Annotation) -> list[tuple[str, str, float | None]]:
    return [(span.text, span.label, span.score) for span in annotation.spans]


FIRST = {"after": "casetrace_test_vectors"}
LAST = {"last": True, "config": {"overwrite_ents": True}}


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"Kisumu": "FACILITY"}, {"Kisumu": ("FACILITY", 1.0)}),
        ({"in Kisumu": "ORG"}, {"in Kisumu": ("ORG", 1.0)}),
        ({"freed": "ROLE"}, {"freed": ("ROLE", 1.0), "Kisumu": ("GPE", 0.5)}),
        ({"was": "GROUP"}, {"was": ("GROUP", 1.0), "Kisumu": ("GPE", 0.5)}),
        ({"Kisumu": "LAKE", "was": "LAKE", "Police": "SUE"}, {"Kisumu": ("GPE", 0.5)}),
    ],
    ids=str,
)
def test_entities_set_before_are_kept(ruled: Language, rules: dict[str, str], found: dict[str, Any]) -> None:
    add_rules(ruled, rules, **FIRST)
    annotation = to_annotation(ruled(RULED.text), document=RULED)
    known = {text: (label, score) for text, label, score in rows(annotation)}
    others = {"arrested": ("ARREST", 0.5), "Ruth Oba": ("PERSON", 0.5), "She": ("ANAPHOR", 0.5)}
    freed = {} if "freed" in rules else {"freed": ("RELEASE", 0.5)}
    assert known == others | freed | found


def test_entities_of_other_labels_stay_where_nothing_is_found(ruled: Language) -> None:
    add_rules(ruled, {"Kisumu": "LAKE", "was": "LAKE", "Police": "ORG"}, **FIRST)
    found = [(entity.text, entity.label_, entity.ent_id_) for entity in ruled(RULED.text).ents]
    assert found == [("Police", "ORG", "rule"), ("Ruth Oba", "PERSON", ""), ("Kisumu", "GPE", ""),
                     ("She", "ANAPHOR", ""), ("was", "LAKE", "rule")]  # fmt: skip


@pytest.mark.parametrize(
    "rules", [{"Nobody": "PERSON"}, {"Kisumu": "FACILITY", "was": "GROUP", "Police": "LAKE"}], ids=str
)
def test_a_second_run_changes_nothing(ruled: Language, rules: dict[str, str]) -> None:
    add_rules(ruled, rules, **FIRST)
    once = to_annotation(ruled(RULED.text), document=RULED)
    assert {relation.label for relation in once.relations} >= {"subject", "place", "coref"}
    assert to_annotation(ruled(ruled(RULED.text)), document=RULED) == once


def test_entities_set_after_are_the_truth_and_what_they_undo_is_told(ruled: Language) -> None:
    add_rules(ruled, {"Kisumu": "FACILITY", "freed": "ROLE"}, **LAST)
    with pytest.warns(UserWarning, match="document a: ") as told:
        annotation = to_annotation(ruled(RULED.text), document=RULED)
    assert rows(annotation) == [("arrested", "ARREST", 0.5), ("Ruth Oba", "PERSON", 0.5), ("Kisumu", "FACILITY", None),
                                ("She", "ANAPHOR", 0.5), ("freed", "ROLE", None)]  # fmt: skip
    events, relations = (str(warning.message) for warning in told)
    assert events.startswith("document a: events that an entity of doc.ents lies on are left out: RELEASE 'freed'; ")
    assert "'arrested' place 'Kisumu'" in relations
    assert {(relation.head, relation.child) for relation in annotation.relations} == {
        ("_7", "_16"),
        ("_7", "_36"),
        ("_36", "_16"),
    }
