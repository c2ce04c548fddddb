"""The field of the local server: typed, chosen, refused, locked, and looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from portway.core.status import Phase
from portway.core.target import Target
from portway.gui.cards.live_card import LiveCard
from portway.gui.target.target_box import TargetBox
from portway.gui.widgets.state_line import StateLine
from portway.gui.window.main_window import MainWindow
from portway.system.storage.settings_file import SettingsFile
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike, write

Cards = Callable[[str], LiveCard]


@pytest.fixture
def box(window: MainWindow) -> TargetBox:
    click(window.tunnels.off_head.change)
    return window.tunnels.target


def type_text(box: TargetBox, text: str, qtbot: QtBot) -> None:
    line = box.field.lineEdit()
    assert line is not None
    line.selectAll()
    write(line, text)
    strike(line, Qt.Key.Key_Return)


def wait_for(line: StateLine, said: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: line.text == said)


def test_a_typed_target_becomes_the_default_and_is_remembered(desk: Desk, box: TargetBox, qtbot: QtBot) -> None:
    type_text(box, "http://localhost:3000/", qtbot)
    assert desk.hub.settings.general.target == "http://localhost:3000"
    assert desk.dependencies.app_state.recent_targets[0] == "http://localhost:3000"
    assert not box.refusal.isVisible()


def test_a_target_is_shown_in_one_form_however_it_was_typed(desk: Desk, box: TargetBox, qtbot: QtBot) -> None:
    type_text(box, "3000", qtbot)
    assert box.field.currentText() == "http://localhost:3000"
    with qtbot.waitSignal(box.finder.found):
        box.field.showPopup()
    qtbot.waitUntil(lambda: box.field.count() == 2)
    assert [box.field.itemText(row) for row in range(2)] == ["http://localhost:3000", "8080"]
    box.field.hidePopup()


@pytest.mark.parametrize("text", ["http://192.168.1.5:80", "no target", "http://localhost:3000/path", "70000"])
def test_a_bad_target_is_refused_in_place_and_stays_to_be_mended(
    desk: Desk, box: TargetBox, qtbot: QtBot, text: str
) -> None:
    type_text(box, text, qtbot)
    assert box.refusal.isVisible()
    assert not box.state.isVisible()
    assert box.refusal.text().startswith("Local server: ")
    assert box.field.currentText() == text
    assert desk.hub.settings.general.target == "http://127.0.0.1:20128"
    type_text(box, "3000", qtbot)
    assert not box.refusal.isVisible()
    assert not box.isVisible()
    assert desk.hub.settings.general.target == "3000"


def test_our_own_port_is_never_a_target(desk: Desk, box: TargetBox, qtbot: QtBot) -> None:
    desk.hub.ports = frozenset({20129})
    type_text(box, "20129", qtbot)
    assert "Portway's own" in box.refusal.text()


def test_the_list_offers_recent_targets_and_what_listens(desk: Desk, box: TargetBox, qtbot: QtBot) -> None:
    desk.dependencies.app_state.remember_target("http://127.0.0.1:11434")
    with qtbot.waitSignal(box.finder.found):
        box.field.showPopup()
    qtbot.waitUntil(lambda: box.field.count() == 3)
    assert [box.field.itemText(row) for row in range(3)] == [
        "http://127.0.0.1:11434",
        "3000 · node",
        "8080",
    ]
    box.field.hidePopup()
    box.field.activated.emit(1)
    assert desk.hub.settings.general.target == "3000"


@pytest.mark.parametrize("trouble", [OSError("not allowed"), None], ids=str)
@pytest.mark.usefixtures("expected_logs")
def test_a_look_that_fails_or_finds_nothing_leaves_the_field_usable(
    desk: Desk, qtbot: QtBot, trouble: OSError | None
) -> None:
    def look() -> tuple[()]:
        if trouble is not None:
            raise trouble
        return ()

    box = TargetBox(replace(desk.dependencies, listening_ports=look))
    qtbot.addWidget(box)
    with qtbot.waitSignal(box.finder.found):
        box.field.showPopup()
    assert box.choose("3000")


def test_it_says_whether_the_server_answers(window: MainWindow, box: TargetBox, qtbot: QtBot, origin: Target) -> None:
    head = window.tunnels.off_head
    for target, said in ((origin.url, "Answers"), ("http://127.0.0.1:1", "Does not answer")):
        assert box.choose(target)
        assert not box.isVisible()  # it is taken: the line above says how it is
        wait_for(head._state, said, qtbot)
        click(head.change)
        wait_for(box.state, said, qtbot)


@pytest.mark.parametrize("width", [700, 330])
def test_a_target_from_the_environment_is_shown_locked_and_says_why(desk: Desk, qtbot: QtBot, width: int) -> None:
    environment = {**desk.dependencies.services.environment, "PORTWAY_TARGET": "http://127.0.0.1:4000"}
    locked = SettingsFile(desk.dependencies.settings_file.path, environment, desk.hub.backends)
    desk.hub.load = locked.load
    desk.hub.reload()
    box = TargetBox(replace(desk.dependencies, settings_file=locked))
    qtbot.addWidget(box)
    box.resize(width, 100)
    box.show()
    assert not box.field.isEnabled()
    assert box.field.currentText() == "http://127.0.0.1:4000"
    assert box.lock.isVisible()
    assert box.lock.text() == "Set by PORTWAY_TARGET in the environment."
    assert box.field.accessibleDescription() == box.lock.text()
    assert box.lock.geometry().top() >= box.field.geometry().bottom()


def test_a_target_that_is_free_to_choose_has_no_such_sentence(box: TargetBox) -> None:
    assert box.field.isEnabled()
    assert not box.lock.isVisible()


def test_a_new_target_offers_to_switch_what_runs(desk: Desk, box: TargetBox, card: Cards, qtbot: QtBot) -> None:
    desk.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url="http://192.0.2.7:20128")
    type_text(box, "http://127.0.0.1:3000", qtbot)
    view = card("lan").view
    assert view is not None
    assert view.callout is not None
    assert "http://127.0.0.1:3000" in view.callout.sentence
