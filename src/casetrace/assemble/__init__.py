"""From one annotated document to its case records: who, what happened, when, and where the case stands.

Deterministic: the same document and annotation give the same records on every machine and day.
"""

from __future__ import annotations

from hashlib import sha256

from casetrace.assemble.appeals import mark_acquittals
from casetrace.assemble.chains import Chain, Chains, build_chains
from casetrace.assemble.contradictions import mark_contradictions
from casetrace.assemble.groups import only_describes
from casetrace.assemble.mention import Mention
from casetrace.assemble.mentions import read_mentions
from casetrace.assemble.merge import merge_mentions
from casetrace.assemble.narrative import Narrative
from casetrace.assemble.order import in_time_order
from casetrace.assemble.settled import is_settled
from casetrace.assemble.status import status_of
from casetrace.assemble.subjects import read_subject
from casetrace.assemble.surroundings import DocumentContext
from casetrace.types import Annotation, CaseRecord, Document, Event

CHECK_BELOW = 0.5
"""A value or event whose probability is lower is marked `check`."""


def assemble(document: Document, annotation: Annotation, *, check_below: float = CHECK_BELOW) -> list[CaseRecord]:
    """One record for each person, group or organisation that is the subject of an event, in the order of the text.

    >>> from casetrace.markup import read_markup
    >>> marked = "[Police|ORG o] [arrested|ARREST subject=p agent=o] [Ruth Okello|PERSON p]."
    >>> document, annotation = read_markup(marked, doc_id="d")
    >>> [(record.subject.name, record.events[0].type, record.status) for record in assemble(document, annotation)]
    [('Ruth Okello', 'ARREST', 'arrested')]
    """
    narrative = Narrative(document.text)
    chains = build_chains(document, annotation)
    context = DocumentContext.of(document, annotation)
    mentions = read_mentions(document, annotation, chains=chains, context=context)
    records = []
    for chain in chains.all():
        found = [mention for mention in mentions if chain.key in mention.subjects]
        if (
            found
            and chain.is_named
            and not only_describes(chain, [mention.subjects for mention in found], chains=chains)
        ):
            records.append(
                _record(
                    document,
                    chain,
                    chains=chains,
                    mentions=found,
                    annotation=annotation,
                    context=context,
                    narrative=narrative,
                    check_below=check_below,
                )
            )
    return records


def _record(
    document: Document,
    chain: Chain,
    *,
    chains: Chains,
    mentions: list[Mention],
    annotation: Annotation,
    context: DocumentContext,
    narrative: Narrative,
    check_below: float,
) -> CaseRecord:
    merged = merge_mentions(mentions, chain=chain, chains=chains, check_below=check_below)
    merged = mark_acquittals(merged, narrative)
    events = tuple(mark_contradictions(in_time_order(merged, narrative)))
    subject = read_subject(chain, chains=chains, annotation=annotation, check_below=check_below)
    return CaseRecord(
        case_id=_case_id(document, chain),
        doc_id=document.id,
        subject=subject,
        events=events,
        charges=_distinct_charges(events),
        status=status_of(events),
        status_check=not is_settled(events, narrative, check_below=check_below),
        country=context.country,
        published=document.published,
    )


def _case_id(document: Document, chain: Chain) -> str:
    """Made from the text and the first mention, so that it is the same wherever the same text is read."""
    first = chain.mentions[0]
    return sha256(f"{document.id}\n{document.sha256}\n{first.start}\n{chain.name}".encode()).hexdigest()[:16]


def _distinct_charges(events: tuple[Event, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(charge.value for event in events for charge in event.charges))
