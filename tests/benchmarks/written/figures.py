"""What the benchmarks printed, as values: figures with their goals, what was left out, what others need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.benchmarks.measure import is_met

MOST = 2.0  # of a goal, in a plot: what is beyond that is cut off
_NUMBER = r"-?[\d.]+(?:e[+-]\d+)?"
_FIGURE = re.compile(
    rf"^ *(?P<met>met|MISSED)  (?P<name>.+): (?P<value>{_NUMBER})(?P<unit>[^,(]*?)"
    rf"(?:, floor (?P<floor>{_NUMBER})[^,]*, ratio (?P<ratio>{_NUMBER}))? \(goal (?P<goal>.+)\)$"
)
_LEFT_OUT = re.compile(r"^  left out  (?P<name>.+): (?P<why>[^:]+)$")
_BESIDE = re.compile(rf"^  beside  (?P<program>[^|]+) \| (?P<figure>[^|]+): (?P<value>{_NUMBER}.*)$")


@dataclass(frozen=True)
class Figure:
    """One that has a goal. `ratio` is that of value and floor; without a floor the goal is for the value itself."""

    name: str
    value: str
    unit: str
    floor: str
    ratio: str
    goal: str

    @property
    def judged(self) -> float:
        """What the goal is for."""
        return float(self.ratio or self.value)

    @property
    def met(self) -> bool:
        return is_met(self.judged, self.goal)

    @property
    def used(self) -> float:
        """Return how much of the goal is used: over 1 misses it; never over MOST."""
        sign, number = self.goal.split()
        have, want = (self.judged, float(number)) if sign == "≤" else (float(number), self.judged)
        if have <= 0:
            return 0.0
        return min(MOST, have / want) if want > 0 else MOST


@dataclass(frozen=True)
class LeftOut:
    """A figure that could not be measured on this machine."""

    name: str
    why: str


@dataclass(frozen=True)
class Beside:
    """One figure of a program, to be seen beside that of others."""

    program: str
    figure: str
    value: str


def figures(lines: Iterable[str]) -> list[Figure]:
    """Return those that stand in these lines."""
    return [
        Figure(**{name: text or "" for name, text in found.groupdict().items() if name != "met"})
        for found in map(_FIGURE.match, lines)
        if found
    ]


def left_out(lines: Iterable[str]) -> list[LeftOut]:
    """Return what was told of what could not be measured."""
    return [LeftOut(**found.groupdict()) for found in map(_LEFT_OUT.match, lines) if found]


def beside(lines: Iterable[str]) -> list[Beside]:
    """Return what was told of other programs, and of Portway beside them."""
    return [Beside(**found.groupdict()) for found in map(_BESIDE.match, lines) if found]
