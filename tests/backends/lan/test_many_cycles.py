"""A program that is used for months: however often a tunnel is turned on and off, it needs no more memory for it.

Against the whole program in a process of its own, as the memory of a test run says nothing about that of Portway.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from portway.core.target import Target
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, started

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="the published address is an alias that only Linux has"),
]
FIRST, MORE = 100, 50  # cycles: caches are filled and libraries are loaded in the first ones
MOST = 5 << 20  # bytes


def cycle(program: Program, origin: Target, times: int) -> None:
    for _ in range(times):
        program.enable(origin)
        status, answer = program.call("POST", "/api/tunnels/lan", {"action": "disable"})
        assert (status, answer["status"]["phase"]) == (200, "stopped")


def test_a_tunnel_that_is_turned_on_and_off_leaves_nothing_behind(
    environment: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    with started({**environment, **LOOPBACK_ONLY}, tmp_path / "output") as program:
        program.api()
        process = psutil.Process(program.process.pid)
        cycle(program, origin, FIRST)
        before, memory = held(process), process.memory_info().rss
        cycle(program, origin, MORE)
        grown = process.memory_info().rss - memory
        assert grown <= MOST, f"{grown / 2**20:.1f} MB more after {MORE} cycles"
        wait_until(lambda: is_no_more(held(process), before))  # connections of ours may just be closing


def is_no_more(now: tuple[int, int], then: tuple[int, int]) -> bool:
    return now[0] <= then[0] + 4 and now[1] <= then[1] + 2


def held(process: psutil.Process) -> tuple[int, int]:
    """Return how many descriptors and threads it has."""
    return process.num_fds(), process.num_threads()
