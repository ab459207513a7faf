"""Manuscripts: a corpus text with its annotation in place and its manifest entry on top, as people write it.

---
id: ke-001
split: train
genre: wire_news
...
---
[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p].
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from casetrace import jsonl
from casetrace.corpus import SPLITS, ManifestEntry, read_manifest
from casetrace.markup import read_markup, write_markup
from casetrace.schema import check
from casetrace.types import Annotation, CasetraceError, Document

_FRONT = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_LISTS = ("violations", "hard")

Manuscript = tuple[ManifestEntry, Document, Annotation]


def read_manuscript(path: Path) -> Manuscript:
    """Read one manuscript; raises `CasetraceError` naming the file when its head, mark-up or annotation is wrong."""
    match = _FRONT.match(path.read_bytes().decode("utf-8"))
    if match is None:
        raise CasetraceError(f"{path}: no head; a manuscript starts with lines `key: value` between two lines ---")
    pairs = (line.split(":", 1) for line in match["head"].splitlines() if ":" in line)
    head = {key.strip(): value.strip() for key, value in pairs}
    try:
        document, annotation = read_markup(match["body"].strip("\n"), doc_id=head.get("id", ""), made_by="corpus")
        annotation = annotation.model_copy(update={"no_case": head.pop("no_case", "") == "true"})
        return _entry(head, document), document, check(annotation, document)
    except ValidationError as error:
        first = error.errors()[0]
        raise CasetraceError(f"{path}: head: {first['loc'][0]}: {first['msg']}") from error
    except CasetraceError as error:
        raise CasetraceError(f"{path}: {error}") from error


def write_manuscript(entry: ManifestEntry, document: Document, annotation: Annotation) -> str:
    """The manuscript of a corpus text; `read_manuscript` gives the same entry, document and annotation back."""
    head = entry.model_dump(exclude={"words", "sha256"}) | ({"no_case": "true"} if annotation.no_case else {})
    lines = (f"{key}: {', '.join(value) if key in _LISTS else value or ''}" for key, value in head.items())
    return "---\n" + "\n".join(line.rstrip() for line in lines) + f"\n---\n{write_markup(document, annotation)}\n"


def add(root: Path, manuscripts: Iterable[Manuscript]) -> int:
    """Put manuscripts into the corpus under `root`, each in place of the text of the same id; returns their number."""
    new = {entry.id: (entry, document, annotation) for entry, document, annotation in manuscripts}
    manifest = read_manifest(root) if (root / "corpus" / "manifest.jsonl").is_file() else {}
    for entry, document, _ in new.values():
        text = root / "corpus" / "texts" / f"{entry.id}.txt"
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_bytes(document.text.encode("utf-8"))
    entries = manifest | {doc_id: entry for doc_id, (entry, _, _) in new.items()}
    jsonl.write((entries[doc_id] for doc_id in sorted(entries)), root / "corpus" / "manifest.jsonl")
    _write_splits(root, {doc_id: annotation for doc_id, (_, _, annotation) in new.items()}, entries)
    return len(new)


def _write_splits(root: Path, new: Mapping[str, Annotation], entries: Mapping[str, ManifestEntry]) -> None:
    annotations: dict[str, Annotation] = {}
    for split in SPLITS:
        path = root / "annotations" / f"{split}.jsonl"
        if path.is_file():
            annotations |= {annotation.doc_id: annotation for annotation in jsonl.read(path, Annotation)}
    annotations |= new
    for split in SPLITS:
        chosen = (annotations[doc_id] for doc_id in sorted(annotations) if entries[doc_id].split == split)
        jsonl.write(chosen, root / "annotations" / f"{split}.jsonl")


def _entry(head: dict[str, str], document: Document) -> ManifestEntry:
    lists = {key: tuple(part.strip() for part in head.get(key, "").split(",") if part.strip()) for key in _LISTS}
    known: dict[str, object] = {**head, **lists, "words": len(document.text.split()), "sha256": document.sha256}
    for key in ("title", "published"):
        known[key] = head.get(key) or None
    return ManifestEntry.model_validate(known)
