"""Changes of the vocabulary carried into annotation: labels, relations and modalities renamed, merged or split.

Rules are a TOML file:

    [labels]              # renamed, or merged where several go to one
    TALK = "THREATEN"
    [split.CUSTODY]       # by the words of the span: the first pattern that fits the whole of them, case aside
    "arrest\\w*" = "ARREST"
    ".*" = "DETAIN"
    [relations]
    victim = "subject"
    [modalities]
    CLAIMED = "ASSERTED"

Every change is a row with what was before and what is after, so that the same rows undo it.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from casetrace.schema import EVENTS, LABELS, MODALITIES, RELATIONS
from casetrace.types import Annotation, CasetraceError, Frozen, Relation, Span

DEFAULT_MODALITY = "ASSERTED"


class Rules(Frozen):
    """What becomes of old names; names without a rule stay."""

    labels: dict[str, str] = Field(default_factory=dict)
    split: dict[str, dict[str, str]] = Field(default_factory=dict)
    relations: dict[str, str] = Field(default_factory=dict)
    modalities: dict[str, str] = Field(default_factory=dict)

    def label(self, old: str, words: str) -> str:
        """The new label of a span; the old one where no pattern of a split fits.

        >>> rules = Rules(labels={"COP": "ORG"}, split={"CUSTODY": {"arrest.*": "ARREST"}})
        >>> rules.label("COP", "police"), rules.label("CUSTODY", "Arrested"), rules.label("CUSTODY", "held")
        ('ORG', 'ARREST', 'CUSTODY')
        """
        for pattern, new in self.split.get(old, {}).items():
            if re.fullmatch(pattern, words, re.IGNORECASE | re.DOTALL):
                return new
        return self.labels.get(old, old)


class Change(Frozen):
    """One annotation before and after."""

    before: Annotation
    after: Annotation


def read_rules(path: Path) -> Rules:
    """Read a file of rules; raises `CasetraceError` where it is none, or leads to names that the vocabulary lacks."""
    try:
        rules = Rules.model_validate(tomllib.loads(path.read_text("utf-8")))
        for pattern in (pattern for patterns in rules.split.values() for pattern in patterns):
            re.compile(pattern)
    except (OSError, ValueError, ValidationError, re.error) as error:
        raise CasetraceError(f"{path}: no rules for a migration: {error}") from error
    unknown = [
        *({*rules.labels.values(), *(new for split in rules.split.values() for new in split.values())} - LABELS.keys()),
        *(set(rules.relations.values()) - RELATIONS.keys()),
        *(set(rules.modalities.values()) - MODALITIES.keys()),
    ]
    if unknown:
        raise CasetraceError(
            f"{path}: {', '.join(sorted(unknown))}: not in the vocabulary; add it to schema.toml first"
        )
    return rules


def migrate(annotation: Annotation, rules: Rules) -> Annotation:
    """The annotation in the new vocabulary; a span that becomes an event is ASSERTED, one that was one is without."""
    spans = tuple(_span(span, rules) for span in annotation.spans)
    relations = tuple(_relation(relation, rules) for relation in annotation.relations)
    return annotation.model_copy(update={"spans": spans, "relations": relations})


def changes(annotations: Iterable[Annotation], rules: Rules) -> Iterator[Change]:
    """Every annotation that the rules change."""
    for annotation in annotations:
        after = migrate(annotation, rules)
        if after != annotation:
            yield Change(before=annotation, after=after)


def apply(annotations: Iterable[Annotation], found: Iterable[Change], *, undo: bool = False) -> Iterator[Annotation]:
    """Annotations with the changes made, or taken back; one that is not as it was before its change is left alone."""
    steps = {
        (change.before.doc_id, change.before.made_by): (change.after, change.before)
        if undo
        else (change.before, change.after)
        for change in found
    }
    for annotation in annotations:
        old, new = steps.get((annotation.doc_id, annotation.made_by), (None, None))
        yield new if new is not None and annotation == old else annotation


def report(found: Iterable[Change]) -> Counter[tuple[str, str]]:
    """How often each name became another."""
    counts: Counter[tuple[str, str]] = Counter()
    for change in found:
        for old, new in zip(change.before.spans, change.after.spans, strict=True):
            counts[old.label, new.label] += old.label != new.label
            if old.modality and new.modality and old.modality != new.modality:
                counts[old.modality, new.modality] += 1
        for before, after in zip(change.before.relations, change.after.relations, strict=True):
            counts[before.label, after.label] += before.label != after.label
    return +counts


def left_over(annotations: Iterable[Annotation]) -> Counter[str]:
    """Names that the vocabulary does not know, after a migration: what the rules forgot."""
    counts: Counter[str] = Counter()
    for annotation in annotations:
        counts.update(span.label for span in annotation.spans if span.label not in LABELS)
        counts.update(relation.label for relation in annotation.relations if relation.label not in RELATIONS)
    return counts


def _span(span: Span, rules: Rules) -> Span:
    label = rules.label(span.label, span.text)
    modality = rules.modalities.get(str(span.modality), span.modality)
    if label != span.label:
        modality = (modality or DEFAULT_MODALITY) if label in EVENTS else None
    return span.model_copy(update={"label": label, "modality": modality})


def _relation(relation: Relation, rules: Rules) -> Relation:
    return relation.model_copy(update={"label": rules.relations.get(relation.label, relation.label)})
