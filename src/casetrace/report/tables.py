"""Figures as tables: on a terminal of any width, and as Markdown for a page in the repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

from rich.table import Table

from casetrace.evaluate import Evaluation, Figure
from casetrace.evaluate.compare import SIGNIFICANT, Change, ChangeKind, Comparison
from casetrace.evaluate.confidence import Point
from casetrace.evaluate.levels import DOSSIERS, HEADLINE, SHARES
from casetrace.evaluate.slices import SLICED

WIDE = 90
"""Columns of a terminal from which on the counts stand beside the figures."""

LABELLED = {"entities": ("entities",), "events": ("events",), "relations": ("arguments", "attributes")}
"""The tables by label, and the levels whose names they list."""
LEAST_GOLD = 10
"""Occurrences in gold under which a label gets no interval."""
LEAST_DOCUMENTS = 5
"""Documents under which a label or slice gets no interval: drawn again, a handful gives the same few figures."""


def overall_table(evaluation: Evaluation, *, title: str, width: int, every: bool = False) -> Table:
    """One row for each headline level (`every`: all); a narrow terminal gets fewer columns, never broken words."""
    table = Table(title=title, box=None, pad_edge=False, title_justify="left")
    table.add_column("level", overflow="fold")
    columns = ("F1", "95 %", "P", "R", "docs", "found", "missed", "spurious")
    for name in columns if width >= WIDE else columns[:5]:
        table.add_column(name, justify="right", no_wrap=True)
    for row in figure_rows(_shown(evaluation, every=every)):
        table.add_row(*row[: len(table.columns)])
    return table


def figure_rows(figures: Mapping[str, Figure]) -> Iterator[tuple[str, ...]]:
    """Level, figure, interval, precision, recall, documents, counts; precision and recall only where they differ."""
    for name, figure in figures.items():
        share = name in SHARES
        counted = figure.hits + figure.missed + figure.spurious > 0
        yield (
            f"{name} (share)" if share else name,
            f"{figure.value:.3f}" if figure.documents else "–",
            interval(figure) if figure.documents else "–",
            "" if share else f"{figure.precision:.3f}",
            "" if share else f"{figure.recall:.3f}",
            str(figure.documents),
            *(number(value) if counted else "" for value in (figure.hits, figure.missed, figure.spurious)),
        )


def interval(figure: Figure) -> str:
    """The 95 % interval as "0.71–0.80"."""
    return f"{figure.low:.2f}–{figure.high:.2f}"


def number(value: float) -> str:
    """A count as a whole number where it is one."""
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def figures_markdown(evaluations: Mapping[str, Evaluation], *, every: bool = False) -> str:
    """A Markdown table: a row for each level, a column with figure, interval and documents for each evaluation."""
    shown = {title: _shown(evaluation, every=every) for title, evaluation in evaluations.items()}
    levels = dict.fromkeys(level for figures in shown.values() for level in figures)
    head = [f"{title} ({evaluation.documents} documents)" for title, evaluation in evaluations.items()]
    rows = [
        [f"{level} (share)" if level in SHARES else level, *(_cell(figures.get(level)) for figures in shown.values())]
        for level in levels
    ]
    return markdown(["level (F1)", *head], rows)


def labels_markdown(evaluation: Evaluation) -> str:
    """Markdown tables of entities by label, events by type and relations by kind, the most frequent in gold first."""
    tables = []
    for title, levels in LABELLED.items():
        figures = {
            f"{name} (attribute)" if level == "attributes" else name: figure
            for level in levels
            for name, figure in evaluation.by_name[level].items()
        }
        tables.append(
            markdown([title, "in gold", "documents", "precision", "recall", "F1 (95 %)"], label_rows(figures))
        )
    return "\n".join(tables)


def label_rows(figures: Mapping[str, Figure]) -> Iterator[tuple[str, ...]]:
    """Label, number in gold, documents, precision, recall, F1 with its interval or "too few"; "–" where undefined."""
    for name, figure in sorted(figures.items(), key=lambda item: (-_in_gold(item[1]), item[0])):
        gold = _in_gold(figure)
        few = gold < LEAST_GOLD or figure.documents < LEAST_DOCUMENTS
        yield (
            name,
            number(gold),
            str(figure.documents),
            f"{figure.precision:.3f}" if figure.hits + figure.spurious else "–",
            f"{figure.recall:.3f}" if gold else "–",
            f"{figure.value:.3f} ({'too few' if few else interval(figure)})" if gold else "–",
        )


def _in_gold(figure: Figure) -> float:
    return figure.hits + figure.missed


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; numbers need no alignment marks to be read."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(figure: Figure | None) -> str:
    if figure is None or not figure.documents:
        return "–"
    return f"{figure.value:.3f} ({interval(figure)}; n={figure.documents})"


def _shown(evaluation: Evaluation, *, every: bool) -> dict[str, Figure]:
    names = evaluation.overall if every else [name for name in (*HEADLINE, *DOSSIERS) if name in evaluation.overall]
    return {name: evaluation.overall[name] for name in names}


def differences_table(comparison: Comparison, *, left: str, right: str) -> Table:
    """One row for each headline level: both figures, the difference, its p value, documents that rose and fell."""
    title = f"A {left}\nB {right}\n{comparison.documents} documents; * p < {SIGNIFICANT}, paired permutation test"
    table = Table(title=title, box=None, pad_edge=False, title_justify="left")
    table.add_column("level", overflow="fold")
    for name in ("A", "B", "B - A", "p", "rose", "fell", "docs"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in comparison.differences:
        mark = "*" if row.p < SIGNIFICANT else " "
        table.add_row(
            row.level, f"{row.left:.3f}", f"{row.right:.3f}", f"{row.right - row.left:+.3f}{mark}", f"{row.p:.3f}",
            str(row.better), str(row.worse), str(row.documents),
        )  # fmt: skip
    return table


def differences_markdown(comparison: Comparison, *, left: str, right: str) -> str:
    """The same as Markdown, with how many values changed."""
    rows = [
        [row.level, f"{row.left:.3f}", f"{row.right:.3f}", f"{row.right - row.left:+.3f}", f"{row.p:.4f}",
         f"{row.better} / {row.worse} of {row.documents}"]
        for row in comparison.differences
    ]  # fmt: skip
    counts = Counter(change.kind for change in comparison.changes)
    told = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    table = markdown(["level", f"A: {left}", f"B: {right}", "B - A", "p", "documents that rose / fell"], rows)
    return f"{table}\nValues of records: {told}.\n"


def change_lines(comparison: Comparison, *, most: int) -> Iterator[str]:
    """The first changed values of each kind, a line each."""
    for kind in get_args(ChangeKind):
        found = [change for change in comparison.changes if change.kind == kind][:most]
        yield from (f"{kind}: {_changed(change)}" for change in found)


def _changed(change: Change) -> str:
    where = " ".join(part for part in (change.doc_id, change.subject, change.event, change.field) if part)
    return f"{where}: " + " -> ".join(value for value in (change.left, change.right) if value)


def confidence_lines(evaluation: Evaluation) -> Iterator[str]:
    """One line for each kind of scored thing: calibration error, and what needs no look at 95 and 90 % precision."""
    for item in evaluation.confidence:
        shares = (f"{_share(item.automated[target])} at {100 * float(target):.0f} %" for target in ("0.95", "0.90"))
        yield f"{item.kind}: calibration error {item.error:.3f}; need no look: {', '.join(shares)} precision"


def slices_table(evaluation: Evaluation) -> Table:
    """One row for each slice with the F1 of the levels that are sliced."""
    table = Table(title="slices (F1)", box=None, pad_edge=False, title_justify="left")
    table.add_column("part", overflow="fold")
    for name in ("docs", *SLICED):
        table.add_column(name, justify="right", no_wrap=True)
    for one in evaluation.slices:
        values = [f"{one.figures[level].value:.3f}" if level in one.figures else "" for level in SLICED]
        table.add_row(f"{one.by}: {one.part}", str(one.documents), *values)
    return table


def _share(point: Point | None) -> str:
    return f"{100 * point.share:.0f} %" if point else "nothing"
