"""What is copied is there for another program: on X11, on Wayland, and where Wayland makes it hard."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import Subject, end, needs, start, wait_for
from tests.fakes.desktop.tray_host import TrayHost
from tests.limits import NEVER

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
TUNNEL = "https://quick-brown-fox.trycloudflare.com"
COPY = "Copy quick-brown-fox…"
_NOBODY = 65534


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        (COPY, TUNNEL),
        ("Copy API URL", f"{TUNNEL}/v1"),
        ("Copy line for .env", f"NEXT_PUBLIC_BASE_URL={TUNNEL}"),
        ("Copy as curl command", f"curl {TUNNEL}"),
    ],
)
def test_a_menu_item_copies_for_another_program(
    desktop: dict[str, str], host: TrayHost, run: Run, pasted: Callable[[], str], *, text: str, arrives: str
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    host.press(host.wait_for_item(), text)
    wait_for(lambda: pasted() == arrives, f"“{arrives}” on the clipboard")


def test_what_a_person_turned_on_is_copied_when_it_is_up(
    desktop: dict[str, str], run: Run, pasted: Callable[[], str]
) -> None:
    run(desktop, "--autostart").ask(f"subject.up('cloudflared', '{TUNNEL}/person', by_person=True)")
    wait_for(lambda: pasted() == f"{TUNNEL}/person")


@pytest.mark.parametrize(("by_person", "setting"), [(False, True), (True, False)])
def test_nothing_is_copied_for_others_or_against_the_setting(
    desktop: dict[str, str], run: Run, pasted: Callable[[], str], *, by_person: bool, setting: bool
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask("dependencies.clipboard.copy('before')")
    wait_for(lambda: pasted() == "before")
    subject.ask(f"[dependencies.settings_file.set('general.copyUrl', {setting}), hub.reload()]")
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}', by_person={by_person})")
    subject.ask("None")
    assert pasted() == "before"


@pytest.fixture
def sway(bare: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """Start a Wayland desktop without a screen, as a user other than root, which sway refuses."""
    needs("sway", "wl-copy", "wl-paste", "setpriv", "dbus-daemon")
    folder = Path("/tmp", f"pww{os.getpid()}")  # noqa: S108 - short: a socket's path ends at 108 bytes
    folder.mkdir(mode=0o700)
    root = os.geteuid() == 0
    if root:
        os.chown(folder, _NOBODY, _NOBODY)
    config = folder / "config"
    config.write_text("xwayland disable\n")
    environment = {
        **bare,
        "XDG_RUNTIME_DIR": str(folder),
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
        "HOME": str(folder),
    }
    as_user = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"] if root else []
    compositor = start([*as_user, "sway", "--config", str(config)], environment, stderr=subprocess.DEVNULL)
    try:
        socket = wait_for(lambda: next(folder.glob("wayland-?"), None), "a Wayland socket")
        yield {
            **bare,
            "XDG_RUNTIME_DIR": str(folder),
            "WAYLAND_DISPLAY": socket.name,
            "QT_QPA_PLATFORM": "wayland",
            "PORTWAY_HOME": str(tmp_path / "wayland"),
        }
    finally:
        end(compositor)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wayland(sway: dict[str, str], bus: str) -> dict[str, str]:
    return {**sway, "DBUS_SESSION_BUS_ADDRESS": bus}


def _wl_paste(environment: dict[str, str]) -> str:
    asked = subprocess.run(
        ["wl-paste", "--no-newline"], env=environment, capture_output=True, text=True, timeout=NEVER, check=False
    )
    return asked.stdout


def test_the_menu_copies_on_wayland_without_any_window(wayland: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(wayland, "--autostart")
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    host.press(host.wait_for_item(), COPY)
    wait_for(lambda: _wl_paste(wayland) == TUNNEL, "the URL on the clipboard")
    subprocess.run(["wl-copy", "--clear"], env=wayland, check=True, timeout=NEVER)


def test_a_small_window_offers_it_where_wl_copy_is_missing(
    wayland: dict[str, str], host: TrayHost, run: Run, tmp_path: Path
) -> None:
    subject = run({**wayland, "PATH": str(tmp_path)}, "--autostart")
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    host.press(host.wait_for_item(), COPY)
    assert subject.wait("subject.visible()") == ["Copy"]
    # This compositor has no keyboard, so that nothing can have the focus in which the window copies by itself.
    assert subject.ask("subject.clipboard._window._line.selectedText()") == TUNNEL


def test_the_small_window_copies_once_it_is_the_active_one(
    desktop: dict[str, str], run: Run, pasted: Callable[[], str], tmp_path: Path
) -> None:
    # A Wayland desktop as far as the clipboard knows, with a screen whose focus can be given.
    subject = run({**desktop, "WAYLAND_DISPLAY": "none", "PATH": str(tmp_path)}, "--autostart")
    subject.ask(f"dependencies.clipboard.copy('{TUNNEL}/window')")
    assert subject.wait("subject.visible()") == ["Copy"]
    subject.ask("subject.clipboard._window.activateWindow()")
    wait_for(lambda: pasted() == f"{TUNNEL}/window")


def test_a_broken_wl_copy_is_noticed(wayland: dict[str, str], host: TrayHost, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "wl-copy").write_text("#!/bin/sh\nexit 1\n")
    (folder / "wl-copy").chmod(0o755)
    subject = run({**wayland, "PATH": str(folder)}, "--autostart")
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    host.press(host.wait_for_item(), COPY)
    assert subject.wait("subject.visible()") == ["Copy"]
