"""A desktop that loses parts of itself, has none of them, or is small: Portway goes on, and can be used."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import Subject, click_at, end, start_screen, start_trayer
from tests.fakes.desktop.tray_host import TrayHost

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
URL = "http://192.168.1.23:41234"
LONG = f"https://{'a' * 60}.{'b' * 60}.{'c' * 58}.example.com"  # 200 characters
_WINDOW = "desktop._windows._made()"
_CARD = f"{_WINDOW}.tunnels.card('lan')"


def test_a_bus_that_ends_takes_only_the_icon_with_it(
    desktop: dict[str, str], bus_daemon: subprocess.Popen[bytes], host: TrayHost, run: Run
) -> None:
    subject = run(desktop)
    host.wait_for_item()
    subject.ask("dependencies.app_state.remember_answer('first_run')")
    subject.ask("desktop._windows.show_settings()")
    subject.ask("desktop._windows.show_tunnels()")
    end(bus_daemon)
    subject.ask(f"{_WINDOW}.go_to('tunnels')")
    subject.ask(f"subject.up('lan', '{URL}', by_person=True)")
    subject.wait(f"{_CARD}.accessibleName() == 'Local network, running'")
    subject.ask(f"{_CARD}.switch.click()")
    assert subject.wait("hub.disabled") == ["lan"]
    # Nobody hears of it any more; it must not be the end either.
    subject.ask("desktop._on_refused('Something was refused.')")
    subject.ask(f"{_WINDOW}.close()")
    assert "no tray icon" in subject.wait("subject.question()")
    subject.ask("QTimer.singleShot(0, QApplication.quit)")
    assert subject.ended() == 0


def test_an_icon_theme_is_not_needed(desktop: dict[str, str], host: TrayHost, run: Run, tmp_path: Path) -> None:
    nothing = {"XDG_DATA_DIRS": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "QT_QPA_PLATFORMTHEME": "gnome"}
    subject = run({**desktop, **nothing})
    assert subject.wait("subject.visible()") == ["Portway"]
    pixmaps = host.properties(host.wait_for_item())["IconPixmap"]
    assert all(any(pixels[0::4]) for _width, _height, pixels in pixmaps)  # something in each that is not transparent
    assert not subject.ask("QApplication.windowIcon().isNull()")
    subject.ask(f"subject.up('lan', '{LONG}')")
    subject.ask(f"{_WINDOW}.open_card('lan')")
    drawn = subject.wait("subject.drawn()")
    assert [name for name, colours in drawn.items() if colours < 2] == []


@pytest.fixture
def small_screen(bare: dict[str, str]) -> Iterator[dict[str, str]]:
    """A screen of 1280 x 720 whose owner wants everything twice as large."""
    with start_screen(bare, "1280x720x24") as screen:
        yield {**screen, "QT_SCALE_FACTOR": "2"}


def test_on_1280_by_720_at_200_per_cent_all_of_it_can_be_seen_and_reached(
    small_screen: dict[str, str], bus: str, run: Run, tmp_path: Path
) -> None:
    profile = {"DBUS_SESSION_BUS_ADDRESS": bus, "PORTWAY_HOME": str(tmp_path / "small")}
    subject = run({**small_screen, **profile})
    subject.ask("dependencies.app_state.remember_answer('first_run')")
    subject.ask(f"hub.show('lan', phase=Phase.RUNNING, wanted=True, public_url='{LONG}')")
    subject.wait(f"{_WINDOW}.isVisible()")
    width, height = subject.ask(f"[{_WINDOW}.frameGeometry().width(), {_WINDOW}.frameGeometry().height()]")
    assert (width <= 640, height <= 360) == (True, True)
    pages = subject.ask(f"list({_WINDOW}._sidebar.rows)")
    for page in pages:
        subject.ask(f"{_WINDOW}.go_to('{page}')")
        assert subject.wait(f"subject.missing_room({_WINDOW}.shown_page()) == [0, 0] and '{page}'") == page
    subject.ask(f"{_WINDOW}.open_card('lan')")
    copy = f"{_CARD}.urls.copy_button"
    place = f"[({copy}.mapToGlobal({copy}.rect().center()) * 2).toTuple(), {copy}.isVisible()]"
    (x, y), visible = subject.wait(place)
    assert visible
    assert (0 < x < 1280, 0 < y < 720) == (True, True)
    click_at(small_screen, (x, y), button=1)
    assert subject.wait("QApplication.clipboard().text()") == LONG


@pytest.mark.parametrize("signal", ["terminate", "kill"])
def test_a_panel_of_the_old_kind_may_go_while_its_menu_is_open(
    screen: dict[str, str], run: Run, tmp_path: Path, signal: str
) -> None:
    subject = run({**screen, "PORTWAY_HOME": str(tmp_path / "profile")}, "--autostart")
    first = start_trayer(screen)
    shown = "desktop._tray._icon.geometry().width() > 1 and desktop._tray.is_available"
    subject.wait(shown)
    click_at(screen, subject.ask("desktop._tray._icon.geometry().center().toTuple()"), button=3)
    subject.wait("desktop._tray.menu.isVisible()")
    getattr(first, signal)()
    end(first)
    subject.ask(f"subject.up('lan', '{LONG}')")
    assert subject.wait("[one.text() for one in desktop._tray.menu.actions()][0]") == "1 tunnel is up"
    subject.ask("desktop._tray.menu.hide()")
    second = start_trayer(screen)
    subject.wait(shown)
    end(second)
