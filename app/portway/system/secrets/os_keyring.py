"""The keyring of the operating system: only kinds that are known to be safe, and no prompt unless it is allowed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

TRUSTED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""Classes that keep secrets encrypted. Others are installed and chosen silently: in plain text, or thrown away."""

_CHAIN = "keyring.backends.chainer.ChainerBackend"
_SECRET_SERVICE = frozenset({"keyring.backends.SecretService.Keyring", "keyring.backends.libsecret.Keyring"})


class NoTrustedKeyringError(Exception):
    """This system has no keyring that may hold a secret."""


class KeyringLockedError(Exception):
    """The keyring is locked, and nobody may be asked, or the person declined."""


class Keyring(Protocol):
    """A keyring that may block for as long as it likes. Used on one thread only."""

    def read(self, user: str, *, may_prompt: bool) -> str | None:
        """Return the secret of `user`, None if there is none."""

    def write(self, user: str, text: str) -> None:
        """Store it."""

    def erase(self, user: str) -> None:
        """Remove it; one that is not there is fine."""


class OsKeyring:
    """Entries of one service name. Any method raises what the system's keyring raises, and the two errors above."""

    def __init__(self, service: str, *, may_prompt: bool) -> None:
        self._service = service
        self._may_prompt = may_prompt
        self._backend: KeyringBackend | None = None

    def read(self, user: str, *, may_prompt: bool) -> str | None:
        backend = self._unlocked(may_prompt=may_prompt)
        return None if backend is None else self._called(backend.get_password, user)

    def write(self, user: str, text: str) -> None:
        backend = self._unlocked()
        if backend is None:
            raise NoTrustedKeyringError
        self._called(backend.set_password, user, text)

    def erase(self, user: str) -> None:
        backend = self._unlocked()
        # Asked first: the ways in which the kinds say "not there" differ.
        if backend is not None and self._called(backend.get_password, user) is not None:
            self._called(backend.delete_password, user)

    def _unlocked(self, *, may_prompt: bool = True) -> KeyringBackend | None:
        """Return the keyring to use. None: there is none yet, and making one would need a prompt."""
        backend = self._trusted()
        if self._may_prompt and may_prompt:
            return backend
        if sys.platform != "linux":
            return backend
        if not _is_secret_service(backend):
            raise KeyringLockedError  # KWallet cannot be looked at without a prompt.
        return backend if _collection_is_open() else None

    def _trusted(self) -> KeyringBackend:
        if self._backend is None:
            # Imported late: 0.3 s and 8 MiB that a start without secrets does not need.
            from keyring import backend, core

            # Looked for anew at each use until there is one: a message bus or a wallet may come later.
            with suppress(KeyError):  # nothing was found yet
                backend.get_all_keyring.reset()
            core.init_backend(limit=_is_trusted)
            found = core.get_keyring()
            if not _is_trusted(found):
                raise NoTrustedKeyringError
            self._backend = found
        return self._backend

    def _called(self, call: Callable[..., T], *values: str) -> T:
        from keyring.errors import KeyringLocked

        try:
            return call(self._service, *values)
        except KeyringLocked:
            raise KeyringLockedError from None


def _is_trusted(backend: KeyringBackend) -> bool:
    return _is_made_of(backend, TRUSTED)


def _is_secret_service(backend: KeyringBackend) -> bool:
    return _is_made_of(backend, _SECRET_SERVICE)


def _is_made_of(backend: KeyringBackend, names: frozenset[str]) -> bool:
    """Whether it is one of `names`, or a chain of nothing but those."""
    if _name(backend) == _CHAIN:
        links = getattr(backend, "backends", ())
        return bool(links) and all(_name(link) in names for link in links)
    return _name(backend) in names


def _name(backend: KeyringBackend) -> str:
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"


def _collection_is_open() -> bool:
    """Whether the default collection can be used without a prompt; False where there is none yet."""
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        try:
            collection = secretstorage.Collection(connection)
        except secretstorage.ItemNotFoundException:
            return False
        if collection.is_locked():
            raise KeyringLockedError
        return True
