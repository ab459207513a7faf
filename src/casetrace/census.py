"""What an annotated corpus holds: counts by label, genre, country and length, and how varied its words are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from casetrace.corpus import ManifestEntry, Split
from casetrace.schema import ENTITIES, EVENTS, MODALITIES, RELATIONS
from casetrace.types import Annotation, Document

LENGTHS = (80, 150, 250, 400, 700, 1000)
"""Upper ends, in words, of the length classes."""
BAR = 40
"""Characters of the longest bar."""

Pair = tuple[Document, Annotation]


class Census(NamedTuple):
    """Counts over a corpus; each counter keeps the order in which it is to be shown."""

    totals: Counter[str]
    tables: dict[str, Counter[str]]
    diversity: Counter[str]


def count(splits: Mapping[Split, list[Pair]], manifest: Mapping[str, ManifestEntry]) -> Census:
    """Count the documents of all splits; those without a manifest entry (third-party texts) have genre "external"."""
    pairs = [pair for split in splits.values() for pair in split]
    spans = Counter(span.label for _, annotation in pairs for span in annotation.spans)
    modalities = Counter(span.modality for _, annotation in pairs for span in annotation.spans if span.modality)
    relations = Counter(relation.label for _, annotation in pairs for relation in annotation.relations)
    entries = [manifest.get(document.id) for document, _ in pairs]
    tables: dict[str, Counter[str]] = {
        "split": Counter({str(name): len(split) for name, split in splits.items()}),
        "genre": _ranked(entry.genre if entry else "external" for entry in entries),
        "country": _ranked(entry.country if entry else "external" for entry in entries),
        "violation": _ranked(name for entry in entries if entry for name in entry.violations),
        "length in words": _lengths(document for document, _ in pairs),
        "entity": Counter({label: spans[label] for label in ENTITIES}),
        "event": Counter({label: spans[label] for label in EVENTS}),
        "modality": Counter({name: modalities[name] for name in MODALITIES}),
        "relation": Counter({label: relations[label] for label in RELATIONS}),
    }
    totals = Counter(documents=len(pairs), words=sum(len(document.text.split()) for document, _ in pairs))
    totals.update(spans=spans.total(), events=sum(spans[label] for label in EVENTS), relations=relations.total())
    totals.update({"documents without an event": sum(_is_silent(annotation) for _, annotation in pairs)})
    return Census(totals, tables, _diversity(pairs))


def write_page(census: Census) -> str:
    """The census as Markdown: a table of totals, and bars for each table of counts."""
    return "\n".join(_page(census)) + "\n"


def _page(census: Census) -> Iterator[str]:
    yield from ("| what | count |", "| --- | --- |")
    for name, number in (census.totals + census.diversity).items():
        yield f"| {name} | {number:,} |"
    for name, counter in census.tables.items():
        yield from ("", f"By {name}:", "", "```", *_bars(counter), "```")


def _bars(counter: Counter[str]) -> Iterator[str]:
    width = max((len(name) for name in counter), default=0)
    top = max(counter.values(), default=1) or 1
    for name, number in counter.items():
        yield f"{name:<{width}} {number:>6,} {'█' * round(BAR * number / top)}".rstrip()


def _ranked(names: Iterable[str]) -> Counter[str]:
    return Counter(dict(Counter(names).most_common()))


def _lengths(documents: Iterable[Document]) -> Counter[str]:
    classes = Counter({f"up to {end}": 0 for end in LENGTHS} | {f"over {LENGTHS[-1]}": 0})
    for document in documents:
        words = len(document.text.split())
        classes[next((f"up to {end}" for end in LENGTHS if words <= end), f"over {LENGTHS[-1]}")] += 1
    return classes


def _is_silent(annotation: Annotation) -> bool:
    return not any(span.label in EVENTS for span in annotation.spans)


def _diversity(pairs: list[Pair]) -> Counter[str]:
    people = {span.text for _, annotation in pairs for span in annotation.spans if span.label == "PERSON"}
    organisations = {span.text for _, annotation in pairs for span in annotation.spans if span.label == "ORG"}
    triggers = {span.text.lower() for _, annotation in pairs for span in annotation.spans if span.label in EVENTS}
    grams = [gram for document, _ in pairs for gram in _four_grams(document.text)]
    return Counter({
        "distinct PERSON strings": len(people),
        "distinct ORG strings": len(organisations),
        "distinct trigger words": len(triggers),
        "distinct 4-grams in 1,000": round(1000 * len(set(grams)) / max(1, len(grams))),
    })  # fmt: skip


def _four_grams(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return zip(*(words[at:] for at in range(4)), strict=False)
