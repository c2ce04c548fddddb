"""Secrets that a person gives to the window of the real program, and what another one then finds in the keyring."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from portway.system.storage.folders import find_folders
from portway.system.storage.settings_file import FILE_NAME
from portway.system.storage.state_file import StateFile
from tests.desktop.conftest import ROOT, Subject, end, start, wait_for
from tests.fakes.desktop.session_bus import SessionBus, session_bus
from tests.limits import NEVER

pytestmark = pytest.mark.desktop
KEPT, HELD, NONE = "Kept in the system keyring", "Held until Portway ends", "None"
TOKEN, PASSWORD = "ngrok/auth_token", "tailscale/sudo_password"
SECRET = "2madeupAbCdEf0123456789_7f3a9cMadeUpSecret01"
_LOCKED = "The keyring is locked. The secret is kept until Portway ends, and nowhere else."
_NOT_REMOVED = "The keyring could not be reached, so it may still hold the secret. Portway does not use it any more."
_ENTRIES = (("ngrok", TOKEN, "Remove Authtoken"), ("tailscale", PASSWORD, "Remove Stored password"))


class Keyring:
    """What keyring's own command, which knows nothing of Portway, does with the entries of this profile."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._service = find_folders(environment).keyring_service

    def get(self, entry: str) -> str | None:
        """Return a secret, None if there is none."""
        done = self._run("get", entry)
        assert (done.returncode, bool(done.stdout)) in {(0, True), (1, False)}, done.stderr
        return done.stdout.removesuffix("\n") or None

    def set(self, entry: str, secret: str) -> None:
        """Store a secret."""
        done = self._run("set", entry, given=secret)
        assert done.returncode == 0, done.stderr

    def _run(self, verb: str, entry: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "keyring", verb, self._service, entry]
        return subprocess.run(
            command, env=self._environment, input=given, capture_output=True, text=True, timeout=NEVER, check=False
        )


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SessionBus]:
    with session_bus(tmp_path / "user") as bus:
        yield bus


@pytest.fixture
def environment(screen: dict[str, str], bus: SessionBus, tmp_path: Path) -> dict[str, str]:
    more = {"PORTWAY_HOME": str(tmp_path / "profile"), "PORTWAY_KEYRING": "system", "PORTWAY_API_PORT": "0"}
    return {**screen, **bus.environment, **more}


@pytest.fixture
def keyring(environment: dict[str, str]) -> Keyring:
    return Keyring(environment)


@contextlib.contextmanager
def page(environment: Mapping[str, str], key: str) -> Iterator[Subject]:
    """Run the real program with this page of its window open."""
    command = [sys.executable, "-m", "tests.benchmarks.desktop_parts.driven"]
    process = start(command, environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        program = Subject(process, greets=False)
        program.wait("window() is not None and window().isVisible()")
        program.ask(f"window().go_to({key!r})")
        yield program
    finally:
        end(process)


def read(program: Subject, text: str) -> None:
    """Wait until this can be read on the page."""
    wait_for(lambda: text in program.ask("words()"), f"“{text}” on the page")


def press(program: Subject, name: str, typed: str = "") -> None:
    """Press it once it is in sight: what there is to press depends on what the keyring answers."""
    program.wait(f"is_in_sight({name!r})")
    assert program.ask(f"press_shown({name!r}, {typed!r})") is None


def enter_token(program: Subject) -> None:
    press(program, "Enter…")
    press(program, "Authtoken", SECRET)


def believe(environment: Mapping[str, str], entry: str) -> None:
    """Let the profile remember that the keyring holds this."""
    StateFile(find_folders(environment).state / "app.json").update(tokenStored={entry: True})


def test_a_typed_token_is_in_the_keyring_over_a_restart_until_it_is_removed(
    bus: SessionBus, environment: dict[str, str], keyring: Keyring
) -> None:
    bus.unlock_keyring()
    with page(environment, "ngrok") as program:
        read(program, NONE)
        enter_token(program)
        read(program, KEPT)
        assert keyring.get(TOKEN) == SECRET
        assert not any(SECRET in text for text in program.ask("words()"))
    with page(environment, "ngrok") as program:
        read(program, KEPT)
        press(program, "Remove Authtoken")
        read(program, NONE)
        assert wait_for(lambda: keyring.get(TOKEN) is None, "a removal")


def test_a_token_typed_beside_a_locked_keyring_is_held_until_the_end_and_the_page_says_so(
    bus: SessionBus, environment: dict[str, str], keyring: Keyring
) -> None:
    bus.lock_keyring()
    with page(environment, "ngrok") as program:
        enter_token(program)
        read(program, _LOCKED)
        read(program, HELD)
        assert KEPT not in program.ask("words()")
    with page(environment, "ngrok") as program:
        read(program, NONE)
    bus.kill_keyring()
    bus.unlock_keyring()
    assert keyring.get(TOKEN) is None


@pytest.mark.parametrize(("key", "entry", "button"), _ENTRIES)
def test_a_secret_that_a_locked_keyring_keeps_is_not_told_to_be_removed(  # noqa: PLR0917 - fixtures and a table
    bus: SessionBus, environment: dict[str, str], keyring: Keyring, key: str, entry: str, button: str
) -> None:
    bus.unlock_keyring()
    keyring.set(entry, SECRET)
    believe(environment, entry)
    bus.kill_keyring()
    bus.lock_keyring()
    with page(environment, key) as program:
        read(program, KEPT)
        press(program, button)
        read(program, _NOT_REMOVED)
        read(program, NONE)  # for Portway
    bus.kill_keyring()
    bus.unlock_keyring()
    assert keyring.get(entry) == SECRET


@pytest.mark.parametrize("button", ["Remove Stored password", "Remember the sudo password"])
def test_a_remembered_password_goes_with_its_button_and_with_the_wish_to_remember_it(
    bus: SessionBus, environment: dict[str, str], keyring: Keyring, button: str
) -> None:
    bus.unlock_keyring()
    keyring.set(PASSWORD, SECRET)
    believe(environment, PASSWORD)
    settings = find_folders(environment).config / FILE_NAME
    settings.parent.mkdir(parents=True)
    settings.write_text("[general]\nrememberSudoPassword = true\n")
    with page(environment, "tailscale") as program:
        read(program, KEPT)
        press(program, button)
        read(program, NONE)
        assert wait_for(lambda: keyring.get(PASSWORD) is None, "a removal")
