"""The page of figures: what the benchmarks printed, as tables and plots, with the machine, the day and its load."""

from __future__ import annotations

import os
import platform
import re
import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks.written.figures import Beside, Figure, beside, figures, left_out
from tests.benchmarks.written.plots import plot_of

PAGE = Path(__file__).parents[3] / "docs" / "benchmarks.md"
PLOTS = Path("pictures") / "benchmarks"  # beside the page
PEERS = "## Beside other programs"
_HEAD = """\
# Benchmarks

Made by `python3 installer/dev.py bench -- --write` on {date}, in {minutes:.0f} minutes, on {machine}. Meanwhile other
programs took {others:.0f} % of the processors; on a busy machine the ratios are worth more than the values.

A **floor** is what the same work costs without Portway, measured in the same run: a bare socket, an empty window, the
program alone. The **ratio** of value and floor has a goal; where there is no floor, the value itself has. In the
plots a bar is as long as the part of its goal that is used: it is good while it ends before the line.

**{met} of {all} figures meet their goals.**
"""


@dataclass(frozen=True)
class Circumstances:
    """When and where the figures come from. `others`: what other programs took of the processors, in per cent."""

    when: datetime
    machine: str
    minutes: float
    others: float


class Watch:
    """From its making on, how long it takes and how much of the processors others use."""

    def __init__(self) -> None:
        self._began, self._busy, self._own = time.monotonic(), _busy_seconds(), _own_seconds()

    def circumstances(self) -> Circumstances:
        """Return what holds for figures measured since then. Children count as ours once they have ended."""
        took = time.monotonic() - self._began
        foreign = (_busy_seconds() - self._busy) - (_own_seconds() - self._own)
        share = 100 * max(0.0, foreign) / (took * (os.cpu_count() or 1))
        machine = f"{_processor()} with {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        return Circumstances(datetime.now(UTC), machine, took / 60, share)


def page_of(
    printed: Mapping[str, Sequence[str]], about: Mapping[str, str], where: Circumstances, peers: str = ""
) -> str:
    """Return the page from the lines that each group printed and what each says of itself; `peers` is its last part."""
    groups = {group: found for group, lines in printed.items() if (found := figures(lines))}
    every = [figure for found in groups.values() for figure in found]
    head = _HEAD.format(
        date=f"{where.when:%d %B %Y}",
        machine=where.machine,
        minutes=where.minutes,
        others=where.others,
        met=sum(figure.met for figure in every),
        all=len(every),
    )
    head = "\n\n".join("\n".join(textwrap.wrap(part, 118)) for part in head.split("\n\n")) + "\n"
    lines = [line for printed_lines in printed.values() for line in printed_lines]
    parts = [head, _missed(groups), _not_measured(lines), *(_group(*one, about) for one in groups.items()), peers]
    return "\n".join(part for part in parts if part)


def plots_of(printed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the plot of each group that has figures, by its file name."""
    groups = {group: figures(lines) for group, lines in printed.items()}
    return {f"{group}.svg": plot_of(_title(group), found) for group, found in groups.items() if found}


def peers_of(lines: Sequence[str], where: Circumstances) -> str:
    """Return the part that sets Portway beside other programs."""
    told = beside(lines)
    if not told:
        return ""
    columns = list(dict.fromkeys(one.figure for one in told))
    head = [f"| program | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
    rows = [_peer(name, told, columns) for name in dict.fromkeys(one.program for one in told)]
    missing = [f"- {one.name}: {one.why}" for one in left_out(lines)]
    text = (
        f"Measured on {where.when:%d %B %Y} on {where.machine}, while other programs took {where.others:.0f} % of the "
        "processors, by `python3 installer/dev.py bench -- --peers`. These are no goals, but what other programs that "
        "sit in a tray, forward requests or open tunnels need for it on the same machine."
    )
    more = ["", "Not measured:", "", *missing] if missing else []
    return "\n".join((PEERS, "", *textwrap.wrap(text, 118), "", *head, *rows, *more, ""))


def write_page(printed: Mapping[str, Sequence[str]], about: Mapping[str, str], where: Circumstances) -> Path:
    """Write it and its plots; return where. Without a look at other programs it keeps what an earlier one found."""
    ours = {group: lines for group, lines in printed.items() if group != "peers"}
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    kept = before[before.index(PEERS) :] if PEERS in before else ""
    peers = peers_of(printed["peers"], where) if "peers" in printed else kept
    folder = PAGE.parent / PLOTS
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for name, plot in plots_of(ours).items():
        (folder / name).write_text(plot, encoding="utf-8")
    PAGE.write_text(page_of(ours, about, where, peers), encoding="utf-8")
    return PAGE


def _missed(groups: Mapping[str, Sequence[Figure]]) -> str:
    rows = [
        f"| {figure.name} | [{_title(group)}](#{_anchor(group)}) | {figure.judged:.4g} | {figure.goal} |"
        for group, found in groups.items()
        for figure in found
        if not figure.met
    ]
    told = ["| what | of | is | goal |", "| --- | --- | --- | --- |", *rows] if rows else ["Nothing."]
    return "\n".join(("## What misses its goal\n", *told, ""))


def _not_measured(lines: Sequence[str]) -> str:
    told = [f"- {one.name}: {one.why}" for one in left_out(lines)]
    return "\n".join(("## What was not measured\n", *told, "")) if told else ""


def _group(group: str, found: Sequence[Figure], about: Mapping[str, str]) -> str:
    title = _title(group)
    plot = f"![{title}: how much of each goal is used]({(PLOTS / group).as_posix()}.svg)\n"
    head = "| what | value | floor | ratio | goal | |\n| --- | --- | --- | --- | --- | --- |"
    told = f"{about[group]}\n" if group in about else None
    return "\n".join((f"## {title}\n", *filter(None, (told,)), plot, head, *map(_row, found), ""))


def _row(figure: Figure) -> str:
    floor = f"{figure.floor}{figure.unit}" if figure.floor else ""
    met = "met" if figure.met else "**missed**"
    return f"| {figure.name} | {figure.value}{figure.unit} | {floor} | {figure.ratio} | {figure.goal} | {met} |"


def _peer(name: str, told: Sequence[Beside], columns: Sequence[str]) -> str:
    values = {one.figure: one.value for one in told if one.program == name}
    return f"| {name} | {' | '.join(values.get(column, '') for column in columns)} |"


def _title(group: str) -> str:
    return group.replace("_", " ")


def _anchor(group: str) -> str:
    return group.replace("_", "-")


def _busy_seconds() -> float:
    """Return how long all processors together have worked since the computer started."""
    times = psutil.cpu_times()._asdict()
    idle = {"idle", "iowait", "guest", "guest_nice"}  # guests are in the others already
    return float(sum(seconds for name, seconds in times.items() if name not in idle))


def _own_seconds() -> float:
    return sum(os.times()[:4])


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    found = (
        re.search(r"^model name\s*: (.+)$", told.read_text(encoding="utf-8"), re.MULTILINE) if told.exists() else None
    )
    return found.group(1) if found else platform.processor() or platform.machine()
