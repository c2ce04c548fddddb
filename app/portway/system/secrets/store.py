"""Where secrets are kept: in the keyring of the operating system, else in memory until exit; never in a file."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from enum import StrEnum
from queue import SimpleQueue

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.system.secrets.os_keyring import Keyring, KeyringLockedError, NoTrustedKeyringError, OsKeyring
from portway.system.storage.folders import Folders
from portway.system.storage.state_file import Record, StateFile

logger = logging.getLogger(__name__)

_FLAGS = "tokenStored"

Answer = Future[Secret | None]
Done = Callable[[Problem | None], None]
Found = Callable[[Secret | None], None]


class Storage(StrEnum):
    """Where the last secret that was used is kept."""

    UNKNOWN = "unknown"  # nothing was read or stored yet
    SECURE = "secure"  # in the keyring
    MEMORY = "memory"  # here until exit: there is no trusted keyring, or it did not let us in


class KeyringUnreachableError(Exception):
    """The keyring is missing, locked or silent, so nobody knows what it holds."""

    def __init__(self, variant: str) -> None:
        self.problem = Problem(Code.NO_SECURE_STORAGE, variant)
        super().__init__(self.problem.sentence)


class SecretStore:
    """Secrets by owner and name. Safe on every thread; every call ends within `limit` seconds.

    The keyring is touched on one daemon thread only, which is started at the first use: it can hang for ever, and
    must neither stop the window nor the end of the program. `app_state` remembers which entries it holds, so that
    nobody has to open it for that.
    """

    def __init__(self, keyring: Keyring | None, app_state: StateFile, limit: float) -> None:
        self._keyring = keyring
        self._app_state = app_state
        self._limit = limit
        self._lock = threading.Lock()
        # What the keyring should hold but does not (yet): a secret, or None for one that was removed.
        self._ahead: dict[str, Secret | None] = {}
        self._jobs: SimpleQueue[tuple[Answer, Callable[[], Secret | None]]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy_since: float | None = None
        self._state = Storage.UNKNOWN if keyring is not None else Storage.MEMORY

    @property
    def state(self) -> Storage:
        """Where secrets are kept, as the last use showed."""
        return self._state

    def known(self, owner: str, name: str) -> bool | None:
        """Whether there is such a secret, without touching the keyring; None: nobody has looked yet."""
        key = _key(owner, name)
        with self._lock:
            if key in self._ahead:
                return self._ahead[key] is not None
        return self._flags().get(key)

    def stored(self) -> tuple[tuple[str, str], ...]:
        """Return owner and name of every secret that is in the keyring as far as is known."""
        pairs = (key.partition("/") for key, stands in sorted(self._flags().items()) if stands)
        return tuple((owner, name) for owner, _, name in pairs)

    def get(
        self,
        owner: str,
        name: str,
        *,
        may_prompt: bool = True,
        limit: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Secret | None:
        """Return the secret, None if there is none. Not on the main thread.

        Raises KeyringUnreachableError, and Cancelled as soon as `cancel` says so.
        """
        key = _key(owner, name)
        with self._lock:
            if key in self._ahead:
                return self._ahead[key]
        if self._keyring is None:
            return None
        keyring = self._keyring
        with self._lock:
            future = self._submit(lambda: self._read(keyring, key, may_prompt=may_prompt))
        try:
            return self._result(future, self._limit if limit is None else limit, cancel or CancelToken())
        finally:
            future.cancel()  # nobody needs one that still waits behind a hung call

    def put(self, owner: str, name: str, secret: Secret) -> Problem | None:
        """Store it. None, or no_secure_storage if it is held only until exit. Not on the main thread."""
        return self._change(_key(owner, name), secret)()

    def remove(self, owner: str, name: str) -> Problem | None:
        """Remove it everywhere; one that is not there is fine. Not on the main thread.

        no_secure_storage says that the keyring may still hold it; Portway does not use it any more in any case.
        """
        return self._change(_key(owner, name), None)()

    def forget(self, owner: str, name: str, rejected: Secret) -> None:
        """Remove it if it is still `rejected`: a person may have stored a better one meanwhile. Not on the main thread.

        Where the keyring cannot be reached, Portway does not use what it holds any more.
        """
        try:
            stored = self.get(owner, name, may_prompt=False)
        except KeyringUnreachableError:
            stored = rejected
        if stored == rejected:
            self.remove(owner, name)

    def get_later(self, owner: str, name: str, found: Found) -> None:
        """Read it without waiting. `found` gets it on another thread; None also where the keyring is unreachable."""
        threading.Thread(
            target=lambda: found(self._read_or_none(owner, name)), name="keyring answer", daemon=True
        ).start()

    def put_later(self, owner: str, name: str, secret: Secret, done: Done) -> None:
        """Store it without waiting. `done` gets what `put` returns, on another thread."""
        _finish_elsewhere(self._change(_key(owner, name), secret), done)

    def remove_later(self, owner: str, name: str, done: Done) -> None:
        """Remove it without waiting. `done` gets what `remove` returns, on another thread."""
        _finish_elsewhere(self._change(_key(owner, name), None), done)

    def _read_or_none(self, owner: str, name: str) -> Secret | None:
        try:
            return self.get(owner, name)
        except KeyringUnreachableError:
            return None

    def _change(self, key: str, secret: Secret | None) -> Callable[[], Problem | None]:
        """Begin a change, which holds from now on, and return what waits for the keyring to have it too."""
        keyring = self._keyring
        with self._lock:  # Changes reach the keyring in the order in which they were made.
            self._ahead[key] = secret
            future = None if keyring is None else self._submit(lambda: self._write(keyring, key, secret))
        return lambda: self._outcome(key, secret, future)

    def _outcome(self, key: str, secret: Secret | None, future: Answer | None) -> Problem | None:
        problem = None if future is not None else Problem(Code.NO_SECURE_STORAGE)
        if future is not None:
            try:
                self._result(future, self._limit, CancelToken())
            except KeyringUnreachableError as error:
                problem = error.problem
        if problem is None or secret is not None:
            return problem
        return Problem(Code.NO_SECURE_STORAGE, "not_removed") if self._flags().get(key) else None

    def _result(self, future: Answer, limit: float, cancel: CancelToken) -> Secret | None:
        since = self._busy_since
        stuck = since is not None and time.monotonic() - since > self._limit
        over = threading.Event()
        future.add_done_callback(lambda _answer: over.set())
        with cancel.calling(over.set):
            over.wait(0 if stuck else limit)
        if not future.done():
            cancel.check()
            self._state = Storage.MEMORY
            raise KeyringUnreachableError("silent")
        return future.result()

    def _submit(self, work: Callable[[], Secret | None]) -> Answer:
        future: Answer = Future()
        self._jobs.put((future, work))
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="keyring", daemon=True)
            self._thread.start()
        return future

    def _serve(self) -> None:
        """Do one job after the other, on the keyring thread."""
        while True:
            future, work = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            self._busy_since = time.monotonic()
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - keyrings raise whatever their bus or system raises
                self._state = Storage.MEMORY
                future.set_exception(_unreachable(error))
            else:
                self._state = Storage.SECURE
                future.set_result(result)
            finally:
                self._busy_since = None

    def _read(self, keyring: Keyring, key: str, *, may_prompt: bool) -> Secret | None:
        text = keyring.read(key, may_prompt=may_prompt)
        self._flag(key, stands=text is not None)
        return None if text is None else Secret(text)

    def _write(self, keyring: Keyring, key: str, secret: Secret | None) -> None:
        if secret is None:
            keyring.erase(key)
        else:
            keyring.write(key, secret.reveal())
        with self._lock:
            if key in self._ahead and self._ahead[key] is secret:
                del self._ahead[key]
        self._flag(key, stands=secret is not None)

    def _flags(self) -> dict[str, bool]:
        found = self._app_state.read().get(_FLAGS)
        return {key: value is True for key, value in found.items()} if isinstance(found, dict) else {}

    def _flag(self, key: str, *, stands: bool) -> None:
        def flag(record: Record) -> None:
            flags = record.get(_FLAGS)
            record[_FLAGS] = {**flags, key: stands} if isinstance(flags, dict) else {key: stands}

        if self._flags().get(key) is not stands:
            self._app_state.edit(flag)


def open_secret_store(
    folders: Folders, environment: Mapping[str, str], timing: Timing, app_state: StateFile, *, may_prompt: bool
) -> SecretStore:
    """Return the store that this environment asks for. Touches no keyring. `may_prompt`: there is a display."""
    memory = environment.get("PORTWAY_KEYRING", "") == Storage.MEMORY
    keyring = None if memory else OsKeyring(folders.keyring_service, may_prompt=may_prompt)
    return SecretStore(keyring, app_state, timing.keyring_limit)


def _key(owner: str, name: str) -> str:
    return f"{owner}/{name}"


def _unreachable(error: Exception) -> KeyringUnreachableError:
    match error:
        case NoTrustedKeyringError():
            return KeyringUnreachableError("")
        case KeyringLockedError():
            return KeyringUnreachableError("locked")
        case _:
            # Only its kind: nobody knows what a foreign keyring writes into its texts.
            logger.warning("The keyring failed with %s", type(error).__name__)
            return KeyringUnreachableError("failed")


def _finish_elsewhere(wait: Callable[[], Problem | None], done: Done) -> None:
    threading.Thread(target=lambda: done(wait()), name="keyring answer", daemon=True).start()
