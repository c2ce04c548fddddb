"""Sleep over the end of a tunnel: a clock that goes on, and a system that tells of the end of sleep, or does not."""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jeepney import DBusAddress, message_bus, new_signal
from jeepney.io.blocking import open_dbus_connection

from portway.core.codes import Code
from portway.core.status import Phase
from portway.core.target import Target
from portway.runtime.process.wake_ups import WakeUps
from portway.system.desktop.login_watch import PATH, SERVICE
from tests.fakes.desktop.logind import Logind
from tests.fakes.desktop.session_bus import SessionBus, session_bus
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.limits import SEEN
from tests.relay.stand import rest
from tests.runtime.conftest import TOY, Build, House

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="other systems have no message bus"),
]
_HOUR = 3600.0


class _Clock:
    """A computer that a test lets sleep."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionBus]:
    with session_bus(tmp_path_factory.mktemp("user"), keyring=False) as bus:
        yield bus


@pytest.fixture
def address(bus: SessionBus) -> str:
    return bus.environment["DBUS_SESSION_BUS_ADDRESS"]


@pytest.fixture
def logind(address: str) -> Iterator[Logind]:
    logind = Logind(address)
    yield logind
    logind.end()


class _Computer:
    """One whose system tells of sleep."""

    def __init__(self, clock: _Clock, logind: Logind) -> None:
        self._clock = clock
        self._logind = logind

    def sleep(self, seconds: float) -> None:
        self._logind.goes_to_sleep()
        self._clock.sleep(seconds)
        self._logind.wakes_up()


@pytest.fixture
def computer(clock: _Clock, logind: Logind) -> _Computer:
    return _Computer(clock, logind)


@pytest.fixture
def site() -> Iterator[HttpOrigin]:
    with http_origin() as site:
        yield site


@pytest.fixture
def house(build: Build, clock: _Clock) -> House:
    house = build(clock=clock)
    house.wait(lambda: house.status.installation.version)
    return house


@pytest.fixture
def wake_ups(address: str, house: House) -> Iterator[WakeUps]:
    """Return what listens to the bus, as soon as something is to end."""
    wake_ups = WakeUps({"DBUS_SYSTEM_BUS_ADDRESS": address}, SEEN, house.hub)
    house.hub.status_changed.connect(wake_ups.take_status)
    yield wake_ups
    wake_ups.close()
    _ended(wake_ups)


@pytest.fixture
def told(house: House, wake_ups: WakeUps) -> list[bool]:
    """Return a list that grows with each end of sleep, on which tunnels look how late it is."""
    told: list[bool] = []
    wake_ups.woke_up.connect(house.hub.try_again)
    wake_ups.woke_up.connect(lambda: told.append(True))
    return told


def _ended(wake_ups: WakeUps) -> None:
    if wake_ups._thread is not None:
        wake_ups._thread.join(SEEN)
        assert not wake_ups._thread.is_alive()


def _status_of(address: Target) -> int:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=SEEN)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def _streaming(address: Target) -> socket.socket:
    visitor = socket.create_connection((address.host, address.port), SEEN)
    visitor.sendall(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
    assert visitor.recv(1)
    return visitor


def test_what_expired_in_sleep_is_shut_to_the_first_visitor_whoever_tells_of_it(
    house: House, clock: _Clock, site: HttpOrigin
) -> None:
    house.up(target=site.target, expires_in=_HOUR)
    address = house.world.opened[-1].origin
    assert _status_of(address) == 200
    clock.sleep(_HOUR)  # and nothing has told of it: no event was handled meanwhile
    came = len(site.peers)
    assert _status_of(address) == 410
    assert len(site.peers) == came
    assert house.status.running


def test_the_system_tells_of_the_end_of_sleep_and_all_ends_at_once(
    house: House, computer: _Computer, site: HttpOrigin, wake_ups: WakeUps, told: list[bool]
) -> None:
    house.up(target=site.target, expires_in=_HOUR)
    with _streaming(house.world.opened[-1].origin) as visitor:
        assert wake_ups.listens.wait(SEEN)
        computer.sleep(_HOUR)
        house.wait_for(Phase.STOPPED)
        assert (house.status.code, house.status.wanted) == (Code.EXPIRED, False)
        with pytest.raises(ConnectionResetError):
            rest(visitor)
    assert told == [True]
    assert not house.kept()


def test_a_sleep_within_its_time_changes_nothing(
    house: House, computer: _Computer, site: HttpOrigin, wake_ups: WakeUps, told: list[bool]
) -> None:
    house.up(target=site.target, expires_in=_HOUR)
    ends = house.status.expires_at
    assert wake_ups.listens.wait(SEEN)
    computer.sleep(_HOUR - 1)
    house.wait(lambda: told)
    house.settle()
    assert (house.status.running, house.status.expires_at) == (True, ends)
    assert _status_of(house.world.opened[-1].origin) == 200


@pytest.mark.parametrize("slept", [_HOUR - 60, _HOUR])
def test_the_time_of_sleep_and_of_a_restart_counts(build: Build, clock: _Clock, site: HttpOrigin, slept: float) -> None:
    first = build(clock=clock)
    first.up(target=site.target, expires_in=_HOUR)
    first.wait(first.kept)
    clock.sleep(slept)
    second = build(clock=clock)  # the first one was killed in its sleep
    if slept < _HOUR:
        status = second.wait_for(Phase.RUNNING)
        assert status.expires_at is not None
        assert status.expires_at - datetime.now(UTC) < timedelta(seconds=61)
        clock.sleep(60)
        assert _status_of(second.world.opened[-1].origin) == 410
    else:
        second.wait(lambda: second.status.code is Code.EXPIRED)
        assert len(second.world.opened) == 1
        assert not second.kept()


@pytest.mark.parametrize("moved", [-10 * _HOUR, 10 * _HOUR], ids=("back", "forth"))
def test_the_date_may_be_set_back_and_forth(
    build: Build, clock: _Clock, site: HttpOrigin, monkeypatch: pytest.MonkeyPatch, moved: float
) -> None:
    first = build(clock=clock)
    first.up(target=site.target, expires_in=_HOUR)
    first.wait(first.kept)
    _move_date(monkeypatch, moved)
    first.hub.try_again()
    assert first.status.wanted
    assert _status_of(first.world.opened[-1].origin) == 200
    second = build(clock=clock)  # after a kill
    second.wait_for(Phase.RUNNING)
    deadline = second.hub._tunnels[TOY].protection._waits_for
    assert deadline is not None
    assert deadline.left(clock.now) == pytest.approx(_HOUR)
    clock.sleep(_HOUR)
    second.hub.try_again()
    second.wait_for(Phase.STOPPED)
    assert second.status.code is Code.EXPIRED


def _move_date(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the date be another one from now on."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # always in UTC here
            return datetime.now(UTC) + timedelta(seconds=seconds)

    for module in ("core.guard.deadline", "runtime.tunnel.status_board", "runtime.tunnel.protection"):
        monkeypatch.setattr(f"portway.{module}.datetime", Moved)


def _pretend(address: str) -> None:
    """Tell of the end of sleep without being the system."""
    with open_dbus_connection(address) as bus:
        manager = DBusAddress(PATH, interface=f"{SERVICE}.Manager")
        bus.send(new_signal(manager, "PrepareForSleep", "b", (False,)))
        bus.send_and_get_reply(message_bus.GetId())


class TestWakeUps:
    def test_nobody_listens_before_something_is_to_end(self, wake_ups: WakeUps, house: House) -> None:
        house.up()
        assert wake_ups._thread is None
        house.up(expires_in=_HOUR)
        assert wake_ups._thread is not None

    def test_only_the_end_of_sleep_is_told_and_only_by_the_system(
        self, house: House, wake_ups: WakeUps, logind: Logind, told: list[bool]
    ) -> None:
        house.up(expires_in=_HOUR)
        assert wake_ups.listens.wait(SEEN)
        _pretend(wake_ups._address)
        logind.goes_to_sleep()
        logind.wakes_up()
        house.wait(lambda: told)
        house.settle()
        assert told == [True]

    def test_without_a_bus_nothing_is_told_and_nothing_is_amiss(self, house: House, tmp_path: Path) -> None:
        wake_ups = WakeUps({"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path / 'gone'}"}, SEEN, house.hub)
        wake_ups.take_status(house.up(expires_in=_HOUR))
        _ended(wake_ups)
        assert not wake_ups.listens.is_set()
        wake_ups.close()
        wake_ups.close()

    def test_a_bus_that_ends_is_no_trouble(self, house: House, tmp_path: Path) -> None:
        with session_bus(tmp_path / "user", keyring=False) as bus:
            wake_ups = WakeUps(
                {"DBUS_SYSTEM_BUS_ADDRESS": bus.environment["DBUS_SESSION_BUS_ADDRESS"]}, SEEN, house.hub
            )
            wake_ups.take_status(house.up(expires_in=_HOUR))
            assert wake_ups.listens.wait(SEEN)
        _ended(wake_ups)
        wake_ups.close()
