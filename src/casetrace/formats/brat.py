"""brat stand-off: ID.txt beside ID.ann, events with their arguments, modality as attribute, ids and scores as notes.

A span that runs over a line end is written in the pieces that brat wants, and joined again when read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from casetrace.formats.loss import Loss, Pair, document_losses
from casetrace.markup import default_id
from casetrace.schema import ENTITIES, EVENTS, RELATIONS, check
from casetrace.types import Annotation, CasetraceError, Document, Modality, Relation, Span

ID, SCORE = "CasetraceId", "CasetraceScore"
_LINE = re.compile(r"\r\n|\r|\n")


def write(pairs: Iterable[Pair], path: Path) -> Iterator[Loss]:
    """Write a folder for brat with its annotation.conf."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "annotation.conf").write_text(_configuration(), "utf-8")
    for document, annotation in pairs:
        (path / f"{document.id}.txt").write_bytes(document.text.encode("utf-8"))
        lines = "".join(line + "\n" for line in _lines(document, annotation))
        (path / f"{document.id}.ann").write_bytes(lines.encode("utf-8"))
        yield from document_losses(document)
        if annotation.no_case:
            yield Loss(document.id, "that there is no case")
        if annotation.made_by is not None:
            yield Loss(document.id, "who made it", annotation.made_by)


def read(path: Path) -> Iterator[Pair]:
    """Read every ID.ann of a folder with its text; raises `CasetraceError` naming the line that cannot be read."""
    for file in sorted(path.glob("*.ann")):
        document = Document(id=file.stem, text=file.with_suffix(".txt").read_bytes().decode("utf-8"))
        yield document, _read(document, file)


def _lines(document: Document, annotation: Annotation) -> Iterator[str]:
    numbers = {span.id: number for number, span in enumerate(annotation.spans, start=1)}
    names = {span.id: f"{'E' if span.label in EVENTS else 'T'}{numbers[span.id]}" for span in annotation.spans}
    notes = []
    for span in annotation.spans:
        number = numbers[span.id]
        pieces = ";".join(f"{start} {end}" for start, end in _pieces(span, document.text))
        yield f"T{number}\t{span.label} {pieces}\t{_LINE.sub(' ', span.text)}"
        if span.label in EVENTS:
            yield f"E{number}\t{span.label}:T{number}{_arguments(span, annotation, names)}"
            yield f"A{number}\tModality E{number} {span.modality}"
        notes += [(ID, f"T{number}", span.id)] if span.id != default_id(span.start) else []
        notes += [(SCORE, f"T{number}", repr(span.score))] if span.score is not None else []
    heads = {span.id for span in annotation.spans if span.label not in EVENTS}
    links = [link for link in annotation.relations if link.head in heads]
    for number, link in enumerate(links, start=1):
        yield f"R{number}\t{link.label} Arg1:{names[link.head]} Arg2:{names[link.child]}"
    for link in annotation.relations:
        if link.score is not None:
            notes.append((SCORE, names[link.head], f"{link.label} {names[link.child]} {link.score!r}"))
    for number, (kind, target, text) in enumerate(notes, start=1):
        yield f"#{number}\t{kind} {target}\t{text}"


def _pieces(span: Span, text: str) -> Iterator[tuple[int, int]]:
    at = span.start
    for match in _LINE.finditer(text, span.start, span.end):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
    yield at, span.end


def _arguments(span: Span, annotation: Annotation, names: dict[str, str]) -> str:
    """Arguments of one event; brat numbers those of one role from the second on."""
    seen: Counter[str] = Counter()
    parts = []
    for link in annotation.relations:
        if link.head == span.id:
            seen[link.label] += 1
            number = "" if seen[link.label] == 1 else str(seen[link.label])
            parts.append(f" {link.label}{number}:{names[link.child]}")
    return "".join(parts)


