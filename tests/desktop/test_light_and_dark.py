"""The program that runs follows its desktop into the dark and back, all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.desktop.conftest import Subject, wait_for
from tests.fakes.desktop.colour_portal import DARK, LIGHT, ColourPortal
from tests.fakes.desktop.tray_host import TrayHost

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
_MIDDLE = 128  # of the brightness of a pixel


@pytest.fixture
def portal(bus: str) -> Iterator[ColourPortal]:
    portal = ColourPortal(bus)
    yield portal
    portal.end()


@pytest.mark.parametrize("theme", ["gnome", "xdgdesktopportal"])
def test_window_and_icons_follow_the_desktop_and_the_tray_icon_fits_both(
    desktop: dict[str, str], host: TrayHost, portal: ColourPortal, run: Run, theme: str
) -> None:
    subject = run({**desktop, "QT_QPA_PLATFORMTHEME": theme})
    item = host.wait_for_item()
    subject.ask("dependencies.app_state.remember_answer('first_run')")
    for page in ("log", "tunnels"):  # each page that was ever open follows, not only the one that is seen
        subject.ask(f"desktop._windows._made().go_to('{page}')")
    wait_for(lambda: is_light(subject) or None, "a light window")
    in_the_tray = host.properties(item)["IconPixmap"]
    portal.turn(DARK)
    wait_for(lambda: is_dark(subject) or None, "a dark window")
    assert host.properties(item)["IconPixmap"] == in_the_tray  # it is drawn for light and dark panels alike
    portal.turn(LIGHT)
    wait_for(lambda: is_light(subject) or None, "a light window again")


def test_a_start_on_a_dark_desktop_is_dark(desktop: dict[str, str], portal: ColourPortal, run: Run) -> None:
    portal.turn(DARK)
    subject = run({**desktop, "QT_QPA_PLATFORMTHEME": "gnome"})
    wait_for(lambda: is_dark(subject) or None, "a dark window")


def test_a_choice_is_applied_at_once_and_outweighs_the_desktop(
    desktop: dict[str, str], portal: ColourPortal, run: Run
) -> None:
    subject = run({**desktop, "QT_QPA_PLATFORMTHEME": "gnome"})
    subject.ask("dependencies.app_state.remember_answer('first_run')")
    subject.ask("desktop.open_window()")
    wait_for(lambda: is_light(subject) or None, "a light window")
    choose(subject, "dark")
    wait_for(lambda: is_dark(subject) or None, "a dark window")
    choose(subject, "light")
    wait_for(lambda: is_light(subject) or None, "a light window again")
    portal.turn(DARK)
    choose(subject, "system")
    wait_for(lambda: is_dark(subject) or None, "the dark of the desktop")


def choose(subject: Subject, theme: str) -> None:
    """Set it as the settings page, the command line and REST do."""
    subject.ask(f"dependencies.settings_file.set('general.theme', '{theme}')")
    subject.ask("[hub.reload(), desktop.take_settings()]")


def is_light(subject: Subject) -> bool:
    """Whether the window is light and everything drawn on it dark."""
    seen = subject.ask("subject.brightness()")
    return bool(seen["screen"] > _MIDDLE > seen["brightest icon"])


def is_dark(subject: Subject) -> bool:
    """Whether the window is dark and everything drawn on it light."""
    seen = subject.ask("subject.brightness()")
    return bool(seen["screen"] < _MIDDLE < seen["darkest icon"])
