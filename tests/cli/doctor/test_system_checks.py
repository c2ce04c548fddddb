"""What `portway doctor` finds of the tray and of the keyring: there, locked, mute, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portway.system.storage.folders import Folders
from tests.cli.conftest import Portway
from tests.cli.doctor.test_doctor import found
from tests.fakes.desktop.session_bus import SessionBus, changed_environment, session_bus

pytestmark = [
    pytest.mark.children,
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="other systems have no message bus"),
]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SessionBus]:
    """Run a message bus that this process is on, too: a keyring is found by its own environment."""
    with session_bus(tmp_path / "user") as bus, changed_environment(bus.environment):
        yield bus


def hang(bus: SessionBus) -> None:
    bus.unlock_keyring()
    bus.hang_keyring()


@pytest.mark.parametrize(
    ("become", "grade", "text"),
    [
        (SessionBus.unlock_keyring, "ok", "it is there and open."),
        (SessionBus.lock_keyring, "note", "it is locked."),
        (hang, "note", "it does not answer."),
        (lambda _bus: None, "note", ""),
    ],
    ids=["open", "locked", "hung", "none"],
)
def test_the_keyring_is_told_as_it_is(
    portway: Portway, bus: SessionBus, become: Callable[[SessionBus], None], grade: str, text: str
) -> None:
    become(bus)
    said = portway("doctor", "--json", environment={"PORTWAY_KEYRING": "system", **bus.environment})
    finding = found(said, "keyring")
    assert (finding["grade"], said.code) == (grade, 0)
    assert finding["text"].endswith(text)
    assert (finding["wayOn"] is None) is (grade == "ok")


def test_a_desktop_without_a_tray_host_is_told_with_a_way_on(portway: Portway, bus: SessionBus) -> None:
    said = portway("doctor", "--json", environment={"QT_QPA_PLATFORM": "offscreen", **bus.environment})
    finding = found(said, "tray")
    assert (finding["grade"], "portway open" in finding["wayOn"]) == ("note", True)
    assert finding["text"] == "this desktop shows no tray icons now."


def test_a_bus_that_is_gone_is_told_and_is_no_failure(portway: Portway, tmp_path: Path) -> None:
    gone = {"QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'gone'}"}
    said = portway("doctor", "--json", environment=gone)
    assert (said.code, found(said, "tray")["grade"]) == (0, "note")
    assert "the session bus does not answer" in found(said, "tray")["text"]


def test_without_a_display_there_is_nothing_to_look_for(portway: Portway, folders: Folders) -> None:
    said = portway("doctor", "--json")
    assert found(said, "screen")["grade"] == "note"
    assert not folders.state.exists()
