"""The vault answers on the main thread and never lets it wait, even where the keyring hangs."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QThread, QTimer
from pytestqt.qtbot import QtBot

from portway.core.errors import Problem
from portway.core.secret import Secret
from portway.runtime.vault import Vault
from portway.system.secrets.store import SecretStore, Storage
from portway.system.services import Services
from tests.fakes.desktop.keyrings import HungKeyring, OpenKeyring
from tests.limits import SEEN

SECRET = Secret("made-up-secret-0badf00d")
LIMIT = 3.0  # seconds, for the keyring: far above what a busy machine does to a timer


@pytest.fixture
def keyring() -> OpenKeyring:
    return OpenKeyring()


@pytest.fixture
def vault(services: Services, keyring: OpenKeyring, qtbot: QtBot) -> Vault:
    return Vault(SecretStore(keyring, services.app_state, limit=SEEN))


@pytest.fixture
def hung() -> Iterator[HungKeyring]:
    keyring = HungKeyring()
    yield keyring
    keyring.wake()


def test_puts_gets_and_removes(vault: Vault, qtbot: QtBot) -> None:
    told: list[Problem | None] = []
    found: list[Secret | None] = []
    vault.put("api", "token", SECRET, told.append)
    qtbot.waitUntil(lambda: told == [None])
    vault.get("api", "token", found.append)
    qtbot.waitUntil(lambda: found == [SECRET])
    vault.remove("api", "token", told.append)
    qtbot.waitUntil(lambda: told == [None, None])
    vault.get("api", "token", found.append)
    qtbot.waitUntil(lambda: found == [SECRET, None])
    assert vault.state is Storage.SECURE


def test_answers_on_the_thread_that_it_lives_on(vault: Vault, qtbot: QtBot) -> None:
    threads: list[QThread] = []
    vault.put("api", "token", SECRET, lambda _problem: threads.append(QThread.currentThread()))
    assert threads == []  # never before the call has returned
    qtbot.waitUntil(lambda: threads == [vault.thread()])


def test_says_that_a_secret_lives_until_exit(services: Services, qtbot: QtBot) -> None:
    vault = Vault(services.secrets)
    told: list[Problem | None] = []
    vault.put("api", "token", SECRET, told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0] is not None
    assert told[0].key == "no_secure_storage"


def test_the_window_does_not_feel_a_hung_keyring(services: Services, hung: HungKeyring, qtbot: QtBot) -> None:
    vault = Vault(SecretStore(hung, services.app_state, limit=LIMIT))
    turns: list[float] = [time.monotonic()]
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(time.monotonic()))
    timer.start(1)
    told: list[Problem | None] = []
    found: list[Secret | None] = []
    vault.put("api", "token", SECRET, told.append)
    vault.get("api", "other", found.append)
    turns.append(time.monotonic())
    qtbot.waitUntil(lambda: len(told) == 1 and len(found) == 1)
    timer.stop()
    assert told[0] is not None
    assert told[0].key == "no_secure_storage.silent"
    assert max(later - earlier for earlier, later in itertools.pairwise(turns)) < LIMIT


def test_a_keyring_that_answers_after_the_end_of_the_program_is_not_heard(
    services: Services, hung: HungKeyring, qtbot: QtBot
) -> None:
    vault = Vault(SecretStore(hung, services.app_state, limit=SEEN))
    vault.get("lan", "token", print)
    asking = next(thread for thread in threading.enumerate() if thread.name == "keyring answer")
    shiboken6.delete(vault)
    hung.wake()
    asking.join(SEEN)
    assert not asking.is_alive()


def test_a_change_is_told_with_its_owner(vault: Vault, qtbot: QtBot) -> None:
    owners: list[str] = []
    vault.changed.connect(owners.append)
    vault.put("toy", "auth_token", SECRET, lambda _problem: owners.append("stored"))
    qtbot.waitUntil(lambda: owners == ["toy", "stored"])
    vault.remove("toy", "auth_token", lambda _problem: owners.append("removed"))
    qtbot.waitUntil(lambda: owners[2:] == ["toy", "removed"])
