"""Every control of the settings changes what it says, refuses in place, and shows what the environment decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel
from portway.core.status import Phase
from portway.gui.navigation import Navigation
from portway.gui.settings.advanced_page import AdvancedPage
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.diagnostics import diagnostics
from portway.gui.settings.general_page import GeneralPage
from portway.gui.settings.hooks_page import HooksPage
from portway.gui.settings.notifications_page import NotificationsPage
from portway.gui.settings.trouble_rows import TroubleGroup
from portway.gui.widgets.buttons import Button
from portway.gui.widgets.switch import Switch
from portway.gui.window.pages import make_page
from portway.runtime.url_hooks import Hook
from portway.system.desktop.autostart import AutostartState
from portway.system.storage.settings_file import SettingsFile
from tests.gui.conftest import Desk, Open
from tests.gui.hands import click, control_of, type_text
from tests.gui.states import show_state

SETTINGS_PAGES = ("general", "lan", "cloudflared", "ngrok", "tailscale", "api", "notifications", "hooks", "advanced")


def test_every_setting_has_a_row_on_some_page(desk: Desk, page: Open) -> None:
    shown = {control.key.name for key in (*SETTINGS_PAGES, "about") for control in page(key).controls}
    assert shown | {"general.target"} == {key.name for key in desk.dependencies.settings_file.keys()}  # noqa: SIM118 - no mapping


@pytest.mark.parametrize("key", SETTINGS_PAGES)
def test_every_switch_changes_its_setting_at_once_and_back(desk: Desk, page: Open, key: str, qtbot: QtBot) -> None:
    for control in page(key).controls:
        if isinstance(control.control, Switch):
            before = control.value
            click(control.control)
            assert control.value is not before
            click(control.control)
            assert control.value is before
    assert desk.hub.settings.general == type(desk.hub.settings.general)()


@pytest.mark.parametrize("key", SETTINGS_PAGES)
def test_every_choice_can_be_made(desk: Desk, page: Open, key: str) -> None:
    for control in page(key).controls:
        if isinstance(control.control, QComboBox):
            for row in range(control.control.count()):
                control.control.setCurrentIndex(row)
                control.control.activated.emit(row)
                assert str(control.value) == control.control.itemData(row)


@pytest.mark.parametrize(
    ("key", "name", "good", "bad", "said"),
    [
        ("lan", "lan.listenPort", "8080", "70000", "from 1 to 65535"),
        ("lan", "lan.address", "192.168.1.23", "999.1.1.1", "IPv4"),
        ("ngrok", "ngrok.domain", "hooks.example.com", "no host!", "host name"),
        ("api", "general.apiPort", "20200", "many", "from 0 to 65535"),
        ("hooks", "general.hookFile", "/home/you/project/.env", "relative/.env", "absolute"),
        ("hooks", "general.hookKey", "MY_URL", "MY URL", "letters"),
        ("hooks", "general.hookCommand", "/usr/bin/true --flag", "'open", "quotation"),
    ],
)
def test_a_bad_value_is_refused_in_place_and_changes_nothing(  # noqa: PLR0917 - a table
    desk: Desk, page: Open, qtbot: QtBot, key: str, name: str, good: str, bad: str, said: str
) -> None:
    control = control_of(page(key), name)
    type_text(control, good)
    assert str(control.value) == good
    type_text(control, bad)
    assert control.refusal.isVisible()
    assert said in control.refusal.text()
    assert name not in control.refusal.text()
    assert isinstance(control.control, QLineEdit)
    assert control.control.text() == bad
    assert str(control.value) == good
    type_text(control, good)
    assert not control.refusal.isVisible()


def test_an_empty_port_means_that_none_is_set(page: Open, qtbot: QtBot) -> None:
    control = control_of(page("lan"), "lan.listenPort")
    type_text(control, "8080")
    type_text(control, "")
    assert control.value is None


def test_a_disk_that_is_full_is_said_in_place(
    desk: Desk, page: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = control_of(page("general"), "general.copyUrl")

    def refuse(*_: object) -> None:
        raise TunnelError(Code.STORAGE_FAILED, path="settings.toml", reason="no space left on device")

    monkeypatch.setattr(desk.dependencies.settings_file, "change", refuse)
    click(control.control)
    assert "no space left" in control.refusal.text()
    assert control.value is True


def test_a_disk_that_refuses_later_is_said_in_place_and_the_value_does_not_hold(
    desk: Desk, page: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = control_of(page("general"), "general.copyUrl")
    refused = TunnelError(Code.STORAGE_FAILED, path="settings.toml", reason="no space left on device")
    later: list[Callable[[TunnelError], None]] = []
    monkeypatch.setattr(desk.dependencies.settings_file, "change", lambda _values, failed: later.append(failed))
    click(control.control)
    assert not control.refusal.text()
    thread = threading.Thread(target=later[0], args=(refused,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "no space left" in control.refusal.text())
    assert control.value is True


def test_all_settings_are_reset_in_one_change(
    desk: Desk, page: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Mapping[str, object]] = []
    file = desk.dependencies.settings_file
    monkeypatch.setattr(file, "change", lambda values, _failed: changes.append(values))
    advanced, before = page("advanced"), desk.hub.reloads
    click(advanced.reset_all)
    click(advanced.reset_all)
    assert [set(values) for values in changes] == [{key.name for key in file.keys()}]  # noqa: SIM118 - no mapping
    assert desk.hub.reloads - before == 1


def test_what_the_environment_decides_is_shown_locked(desk: Desk, qtbot: QtBot) -> None:
    environment = {
        **desk.dependencies.services.environment,
        "PORTWAY_API_PORT": "20300",
        "CLOUDFLARED_PROTOCOL": "quic",
    }
    file = SettingsFile(desk.dependencies.settings_file.path, environment, desk.hub.backends)
    desk.hub.load = file.load
    desk.hub.reload()
    dependencies = replace(desk.dependencies, settings_file=file)
    for key, name, variable, value in (
        ("api", "general.apiPort", "PORTWAY_API_PORT", 20300),
        ("cloudflared", "cloudflared.protocol", "CLOUDFLARED_PROTOCOL", "quic"),
    ):
        page = make_page(key, dependencies, Navigation())
        qtbot.addWidget(page)
        assert isinstance(page, DeclaredPage)
        control = control_of(page, name)
        assert not control.control.isEnabled()
        assert control.value == value
        assert variable in control.help.text()


@pytest.mark.parametrize("key", SETTINGS_PAGES)
def test_a_page_can_be_reset(desk: Desk, page: Open, key: str, qtbot: QtBot) -> None:
    opened = page(key)
    for control in opened.controls:
        if isinstance(control.control, Switch):
            click(control.control)
    click(opened.reset_button)
    assert [control.value for control in opened.controls] == [
        control.key.default for control in opened.controls
    ] or all(control.value in (control.key.default, "") for control in opened.controls)


# General


def test_start_at_login_is_registered_checked_and_refused_in_place(desk: Desk, page: Open, qtbot: QtBot) -> None:
    general: GeneralPage = page("general")
    click(general.autostart)
    assert desk.autostart.state() is AutostartState.ON
    assert general.autostart.isChecked()
    click(general.autostart)
    assert desk.autostart.state() is AutostartState.OFF
    desk.autostart.refusal = TunnelError(Code.STORAGE_FAILED, path="autostart", reason="read-only")
    click(general.autostart)
    assert not general.autostart.isChecked()
    assert "read-only" in general.autostart_row.refusal.text()


@pytest.mark.parametrize("state", [AutostartState.OTHER, AutostartState.VETOED])
def test_an_entry_that_does_not_start_this_portway_says_so(desk: Desk, page: Open, state: AutostartState) -> None:
    desk.autostart.now = state
    general: GeneralPage = page("general")
    assert not general.autostart.isChecked()
    assert general.autostart_row.help.text()


def test_start_at_login_is_not_offered_in_a_profile_of_its_own(desk: Desk, qtbot: QtBot) -> None:
    general = GeneralPage(replace(desk.dependencies, autostart=None))
    qtbot.addWidget(general)
    general.show()
    assert not general.autostart.isVisible()


# Backends


# API


# Hooks, notifications, advanced


def test_hooks_can_be_tried_and_show_what_came_of_it(desk: Desk, page: Open, qtbot: QtBot, tmp_path: Path) -> None:
    hooks: HooksPage = page("hooks")
    assert not hooks.try_button.isEnabled()
    type_text(control_of(hooks, "general.hookFile"), str(tmp_path / ".env"))
    assert hooks.try_button.isEnabled()
    with qtbot.waitSignal(desk.dependencies.hooks.ran):
        click(hooks.try_button)
    assert (tmp_path / ".env").read_text() == "NEXT_PUBLIC_BASE_URL=http://127.0.0.1:20128\n"
    assert "Done" in hooks.rows[Hook.FILE].state.text


def test_hooks_are_offered_for_a_tunnel_of_ones_own_and_for_no_other_once_it_is_gone(desk: Desk, page: Open) -> None:
    hooks: HooksPage = page("hooks")
    box = hooks.tunnel.control
    assert isinstance(box, QComboBox)
    assert box.findData("api") == -1
    file = desk.dependencies.settings_file
    file.save_tunnel(SavedTunnel(id="api", backend=desk.hub.backends[0].kind, name="My API"))
    desk.hub.reload()
    hooks.refresh()
    box.setCurrentIndex(box.findText("My API"))
    box.activated.emit(box.currentIndex())
    assert desk.hub.settings.general.hook_backend == "api"
    file.drop_tunnel("api")
    desk.hub.reload()
    hooks.refresh()
    assert (box.currentData(), box.currentText()) == ("api", "api (removed)")


@pytest.mark.children
@pytest.mark.usefixtures("expected_logs")
@pytest.mark.children
def test_a_hook_that_fails_says_why(desk: Desk, page: Open, qtbot: QtBot) -> None:
    hooks: HooksPage = page("hooks")
    type_text(control_of(hooks, "general.hookCommand"), "/nowhere/to-be-found")
    with qtbot.waitSignal(desk.dependencies.hooks.ran):
        click(hooks.try_button)
    assert "Failed" in hooks.rows[Hook.COMMAND].state.text
    assert hooks.rows[Hook.COMMAND].help.text()


def test_every_kind_of_news_can_be_muted(desk: Desk, page: Open, qtbot: QtBot) -> None:
    news: NotificationsPage = page("notifications")
    for control in news.controls:
        click(control.control)
    general = desk.hub.settings.general
    assert not any(getattr(general, control.key.field) for control in news.controls)
    assert len(news.controls) == 6


@pytest.mark.children
@pytest.mark.parametrize("key", ["about", "advanced"])
def test_the_diagnostics_that_are_copied_hold_no_secret(desk: Desk, page: Open, key: str) -> None:
    show_state(desk.hub, "running")
    desk.dependencies.services.secrets.put("ngrok", "auth_token", Secret("very-secret-token"))
    desk.dependencies.settings_file.set("general.hookFile", "/home/somebody/.env")
    desk.hub.reload()
    (trouble,) = page(key).findChildren(TroubleGroup)
    click(trouble.copy)
    text = desk.clipboard.texts[0]
    assert text == diagnostics(desk.dependencies)
    assert "ngrok" in text
    for private in ("very-secret-token", "hooks.example.com", "somebody"):
        assert private not in text


def test_folders_open(desk: Desk, page: Open) -> None:
    for button in page("advanced").findChildren(Button):
        if button.property("folder"):
            click(button)
    folders = desk.dependencies.services.folders
    assert desk.opened == [path.as_uri() for path in (folders.config, folders.log, folders.data)]


def test_what_cannot_be_taken_back_is_done_at_the_second_press(desk: Desk, page: Open, qtbot: QtBot) -> None:
    desk.dependencies.settings_file.set("general.copyUrl", False)
    advanced: AdvancedPage = page("advanced")
    click(advanced.reset_all)
    assert advanced.reset_row.refusal.isVisible()
    assert "copyUrl" in desk.dependencies.settings_file.path.read_text()
    click(advanced.reset_all)
    assert "copyUrl" not in desk.dependencies.settings_file.path.read_text()
    click(advanced.remove_all)
    assert desk.removals == []
    click(advanced.remove_all)
    assert desk.removals == ["all"]


def test_a_page_shows_what_was_set_elsewhere(desk: Desk, page: Open) -> None:
    general: GeneralPage = page("general")
    desk.dependencies.settings_file.set("general.copyUrl", False)
    desk.hub.reload()
    general.refresh()
    control = control_of(general, "general.copyUrl").control
    assert isinstance(control, Switch)
    assert not control.isChecked()
    desk.hub.show("lan", phase=Phase.STOPPED)
