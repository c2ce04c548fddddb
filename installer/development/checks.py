"""Runs the checks one after the other, all of them, and sums up."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from development.places import Places, say

# Longer than every single limit of the tests together should ever add up to: nothing hangs for ever.
STEP_LIMIT_SECONDS = 1200
TIMED_OUT = 124


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


def pytest_step(places: Places, arguments: list[str]) -> Step:
    """Return the tests, measured by coverage."""
    command = (str(places.python), "-m", "coverage", "run", "-m", "pytest", *arguments)
    # Only this way of measuring sees code on a QThread, and only these Pythons have it.
    measured = {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 12) else {}
    return Step("pytest", command, measured)


def report_step(places: Places) -> Step:
    """Return the listing of what the tests did not reach."""
    return Step("coverage", (str(places.python), "-m", "coverage", "report"))


def run_steps(places: Places, steps: list[Step]) -> int:
    """Run every step, whatever the others did; return the exit code of the first that failed."""
    outcomes = [_run(places, step) for step in steps]
    say(f"\nSummary, Python {sys.version.split()[0]}:", sys.stdout)
    for outcome in outcomes:
        say(str(outcome), sys.stdout)
    return next((outcome.exit_code for outcome in outcomes if outcome.exit_code), 0)


def _run(places: Places, step: Step) -> Outcome:
    say(f"\n== {step.name}", sys.stdout)
    start = time.monotonic()
    environment = {**os.environ, **step.environment}
    try:
        exit_code = subprocess.run(
            step.command, cwd=places.root, env=environment, timeout=STEP_LIMIT_SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        say(f"{step.name} was ended after {STEP_LIMIT_SECONDS} s.", sys.stdout)
        exit_code = TIMED_OUT
    if exit_code < 0:  # ended by a signal
        exit_code = 128 - exit_code
    return Outcome(step.name, exit_code, time.monotonic() - start)
