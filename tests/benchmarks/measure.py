"""How benchmarks report: a value, the floor that was measured in the same run, their ratio, and the goal."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import psutil

REPEATS = 5


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
