"""The secret store keeps what it is given, waits for nobody for long, and writes no secret anywhere."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled, Problem
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.system.secrets.os_keyring import KeyringLockedError, NoTrustedKeyringError
from portway.system.secrets.store import KeyringUnreachableError, SecretStore, Storage, open_secret_store
from portway.system.storage.folders import Folders
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.news import wait_until
from tests.fakes.desktop.keyrings import HungKeyring, OpenKeyring, RaisingKeyring
from tests.limits import AT_ONCE, NEVER, SEEN

SECRET = Secret("made-up-secret-51c0de")
OTHER = Secret("another-secret-77aa01")
LIMIT = 3.0  # seconds: no busy machine stands still for so long


@pytest.fixture
def state(folders: Folders) -> StateFile:
    return StateFile(folders.state / "app.json")


@pytest.fixture
def keyring() -> OpenKeyring:
    return OpenKeyring()


@pytest.fixture
def store(keyring: OpenKeyring, state: StateFile) -> SecretStore:
    return SecretStore(keyring, state, limit=SEEN)


@pytest.fixture
def hung() -> Iterator[HungKeyring]:
    keyring = HungKeyring()
    yield keyring
    keyring.wake()


def test_gives_back_what_it_was_given(store: SecretStore, keyring: OpenKeyring) -> None:
    assert store.get("ngrok", "auth_token") is None
    assert store.put("ngrok", "auth_token", SECRET) is None
    assert store.get("ngrok", "auth_token") == SECRET
    assert keyring.entries == {"ngrok/auth_token": SECRET.reveal()}
    assert store.stored() == (("ngrok", "auth_token"),)


def test_the_keyring_is_used_on_one_thread_of_its_own(store: SecretStore, keyring: OpenKeyring) -> None:
    store.put("ngrok", "auth_token", SECRET)
    store.get("ngrok", "auth_token")
    store.remove("ngrok", "auth_token")
    assert keyring.threads == {"keyring"}


def test_no_thread_is_started_before_the_first_use(store: SecretStore) -> None:
    before = threading.active_count()
    assert store.known("ngrok", "auth_token") is None
    assert store.stored() == ()
    assert store.state is Storage.UNKNOWN
    assert threading.active_count() == before


def test_what_is_known_needs_no_keyring(store: SecretStore, state: StateFile) -> None:
    store.put("ngrok", "auth_token", SECRET)
    never = SecretStore(RaisingKeyring(AssertionError("it was touched")), state, limit=SEEN)
    assert never.known("ngrok", "auth_token") is True
    store.remove("ngrok", "auth_token")
    assert never.known("ngrok", "auth_token") is False


def test_the_state_file_holds_no_secret(store: SecretStore, state: StateFile) -> None:
    store.put("ngrok", "auth_token", SECRET)
    assert SECRET.reveal().encode() not in state.path.read_bytes()


def test_without_a_keyring_secrets_live_in_memory(state: StateFile) -> None:
    store = SecretStore(None, state, limit=SEEN)
    problem = store.put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == "no_secure_storage"
    assert store.get("ngrok", "auth_token") == SECRET
    assert store.known("ngrok", "auth_token") is True
    assert store.state is Storage.MEMORY
    store.remove("ngrok", "auth_token")
    assert store.get("ngrok", "auth_token") is None


@pytest.mark.expected_logs
@pytest.mark.parametrize(
    ("error", "key"),
    [
        (NoTrustedKeyringError(), "no_secure_storage"),
        (KeyringLockedError(), "no_secure_storage.locked"),
        (RuntimeError(f"secret is {SECRET.reveal()}"), "no_secure_storage.failed"),
    ],
)
def test_what_a_keyring_raises_becomes_a_sentence(
    state: StateFile, error: Exception, key: str, expected_logs: pytest.LogCaptureFixture
) -> None:
    store = SecretStore(RaisingKeyring(error), state, limit=SEEN)
    problem = store.put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == key
    assert store.get("ngrok", "auth_token") == SECRET
    with pytest.raises(KeyringUnreachableError) as caught:
        store.get("ngrok", "other")
    assert caught.value.problem.key == key
    assert SECRET.reveal() not in expected_logs.text


def test_a_hung_keyring_costs_one_limit(hung: HungKeyring, state: StateFile) -> None:
    store = SecretStore(hung, state, limit=LIMIT)
    began = time.monotonic()
    problem = store.put("ngrok", "auth_token", SECRET)
    assert problem is not None
    assert problem.key == "no_secure_storage.silent"
    assert LIMIT <= time.monotonic() - began < LIMIT + AT_ONCE
    assert store.get("ngrok", "auth_token") == SECRET
    began = time.monotonic()
    with pytest.raises(KeyringUnreachableError):
        store.get("ngrok", "other")
    assert time.monotonic() - began < LIMIT  # it is known to hang, so nobody waits again


def test_whoever_waits_for_a_hung_keyring_can_be_let_go(hung: HungKeyring, state: StateFile) -> None:
    store = SecretStore(hung, state, limit=NEVER)
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        store.get("ngrok", "auth_token", cancel=cancel)
    assert time.monotonic() - began < AT_ONCE
    assert store.state is Storage.UNKNOWN  # nothing was learned of the keyring


def test_a_keyring_that_wakes_up_gets_what_it_missed(hung: HungKeyring, state: StateFile) -> None:
    store = SecretStore(hung, state, limit=LIMIT)
    store.put("ngrok", "auth_token", SECRET)
    store.put("ngrok", "auth_token", OTHER)
    hung.wake()
    wait_until(lambda: hung.entries == {"ngrok/auth_token": OTHER.reveal()})
    assert store.get("ngrok", "auth_token") == OTHER


def test_one_that_cannot_be_removed_is_not_used_any_more(hung: HungKeyring, state: StateFile) -> None:
    state.update(tokenStored={"ngrok/auth_token": True})
    store = SecretStore(hung, state, limit=LIMIT)
    problem = store.remove("ngrok", "auth_token")
    assert problem is not None
    assert problem.key == "no_secure_storage.not_removed"
    assert store.get("ngrok", "auth_token") is None
    assert store.known("ngrok", "auth_token") is False


def test_a_rejected_secret_is_forgotten(store: SecretStore) -> None:
    store.put("ngrok", "auth_token", SECRET)
    store.forget("ngrok", "auth_token", SECRET)
    assert store.get("ngrok", "auth_token") is None


def test_a_better_one_that_came_meanwhile_is_kept(store: SecretStore) -> None:
    store.put("ngrok", "auth_token", OTHER)
    store.forget("ngrok", "auth_token", SECRET)
    assert store.get("ngrok", "auth_token") == OTHER


def test_later_answers_come_without_waiting(hung: HungKeyring, state: StateFile) -> None:
    store = SecretStore(hung, state, limit=LIMIT)
    told: list[Problem | None] = []
    found: list[Secret | None] = []
    began = time.monotonic()
    store.put_later("ngrok", "auth_token", SECRET, told.append)
    store.get_later("ngrok", "other", found.append)
    store.remove_later("ngrok", "third", told.append)
    assert time.monotonic() - began < LIMIT
    wait_until(lambda: len(told) == 2 and len(found) == 1)
    assert found == [None]


def test_a_damaged_state_file_only_forgets_what_is_known(store: SecretStore, state: StateFile) -> None:
    state.update(tokenStored="yes")
    assert store.known("ngrok", "auth_token") is None
    state.update(tokenStored={"ngrok/auth_token": "perhaps"})
    assert store.known("ngrok", "auth_token") is False


def test_the_environment_can_ask_for_memory(
    folders: Folders, timing: Timing, state: StateFile, environment: dict[str, str]
) -> None:
    store = open_secret_store(folders, {**environment, "PORTWAY_KEYRING": "memory"}, timing, state, may_prompt=True)
    assert store.state is Storage.MEMORY
    store = open_secret_store(folders, {"PORTWAY_KEYRING": "system"}, timing, state, may_prompt=True)
    assert store.state is Storage.UNKNOWN


@pytest.mark.children
def test_importing_the_store_imports_no_keyring() -> None:
    code = (
        "import sys, portway.system.secrets.source;"
        "print([name for name in sys.modules if name.startswith(('keyring', 'secretstorage', 'jeepney'))])"
    )
    app = Path(__file__).parents[3] / "app"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(app)}, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
