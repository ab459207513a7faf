"""The annotated corpus on disk: corpus/manifest.jsonl, corpus/texts/ID.txt and annotations/SPLIT.jsonl."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from casetrace import jsonl
from casetrace.schema import check
from casetrace.types import Annotation, CasetraceError, Document, Frozen, Modality, Relation, Span, text_hash

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)


class ManifestEntry(Frozen):
    """What is known of one corpus text beside its words."""

    id: str
    split: Split
    title: str | None = None
    published: str | None = None
    genre: str
    country: str
    family: str
    violations: tuple[str, ...] = ()
    date_style: str = ""
    law_style: str = ""
    noise: str = ""
    hard: tuple[str, ...] = ()
    words: int
    sha256: str


class StandOff(Frozen):
    """An annotation over a text that may not be copied here: no word of the text, only where its spans are."""

    id: str
    sha256: str
    spans: tuple[tuple[str, int, int, str, Modality | None], ...]
    relations: tuple[tuple[str, str, str], ...]
    no_case: bool = False

    @classmethod
    def of(cls, annotation: Annotation) -> StandOff:
        """The annotation without its words."""
        spans = tuple((span.id, span.start, span.end, span.label, span.modality) for span in annotation.spans)
        relations = tuple((relation.head, relation.label, relation.child) for relation in annotation.relations)
        return cls(
            id=annotation.doc_id, sha256=annotation.sha256, spans=spans, relations=relations, no_case=annotation.no_case
        )

    def over(self, document: Document) -> Annotation:
        """The annotation with the words that the document has at its offsets."""
        spans = (
            Span(id=span_id, start=start, end=end, label=label, modality=modality, text=document.text[start:end])
            for span_id, start, end, label, modality in self.spans
        )
        relations = (Relation(head=head, label=label, child=child) for head, label, child in self.relations)
        return Annotation(
            doc_id=self.id, sha256=self.sha256, spans=tuple(spans), relations=tuple(relations), no_case=self.no_case,
            made_by="corpus",
        )  # fmt: skip


def read_manifest(root: Path | str) -> dict[str, ManifestEntry]:
    """The manifest of the corpus under `root` (the folder that holds corpus/ and annotations/), by document id."""
    entries = jsonl.read(Path(root) / "corpus" / "manifest.jsonl", ManifestEntry)
    return {entry.id: entry for entry in entries}


def read_shared_names(root: Path | str) -> frozenset[str]:
    """Organisations that every split may name: state bodies, international bodies, platforms; one a line."""
    path = Path(root) / "annotations" / "shared_names.txt"
    return frozenset(path.read_text("utf-8").splitlines()) if path.is_file() else frozenset()


def read_split(root: Path | str, split: Split) -> Iterator[tuple[Document, Annotation]]:
    """Yield each document of a split with its checked annotation."""
    manifest = read_manifest(root)
    for annotation in jsonl.read(Path(root) / "annotations" / f"{split}.jsonl", Annotation):
        document = read_document(root, manifest[annotation.doc_id])
        yield document, check(annotation, document)


def read_document(root: Path | str, entry: ManifestEntry) -> Document:
    """The text of one manifest entry; raises `CasetraceError` when the file is not the text that was annotated."""
    path = Path(root) / "corpus" / "texts" / f"{entry.id}.txt"
    text = path.read_bytes().decode("utf-8")
    document = Document(id=entry.id, text=text, title=entry.title, published=entry.published)
    if document.sha256 != entry.sha256:
        raise CasetraceError(f"{path}: the text is not the one that was annotated; restore it from version control")
    return document


def read_external(root: Path | str, split: Split, *, hrdsattack: Path | str) -> Iterator[tuple[Document, Annotation]]:
    """Yield the third-party articles of a split: the committed annotation joined with the user's copy of the texts.

    `hrdsattack` is the folder of that public data set (train.json, dev.json); see annotations/external/README.md.
    """
    paths = [Path(hrdsattack) / name for name in ("train.json", "dev.json")]
    documents = {document.id: document for path in paths for document in hrdsattack_articles(path)}
    for row in jsonl.read(Path(root) / "annotations" / "external" / f"{split}.jsonl", StandOff):
        if row.id not in documents:
            raise CasetraceError(f"{row.id}: in neither of {', '.join(map(str, paths))}; is the data set complete?")
        document = _beginning(documents[row.id], row.sha256)
        yield document, check(row.over(document), document)


def hrdsattack_articles(path: Path) -> Iterator[Document]:
    """Yield the articles of one HRDsAttack file: title and paragraphs, with blank lines between."""
    if not path.is_file():
        raise CasetraceError(f"{path}: no such file; annotations/external/README.md says where to get it")
    try:
        rows = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise CasetraceError(f"{path}: damaged: {error}; get it again") from error
    for row in rows:
        sample = row["sample"]
        title = html.unescape(sample["Input.title"]).strip()
        text = "\n\n".join([title, *_paragraphs(sample["Input.article_interface"])])
        doc_id = f"hrdsattack-{sample['Input.GLOBALEVENTID']}"
        yield Document(id=doc_id, text=text, title=title, published=sample["Input.publish_date"][:10])


def _paragraphs(page: str) -> list[str]:
    found = re.findall(r"<p>(.*?)</p>", page, re.DOTALL) or [page]
    plain = [html.unescape(re.sub(r"<[^>]+>", "", paragraph)).strip() for paragraph in found]
    return [paragraph for paragraph in plain if paragraph]


def _beginning(document: Document, sha256: str) -> Document:
    """The document cut at the paragraph end where the annotated text ended."""
    cuts = [match.start() for match in re.finditer(r"\n\n", document.text)] + [len(document.text)]
    for cut in cuts:
        text = document.text[:cut]
        if text_hash(text) == sha256:
            return document.model_copy(update={"text": text, "sha256": sha256})
    raise CasetraceError(f"{document.id}: no beginning of this article is the text that was annotated; "
                         "the data set has changed since")  # fmt: skip
