"""A start with a screen where a Portway runs without one: what is asked, in which language, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from portway.core.target import Target
from tests.desktop.conftest import answer, needs
from tests.fakes.desktop.tray_host import TrayHost
from tests.fakes.portway.program import TRAY, Program, started

pytestmark = pytest.mark.desktop
_TITLES = {"en": "Portway is running already", "de": "Portway läuft bereits"}


@pytest.fixture
def environment(desktop: dict[str, str]) -> dict[str, str]:
    needs("xdotool")
    return {**desktop, "PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": "127.0.0.2"}


@pytest.fixture
def programs() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def headless(environment: dict[str, str], origin: Target, tmp_path: Path, programs: ExitStack) -> Program:
    """A Portway without a screen, whose local network is up."""
    program = programs.enter_context(started({**environment, "PORTWAY_TARGET": origin.url}, tmp_path / "headless"))
    assert program.call("POST", "/api/tunnels/lan", {"action": "enable"})[0] == 200
    return program


@pytest.mark.parametrize(("language", "keys"), [("en", "Return"), ("de", "Escape")])
def test_the_one_without_a_screen_can_be_kept(  # noqa: PLR0917 - fixtures
    environment: dict[str, str], tmp_path: Path, headless: Program, programs: ExitStack, language: str, keys: str
) -> None:
    write_settings(headless, f'language = "{language}"')
    url = headless.status()["publicUrl"]
    second = programs.enter_context(started(environment, tmp_path / "second", TRAY))
    answer(environment, _TITLES[language], keys, is_over=lambda: second.process.poll() is not None)
    assert second.ended() == 1
    assert second.said == "portway: Portway is running already. “portway quit” ends it.\n"
    kept = headless.status()
    assert (kept["phase"], kept["wanted"], kept["publicUrl"]) == ("running", True, url)


@pytest.mark.parametrize(("language", "restore"), [("en", "true"), ("de", "false")])
def test_the_one_without_a_screen_can_be_ended_and_its_tunnels_come_back_if_that_is_set(  # noqa: PLR0917 - fixtures
    environment: dict[str, str],
    host: TrayHost,
    origin: Target,
    tmp_path: Path,
    headless: Program,
    programs: ExitStack,
    language: str,
    restore: str,
) -> None:
    url = headless.status()["publicUrl"]
    write_settings(headless, f'language = "{language}"', f"restore = {restore}")
    with_target = {**environment, "PORTWAY_TARGET": origin.url}
    second = programs.enter_context(started(with_target, tmp_path / "second", TRAY))
    answer(environment, _TITLES[language], "Tab", "space", is_over=lambda: headless.process.poll() is not None)
    assert headless.ended() == 0
    host.wait_for_item()
    second.api()
    if restore == "true":
        restored = second.wait_for_phase("running")
        assert (restored["wanted"], restored["publicUrl"], restored["targetUrl"]) == (True, url, origin.url)
    else:
        assert (second.status()["phase"], second.status()["wanted"]) == ("stopped", False)
    second.process.terminate()
    assert second.ended() == 0
    assert second.said == ""
    assert list(second.folders.run.iterdir()) == []


def test_a_start_at_login_asks_nothing(
    environment: dict[str, str], tmp_path: Path, headless: Program, programs: ExitStack
) -> None:
    second = programs.enter_context(started(environment, tmp_path / "second", (*TRAY, "--autostart")))
    assert second.ended() == 0
    assert second.said == ""
    assert headless.status()["phase"] == "running"


def write_settings(program: Program, *lines: str) -> None:
    """Set what holds from the next start on."""
    folder = program.folders.config
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text("\n".join(("[general]", *lines, "")))
