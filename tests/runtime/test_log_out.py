"""What is to be open until the person logs out is watched only while there is some, and ends then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from portway.core.status import Phase
from portway.runtime.log_out import LogOut
from tests.fakes.backends.window import window_backends
from tests.fakes.runtime.hub import DOWN, FakeHub, up

_OPEN = {"wanted": True, "until_logout": True}


@dataclass
class Watch:
    tell: Callable[[], None]
    is_closed: bool = False

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Hub(FakeHub):
    """Counts how often it was told."""

    told: int = 0

    def log_out(self) -> None:
        self.told += 1


@dataclass
class Login:
    """The log-in of a person, as it is watched."""

    hub: Hub
    watches: list[Watch] = field(default_factory=list)

    def watch(self, tell: Callable[[], None]) -> Watch:
        self.watches.append(Watch(tell))
        return self.watches[-1]


@pytest.fixture
def login(qapp: object) -> Iterator[Login]:
    login = Login(Hub(window_backends()))
    parent = QObject()
    log_out = LogOut(login.hub, login.watch, parent)
    yield login
    log_out.close()
    log_out.close()
    assert all(watch.is_closed for watch in login.watches)


def test_nothing_is_watched_while_nothing_ends_with_it(login: Login) -> None:
    login.hub.show("ngrok", wanted=True, **up("ngrok"))
    assert login.watches == []
    login.hub.show("ngrok", until_logout=True)
    login.hub.show("cloudflared", **_OPEN, **up("cloudflared"))
    (watch,) = login.watches
    login.hub.show("ngrok", until_logout=False)
    assert not watch.is_closed
    login.hub.show("cloudflared", until_logout=False)
    assert watch.is_closed


def test_what_ends_is_told_on_the_main_thread(login: Login, qtbot: QtBot) -> None:
    login.hub.show("ngrok", **_OPEN, **up("ngrok"))
    another = threading.Thread(target=login.watches[0].tell)
    another.start()
    another.join()
    assert login.hub.told == 0
    qtbot.waitUntil(lambda: login.hub.told == 1)


def test_a_sleep_waits_until_it_is_closed(login: Login) -> None:
    login.hub.show("ngrok", **_OPEN, **up("ngrok"))
    login.hub.show("ngrok", wanted=False, until_logout=False)
    assert not login.watches[0].is_closed
    login.hub.show("ngrok", **DOWN)
    assert login.watches[0].is_closed


def test_the_next_one_is_watched_anew(login: Login) -> None:
    login.hub.show("ngrok", **_OPEN, phase=Phase.STARTING)
    login.hub.show("ngrok", until_logout=False, **DOWN)
    login.hub.show("ngrok", **_OPEN, phase=Phase.STARTING)
    assert [watch.is_closed for watch in login.watches] == [True, False]


def test_where_nobody_tells_nothing_is_kept(qapp: object) -> None:
    hub = Hub(window_backends())
    parent = QObject()
    log_out = LogOut(hub, lambda _tell: None, parent)
    hub.show("ngrok", **_OPEN, **up("ngrok"))
    log_out.close()
