"""Runs the checks, all of them, and sums up."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from development.places import Places, say

# Longer than every single limit of the tests together should ever add up to: nothing hangs for ever.
STEP_LIMIT_SECONDS = 1200
TIMED_OUT = 124
# Most tests wait for something, so that two halves side by side take little longer than one of them.
FIRST_HALF = ("backends", "cli", "installer")


@dataclass(frozen=True)
class Step:
    """One check: a command of the virtual environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a check ended."""

    name: str
    exit_code: int
    seconds: float

    def __str__(self) -> str:
        verdict = "passed" if self.exit_code == 0 else f"FAILED (exit {self.exit_code})"
        return f"  {self.name:<12} {verdict}, {self.seconds:.1f} s"


def lint_steps(places: Places) -> list[Step]:
    """Return the checks that only read the source."""
    python = str(places.python)
    return [
        Step("ruff check", (python, "-m", "ruff", "check", ".")),
        Step("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        Step("mypy", (python, "-m", "mypy")),
        Step("lint-imports", (str(places.scripts / "lint-imports"), "--no-cache")),
    ]


def test_steps(places: Places, arguments: list[str]) -> list[Step | tuple[Step, ...]]:
    """Return the tests, measured by coverage, and the listing of what they did not reach."""
    parts = {"pytest": arguments} if arguments else _halves(places.root / "tests")
    data = {name: f".coverage.{name.replace(' ', '-')}" for name in parts}
    coverage = (str(places.python), "-m", "coverage")
    # Only this way of measuring sees code on a QThread, and only these Pythons have it.
    measured = {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 12) else {}
    tests = tuple(
        Step(name, (*coverage, "run", f"--data-file={data[name]}", "-m", "pytest", *part), measured)
        for name, part in parts.items()
    )
    return [tests, Step("combine", (*coverage, "combine", *data.values())), Step("coverage", (*coverage, "report"))]


def _halves(tests: Path) -> dict[str, list[str]]:
    first = [tests / name for name in FIRST_HALF]
    second = sorted(entry for entry in tests.iterdir() if entry not in first and _holds_tests(entry))
    return {"pytest 1": list(map(str, first)), "pytest 2": list(map(str, second))}


def _holds_tests(entry: Path) -> bool:
    pattern = "test_*.py"
    return entry.match(pattern) if entry.is_file() else any(entry.rglob(pattern))


def run_steps(places: Places, steps: Sequence[Step | tuple[Step, ...]]) -> int:
    """Run every step, whatever the others did, those in one tuple side by side.

    Returns the exit code of the first that failed.
    """
    outcomes = []
    for step in steps:
        outcomes += [_run(places, step)] if isinstance(step, Step) else _run_together(places, step)
    say(f"\nSummary, Python {sys.version.split()[0]}:", sys.stdout)
    for outcome in outcomes:
        say(str(outcome), sys.stdout)
    return next((outcome.exit_code for outcome in outcomes if outcome.exit_code), 0)


def _run_together(places: Places, steps: tuple[Step, ...]) -> list[Outcome]:
    """Show the first one while it runs, what the others print after that."""
    first, *others = steps
    with ThreadPoolExecutor(max(len(others), 1)) as pool:
        running = [pool.submit(_run_unseen, places, step) for step in others]
        outcomes = [_run(places, first)]
        for step, future in zip(others, running, strict=True):
            outcome, text = future.result()
            say(f"\n== {step.name}\n{text}", sys.stdout)
            outcomes.append(outcome)
    return outcomes


def _run_unseen(places: Places, step: Step) -> tuple[Outcome, str]:
    with tempfile.TemporaryFile() as output:
        outcome = _outcome(places, step, output)
        output.seek(0)
        return outcome, output.read().decode(errors="replace")


def _run(places: Places, step: Step) -> Outcome:
    say(f"\n== {step.name}", sys.stdout)
    return _outcome(places, step)


def _outcome(places: Places, step: Step, output: IO[bytes] | None = None) -> Outcome:
    start = time.monotonic()
    environment = {**os.environ, **step.environment}
    limit = STEP_LIMIT_SECONDS
    try:
        exit_code = subprocess.run(
            step.command, cwd=places.root, env=environment, timeout=limit, check=False, stdout=output, stderr=output
        ).returncode
    except subprocess.TimeoutExpired:
        say(f"{step.name} was ended after {limit} s.", sys.stdout)
        exit_code = TIMED_OUT
    if exit_code < 0:  # ended by a signal
        exit_code = 128 - exit_code
    return Outcome(step.name, exit_code, time.monotonic() - start)
