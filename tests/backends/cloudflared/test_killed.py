"""Portway killed at any moment around the start of its child: the next one finds and ends what was left."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.core.backend import Context
from portway.core.target import Target
from portway.system.processes.identity import MARK
from tests.backends.cloudflared.conftest import CloudflaredWorld, has_ended
from tests.fakes.backends.news import wait_until

pytestmark = [pytest.mark.children, pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")]

MOMENTS = int(os.environ.get("PORTWAY_TEST_KILLS", "9"))  # 200 take some minutes
AT_ONCE = 0.005  # seconds: a third of the kills come before anything can have been remembered
LATEST = 0.4
EARLIER = "import sys; from tests.backends.cloudflared.earlier import open_and_stay; open_and_stay(sys.argv[1])"


def moment(number: int) -> float:
    """Return how long after the child appears this kill comes; the same in each run."""
    chance = random.Random(number)
    return chance.uniform(0.0, AT_ONCE if number % 3 == 0 else LATEST)


def children_of(program: Path) -> list[psutil.Process]:
    """Return every process that runs the stand-in, or that has our mark and is about to."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(program) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def kill_after(process: subprocess.Popen[str], seconds: float) -> None:
    """Kill it so long after it has started a child."""
    parent = psutil.Process(process.pid)
    while not parent.children():
        assert process.poll() is None
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass  # a sleep would be too coarse
    own, begun = parent.cmdline(), parent.children()
    process.kill()
    process.wait()
    # A child that is a copy of its parent still has no mark. The next start takes far longer than it remains so.
    wait_until(lambda: not any(_is_a_copy(child, own) for child in begun))


def _is_a_copy(process: psutil.Process, own: list[str]) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.status() != psutil.STATUS_ZOMBIE and process.cmdline() == own
    return False


@pytest.mark.parametrize("number", range(MOMENTS))
def test_nothing_runs_on_that_the_next_one_does_not_know(
    world: CloudflaredWorld, context: Context, origin: Target, program: Path, number: int
) -> None:
    environment = {**os.environ, **world.services.environment, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    earlier = subprocess.Popen(
        [sys.executable, "-c", EARLIER, origin.url],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with earlier:
        assert earlier.stdin is not None
        assert earlier.stdout is not None
        assert earlier.stdout.readline() == "ready\n"
        earlier.stdin.write("\n")
        earlier.stdin.flush()
        kill_after(earlier, moment(number))
        with contextlib.suppress(BrokenPipeError):
            earlier.stdin.close()
    backend = CloudflaredBackend(world.services)
    assert backend.reclaim(dataclasses.replace(context, wanted=False)) is None
    left = children_of(program)
    for process in left:
        process.kill()
    assert left == []


def test_one_that_was_never_recorded_is_ended_and_those_of_others_are_not(
    world: CloudflaredWorld, context: Context, program: Path
) -> None:
    mark = f"cloudflared:{world.services.folders.state}"
    command = [sys.executable, "-c", "input()"]
    with contextlib.ExitStack() as stack:

        def start(value: str, *, leads: bool = True) -> int:
            child = subprocess.Popen(
                command, env={**os.environ, MARK: value}, stdin=subprocess.PIPE, start_new_session=leads
            )
            stack.enter_context(child)
            stack.callback(child.kill)
            return child.pid

        ours, other_profile, inherited = start(mark), start(f"{mark}-other"), start(mark, leads=False)
        assert world.backend.reclaim(context) is None
        assert has_ended(ours)
        assert not has_ended(other_profile)
        assert not has_ended(inherited)
