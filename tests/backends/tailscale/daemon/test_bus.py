"""A stream of the daemon that is not as it should be costs nothing and hides nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.daemon.bus import Bus
from portway.backends.tailscale.daemon.local_api import LocalApi
from portway.backends.tailscale.daemon.socket import LocalApiTransport
from portway.backends.tailscale.declaration import TailscaleTiming
from portway.core.backend import Context
from portway.core.timing import Timing
from tests.backends.tailscale.runs import Open
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.tailscale.computer import URL, FakeTailscale
from tests.fakes.tailscale.local_api import FakeLocalApi
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children

TROUBLES = ("denied", "hangs", "ends", "garbage", "floods")


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(TailscaleTiming.of(timing), poll=600.0, daemon_look=0.05)


@pytest.fixture
def asked(socket_path: Path) -> LocalApi:
    return LocalApi(LocalApiTransport(socket_path, None), 5.0)


class Bell:
    """Counts how often it rings, and makes the buses that ring it."""

    def __init__(self, api: LocalApi) -> None:
        self._api = api
        self._buses: list[Bus] = []
        self.rings = 0

    def __call__(self) -> None:
        self.rings += 1

    def bus(self, pause: float = 600.0) -> Bus:
        self._buses.append(Bus(self._api, self, pause))
        return self._buses[-1]

    def end(self) -> None:
        for bus in self._buses:
            bus.close()


@pytest.fixture
def bell(asked: LocalApi) -> Iterator[Bell]:
    bell = Bell(asked)
    yield bell
    bell.end()
    assert listeners() == []


def listeners() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "portway-tailscale-bus"]


@pytest.mark.children
@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_it_does_not_tell_is_looked_for(
    tailscale: FakeTailscale, api: FakeLocalApi, open_session: Open, news: RecordedNews, trouble: str
) -> None:
    api.ways = {trouble}
    open_session()
    wait_until(lambda: api.listeners)
    tailscale.take_down(443)
    news.wait_for(lambda heard: heard.recovered_urls)
    assert tailscale.proxy_of(URL)
    assert api.listeners == 1  # one that fails is not tried again at once, however often it is looked


@pytest.mark.children
@pytest.mark.parametrize("trouble", ["none", *TROUBLES])
def test_it_never_delays_the_end(api: FakeLocalApi, backend: TailscaleBackend, context: Context, trouble: str) -> None:
    api.ways = {trouble}
    session = backend.open(context)
    wait_until(lambda: api.listeners)
    began = time.monotonic()
    session.close(context)
    assert time.monotonic() - began < AT_ONCE
    assert listeners() == []


@pytest.mark.parametrize("trouble", ["denied", "ends", "garbage"])
def test_what_cannot_be_understood_is_listened_to_no_longer(api: FakeLocalApi, bell: Bell, trouble: str) -> None:
    api.ways = {trouble}
    bell.bus().listen()
    wait_until(lambda: api.listeners and not listeners())


def test_one_that_hangs_is_given_up(api: FakeLocalApi, bell: Bell, socket_path: Path) -> None:
    api.ways = {"hangs"}
    quick = Bus(LocalApi(LocalApiTransport(socket_path, None), 0.1), bell, 600.0)
    quick.listen()
    wait_until(lambda: api.listeners and not listeners())
    assert bell.rings == 0


def test_it_is_tried_again_after_a_pause_and_not_before(api: FakeLocalApi, bell: Bell) -> None:
    api.ways = {"denied"}
    patient, hasty = bell.bus(), bell.bus(pause=0.0)
    for _ in range(3):
        patient.listen()
    wait_until(lambda: api.listeners == 1 and not listeners())
    hasty.listen()
    wait_until(lambda: api.listeners == 2 and not listeners())
    hasty.listen()
    wait_until(lambda: api.listeners == 3 and not listeners())


def test_a_flood_waits_in_the_socket_and_rings_no_bell(api: FakeLocalApi, bell: Bell) -> None:
    api.ways = {"floods"}
    bell.bus().listen()
    wait_until(lambda: bell.rings)  # the state at the beginning
    time.sleep(0.5)  # unhindered it would be some hundred megabytes
    assert 0 < api.told < 8_000_000
    assert bell.rings == 1
