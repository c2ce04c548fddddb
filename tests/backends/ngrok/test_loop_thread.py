"""Work on the loop answers whoever waits for it: also where it is cancelled before it begins, or takes too long."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from portway.backends.ngrok.loop_thread import LoopThread
from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled
from tests.limits import AT_ONCE, SEEN

LONG = 60.0
LONG_ENOUGH = 1.0  # seconds, for work to begin


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    thread = LoopThread("a loop under test")
    thread.run(asyncio.sleep(0), CancelToken(), LONG)  # now it runs
    yield thread
    thread.stop(SEEN)


async def slow(ended: list[str]) -> None:
    try:
        await asyncio.sleep(LONG)
    finally:
        ended.append("undone")


def test_returns_what_the_work_returns(thread: LoopThread) -> None:
    async def work() -> int:
        return 7

    assert thread.run(work(), CancelToken(), LONG) == 7


def test_a_cancel_before_the_first_step_answers_at_once(thread: LoopThread) -> None:
    cancel = CancelToken()
    cancel.cancel()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        thread.run(slow([]), cancel, LONG)
    assert time.monotonic() - began < AT_ONCE


def test_a_cancel_waits_until_the_work_has_undone_what_it_did(thread: LoopThread) -> None:
    cancel, ended = CancelToken(), list[str]()
    began = threading.Event()

    async def work() -> None:
        began.set()
        await slow(ended)

    def cancel_then() -> None:
        began.wait()
        cancel.cancel()

    canceller = threading.Thread(target=cancel_then)
    canceller.start()
    with pytest.raises(Cancelled):
        thread.run(work(), cancel, LONG)
    canceller.join()
    assert ended == ["undone"]


def test_what_takes_too_long_is_ended_too(thread: LoopThread) -> None:
    ended: list[str] = []
    with pytest.raises(TimeoutError):
        thread.run(slow(ended), CancelToken(), LONG_ENOUGH)
    assert ended == ["undone"]


def test_a_second_cancel_does_not_break_off_the_undoing(thread: LoopThread) -> None:
    cancel, ended = CancelToken(), list[str]()

    async def work() -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            cancel.cancel()
            await asyncio.sleep(0.05)
            ended.append("undone")

    with pytest.raises(TimeoutError):
        thread.run(work(), cancel, LONG_ENOUGH)
    assert ended == ["undone"]
