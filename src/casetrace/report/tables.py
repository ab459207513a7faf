"""Figures as tables on a terminal."""

from __future__ import annotations

from rich.table import Table

from casetrace.evaluate import Evaluation


def overall_table(evaluation: Evaluation, *, title: str) -> Table:
    """One row for each level: F1 with its interval, precision, recall, counts, and how many documents it rests on."""
    table = Table("level", "F1", "95 % interval", "P", "R", "found", "missed", "spurious", "documents", title=title)
    for name, figure in evaluation.overall.items():
        table.add_row(
            name, f"{figure.value:.3f}", f"{figure.low:.3f}-{figure.high:.3f}", f"{figure.precision:.3f}",
            f"{figure.recall:.3f}", str(figure.hits), str(figure.missed), str(figure.spurious), str(figure.documents),
        )  # fmt: skip
    return table
