"""A group of figures as a picture: a bar for each, as long as the part of its goal that is used.

The ground is drawn, too, and is dark where the reader's system is: so each word has its contrast on every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.benchmarks.written.figures import MOST, Figure

_WIDTH, _ROW, _TOP, _EDGE = 640, 34, 26, 16
_GOAL = (_WIDTH - 2 * _EDGE) / MOST  # where the goal stands, from the left edge on
_STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.ground { fill: #ffffff; stroke: #d0d7de }
.rail { fill: #eaeef2 }
.met { fill: #0f766e }
.missed { fill: #b42318 }
.goal { stroke: #57606a; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.ground { fill: #0d1117; stroke: #30363d }
.rail { fill: #21262d }
.met { fill: #2dd4bf }
.missed { fill: #ff7b72 }
.goal { stroke: #9198a1 }
}"""


def plot_of(title: str, figures: Sequence[Figure]) -> str:
    """Return an SVG of figures that have goals."""
    height = _TOP + _ROW * len(figures) + _EDGE
    met = sum(figure.met for figure in figures)
    rows = [_row(figure, _TOP + _ROW * number) for number, figure in enumerate(figures)]
    goal = _EDGE + _GOAL
    told = f"{_text(title)}: {met} of {len(figures)} meet their goals"
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{told}">',
            f"<style>{_STYLE}</style>",
            f'<rect class="ground" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
            f'<text x="{goal + 6:.0f}" y="{_TOP - 8}">goal</text>',
            *rows,
            f'<path class="goal" d="M{goal:.0f} {_TOP - 16}V{height - _EDGE + 4}"/>',
            "</svg>",
            "",
        )
    )


def _row(figure: Figure, top: int) -> str:
    value = f"{figure.value}{figure.unit}" + (f", ratio {figure.ratio}" if figure.ratio else "")
    right = value if figure.met else f"{value}, missed"
    length = max(2.0, figure.used * _GOAL)
    kind = "met" if figure.met else "missed"
    return (
        f'<text x="{_EDGE}" y="{top + 14}">{_text(figure.name)}</text>'
        f'<text x="{_WIDTH - _EDGE}" y="{top + 14}" text-anchor="end">{_text(right)}</text>'
        f'<rect class="rail" x="{_EDGE}" y="{top + 19}" width="{_WIDTH - 2 * _EDGE}" height="8" rx="2"/>'
        f'<rect class="{kind}" x="{_EDGE}" y="{top + 19}" width="{length:.1f}" height="8" rx="2"/>'
    )


def _text(words: str) -> str:
    return escape(words, {'"': "&quot;"})
