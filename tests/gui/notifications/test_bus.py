"""Notifications over a message bus of their own, to a daemon that is strict; and where there is no bus."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from portway.gui.notifications.dbus import NotificationBus
from portway.gui.notifications.wording import Note, NoteAction
from tests.fakes.desktop.notification_server import NotificationServer
from tests.fakes.desktop.piecemeal_bus import piecemeal_bus
from tests.fakes.desktop.session_bus import changed_environment, session_bus

pytestmark = [
    pytest.mark.children,
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="other systems have no message bus"),
]
NOTE = Note("lan", "lan is up", "a < b", ((NoteAction.COPY, "Copy"),))


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[NotificationServer]:
    with session_bus(tmp_path / "user") as bus, changed_environment(bus.environment):
        server = NotificationServer(bus.environment["DBUS_SESSION_BUS_ADDRESS"])
        yield server
        server.end()
        assert server.refused == []


def test_a_note_is_shown_replaced_pressed_and_taken_back(daemon: NotificationServer, qtbot: QtBot) -> None:
    bus = NotificationBus(5.0)
    bus.show(NOTE)
    first = daemon.wait_for("lan is up")
    assert (first.text, list(first.actions)) == ("a &lt; b", ["copy"])
    bus.show(Note("lan", "lan is back", ""))
    assert daemon.wait_for("lan is back").replaces == first.number
    with qtbot.waitSignal(bus.acted) as acted:
        daemon.press(first, "copy")
    assert acted.args == ["lan", "copy"]
    bus.take_back("lan")
    daemon.wait_for_closed(first.number)
    bus.close()
    qtbot.waitUntil(lambda: bus._wake is None)


@pytest.mark.parametrize("cut", [None, 20], ids=["in one piece with an answer", "in halves"])
def test_a_press_is_heard_however_its_bytes_come(qtbot: QtBot, cut: int | None) -> None:
    with piecemeal_bus("copy", cut) as address:
        with changed_environment({"DBUS_SESSION_BUS_ADDRESS": address}):
            bus = NotificationBus(5.0)
            with qtbot.waitSignal(bus.acted) as acted:
                bus.show(NOTE)
                if cut is not None:
                    bus.show(Note("other", "ngrok is up", ""))
        assert acted.args == ["lan", "copy"]
        bus.close()
        qtbot.waitUntil(lambda: bus._wake is None)


def test_what_no_bus_takes_goes_another_way(tmp_path: Path, qtbot: QtBot) -> None:
    with changed_environment({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'gone'}"}):
        bus = NotificationBus(5.0)
        with qtbot.waitSignal(bus.failed) as failed:
            bus.show(NOTE)
    assert failed.args == [NOTE]
