"""The annotation page: Label Studio's labelling configuration, generated from schema.toml.

Two families of labels (who, where, when, how much; what happened), modality of a selected event, labelled relations,
a tick for a document without a case, and beside the text what the guidelines say of whatever is selected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, get_args
from xml.etree import ElementTree as ET

from casetrace.schema import ENTITIES, EVENTS, MODALITIES, RELATIONS, Label

Step = Literal["all", "spans", "links"]
"""What annotators do in one project: everything; only spans and modality; or, over agreed spans, only relations."""
STEPS: tuple[Step, ...] = get_args(Step)

ENTITY, EVENT, MODALITY, DOCUMENT, TEXT = "entity", "event", "modality", "document", "text"
"""Names of the controls, as they stand in `from_name` and `to_name` of every result."""
NO_CASE = "no case here"
_STYLE = """
.ct-labels { position: sticky; top: 0; z-index: 5; background: var(--color-neutral-background, white); }
.ct-labels h6 { margin: 0.3em 0 0.2em; }
.ct-columns { display: flex; gap: 2em; align-items: flex-start; }
.ct-text { flex: 3; min-width: 0; }
.ct-text [class*=richtext__line] { font-size: 16px; line-height: LINE; }
.ct-aside { flex: 1; min-width: 15em; position: sticky; top: 14em; padding-top: 2em; }
"""

_SPANS = (
    "**Mark** a span: press the key of its label, then drag over its words, without quotation marks or 's.",
    "**Look** at one: click it; its rule is shown here, and for an event the modality to choose.",
    "**Change** a label: click the span, press another key. **Delete**: click it, backspace.",
)
_LINKS = (
    "**Link** two spans: click the first (an event, a later mention), Alt+R, click the second; then choose the name of"
    " the arrow in the list under *Relations* at the right.",
)
HOW_TO: dict[Step, tuple[str, ...]] = {"all": _SPANS + _LINKS, "spans": _SPANS, "links": _LINKS + _SPANS[1:]}
"""What stands beside the text as long as nothing is selected."""


def page(step: Step = "all") -> str:
    """The labelling configuration (XML) of one step."""
    view = ET.Element("View")
    if step != "spans":
        relations = ET.SubElement(view, "Relations")
        for name in RELATIONS:
            ET.SubElement(relations, "Relation", value=name)
    line = "2" if step == "spans" else "3.2"  # arrows need room between the lines
    ET.SubElement(view, "Style").text = _STYLE.replace("LINE", line)
    _add_labels(ET.SubElement(view, "View", className="ct-labels"))
    columns = ET.SubElement(view, "View", className="ct-columns")
    column = ET.SubElement(columns, "View", className="ct-text")
    ET.SubElement(column, "Header", value="$about", size="6")
    ET.SubElement(column, "Text", name=TEXT, value="$text", granularity="symbol", saveTextResult="yes")
    _add_aside(ET.SubElement(columns, "View", className="ct-aside"), step)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode")


def control_of(label: str) -> str:
    """The control whose label it is: an event is marked with another set of buttons than an entity."""
    return EVENT if label in EVENTS else ENTITY


def _add_labels(view: ET.Element) -> None:
    for name, title, labels in ((ENTITY, "Who, where, when, how much", ENTITIES), (EVENT, "What happened", EVENTS)):
        ET.SubElement(view, "Header", value=title, size="6")
        group = ET.SubElement(view, "Labels", name=name, toName=TEXT, showInline="true")
        for label in labels.values():
            ET.SubElement(group, "Label", value=label.name, background=label.colour, hotkey=label.hotkey,
                          hint=label.description)  # fmt: skip


def _add_aside(view: ET.Element, step: Step) -> None:
    """Modality and guidelines of what is selected; nothing selected: the document's tick and the ground rules."""
    modality = ET.SubElement(
        view, "Choices", name=MODALITY, toName=TEXT, perRegion="true", choice="single-radio",
        whenLabelValue=",".join(EVENTS),
    )  # fmt: skip
    for name, row in MODALITIES.items():
        ET.SubElement(modality, "Choice", value=name, hotkey=row.hotkey, hint=row.description)
    document = ET.SubElement(view, "Choices", name=DOCUMENT, toName=TEXT, choice="multiple")
    ET.SubElement(document, "Choice", value=NO_CASE, hint="no event of the list happens to anybody in this text")
    ET.SubElement(view, "Markdown", visibleWhen="no-region-selected").text = "\n\n".join(HOW_TO[step]) + "\n"
    for label in (*ENTITIES.values(), *EVENTS.values()):
        advice = ET.SubElement(view, "Markdown", visibleWhen="region-selected", whenTagName=control_of(label.name),
                               whenLabelValue=label.name)  # fmt: skip
        advice.text = "\n\n".join(_advice(label, step)) + "\n"


def _advice(label: Label, step: Step) -> Iterable[str]:
    yield f"**{label.name}** {label.description}"
    yield from (f"*{_plain(example)}*" for example in label.examples)
    if step != "spans":
        rows = [f"- **{row.name}**: {row.description} ({', '.join(_kinds(row.child))})"
                for row in RELATIONS.values() if label.name in row.head]  # fmt: skip
        if rows:
            yield "From here:\n\n" + "\n".join(rows)


def _kinds(labels: Iterable[str]) -> list[str]:
    """Label names in the order of the vocabulary, all events as one word."""
    found = set(labels)
    names = [name for name in ENTITIES if name in found]
    return [*names, "event"] if found & EVENTS.keys() else names


def _plain(example: str) -> str:
    """An example as people read it: the marked words in bold."""
    return re.sub(r"\[([^|\]]+)\|[^\]]*\]", r"**\1**", example)