def _read(document: Document, file: Path) -> Annotation:
    reader = _Reader()
    for number, line in enumerate(file.read_bytes().decode("utf-8").split("\n"), start=1):
        try:
            reader.read(line)
        except (ValueError, IndexError, KeyError, StopIteration) as error:
            raise CasetraceError(f"{file}, line {number}: not brat stand-off: {line!r}") from error
    return check(reader.finish(document), document)


class _Reader:
    """Collects the lines of one file; what a line refers to may stand below it."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[str, int, int]] = {}
        self.triggers: dict[str, str] = {}
        self.links: list[tuple[str, str, str]] = []
        self.modality: dict[str, Modality] = {}
        self.ids: dict[str, str] = {}
        self.scores: dict[tuple[str, ...], float] = {}

    def read(self, line: str) -> None:
        """One line, told by its first letter; kinds that casetrace does not write are passed over."""
        key, *rest = line.split("\t")
        kinds = {"T": self._read_span, "E": self._read_event, "R": self._read_relation, "A": self._read_attribute}
        if key[:1] == "#":
            self._read_note(*rest)
        elif key[:1] in kinds:
            kinds[key[:1]](key, rest[0])

    def _read_span(self, key: str, rest: str) -> None:
        label, places = rest.split(" ", 1)
        ends = [int(part) for part in re.split(r"[ ;]", places)]
        self.places[key] = (label, ends[0], ends[-1])

    def _read_event(self, key: str, rest: str) -> None:
        trigger, *arguments = rest.split()
        self.triggers[key] = trigger.split(":")[1]
        for role, child in (argument.split(":") for argument in arguments):
            self.links.append((key, role.rstrip("0123456789"), child))

    def _read_relation(self, _: str, rest: str) -> None:
        label, head, child = rest.split()
        self.links.append((head.split(":")[1], label, child.split(":")[1]))

    def _read_attribute(self, _: str, rest: str) -> None:
        name, target, *value = rest.split()
        if name == "Modality":
            self.modality[target] = next(known for known in get_args(Modality) if [known] == value)

    def _read_note(self, target: str, text: str = "") -> None:
        kind, key = target.split()
        if kind == ID:
            self.ids[key] = text
        elif kind == SCORE:
            *link, score = text.split()
            self.scores[key, *link] = float(score)

    def finish(self, document: Document) -> Annotation:
        events = {trigger: event for event, trigger in self.triggers.items()}
        spans = {
            key: Span(
                id=self.ids.get(key, default_id(start)), start=start, end=end, label=label,
                text=document.text[start:end], score=self.scores.get((key,)),
                modality=_modality(label, events.get(key, ""), self.modality),
            )
            for key, (label, start, end) in self.places.items()
        }  # fmt: skip
        relations = tuple(
            Relation(
                head=spans[self.triggers.get(head, head)].id, label=label, score=self.scores.get((head, label, child)),
                child=spans[self.triggers.get(child, child)].id,
            )
            for head, label, child in self.links
        )  # fmt: skip
        return Annotation(doc_id=document.id, sha256=document.sha256, spans=tuple(spans.values()), relations=relations)


def _modality(label: str, event: str, found: dict[str, Modality]) -> Modality | None:
    return found.get(event, "ASSERTED") if label in EVENTS else None


def _configuration() -> str:
    """What brat needs to know of the vocabulary."""
    roles = [name for name, row in RELATIONS.items() if row.head & EVENTS.keys()]
    others = [row for row in RELATIONS.values() if row.head - EVENTS.keys()]
    arguments = ", ".join(f"{role}*:<ENTITY>" for role in roles)
    return "\n".join([
        "[entities]", *ENTITIES, "", "[relations]",
        *(f"{row.name} Arg1:{'|'.join(sorted(row.head - EVENTS.keys()))}, Arg2:{'|'.join(sorted(row.child))}"
          for row in others),
        "", "[events]", *(f"{name} {arguments}" for name in EVENTS),
        "", "[attributes]", f"Modality Arg:<EVENT>, Value:{'|'.join(get_args(Modality))}", "",
    ])  # fmt: skip
