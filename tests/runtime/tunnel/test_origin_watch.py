"""The watch over local servers: when it looks, and what it tells."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from portway.core.status import BackendId
from portway.core.target import Target, port_target
from portway.core.timing import Timing
from portway.runtime.tunnel.origin_watch import OriginWatch
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.ports import kept_port, nobody

ONE, OTHER = BackendId("one"), BackendId("other")


class Counter:
    """A local server that counts its visitors."""

    def __init__(self, listening: socket.socket) -> None:
        self.target = Target("http", "127.0.0.1", listening.getsockname()[1])
        self.visits = 0
        self._listening = listening

    def serve(self) -> None:
        while True:
            try:
                visitor, _address = self._listening.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()


@pytest.fixture
def counter() -> Iterator[Counter]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        counter = Counter(listening)
        thread = threading.Thread(target=counter.serve, daemon=True)
        thread.start()
        yield counter
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@contextmanager
def watching(timing: Timing) -> Iterator[OriginWatch]:
    watch = OriginWatch(timing)
    yield watch
    watch.forget(ONE)
    watch.forget(OTHER)


@pytest.fixture
def slow(qapp: object) -> Iterator[OriginWatch]:
    """Look again only when asked to."""
    with watching(Timing(origin_watch_up=600, origin_watch_down=600)) as watch:
        yield watch


@pytest.fixture
def quick(qapp: object) -> Iterator[OriginWatch]:
    with watching(Timing(origin_watch_up=0.1, origin_watch_down=0.05)) as watch:
        yield watch


@pytest.fixture
def gone() -> Iterator[Target]:
    """Return a target at which nobody listens."""
    with nobody() as target:
        yield target


def test_looks_at_once_where_nothing_is_known(slow: OriginWatch, counter: Counter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(slow.answered) as heard:
        slow.follow(ONE, counter.target, counter.target, answers=None)
    assert heard.args == [ONE, counter.target]


def test_waits_where_it_is_known(slow: OriginWatch, counter: Counter, qtbot: QtBot) -> None:
    slow.follow(ONE, counter.target, counter.target, answers=True)
    qtbot.wait(100)  # a look at once would come meanwhile
    assert counter.visits == 0


def test_looks_again_and_again(quick: OriginWatch, counter: Counter, qtbot: QtBot) -> None:
    quick.follow(ONE, counter.target, counter.target, answers=True)
    qtbot.waitUntil(lambda: counter.visits >= 3)


def test_a_look_that_is_nearly_due_comes_along_with_another(qapp: object, counter: Counter, qtbot: QtBot) -> None:
    with watching(Timing(origin_watch_up=0.8)) as watch:
        watch.follow(ONE, counter.target, counter.target, answers=True)
        qtbot.wait(100)  # so that the two are due at different times
        watch.follow(OTHER, counter.target, counter.target, answers=True)
        with qtbot.waitSignal(watch.answered):
            pass
        wait_until(lambda: counter.visits == 2)  # nothing can begin here meanwhile: the loop stands still


def test_looks_no_more_once_it_is_forgotten(quick: OriginWatch, counter: Counter, qtbot: QtBot) -> None:
    quick.follow(ONE, counter.target, counter.target, answers=None)
    quick.forget(ONE)
    qtbot.wait(200)  # looks that go on would come meanwhile
    visits = counter.visits
    assert visits <= 1  # one look may have been on its way
    with qtbot.assertNotEmitted(quick.answered, wait=100):
        pass
    assert counter.visits == visits


def test_a_look_that_is_abandoned_between_two_addresses_ends_there(slow: OriginWatch, gone: Target) -> None:
    slow.follow("a", gone, gone.first, answers=None)
    probe = slow._followed["a"].probe
    assert probe is not None
    probe._left.append(gone.first)
    probe._on_failed()  # the other one is tried in the next turn
    slow.forget("a")
    QCoreApplication.processEvents()
    assert probe._left == []


def test_tells_silence(slow: OriginWatch, gone: Target, qtbot: QtBot) -> None:
    with qtbot.waitSignal(slow.silent) as heard:
        slow.follow(ONE, gone, gone, answers=None)
    assert heard.args == [ONE]


def test_finds_the_other_loopback_address(slow: OriginWatch, qtbot: QtBot) -> None:
    with (
        kept_port("127.0.0.1", "::1") as port,
        socket.create_server(("::1", port), family=socket.AF_INET6),
    ):
        target = port_target(port)
        with qtbot.waitSignal(slow.answered) as heard:
            slow.follow(ONE, target, target.at("127.0.0.1"), answers=None)
    assert heard.args == [ONE, target.at("::1")]


def test_a_visitor_who_was_not_served_is_worth_a_look(slow: OriginWatch, counter: Counter, qtbot: QtBot) -> None:
    slow.follow(ONE, counter.target, counter.target, answers=True)
    with qtbot.waitSignal(slow.answered):
        slow.hint(ONE, answered=False)


def test_a_visitor_who_was_served_is_proof(slow: OriginWatch, gone: Target, qtbot: QtBot) -> None:
    slow.follow(ONE, gone, gone, answers=False)
    with qtbot.waitSignal(slow.answered):
        slow.hint(ONE, answered=True)
    with qtbot.assertNotEmitted(slow.answered, wait=50):
        slow.hint(ONE, answered=True)  # known by now


def test_a_hint_for_nobody_is_no_matter(slow: OriginWatch) -> None:
    slow.hint(ONE, answered=False)


def test_watches_several_at_once(quick: OriginWatch, counter: Counter, gone: Target, qtbot: QtBot) -> None:
    with qtbot.waitSignals([quick.answered, quick.silent]):
        quick.follow(ONE, counter.target, counter.target, answers=True)
        quick.follow(OTHER, gone, gone, answers=False)
