"""Runs the checks, all of them, and sums up."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO

from development import floors
from development.parts import seconds_of, split
from development.places import Places, say

# Longer than every single limit of the tests together should ever add up to: nothing hangs for ever.
STEP_LIMIT_SECONDS = 1200
TIMED_OUT = 124
FAST = "--fast"
# Most tests wait for something: on two processors, four parts side by side take little longer than one of them.
PARTS = 4
FAST_PARTS = 2  # these wait for nothing
SEES_EVERY_THREAD = (3, 12)  # what measures coverage, by sys.monitoring; older Pythons do not see code on a QThread


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


def test_steps(places: Places, arguments: list[str], version: tuple[int, ...]) -> list[Step | tuple[Step, ...]]:
    """Return the tests, and what coverage then says of them; all tests where no arguments choose some.

    Where Python cannot measure coverage as it is, the tests alone.
    """
    parts = {"pytest": arguments} if arguments else _parts(places)
    if version < SEES_EVERY_THREAD:
        return [_unmeasured(places, parts)]
    data = {name: f".coverage.{name.replace(' ', '-')}" for name in parts}
    coverage = (str(places.python), "-m", "coverage")
    environment = _compiled(places) | {"COVERAGE_CORE": "sysmon"}
    tests = tuple(
        Step(name, (*coverage, "run", f"--data-file={data[name]}", "-m", "pytest", *part), environment)
        for name, part in parts.items()
    )
    combine = Step("combine", (*coverage, "combine", *data.values()))
    floor_steps = [] if arguments else _floor_steps(places)
    return [tests, combine, Step("coverage", (*coverage, "report")), *floor_steps]


def fast_steps(places: Places, arguments: list[str]) -> list[Step | tuple[Step, ...]]:
    """Return the tests that start no programs and need no screen, unmeasured; `arguments` choose among them."""
    parts = {"pytest": arguments} if arguments else _parts(places, "fast", FAST_PARTS)
    return [_unmeasured(places, {name: [FAST, *part] for name, part in parts.items()})]


def _unmeasured(places: Places, parts: Mapping[str, list[str]]) -> tuple[Step, ...]:
    command = (str(places.python), "-m", "pytest")
    return tuple(Step(name, (*command, *part), _compiled(places)) for name, part in parts.items())


def _floor_steps(places: Places) -> list[Step]:
    python, report = str(places.python), str(places.venv / "coverage.json")
    return [
        Step("coverage json", (python, "-m", "coverage", "json", "-q", "-o", report)),
        Step("floors", (python, floors.__file__, report)),
    ]


def _parts(places: Places, kind: str = "tests", count: int = PARTS) -> dict[str, list[str]]:
    reports = {f"pytest {number}": places.venv / f"{kind}-{number}.xml" for number in range(1, count + 1)}
    shares = split(places.root / "tests", count, seconds_of(reports.values()))
    return {
        name: [f"--junit-xml={report}", *map(str, share)]
        for (name, report), share in zip(reports.items(), shares, strict=True)
    }


def _compiled(places: Places) -> dict[str, str]:
    """Keep compiled tests beside the environment: half of a start of pytest is compiling, where nothing is kept."""
    return {"PYTHONPYCACHEPREFIX": str(places.venv / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}


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
