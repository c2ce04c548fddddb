"""One asyncio loop on a daemon thread of its own, for the life of the program."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, TypeVar

from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled

T = TypeVar("T")

_END_LIMIT = 3.0


class LoopThread:
    """Runs coroutines for threads that wait for them. Started at the first use."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, T], cancel: CancelToken, limit: float) -> T:
        """Return what `work` returns, or raise what it raises. Any other thread.

        Raises Cancelled once `work` has ended because of it, and TimeoutError after `limit` seconds; what `work` then
        does to end itself is waited for too, for up to _END_LIMIT seconds.
        """
        loop = self._started()
        answer: Future[T] = Future()
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            task = loop.create_task(work)
            # Not a coroutine around it: that would not even begin where the cancel comes first, and answer nothing.
            task.add_done_callback(partial(_pass_on, answer))
            tasks.append(task)

        def stop() -> None:
            # Once only: another cancel would break off what the first one lets the work undo.
            loop.call_soon_threadsafe(lambda: tasks and tasks.pop().cancel())

        loop.call_soon_threadsafe(begin)
        with cancel.calling(stop):
            try:
                return answer.result(limit)
            except asyncio.CancelledError:
                raise Cancelled from None
            except TimeoutError:
                stop()
                wait((answer,), _END_LIMIT)
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


def _pass_on(answer: Future[T], task: asyncio.Task[T]) -> None:
    """Give what became of the task to the thread that waits for it."""
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(task.result())
