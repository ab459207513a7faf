"""Agreement between annotators as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from casetrace.agreement import Agreement, PairAgreement
from casetrace.coefficients import Coefficient
from casetrace.evaluate.figures import Figure


def tables(found: Agreement) -> Iterator[Table]:
    """For each pair the levels and the names within them; then each annotator, and alpha over all."""
    for pair in found.pairs:
        yield _levels(pair)
        yield _names(pair)
        yield _confusion(pair)
    if len(found.annotators) > 2:
        yield _annotators(found)
    if found.alpha:
        yield _coefficients("Krippendorff's alpha, all annotators", found.alpha)


def _levels(pair: PairAgreement) -> Table:
    table = Table("level", "F1", "95 % interval", "both", f"only {pair.left}", f"only {pair.right}",
                  title=f"{pair.left} and {pair.right}: {pair.documents} documents")  # fmt: skip
    for level, figure in pair.overall.items():
        table.add_row(level, *_figure(figure))
    kappas = {"Cohen's kappa, modality of shared events": pair.modality_kappa,
              "Cohen's kappa, labels of words": pair.word_kappa}  # fmt: skip
    for name, coefficient in kappas.items():
        if coefficient is not None:
            table.add_row(name, *_coefficient(coefficient))
    return table


def _names(pair: PairAgreement) -> Table:
    table = Table("level", "name", "F1", "95 % interval", "both", f"only {pair.left}", f"only {pair.right}")
    for level, names in pair.by_name.items():
        rows = sorted(names.items(), key=lambda row: row[1].value)
        for name, figure in rows:
            table.add_row(level, name, *_figure(figure))
    return table


def _confusion(pair: PairAgreement) -> Table:
    table = Table(f"{pair.left} \\ {pair.right}", *pair.confusion, title="modality of shared events")
    for name, row in pair.confusion.items():
        table.add_row(name, *(str(row[other]) for other in pair.confusion))
    return table


def _annotators(found: Agreement) -> Table:
    levels = list(dict.fromkeys(level for levels in found.by_annotator.values() for level in levels))
    table = Table("F1 with the others", *found.annotators)
    for level in levels:
        table.add_row(level, *(f"{levels[level].value:.3f}" for levels in found.by_annotator.values()))
    return table


def _coefficients(title: str, found: dict[str, Coefficient]) -> Table:
    table = Table("", "alpha", "95 % interval", "items", title=title)
    for name, coefficient in found.items():
        table.add_row(name, *_coefficient(coefficient))
    return table


def _figure(figure: Figure) -> tuple[str, ...]:
    interval = f"{figure.low:.3f}-{figure.high:.3f}"
    return f"{figure.value:.3f}", interval, f"{figure.hits:g}", f"{figure.missed:g}", f"{figure.spurious:g}"


def _coefficient(found: Coefficient) -> tuple[str, str, str]:
    if found.value is None or found.low is None or found.high is None:
        return "not defined", "", str(found.items)
    return f"{found.value:.3f}", f"{found.low:.3f}-{found.high:.3f}", str(found.items)
