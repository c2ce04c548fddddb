"""The local network keeps what every backend promises."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from portway.backends.lan.addresses import Interface
from portway.backends.lan.backend import LanBackend, LanOptions
from portway.backends.lan.interfaces import read_interfaces
from portway.backends.lan.session import LanSession
from portway.core.backend import PortOwner, Retargetable, Session, WishKeeper
from portway.core.codes import Code
from portway.system.services import Services
from tests.backends.lan.stand.runs import skip_without_aliases
from tests.backends.lan.stand.visitors import PUBLISHED, browser, get
from tests.backends.lan.stand.world import tell_of_change
from tests.contract import BackendContract

_LONG_READ = 1.0  # seconds


class LanStage:
    """`lan` on loopback addresses; what it reads of the interfaces can be slowed down and falsified."""

    secrets: Mapping[str, str] = {}
    options = LanOptions(address=PUBLISHED)

    def __init__(self, services: Services) -> None:
        self.backend = LanBackend(services, self._read)
        self._is_slow = threading.Event()
        self._is_down = threading.Event()

    def fetch(self, public_url: str) -> bytes:
        return get(public_url)

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        with browser(public_url) as connection:
            connection.request("GET" if body is None else "POST", path, body)
            return connection.getresponse().read()

    def hold_start(self) -> None:
        self._is_slow.set()

    def fail_start(self) -> Code:
        self._is_down.set()
        return Code.NO_NETWORK

    def cut(self, session: Session) -> None:
        assert isinstance(session, LanSession)
        self._is_down.set()
        tell_of_change(session)

    def _read(self) -> Sequence[Interface]:
        if self._is_slow.is_set():
            threading.Event().wait(_LONG_READ)
        up = not self._is_down.is_set()
        return [replace(interface, up=up) for interface in read_interfaces()]


class TestLan(BackendContract):
    @pytest.fixture
    def stage(self, services: Services) -> LanStage:
        skip_without_aliases()
        return LanStage(services)


def test_it_keeps_wishes_owns_ports_and_can_be_retargeted(services: Services) -> None:
    backend = LanBackend(services)
    assert isinstance(backend, WishKeeper)
    assert isinstance(backend, PortOwner)
    assert issubclass(LanSession, Retargetable)
