"""The keyring of the operating system for real: GNOME's, on a message bus of the test's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from portway.core.codes import Code
from portway.core.secret import Secret
from portway.system.secrets.os_keyring import OsKeyring
from portway.system.secrets.store import KeyringUnreachableError, SecretStore, Storage
from portway.system.storage.folders import Folders
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.news import wait_until
from tests.fakes.desktop.session_bus import SessionBus, changed_environment, session_bus
from tests.limits import AT_ONCE, SEEN

pytestmark = [pytest.mark.children, pytest.mark.desktop]
SECRET = Secret("made-up-secret-7f3a9c")
LIMIT = 3.0  # seconds: no busy machine stands still for so long


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SessionBus]:
    with session_bus(tmp_path / "user") as bus, changed_environment(bus.environment):
        yield bus


@pytest.fixture
def state(folders: Folders) -> StateFile:
    return StateFile(folders.state / "app.json")


def store_of(folders: Folders, state: StateFile, *, may_prompt: bool = False, limit: float = SEEN) -> SecretStore:
    return SecretStore(OsKeyring(folders.keyring_service, may_prompt=may_prompt), state, limit)


def test_keeps_a_secret_over_a_restart(bus: SessionBus, folders: Folders, state: StateFile) -> None:
    bus.unlock_keyring()
    store = store_of(folders, state)
    assert store.known("ngrok", "auth_token") is None
    assert store.put("ngrok", "auth_token", SECRET) is None
    assert store.state is Storage.SECURE
    later = store_of(folders, state)
    assert later.known("ngrok", "auth_token") is True  # without a look into the keyring
    assert later.get("ngrok", "auth_token") == SECRET
    assert later.remove("ngrok", "auth_token") is None
    assert later.get("ngrok", "auth_token") is None
    assert later.known("ngrok", "auth_token") is False
    assert store.remove("ngrok", "auth_token") is None  # one that is gone is fine


def test_another_profile_has_its_own_entries(
    bus: SessionBus, folders: Folders, state: StateFile, tmp_path: Path
) -> None:
    bus.unlock_keyring()
    store_of(folders, state).put("ngrok", "auth_token", SECRET)
    other = SecretStore(OsKeyring("portway", may_prompt=False), StateFile(tmp_path / "other.json"), SEEN)
    assert other.get("ngrok", "auth_token") is None


def test_no_file_of_ours_holds_the_secret(bus: SessionBus, folders: Folders, state: StateFile, tmp_path: Path) -> None:
    bus.unlock_keyring()
    store_of(folders, state).put("ngrok", "auth_token", SECRET)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("keyrings" in path.parts for path in files)
    assert all(SECRET.reveal().encode() not in path.read_bytes() for path in files)


def test_a_locked_keyring_is_told_at_once_and_asks_nobody(bus: SessionBus, folders: Folders, state: StateFile) -> None:
    bus.lock_keyring()
    store = store_of(folders, state)
    with pytest.raises(KeyringUnreachableError):
        store.get("ngrok", "auth_token")  # the library is imported here, which takes its time
    began = time.monotonic()
    with pytest.raises(KeyringUnreachableError) as caught:
        store.get("ngrok", "auth_token")
    assert time.monotonic() - began < AT_ONCE
    assert caught.value.problem.key == "no_secure_storage.locked"


def test_a_secret_for_a_locked_keyring_is_held_until_exit(bus: SessionBus, folders: Folders, state: StateFile) -> None:
    bus.lock_keyring()
    store = store_of(folders, state)
    problem = store.put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == "no_secure_storage.locked"
    assert store.get("ngrok", "auth_token") == SECRET
    assert store.state is Storage.MEMORY


def test_a_hung_keyring_costs_one_limit_and_then_nothing(bus: SessionBus, folders: Folders, state: StateFile) -> None:
    bus.unlock_keyring()
    store_of(folders, state).get("ngrok", "auth_token")  # the library is imported here, which takes its time
    store = store_of(folders, state, limit=LIMIT)
    store.get("ngrok", "auth_token")
    bus.hang_keyring()
    for within in (LIMIT + AT_ONCE, LIMIT + AT_ONCE, LIMIT):
        began = time.monotonic()
        with pytest.raises(KeyringUnreachableError) as caught:
            store.get("ngrok", "auth_token")
        assert time.monotonic() - began < within
        assert caught.value.problem.key == "no_secure_storage.silent"
    bus.wake_keyring()
    wait_until(lambda: _answers(store))


@pytest.mark.expected_logs
def test_a_killed_keyring_is_used_again_once_it_is_back(bus: SessionBus, folders: Folders, state: StateFile) -> None:
    bus.unlock_keyring()
    store = store_of(folders, state)
    store.put("ngrok", "auth_token", SECRET)
    bus.kill_keyring()
    with pytest.raises(KeyringUnreachableError) as caught:
        store.get("ngrok", "auth_token")
    assert caught.value.problem.code is Code.NO_SECURE_STORAGE
    bus.unlock_keyring()
    assert store.get("ngrok", "auth_token") == SECRET


def test_a_bus_without_a_keyring_means_memory(bus: SessionBus, folders: Folders, state: StateFile) -> None:
    store = store_of(folders, state, may_prompt=True)
    problem = store.put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == "no_secure_storage"
    assert store.get("ngrok", "auth_token") == SECRET


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_what_the_environment_forces_on_the_library_is_not_trusted(
    bus: SessionBus, folders: Folders, state: StateFile, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    bus.unlock_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    problem = store_of(folders, state).put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == "no_secure_storage"


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Path]:
    """Install a keyring that writes into a file as it is, as `keyrings.alt` does; return the file."""
    file = tmp_path / "plain.txt"

    class PlaintextKeyring(KeyringBackend):
        priority = 100.0

        def get_password(self, service: str, username: str) -> str | None:
            return file.read_text() if file.exists() else None

        def set_password(self, service: str, username: str, password: str) -> None:
            file.write_text(password)

    yield file
    KeyringBackend._classes.discard(PlaintextKeyring)


def test_a_keyring_in_plain_text_is_never_used(
    bus: SessionBus, folders: Folders, state: StateFile, plain: Path
) -> None:
    store = store_of(folders, state, may_prompt=True)
    problem = store.put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == "no_secure_storage"
    assert not plain.exists()
    bus.unlock_keyring()
    assert store.put("ngrok", "auth_token", SECRET) is None  # the better one is there now
    assert not plain.exists()


def test_a_chain_of_keyrings_leaves_out_the_one_in_plain_text(
    bus: SessionBus, folders: Folders, state: StateFile, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus.unlock_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.chainer.ChainerBackend")
    store = store_of(folders, state)
    assert store.put("ngrok", "auth_token", SECRET) is None
    assert store.get("ngrok", "auth_token") == SECRET
    assert not plain.exists()


def _answers(store: SecretStore) -> bool:
    try:
        return store.get("ngrok", "auth_token") is None
    except KeyringUnreachableError:
        return False
