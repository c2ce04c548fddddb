"""A clock that goes on while the computer sleeps, to notice that it did."""

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


def seconds_asleep() -> float:
    """Return how long the computer has slept since some moment, in seconds."""
    if sys.platform == "win32":
        import ctypes  # late: other systems have two clocks for it

        awake = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(awake))
        return time.monotonic() - awake.value / 1e7
    return seconds_with_sleep() - time.monotonic()  # the latter stands still meanwhile


async def tell_sleep(clock: Clock, tick: float, slept: Callable[[], None]) -> None:
    """Call `slept` whenever a wait of at most `tick` seconds took twice as long and more. Runs until cancelled.

    It ends at whole ticks of the loop's clock: all who wait on one loop wake the computer once, not each at its time.
    """
    import asyncio  # late: whoever has a loop has imported it; the clock alone needs none

    loop = asyncio.get_running_loop()
    while True:
        began = clock()
        await asyncio.sleep(tick - loop.time() % tick)
        if clock() - began > 2 * tick:
            slept()
