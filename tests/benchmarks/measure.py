"""How benchmarks report: a value, the floor that was measured in the same run, their ratio, and the goal."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import psutil

REPEATS = 5
_LEFT_OUT = "  left out  {}: {}"


def median(measure: Callable[[], float], repeats: int = REPEATS) -> float:
    """Return the median of some measurements."""
    return statistics.median(measure() for _ in range(repeats))


def wake_ups(pid: int) -> dict[int, int]:
    """Return how often each thread gave up the processor to wait, by its id; elsewhere than on Linux for all in one."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        return {pid: int(psutil.Process(pid).num_ctx_switches().voluntary)}
    counts = {}
    for task in tasks.iterdir():
        with contextlib.suppress(FileNotFoundError):  # it ended meanwhile
            lines = (task / "status").read_text().splitlines()
            counts[int(task.name)] = next(int(one.split()[1]) for one in lines if one.startswith("voluntary_ctxt"))
    return counts


def wake_ups_a_second(pid: int, seconds: float) -> float:
    """Return how often all threads of a process gave up the processor to wait, over `seconds`."""
    before = sum(wake_ups(pid).values())
    time.sleep(seconds)
    return (sum(wake_ups(pid).values()) - before) / seconds


def worked(pid: int) -> float:
    """Return how many seconds of a processor a process has used; its children are not counted."""
    return float(sum(psutil.Process(pid).cpu_times()[:2]))


def own_memory(pid: int) -> float:
    """Return the resident megabytes of a process."""
    return float(psutil.Process(pid).memory_info().rss) / 2**20


def left_out(name: str, why: str) -> None:
    """Say that a figure could not be measured here."""
    print(_LEFT_OUT.format(name, why), flush=True)


def not_whole(group: str) -> str:
    """Return the same sentence for what a group of figures did not come to."""
    return _LEFT_OUT.format(f"the rest of {group.replace('_', ' ')}", "it ended before, with an error")


def beside(program: str, figure: str, value: float, unit: str = "") -> None:
    """Print one figure of a program that is no goal of ours, to be seen beside the same one of others."""
    print(f"  beside  {program} | {figure}: {value:.4g}{unit}", flush=True)


def report(name: str, value: float, floor: float | None, goal: str, unit: str = "") -> bool:
    """Print one line and return whether the goal is met.

    `goal` is what the ratio of value and floor has to be, or the value where there is no floor: "≤ 1.4", "≥ 0.45".
    """
    ratio = value if floor is None else value / floor
    met = is_met(ratio, goal)
    against = "" if floor is None else f", floor {floor:.4g}{unit}, ratio {ratio:.3f}"
    print(f"{'met' if met else 'MISSED':>6}  {name}: {value:.4g}{unit}{against} (goal {goal})", flush=True)
    return met


def is_met(value: float, goal: str) -> bool:
    """Whether `value` is as a goal like "≤ 1.4" asks."""
    sign, number = goal.split()
    match sign:
        case "≤":
            return value <= float(number)
        case "≥":
            return value >= float(number)
        case _:
            message = f"a goal begins with ≤ or ≥: {goal}"
            raise ValueError(message)
