"""The thread that waits for sockets and times."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterator

import pytest

from portway.relay.engine.loop import READ, Loop
from tests.contract import nothing_left

_SOON = 5.0  # seconds


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop("test-loop")
    yield loop
    loop.stop(_SOON)


def test_what_is_asked_from_another_thread_runs_on_its_own(loop: Loop) -> None:
    ran: queue.Queue[str] = queue.Queue()
    loop.start()
    loop.call(lambda: ran.put(threading.current_thread().name))
    assert ran.get(timeout=_SOON) == "test-loop"


def test_times_come_in_order_and_cancelled_ones_not_at_all(loop: Loop) -> None:
    rang: queue.Queue[str] = queue.Queue()
    loop.later(0.04, lambda: rang.put("second"))
    loop.later(0.02, lambda: rang.put("cancelled")).cancel()
    loop.later(0.01, lambda: rang.put("first"))
    loop.start()
    assert [rang.get(timeout=_SOON), rang.get(timeout=_SOON)] == ["first", "second"]


@pytest.mark.expected_logs
def test_a_fault_in_one_step_costs_that_step_only(loop: Loop) -> None:
    ran: queue.Queue[str] = queue.Queue()

    def fail() -> None:
        raise ValueError("a bug")

    def fail_after_reading(_events: int) -> None:
        ours.recv(1)
        fail()

    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop.watch(ours, READ, fail_after_reading)
        loop.later(0.0, fail)
        loop.start()
        loop.call(fail)
        theirs.send(b"!")
        loop.call(lambda: ran.put("still there"))
        assert ran.get(timeout=_SOON) == "still there"


def test_a_socket_that_is_forgotten_is_not_served(loop: Loop) -> None:
    ran: queue.Queue[str] = queue.Queue()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop.watch(ours, READ, lambda _events: ran.put("served"))
        loop.forget(ours)
        loop.forget(ours)
        theirs.send(b"!")
        loop.later(0.02, lambda: ran.put("later"))
        loop.start()
        assert ran.get(timeout=_SOON) == "later"


def test_a_stop_leaves_nothing_and_may_be_repeated() -> None:
    with nothing_left():
        for started in (True, False):
            loop = Loop("test-loop")
            loop.later(3600, lambda: None)
            if started:
                loop.start()
            loop.stop(_SOON)
            loop.stop(_SOON)
            loop.call(lambda: None)  # too late is fine
