"""The real program on a real desktop: a click in the tray, a URL that others reach and paste, and a clean end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from portway.core.target import Target
from tests.desktop.conftest import answer, needs, wait_for
from tests.fakes.desktop.tray_host import MenuItem, TrayHost
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import TRAY, Program, left_of, started
from tests.limits import NEVER

pytestmark = pytest.mark.desktop
_A_CARD = 100  # pixels
_FETCH = "import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], timeout=45).read())"
# Another program photographs the screen, and counts what is green: of a card that runs the disc and the word.
_GREEN = """
from PySide6.QtGui import QGuiApplication, QImage
application = QGuiApplication([])
picture = application.primaryScreen().grabWindow(0).toImage().convertToFormat(QImage.Format.Format_RGBX8888)
red, green, blue = (bytes(picture.constBits()[at::4]) for at in range(3))
print(sum(one > 40 + max(others) for one, *others in zip(green, red, blue)))
"""
Paste = Callable[[], str]


@pytest.fixture
def environment(desktop: dict[str, str]) -> dict[str, str]:
    return {**desktop, "PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": "127.0.0.2"}


def test_one_click_in_the_tray_exposes_the_server_and_quit_leaves_nothing(
    environment: dict[str, str], host: TrayHost, pasted: Paste, origin: Target, tmp_path: Path
) -> None:
    needs("xdotool")
    state = Path(environment["PORTWAY_HOME"], "state")
    state.mkdir(parents=True, mode=0o700)
    (state / "app.json").write_text('{"answered": ["first_run"]}')
    with started({**environment, "PORTWAY_TARGET": origin.url}, tmp_path / "output", TRAY) as program:
        item = host.wait_for_item()
        wait_for(lambda: _with(host.menu(item), f"Local server: {origin.url}"), "the whole menu")
        before = wait_for(lambda: _green(environment), "a window that says that the local server answers")
        host.press(item, "Local network: off")
        menu = wait_for(lambda: _with(host.menu(item), "Local network: running"), "a tunnel that is up")
        assert menu.find("Local network: running").checked
        assert menu.texts[0] == "1 tunnel is up"

        status = program.status()
        assert (status["phase"], status["wanted"], status["targetUrl"]) == ("running", True, origin.url)
        url = status["publicUrl"]
        assert url.startswith("http://127.0.0.2:")
        assert _fetched_by_another_process(url, environment) == PAGE
        assert wait_for(pasted, "a copy") == url

        wait_for(lambda: _green(environment) > before + _A_CARD or None, "a card that says so")
        children = psutil.Process(program.process.pid).children(recursive=True)
        host.press(item, "Quit")
        answer(environment, "Quit Portway?", "Return", is_over=lambda: program.process.poll() is not None)
        assert program.ended() == 0
        assert list(program.folders.run.iterdir()) == []
        assert left_of(children) == []
        with pytest.raises(subprocess.CalledProcessError):
            _fetched_by_another_process(url, environment)
        wait_for(lambda: host.items == [], "a panel without the icon")
    assert _complaints(program) == []


def test_the_menu_speaks_the_language_of_the_settings_from_the_start(
    environment: dict[str, str], host: TrayHost, tmp_path: Path
) -> None:
    settings = Path(environment["PORTWAY_HOME"], "config", "settings.toml")
    settings.parent.mkdir(parents=True)
    settings.write_text('[general]\nlanguage = "de"\n')
    with started(environment, tmp_path / "output", (*TRAY, "--autostart")) as program:
        item = host.wait_for_item()
        wait_for(lambda: _with(host.menu(item), "Einstellungen…"), "a menu in German")
        host.press(item, "Beenden")
        assert program.ended() == 0


def _with(menu: MenuItem, text: str) -> MenuItem | None:
    """Return the menu once it has an item with this text."""
    return menu if any(item.text == text for item in menu.walk()) else None


def _green(environment: Mapping[str, str]) -> int:
    command = [sys.executable, "-c", _GREEN]
    return int(subprocess.run(command, env=dict(environment), capture_output=True, check=True, timeout=NEVER).stdout)


def _fetched_by_another_process(url: str, environment: Mapping[str, str]) -> bytes:
    command = [sys.executable, "-c", _FETCH, url]
    return subprocess.run(command, env=dict(environment), capture_output=True, check=True, timeout=NEVER).stdout


def _complaints(program: Program) -> list[str]:
    """Return what it printed, and the warnings in its log."""
    log = (program.folders.log / "portway.log").read_text()
    return [*program.said.splitlines(), *(line for line in log.splitlines() if " INFO " not in line)]
