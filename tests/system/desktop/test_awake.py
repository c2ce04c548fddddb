"""A clock that goes on while the computer sleeps."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from portway.system.desktop.awake import seconds_with_sleep, tell_sleep


def test_it_never_goes_back() -> None:
    moments = [seconds_with_sleep() for _ in range(1000)]
    assert moments == sorted(moments)


@pytest.mark.parametrize(("jump", "told"), [(0.0, False), (3600.0, True)])
def test_a_sleep_is_told_and_a_usual_pause_is_not(jump: float, *, told: bool) -> None:
    now, naps = 0.0, 0
    heard: list[float] = []
    enough = asyncio.Event()

    def clock() -> float:
        """Each wait takes just its time; one of them takes the jump as well."""
        nonlocal now, naps
        naps += 1
        if naps == 8:
            enough.set()
        now += 0.0005 + (jump if naps == 4 else 0.0)
        return now

    async def live() -> None:
        telling = asyncio.create_task(tell_sleep(clock, 0.001, lambda: heard.append(now)))
        await enough.wait()
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling

    asyncio.run(asyncio.wait_for(live(), 10))
    assert bool(heard) is told
    assert len(heard) <= 1
