"""What opening, closing and starting again mean, with a tray and without one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desktop.conftest import Subject, click_at
from tests.fakes.desktop.notification_server import NotificationServer
from tests.fakes.desktop.tray_host import TrayHost

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
_CLOSE = "[one.close() for one in QApplication.topLevelWidgets() if one.windowTitle() == 'Portway' and one.isVisible()]"


def test_a_start_by_a_person_opens_the_window_and_one_at_login_does_not(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    assert run(desktop).wait("subject.visible()") == ["Portway"]
    hidden = run({**desktop, "PORTWAY_HOME": desktop["PORTWAY_HOME"] + "2"}, "--autostart")
    host.wait_for_item(2)
    assert hidden.ask("subject.visible()") == []


def test_a_second_start_raises_the_window(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    host.wait_for_item()
    subject.ask("desktop.open_window()")  # what the single instance calls
    assert subject.wait("subject.visible()") == ["Portway"]


def test_closing_the_window_keeps_the_tray_and_says_so_once(
    desktop: dict[str, str], host: TrayHost, bus: str, run: Run
) -> None:
    daemon = NotificationServer(bus)
    try:
        subject = run(desktop)
        item = host.wait_for_item()
        for _ in range(2):
            subject.wait("subject.visible()")
            subject.ask(_CLOSE)
            assert subject.ask("subject.visible()") == []
            daemon.wait_for("Portway goes on")
            host.click(item)
        subject.wait("subject.visible()")
        assert len(daemon.shown) == 1
    finally:
        daemon.end()


def test_without_a_tray_closing_asks_and_escape_does_nothing(desktop: dict[str, str], run: Run) -> None:
    subject = run(desktop)
    subject.wait("subject.visible()")
    subject.ask(_CLOSE)
    assert "no tray icon" in subject.wait("subject.question()")
    subject.ask("[one.reject() for one in QApplication.topLevelWidgets() if hasattr(one, 'reject')] and None")
    subject.ask(_CLOSE)
    subject.wait("subject.question()")
    assert subject.ask("subject.press('Keep running')")
    assert subject.wait("not subject.visible() and 'hidden'") == "hidden"
    assert subject.ask("hub.quits") == 0
    subject.ask("desktop.open_window()")
    subject.ask(_CLOSE)
    assert subject.wait("not subject.visible() and 'hidden'") == "hidden"


def test_without_a_tray_closing_can_end_the_program(desktop: dict[str, str], run: Run) -> None:
    subject = run(desktop)
    subject.wait("subject.visible()")
    subject.ask(_CLOSE)
    subject.wait("subject.question()")
    assert subject.ask("subject.press('Stop tunnels and quit')")
    assert subject.wait("hub.quits") == 1


def test_at_login_a_missing_tray_is_told_with_a_way_to_the_window(desktop: dict[str, str], bus: str, run: Run) -> None:
    daemon = NotificationServer(bus)
    try:
        subject = run(desktop, "--autostart")
        subject.ask("desktop._tray._on_patience_over()")  # ten seconds later
        shown = daemon.wait_for("Portway is running")
        assert subject.ask("subject.visible()") == []
        daemon.press(shown, "open-window")
        assert subject.wait("subject.visible()") == ["Portway"]
    finally:
        daemon.end()


@pytest.mark.parametrize("tray", [False, True])
def test_an_open_window_does_not_hold_the_end(desktop: dict[str, str], bus: str, run: Run, *, tray: bool) -> None:
    panel = TrayHost(bus) if tray else None
    daemon = NotificationServer(bus)
    subject = run(desktop)
    subject.wait("subject.visible()")
    subject.ask("QTimer.singleShot(0, QApplication.quit)")
    assert subject.ended() == 0
    daemon.end()
    assert daemon.shown == []  # nor does it take the end for a closed window
    if panel is not None:
        panel.end()


@pytest.mark.usefixtures("trayer")
def test_the_menu_that_qt_draws_toggles_at_a_realclick_at(screen: dict[str, str], run: Run, tmp_path: object) -> None:
    subject = run({**screen, "PORTWAY_HOME": f"{tmp_path}/xembed"}, "--autostart")
    subject.wait("desktop._tray._icon.geometry().width() > 1 and desktop._tray.is_available")
    icon = "desktop._tray._icon.geometry().center()"
    click_at(screen, subject.ask(f"[{icon}.x(), {icon}.y()]"), button=3)
    subject.wait("desktop._tray.menu.isVisible()")
    toggle = "[one for one in desktop._tray.menu.actions() if one.text().startswith('Local network')][0]"
    spot = f"desktop._tray.menu.mapToGlobal(desktop._tray.menu.actionGeometry({toggle}).center())"
    click_at(screen, subject.ask(f"[{spot}.x(), {spot}.y()]"), button=1)
    assert subject.wait("hub.enabled")[0][0] == "lan"
    assert subject.wait(f"{toggle}.text() == 'Local network: starting' and {toggle}.isChecked()")


@pytest.mark.usefixtures("trayer")
def test_the_menu_that_qt_draws_shows_a_locked_target_and_says_why(
    screen: dict[str, str], run: Run, tmp_path: object
) -> None:
    locked = {"PORTWAY_TARGET": "http://127.0.0.1:4000", "PORTWAY_HOME": f"{tmp_path}/locked"}
    subject = run({**screen, **locked}, "--autostart")
    subject.wait("desktop._tray._icon.geometry().width() > 1 and desktop._tray.is_available")
    icon = "desktop._tray._icon.geometry().center()"
    click_at(screen, subject.ask(f"[{icon}.x(), {icon}.y()]"), button=3)
    subject.wait("desktop._tray.menu.isVisible()")
    target = "desktop._menu._target"
    place = f"desktop._tray.menu.mapToGlobal(desktop._tray.menu.actionGeometry({target}.menuAction()).center())"
    click_at(screen, subject.ask(f"[{place}.x(), {place}.y()]"), button=1)
    subject.wait(f"{target}.isVisible() and len({target}.actions()) > 4")
    shown = subject.ask(f"[(one.text(), one.isEnabled()) for one in {target}.actions() if not one.isSeparator()]")
    assert shown == [
        ["Set by PORTWAY_TARGET", False],
        ["http://127.0.0.1:4000", False],
        ["Listening on this computer", False],
        ["3000 · node", False],
        ["11434 · ollama", False],
        ["Other…", False],
    ]
    spot = f"{target}.mapToGlobal({target}.actionGeometry({target}.actions()[3]).center())"
    click_at(screen, subject.ask(f"[{spot}.x(), {spot}.y()]"), button=1)
    assert subject.ask("hub.settings.general.target") == "http://127.0.0.1:4000"
