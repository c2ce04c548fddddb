"""The end of a log-in and a coming sleep are heard of, and the sleep waits; without logind there is silence."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portway.system.desktop.login_watch import LoginWatch
from tests.fakes.backends.news import wait_until
from tests.fakes.desktop.plain_bus import plain_bus
from tests.limits import NEVER, SEEN

if sys.platform != "linux":
    pytest.skip("other systems have no logind", allow_module_level=True)

from tests.fakes.desktop.logind import Logind  # needs jeepney, which is there on Linux alone

pytestmark = pytest.mark.children
_OFTEN = 0.02  # seconds


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a message bus of our own; return its address."""
    with plain_bus(tmp_path_factory.mktemp("b") / "bus") as address:
        yield address


@contextmanager
def watched(logind: Logind, bus: str, *, every: float = NEVER) -> Iterator[threading.Event]:
    """Watch until the end of the block; yields what is set once the end of the log-in was told."""
    told = threading.Event()
    watch = LoginWatch(told.set, bus=bus, limit=SEEN, every=every)
    try:
        wait_until(lambda: logind.asked, what="the watch")
        yield told
    finally:
        watch.close()
        watch.close()
        watch._thread.join(SEEN)
        assert not watch._thread.is_alive()
        logind.end()


def test_a_sleep_is_told_before_it_begins_and_waits_until_what_was_to_end_has(bus: str) -> None:
    logind = Logind(bus)
    with watched(logind, bus) as told:
        assert logind.is_held_back
        assert [one[0] for one in logind.why] == ["sleep"]
        assert logind.why[0][3] == "delay"
        logind.wakes_up()
        logind.goes_to_sleep()
        assert told.wait(SEEN)
        assert logind.is_held_back


def test_the_sleep_begins_once_nobody_watches(bus: str) -> None:
    logind = Logind(bus)
    told = threading.Event()
    watch = LoginWatch(told.set, bus=bus, limit=SEEN, every=NEVER)
    wait_until(lambda: logind.asked, what="the watch")
    logind.goes_to_sleep()
    assert told.wait(SEEN)
    watch.close()
    wait_until(lambda: not logind.is_held_back, what="the end of the lock")
    logind.end()


@pytest.mark.parametrize("ends", ["closing", ""], ids=["programs go on in it", "it is gone"])
def test_the_end_of_the_session_is_told(bus: str, ends: str) -> None:
    logind = Logind(bus)
    with watched(logind, bus) as told:
        logind.session = ends
        logind.session_ends()
        assert told.wait(SEEN)


def test_a_session_in_which_programs_go_on_is_looked_at_as_nobody_tells_of_its_end(bus: str) -> None:
    logind = Logind(bus)
    with watched(logind, bus, every=_OFTEN) as told:
        logind.session = "closing"
        assert told.wait(SEEN)


def test_the_session_of_somebody_else_means_nothing(bus: str) -> None:
    logind = Logind(bus)
    with watched(logind, bus) as told:
        before = len(logind.asked)
        logind.session_ends("7")
        wait_until(lambda: len(logind.asked) > before, what="a look at the own session")
        assert not told.is_set()


def test_a_service_ends_with_the_last_session_of_its_owner(bus: str) -> None:
    logind = Logind(bus, has_session=False)
    with watched(logind, bus) as told:
        before = len(logind.asked)
        logind.session_ends("1")
        wait_until(lambda: len(logind.asked) > before, what="a look at the owner")
        assert not told.is_set()
        logind.user = "lingering"
        logind.session_ends("2")
        assert told.wait(SEEN)


def test_who_is_not_logged_in_does_not_log_out(bus: str) -> None:
    logind = Logind(bus, has_session=False)
    logind.user = "lingering"
    with watched(logind, bus) as told:
        before = len(logind.asked)
        logind.session_ends("7")
        wait_until(lambda: len(logind.asked) > before, what="a look at the owner")
        assert not told.is_set()


def test_where_no_lock_is_given_the_sleep_is_told_all_the_same(bus: str) -> None:
    logind = Logind(bus, gives_locks=False)
    with watched(logind, bus) as told:
        assert not logind.is_held_back
        logind.goes_to_sleep()
        assert told.wait(SEEN)


@pytest.mark.parametrize("place", ["nothing is there", "no logind"])
def test_without_logind_there_is_silence(bus: str, tmp_path: Path, place: str) -> None:
    address = bus if place == "no logind" else f"unix:path={tmp_path / 'gone'}"
    told: list[str] = []
    tell: Callable[[], None] = lambda: told.append("end")  # noqa: E731 - one word, where it is used
    watch = LoginWatch(tell, bus=address, limit=SEEN, every=_OFTEN)
    if place == "nothing is there":
        watch._thread.join(SEEN)
        assert not watch._thread.is_alive()
    watch.close()
    watch._thread.join(SEEN)
    assert not watch._thread.is_alive()
    assert told == []
