"""Charts as SVG text, coloured by the classes of page.css: bars, lines; nothing is fetched, nothing runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from casetrace.evaluate.confidence import Confidence
from casetrace.evaluate.figures import Figure

Points = Sequence[tuple[float, float]]

SIDE, LEFT, BOTTOM = 220, 38, 34
"""Pixels of the square that lines are drawn in, and of its margins."""
PANEL = 330
FILE_STYLE = "text{font:11px sans-serif;fill:#59636e}.name{fill:#1f2328}.room{fill:#eef1f4}circle{fill:#2563a8}"


def reliability_chart(confidence: Confidence) -> str:
    """Share right against mean score by bin, the diagonal being perfect; a larger dot stands for more."""
    most = max(one.count for one in confidence.bins)
    dots = "".join(
        _dot(one.score, one.right, 2 + 5 * (one.count / most) ** 0.5, str(one.count)) for one in confidence.bins
    )
    line = _path([(one.score, one.right) for one in confidence.bins])
    diagonal = f'<path class="even" d="{_steps([(0, 0), (1, 1)])}"/>'
    return _square(diagonal + line + dots, f"{confidence.kind}: reliability", x="score", y="share right")


def automation_chart(confidence: Confidence) -> str:
    """Precision of what is taken without a look, against the share of all that it is; the axis starts at 0.5."""
    points = [(point.share, max(0.0, 2 * point.precision - 1)) for point in confidence.curve]
    return _square(_path(points), f"{confidence.kind}: precision against share", x="share", y="precision", low=0.5)


def lines_chart(lines: Mapping[str, Points], *, title: str, x: str, y: str) -> str:
    """One line for each name over a common x, which is scaled to its largest value; y runs from 0 to 1."""
    most = max((point[0] for points in lines.values() for point in points), default=1.0) or 1.0
    drawn = []
    for number, (name, points) in enumerate(lines.items()):
        scaled = [(at / most, value) for at, value in points]
        label = f'<text x="{_x(scaled[-1][0]) + 4:.1f}" y="{_y(scaled[-1][1]) + 3:.1f}">{escape(name)}</text>'
        drawn.append(f'<g class="line{number % 4}">{_path(scaled)}{label}</g>')
    return _square("".join(drawn), title, x=x, y=y, right=110, end=f"{most:,.0f}")


def bars_chart(figures: Mapping[str, Figure], *, title: str) -> str:
    """A bar for each name with its 95 % interval as a whisker, and the figure and number of documents beside it."""
    rows = "".join(_bar(number, name, figure) for number, (name, figure) in enumerate(figures.items()))
    height = 22 * len(figures) + 6
    return f'<svg viewBox="0 0 520 {height}" role="img" aria-label="{escape(title)}">{rows}</svg>'


def _bar(number: int, name: str, figure: Figure) -> str:
    top, left, scale = 22 * number + 3, 120, 250
    width, low, high = (left + scale * value for value in (figure.value, figure.low, figure.high))
    told = f"{figure.value:.2f} ({figure.low:.2f}–{figure.high:.2f}), n={figure.documents}"
    return (
        f'<text class="name" x="{left - 6}" y="{top + 12}" text-anchor="end">{escape(name)}</text>'
        f'<rect class="room" x="{left}" y="{top}" width="{scale}" height="15"/>'
        f'<rect class="bar" x="{left}" y="{top}" width="{width - left:.1f}" height="15"/>'
        f'<path class="whisker" d="M{low:.1f} {top + 7.5}H{high:.1f}M{low:.1f} {top + 4}v7M{high:.1f} {top + 4}v7"/>'
        f'<text x="{left + scale + 8}" y="{top + 12}">{told}</text>'
    )


def _square(
    inside: str, title: str, *, x: str, y: str, low: float = 0.0, right: int = 10, begin: str = "0", end: str = "1"
) -> str:
    width, height, middle = LEFT + SIDE + right, SIDE + BOTTOM + 10, 10 + SIDE / 2
    axes = (
        f'<rect class="room" x="{LEFT}" y="10" width="{SIDE}" height="{SIDE}"/>'
        f'<text x="{LEFT}" y="{height - 20}" text-anchor="middle">{escape(begin)}</text>'
        f'<text x="{LEFT + SIDE}" y="{height - 20}" text-anchor="middle">{escape(end)}</text>'
        f'<text x="{LEFT + SIDE / 2}" y="{height - 4}" text-anchor="middle">{escape(x)}</text>'
        f'<text x="{LEFT - 4}" y="{SIDE + 10}" text-anchor="end">{low:g}</text>'
        f'<text x="{LEFT - 4}" y="18" text-anchor="end">1</text>'
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">{escape(y)}</text>'
    )
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{axes}{inside}</svg>'


def _dot(x: float, y: float, radius: float, title: str) -> str:
    return f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{radius:.1f}"><title>{escape(title)}</title></circle>'


def _path(points: Points) -> str:
    return f'<path class="line" d="{_steps(points)}"/>'


def _steps(points: Points) -> str:
    return "M" + "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in points)


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return 10 + SIDE * (1 - share)


def scatter_chart(panels: Mapping[str, Mapping[str, tuple[float, float]]], *, x: str, y: str) -> str:
    """A file of its own: a panel for each group of named points, x on one logarithmic scale, y from 0 to 1."""
    values = [point[0] for points in panels.values() for point in points.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    width = PANEL * len(panels)
    drawn = []
    for number, (title, points) in enumerate(panels.items()):
        placed = {name: ((math.log10(at) - low) / max(1, high - low), value) for name, (at, value) in points.items()}
        heading = f'<text class="name" x="{LEFT}" y="7">{escape(title)}</text>'
        dots = heading + "".join(_named_dot(name, *place) for name, place in placed.items())
        panel = _square(dots, title, x=x, y=y, right=60, begin=f"{10**low:,}", end=f"{10**high:,}")
        drawn.append(panel.replace("<svg ", f'<svg x="{PANEL * number}" y="8" width="{PANEL - 12}" height="264" ', 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 280"><style>{FILE_STYLE}</style>'
        f'<rect width="{width}" height="280" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )


def _named_dot(name: str, x: float, y: float) -> str:
    return f'{_dot(x, y, 5, name)}<text class="name" x="{_x(x) + 8:.1f}" y="{_y(y) + 4:.1f}">{escape(name)}</text>'
