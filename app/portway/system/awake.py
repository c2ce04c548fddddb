"""A clock that goes on while the computer sleeps, to notice that it did."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Clock = Callable[[], float]


def seconds_with_sleep() -> float:
    """Return seconds from some moment on, those of sleep included; changes of the date do not matter."""
    if sys.platform == "linux":
        seconds = time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        seconds = time.clock_gettime(time.CLOCK_MONOTONIC)  # unlike time.monotonic
    else:
        seconds = time.monotonic()
    return seconds


async def tell_sleep(clock: Clock, tick: float, slept: Callable[[], None]) -> None:
    """Call `slept` whenever a wait of `tick` seconds took twice as long and more. Runs until cancelled."""
    import asyncio  # late: whoever has a loop has imported it; the clock alone needs none

    while True:
        began = clock()
        await asyncio.sleep(tick)
        if clock() - began > 2 * tick:
            slept()
