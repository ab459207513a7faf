"""The shipped pipeline: it loads with plain spaCy, finds plain things, and gives the same output however it is run."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from casetrace.docs import to_annotation
from casetrace.extraction import extract
from casetrace.markup import read_markup
from casetrace.scale import extract_on_ray
from casetrace.types import Annotation, Document

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "en_casetrace"
TEXTS = sorted((ROOT / "corpus" / "texts").glob("*.txt"))[:12]
LAST = "Police arrested Chanthou Veasna in Battambang."
PLAIN = (
    "Union leader freed after 40 days\n\n"
    "Phnom Penh, 3 May 2023 – The Siem Reap Provincial Court on Tuesday charged Vorn Sreyleak, president of the Angkor "
    "Hotel Staff Union, with incitement under Article 495 of the Criminal Code. Police arrested Sreyleak on Sunday. "
    "The group called for her immediate release."
)

pytestmark = pytest.mark.skipif(not MODEL.is_dir(), reason="no trained pipeline in models/en_casetrace")


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(MODEL)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [Document(id=path.stem, text=path.read_text("utf-8")) for path in TEXTS]


@pytest.fixture(scope="module")
def expected(nlp: Language, documents: list[Document]) -> list[Annotation]:
    return [to_annotation(nlp(document.text), document=document) for document in documents]


def annotate(nlp: Language, documents: list[Document], **how: int) -> list[Annotation]:
    docs = nlp.pipe([document.text for document in documents], **how)
    return [to_annotation(doc, document=document) for doc, document in zip(docs, documents, strict=True)]


@pytest.mark.parametrize("how", [{"batch_size": 1}, {"batch_size": 5}, {"batch_size": 100}, {"n_process": 2}], ids=str)
def test_output_does_not_depend_on_batches_or_processes(
    nlp: Language, documents: list[Document], expected: list[Annotation], how: dict[str, int]
) -> None:
    assert annotate(nlp, documents, **how) == expected


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_output_does_not_depend_on_threads(documents: list[Document], expected: list[Annotation], threads: int) -> None:
    nlp = spacy.load(MODEL, config={"components": {"casetrace_encoder": {"threads": threads}}})
    assert annotate(nlp, documents) == expected


def test_plain_things_are_found(nlp: Language) -> None:
    document = Document(id="plain", text=PLAIN)
    annotation = to_annotation(nlp(PLAIN), document=document)
    found = {(span.text, span.label) for span in annotation.spans}
    assert found >= {
        ("Phnom Penh", "GPE"),
        ("3 May 2023", "DATE"),
        ("Siem Reap Provincial Court", "COURT"),
        ("charged", "INDICT"),
        ("Vorn Sreyleak", "PERSON"),
        ("Angkor Hotel Staff Union", "ORG"),
        ("incitement", "CHARGE"),
        ("arrested", "ARREST"),
        ("release", "RELEASE"),
    }
    spans = {span.id: span for span in annotation.spans}
    modality = {span.text: span.modality for span in annotation.spans if span.modality}
    links = {(spans[item.head].text, item.label, spans[item.child].text) for item in annotation.relations}
    assert (modality["arrested"], modality["release"]) == ("ASSERTED", "DEMANDED")
    assert links >= {
        ("charged", "subject", "Vorn Sreyleak"),
        ("charged", "agent", "Siem Reap Provincial Court"),
        ("arrested", "subject", "Sreyleak"),
        ("Sreyleak", "coref", "Vorn Sreyleak"),
    }


def test_every_score_is_a_probability(expected: list[Annotation]) -> None:
    scores = [item.score for annotation in expected for item in (*annotation.spans, *annotation.relations)]
    assert all(score is not None and 0 <= score <= 1 for score in scores)


def test_the_end_of_a_long_document_is_read(nlp: Language) -> None:
    text = "\n\n".join([*([path.read_text("utf-8") for path in TEXTS] * 3), LAST])
    doc = nlp(text)
    assert [(span.text, span.label_) for span in doc.ents if span.start_char >= len(text) - len(LAST)][-2:] == [
        ("Chanthou Veasna", "PERSON"),
        ("Battambang", "GPE"),
    ]
    assert doc.spans["events"][-1].text == "arrested"


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "a", "\u200b", "法院", "x" * 5000, "[" * 300])
def test_odd_texts_pass(nlp: Language, text: str) -> None:
    document = Document(id="odd", text=text)
    assert to_annotation(nlp(text), document=document).doc_id == "odd"


def test_a_doc_and_the_pipeline_survive_the_disk(
    nlp: Language, documents: list[Document], expected: list[Annotation], tmp_path: Path
) -> None:
    doc = Doc(nlp.vocab).from_bytes(nlp(documents[0].text).to_bytes())
    assert to_annotation(doc, document=documents[0]) == expected[0]
    nlp.to_disk(tmp_path / "copy")
    assert annotate(spacy.load(tmp_path / "copy"), documents) == expected


def test_nothing_is_hidden(nlp: Language) -> None:
    doc = nlp(PLAIN)
    assert not doc.user_data
    assert not doc.tensor
    assert nlp.analyze_pipes()["problems"] == {name: [] for name in nlp.pipe_names}
    assert not any(Span.has_extension(name) for name in ("score", "modality"))


def test_no_torch_is_needed() -> None:
    load = f"import spacy; spacy.load({str(MODEL)!r})('She was arrested.')"
    code = f"import sys; sys.modules['torch'] = None; {load}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_annotation_can_be_written_as_markup(nlp: Language) -> None:
    from casetrace.markup import write_markup

    document = Document(id="plain", text=PLAIN)
    annotation = to_annotation(nlp(PLAIN), document=document)
    read, again = read_markup(write_markup(document, annotation), doc_id="plain")
    assert read.text == PLAIN
    assert again.spans == annotation.spans


@pytest.mark.skipif(find_spec("ray") is None, reason="needs casetrace[scale]")
def test_ray_gives_what_one_process_gives(documents: list[Document]) -> None:
    assert list(extract_on_ray(documents, model=MODEL, jobs=2)) == list(extract(documents, model=MODEL))
