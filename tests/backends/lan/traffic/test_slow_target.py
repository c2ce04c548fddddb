"""A target that is dialled but does not take the connection at once."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from portway.core.target import Target
from tests.backends.lan.conftest import Publish
from tests.backends.lan.stand.visitors import PATIENCE, PUBLISHED, connect, exactly
from tests.fakes.backends.news import RecordedNews, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse what they have no room for")


class Busy:
    """A published local server that has no room for another connection, and a visitor who waits for it."""

    def __init__(self, publish: Publish, stack: ExitStack) -> None:
        self.server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        self.server.setblocking(False)
        session = publish(Target("http", "127.0.0.1", self.server.getsockname()[1]))
        self._forget_looks()
        while self._has_room(stack):
            pass
        self.visitor = stack.enter_context(connect(session.public_url))
        self.visitor.sendall(b"hello")
        wait_until(lambda: session._forwarder.connections == 1)

    def take(self) -> socket.socket:
        """Make room, and return the connection from the published address."""
        self.server.settimeout(PATIENCE)
        while True:
            taken, (peer, _port) = self.server.accept()
            if peer == PUBLISHED:
                taken.settimeout(PATIENCE)
                return taken
            taken.close()

    def _forget_looks(self) -> None:
        with suppress(BlockingIOError):
            while True:
                self.server.accept()[0].close()

    def _has_room(self, stack: ExitStack) -> bool:
        one = stack.enter_context(socket.socket())
        one.setblocking(False)
        one.connect_ex(self.server.getsockname())
        try:
            one.getpeername()
        except OSError:
            return False
        return True


@pytest.fixture
def busy(publish: Publish) -> Iterator[Busy]:
    with ExitStack() as stack:
        yield Busy(publish, stack)


def test_gets_what_was_said_meanwhile_once_it_has_room(busy: Busy, news: RecordedNews) -> None:
    assert news.visits == 0
    with busy.take() as taken:
        assert exactly(taken, 5) == b"hello"
        taken.sendall(b"answer")
        assert exactly(busy.visitor, 6) == b"answer"
    news.wait_for(lambda heard: heard.visits == 1)


def test_that_goes_away_instead_turns_the_visitor_away(busy: Busy, news: RecordedNews) -> None:
    busy.server.close()
    with pytest.raises(ConnectionResetError):
        busy.visitor.recv(1)
    news.wait_for(lambda heard: heard.suspicions == 1)
    assert news.visits == 0
