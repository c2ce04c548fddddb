"""The proof that the published address leads to our own listener."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from portway.backends.lan.visitors import prove
from tests.limits import AT_ONCE, SEEN

_SHORT = 0.2  # seconds, for what never comes


class Elsewhere(socket.socket):
    """A listener whose address leads to somebody else."""

    leads_to: Any = None

    def getsockname(self) -> Any:  # noqa: ANN401 - as in the base class
        return self.leads_to


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def listener(stack: ExitStack) -> socket.socket:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    listener.setblocking(False)
    return listener


def test_is_given_by_a_connection_that_comes_out(listener: socket.socket) -> None:
    assert prove(listener, SEEN) == (True, ())
    assert listener.gettimeout() == 0  # as it was
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_visitors_who_came_before_are_not_lost(listener: socket.socket, stack: ExitStack) -> None:
    early = [stack.enter_context(socket.create_connection(listener.getsockname())) for _ in range(3)]
    given, visitors = prove(listener, SEEN)
    assert given
    for accepted, peer in visitors:
        with accepted:
            assert peer == "127.0.0.1"
            assert accepted.getpeername() in {visitor.getsockname() for visitor in early}
    assert len(visitors) == len(early)


def test_is_not_given_where_nothing_listens(listener: socket.socket, stack: ExitStack) -> None:
    elsewhere = stack.enter_context(Elsewhere())
    elsewhere.leads_to = listener.getsockname()
    listener.close()
    assert not prove(elsewhere, _SHORT).given


def test_is_not_given_by_somebody_else_who_answers(listener: socket.socket, stack: ExitStack) -> None:
    ours = stack.enter_context(Elsewhere())
    ours.bind(("127.0.0.1", 0))
    ours.listen()
    ours.leads_to = listener.getsockname()
    began = time.monotonic()
    assert not prove(ours, _SHORT).given
    assert time.monotonic() - began < AT_ONCE
