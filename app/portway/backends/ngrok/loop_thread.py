"""One asyncio loop on a daemon thread of its own, for the life of the program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for threads that wait for them. Started at the first use."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, T], cancel: CancelToken, limit: float) -> T:
        """Return what `work` returns, or raise what it raises. Any other thread.

        Raises Cancelled once `work` has ended because of it, and TimeoutError after `limit` seconds.
        """
        loop = self._started()
        answer: Future[T] = Future()
        tasks: list[asyncio.Task[None]] = []

        def stop() -> None:
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])

        loop.call_soon_threadsafe(lambda: tasks.append(loop.create_task(_carry(work, answer))))
        with cancel.calling(stop):
            try:
                return answer.result(limit)
            except asyncio.CancelledError:
                raise Cancelled from None
            except TimeoutError:
                stop()
                raise

    def stop(self, limit: float) -> None:
        """End the loop and its thread, within `limit` seconds; the next `run` starts another. Any other thread."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(limit)
            if not thread.is_alive():
                loop.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
            return self._loop


async def _carry(work: Coroutine[Any, Any, T], answer: Future[T]) -> None:
    try:
        result = await work
    except BaseException as error:  # noqa: BLE001 - it goes to whoever waits
        answer.set_exception(error)
    else:
        answer.set_result(result)
